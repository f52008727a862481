"""Requests have a state, a ground, a chain of signatures and an effect; a hold has a row, a case what follows."""

import django.db.models.deletion
from django.db import migrations, models

import cases.contracts
import cases.contracts.requests
import core.clock


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_standard_texts")]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, default="", max_length=120)),
            ],
            options={
                "ordering": ["since", "id"],
            },
        ),
        migrations.CreateModel(
            name="RequestRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10, unique=True)),
                ("askers", models.JSONField(default=list)),
                ("chain", models.JSONField(default=list)),
                ("grounds", models.JSONField(default=list)),
                ("most", models.PositiveSmallIntegerField(default=0)),
                ("share", models.FloatField(default=0)),
                ("days", models.PositiveSmallIntegerField(default=0)),
                ("shirk_after", models.PositiveSmallIntegerField(default=0)),
                ("pack", models.CharField(max_length=60)),
            ],
            options={
                "ordering": ["kind"],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("approved", models.BooleanField()),
                ("answer", models.TextField(blank=True, default="")),
                ("duty", models.CharField(max_length=20)),
                ("by", models.CharField(max_length=120)),
                ("label", models.CharField(max_length=120)),
                ("org", models.CharField(blank=True, default="", max_length=400)),
                ("at", models.DateTimeField(default=core.clock.now)),
            ],
            options={
                "ordering": ["request", "place"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="request",
            name="request_one_open",
        ),
        migrations.RemoveConstraint(
            model_name="request",
            name="request_kind_known",
        ),
        migrations.RemoveConstraint(
            model_name="request",
            name="request_decided_whole",
        ),
        migrations.AddField(
            model_name="case",
            name="exempt",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="case",
            name="extension_count",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="case",
            name="held_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="returned_by",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="case",
            name="stage_version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="clock",
            name="extended_minutes",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="clock",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="request",
            name="asked_org",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
        migrations.AddField(
            model_name="request",
            name="chain",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="request",
            name="ground",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="request",
            name="ground_names",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="request",
            name="minutes",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="request",
            name="next_duty",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AddField(
            model_name="request",
            name="next_level",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddField(
            model_name="request",
            name="signed",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="request",
            name="state",
            field=models.CharField(default=cases.contracts.requests.RequestState["OPEN"], max_length=10),
        ),
        migrations.AddField(
            model_name="request",
            name="until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="clock",
            name="paused_minutes",
            field=models.FloatField(default=0),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("held_until__isnull", False)), fields=["held_until"], name="case_held"
            ),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(fields=["asked_by", "-asked_at"], name="request_of_person"),
        ),
        migrations.AddField(
            model_name="hold",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="cases.case"),
        ),
        migrations.AddField(
            model_name="hold",
            name="request",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="hold", to="cases.request"
            ),
        ),
        migrations.AddConstraint(
            model_name="requestrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["extension", "hold", "return", "void", "cancel", "appeal"])),
                name="request_rule_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestrule",
            constraint=models.CheckConstraint(condition=models.Q(("share__gte", 0)), name="request_rule_share"),
        ),
        migrations.AddField(
            model_name="signature",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="cases.request"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("case",), name="hold_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("since"))), name="hold_runs_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at", None),
                    models.Q(("ended_at__gte", models.F("since")), ("ended_at__lte", models.F("until"))),
                    _connector="OR",
                ),
                name="hold_ends_within",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(fields=("request", "place"), name="signature_chain"),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(fields=("request", "by"), name="signature_by_another_each"),
        ),
    ]
