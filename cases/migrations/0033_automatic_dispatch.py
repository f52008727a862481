"""Automatic dispatch: its rules, what it did or why it did nothing, and its switch."""

import django.db.models.deletion
from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0032_quarantine"),
    ]

    operations = [
        migrations.CreateModel(
            name="DispatchRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("priority", models.PositiveSmallIntegerField(default=100)),
                ("level", models.CharField(max_length=12)),
                ("aim", models.CharField(max_length=12)),
                ("classes", models.JSONField(default=list)),
                ("area", models.CharField(blank=True, default="", max_length=80)),
                ("sources", models.JSONField(default=list)),
                ("grades", models.JSONField(default=list)),
                ("hours", models.CharField(blank=True, default="", max_length=8)),
                ("reason", models.CharField(max_length=400)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("seal", models.CharField(max_length=80)),
                ("replayed", models.PositiveIntegerField(default=0)),
                ("decided", models.PositiveIntegerField(default=0)),
                ("wrong", models.PositiveIntegerField(default=0)),
                ("made_by", models.CharField(max_length=120)),
                ("made_label", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField(default=core.clock.now)),
                ("ended_by", models.CharField(blank=True, default="", max_length=120)),
            ],
            options={
                "ordering": ["level", "priority", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("name", ""), _negated=True)
                        ),
                        name="dispatch_rule_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("aim__in", ["responsible", "district"]), ("level", "city")),
                            models.Q(("aim", "responsible"), ("level", "district")),
                            _connector="OR",
                        ),
                        name="dispatch_rule_within_its_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hours__in", ["", "office", "off"])), name="dispatch_rule_hours_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="dispatch_rule_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DispatchSwitch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.BooleanField()),
                ("reason", models.CharField(max_length=400)),
                ("changed_by", models.CharField(max_length=120)),
                ("changed_label", models.CharField(max_length=120)),
                ("changed_at", models.DateTimeField(default=core.clock.now)),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="dispatch_switch_says_why"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AutoDispatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("organisation", models.CharField(blank=True, default="", max_length=40)),
                ("code", models.CharField(max_length=60)),
                ("params", models.JSONField(default=dict)),
                ("why", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="auto_dispatches", to="cases.case"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="cases.dispatchrule",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["at"], name="auto_dispatch_at")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "version"), name="auto_dispatch_once"),
                    models.CheckConstraint(
                        condition=models.Q(("organisation", ""), ("rule__isnull", False), _connector="OR"),
                        name="auto_dispatch_by_a_rule",
                    ),
                ],
            },
        ),
    ]
