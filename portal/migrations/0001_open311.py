"""Which classes are open to citizens, the keys of programs, what came in."""

import django.db.models.deletion
from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0021_reporter_email"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=80)),
                ("contact", models.CharField(max_length=120)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("hourly", models.PositiveIntegerField()),
                ("made_by", models.CharField(max_length=120)),
                ("made_label", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField(default=core.clock.now)),
                ("valid_until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gt", models.F("made_at"))),
                        name="portal_key_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("label", ""), _negated=True), models.Q(("contact", ""), _negated=True)
                        ),
                        name="portal_key_says_whose",
                    ),
                    models.CheckConstraint(condition=models.Q(("hourly__gte", 1)), name="portal_key_reports_at_all"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                ("open", models.BooleanField(default=True)),
                (
                    "origin",
                    models.CharField(choices=[("pack", "pack"), ("city", "city")], default="pack", max_length=4),
                ),
                ("realtime", models.BooleanField(default=True)),
                ("about", models.JSONField(default=dict)),
                ("keywords", models.JSONField(default=dict)),
                ("notice", models.JSONField(default=dict)),
                ("questions", models.JSONField(default=list)),
                ("pack", models.CharField(blank=True, default="", max_length=60)),
                ("changed_by", models.CharField(max_length=120)),
                ("changed_label", models.CharField(blank=True, default="", max_length=120)),
                ("changed_at", models.DateTimeField(default=core.clock.now)),
                ("reason", models.CharField(blank=True, default="", max_length=400)),
            ],
            options={
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["pack", "city"])), name="portal_service_origin_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.CharField(max_length=20)),
                ("token", models.UUIDField(unique=True)),
                ("realtime", models.BooleanField()),
                ("description", models.TextField(blank=True, default="")),
                ("account", models.CharField(blank=True, default="", max_length=80)),
                ("created_at", models.DateTimeField(default=core.clock.now)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="portal.reportkey"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["key", "created_at"], name="portal_report_of_key")],
            },
        ),
    ]
