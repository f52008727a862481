"""Control areas: cells where other rules hold for certain classes for a time, asked for and approved."""

import django.db.models.deletion
from django.db import migrations, models

import cases.contracts.controls
import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0048_city_request_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="ControlArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("area", models.CharField(blank=True, default="", max_length=80)),
                ("classes", models.JSONField(default=list)),
                ("grade", models.PositiveSmallIntegerField(default=0)),
                ("blocks", models.BooleanField(default=False)),
                ("reason", models.CharField(max_length=400)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("state", models.CharField(default=cases.contracts.controls.ControlState["ASKED"], max_length=10)),
                ("asked_by", models.CharField(max_length=120)),
                ("asked_label", models.CharField(blank=True, default="", max_length=120)),
                ("asked_org", models.CharField(blank=True, default="", max_length=400)),
                ("asked_at", models.DateTimeField(default=core.clock.now)),
                ("decided_by", models.CharField(blank=True, default="", max_length=120)),
                ("decided_label", models.CharField(blank=True, default="", max_length=120)),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, default="", max_length=400)),
                ("ended_by", models.CharField(blank=True, default="", max_length=120)),
                ("ended_label", models.CharField(blank=True, default="", max_length=120)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.CharField(blank=True, default="", max_length=400)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "approved", "refused", "withdrawn"])),
                        name="control_state_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("grade__lte", 4)), name="control_grade_known"),
                    models.CheckConstraint(
                        condition=models.Q(("grade__gte", 1), ("blocks", True), _connector="OR"),
                        name="control_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("blocks", False),
                            models.Q(("valid_until__isnull", False), models.Q(("classes", []), _negated=True)),
                            _connector="OR",
                        ),
                        name="control_blocks_classes_for_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("name", ""), _negated=True)
                        ),
                        name="control_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="control_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "refused"]), _negated=True),
                            models.Q(
                                ("decided_at__isnull", False),
                                models.Q(("decided_by", ""), _negated=True),
                                models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="control_decided_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ControlledCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cell", models.CharField(max_length=20)),
                (
                    "control",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cells", to="cases.controlarea"
                    ),
                ),
            ],
            options={
                "ordering": ["cell"],
                "constraints": [models.UniqueConstraint(fields=("cell", "control"), name="controlled_cell_once")],
            },
        ),
    ]
