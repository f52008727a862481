import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0004_parked_news"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=120)),
                ("level", models.CharField(max_length=12)),
                ("within", models.CharField(blank=True, default="", max_length=20)),
                ("area", models.CharField(blank=True, default="", max_length=120)),
                ("scheme", models.CharField(blank=True, default="", max_length=60)),
                ("show", models.CharField(max_length=20)),
                ("every", models.CharField(max_length=8)),
                ("day", models.PositiveSmallIntegerField()),
                ("at", models.TimeField()),
                ("formats", models.JSONField()),
                ("language", models.CharField(max_length=10)),
                ("made_at", models.DateTimeField(default=core.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ReportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("beat_at", models.DateTimeField(null=True)),
                ("code", models.CharField(blank=True, default="", max_length=60)),
                ("lines", models.PositiveIntegerField(default=0)),
                ("made_at", models.DateTimeField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="evaluation.reportplan"
                    ),
                ),
            ],
            options={
                "ordering": ["-until", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ReportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("format", models.CharField(max_length=8)),
                ("content", models.BinaryField()),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="evaluation.reportrun"
                    ),
                ),
            ],
            options={
                "ordering": ["format"],
            },
        ),
        migrations.AddConstraint(
            model_name="reportplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__in", ("week", "month"))), name="report_every"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("day__range", (1, 7)), ("every", "week")),
                    models.Q(("day__range", (1, 28)), ("every", "month")),
                    _connector="OR",
                ),
                name="report_day",
            ),
        ),
        migrations.AddIndex(
            model_name="reportrun",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["id"], name="report_waiting"),
        ),
        migrations.AddConstraint(
            model_name="reportrun",
            constraint=models.UniqueConstraint(fields=("plan", "since"), name="report_once_a_period"),
        ),
        migrations.AddConstraint(
            model_name="reportrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("waiting", "made", "refused", "failed"))), name="report_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="reportrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "made"), ("made_at__isnull", True), _connector="XOR"),
                name="report_made_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="reportfile",
            constraint=models.UniqueConstraint(fields=("run", "format"), name="report_file_once"),
        ),
    ]
