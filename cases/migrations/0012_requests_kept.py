"""What requests, holds and clocks may be is kept by the database."""

from django.db import migrations, models

import cases.contracts


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_requests_filled")]

    operations = [
        migrations.RemoveField(
            model_name="request",
            name="approved",
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(condition=models.Q(("state", "open")), fields=["next_duty"], name="request_waiting"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage_version__gte", 1), ("stage_version__lte", models.F("version"))),
                name="case_stage_version_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held_until", None),
                    (
                        "stage__in",
                        [
                            cases.contracts.Stage["AT_DISTRICT"],
                            cases.contracts.Stage["DISPATCHED"],
                            cases.contracts.Stage["HANDLING"],
                            cases.contracts.Stage["REWORK"],
                        ],
                    ),
                    _connector="OR",
                ),
                name="case_held_while_worked",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paused_at", None),
                    models.Q(("paused_at__gte", models.F("started_at")), ("stopped_at", None)),
                    _connector="OR",
                ),
                name="clock_pauses_while_running",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("paused_minutes__gte", 0)), name="clock_pauses_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("case", "kind"), name="request_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "appeal"), ("state__in", ["approved", "refused"])),
                fields=("case",),
                name="request_one_appeal",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["extension", "hold", "return", "void", "cancel", "appeal"])),
                name="request_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "approved", "refused", "withdrawn", "lapsed"])),
                name="request_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="request_decided_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["approved", "refused"]), _negated=True),
                    models.Q(("decided_by", ""), _negated=True),
                    _connector="OR",
                ),
                name="request_judged_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(("used_at", None), ("state", "approved"), _connector="OR"),
                name="request_used_only_when_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "extension"), ("minutes__gte", 1)),
                    models.Q(models.Q(("kind", "extension"), _negated=True), ("minutes", None)),
                    _connector="OR",
                ),
                name="request_minutes_of_extension",
            ),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "hold"), ("until__gt", models.F("asked_at"))),
                    models.Q(models.Q(("kind", "hold"), _negated=True), ("until", None)),
                    _connector="OR",
                ),
                name="request_until_of_hold",
            ),
        ),
    ]
