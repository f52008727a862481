"""Ladders: what tells whom when a limit runs out, what was told, and the ladder of every clock that runs now."""

import django.db.models.deletion
from django.db import migrations, models

import core.clock

# A clock that runs keeps its warning and its end as it was promised them, as the two rungs that everybody had.
FILL = """
UPDATE cases_clock SET
    rungs = jsonb_build_array(
        jsonb_build_object(
            'code', 'w' || round(100 * share.warn)::int, 'share', share.warn, 'tell', '["post"]'::jsonb,
            'at', to_char(warn_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
            'told', to_char(warned_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')),
        jsonb_build_object(
            'code', 'breach', 'late', 0, 'tell', '["post", "leader"]'::jsonb,
            'at', to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
            'told', to_char(told_overdue_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'))),
    next_at = CASE WHEN warned_at IS NULL THEN warn_at WHEN told_overdue_at IS NULL THEN due_at END
FROM (SELECT coalesce((SELECT warn_share FROM cases_stepsmodel WHERE in_force), 0.75) AS warn) AS share
WHERE stopped_at IS NULL AND due_at IS NOT NULL AND warn_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0019_indexes_of_a_million"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ladder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clock", models.CharField(blank=True, default="", max_length=10)),
                ("stage", models.CharField(blank=True, default="", max_length=12)),
                ("category", models.CharField(blank=True, default="", max_length=20)),
                ("rungs", models.JSONField()),
                ("pack", models.CharField(blank=True, default="", max_length=60)),
                ("said", models.JSONField(default=list)),
                ("changed_by", models.CharField(blank=True, default="", max_length=120)),
                ("changed_label", models.CharField(blank=True, default="", max_length=120)),
                ("changed_at", models.DateTimeField(default=core.clock.now)),
                ("reason", models.CharField(blank=True, default="", max_length=400)),
            ],
            options={
                "ordering": ["category", "clock", "stage"],
                "constraints": [
                    models.UniqueConstraint(fields=("clock", "stage", "category"), name="ladder_once"),
                    models.CheckConstraint(
                        condition=models.Q(("clock__in", ["", "stage", "handling", "total"])),
                        name="ladder_clock_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage", ""), ("clock", "stage"), _connector="OR"),
                        name="ladder_stage_of_post",
                    ),
                ],
            },
        ),
        migrations.AddField(model_name="clock", name="rungs", field=models.JSONField(default=list)),
        migrations.AddField(model_name="clock", name="next_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="clock", name="term", field=models.PositiveSmallIntegerField(default=0)),
        migrations.CreateModel(
            name="Rung",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("term", models.PositiveSmallIntegerField(default=0)),
                ("code", models.CharField(max_length=10)),
                ("tell", models.JSONField(default=list)),
                ("stage", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("told_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rungs", to="cases.case"
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="climbed", to="cases.clock"
                    ),
                ),
            ],
            options={
                "ordering": ["told_at", "id"],
                "constraints": [models.UniqueConstraint(fields=("clock", "term", "code"), name="rung_told_once")],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="clock", name="clock_to_breach"),
        migrations.RemoveIndex(model_name="clock", name="clock_to_warn"),
        migrations.RemoveField(model_name="clock", name="warned_at"),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False), ("stopped_at", None)),
                fields=["next_at"],
                name="clock_to_tell",
            ),
        ),
    ]
