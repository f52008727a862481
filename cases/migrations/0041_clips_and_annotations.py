"""Clips as evidence with their public copies and limits, what classes say of them; what people draw on pictures."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0040_steps_with_reasons"),
    ]

    operations = [
        migrations.CreateModel(
            name="Annotation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("marks", models.JSONField()),
                ("actor", models.CharField(max_length=120)),
                ("actor_label", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Clip",
            fields=[
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="clip",
                        serialize=False,
                        to="cases.evidence",
                    ),
                ),
                ("seconds", models.FloatField()),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("public_sha256", models.CharField(blank=True, default="", max_length=64)),
                ("public_size", models.PositiveIntegerField(default=0)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("said", models.CharField(blank=True, default="", max_length=120)),
            ],
        ),
        migrations.AddField(
            model_name="category",
            name="video",
            field=models.CharField(
                db_default="allowed",
                default="allowed",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="evidencerule",
            name="clip_megabytes",
            field=models.PositiveIntegerField(db_default=64, default=64),
        ),
        migrations.AddField(
            model_name="evidencerule",
            name="clip_pixels",
            field=models.PositiveIntegerField(db_default=9000000, default=9000000),
        ),
        migrations.AddField(
            model_name="evidencerule",
            name="clip_seconds",
            field=models.PositiveIntegerField(db_default=60, default=60),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(("video__in", ["none", "allowed", "after", "both"])), name="category_video_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("clip_megabytes__range", (1, 100)),
                    ("clip_pixels__range", (1, 40000000)),
                    ("clip_seconds__range", (1, 600)),
                ),
                name="evidence_rule_clips",
            ),
        ),
        migrations.AddField(
            model_name="annotation",
            name="evidence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="annotations", to="cases.evidence"
            ),
        ),
        migrations.AddIndex(
            model_name="clip",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["next_at"], name="clip_waiting"),
        ),
        migrations.AddConstraint(
            model_name="clip",
            constraint=models.CheckConstraint(condition=models.Q(("seconds__gt", 0)), name="clip_lasts"),
        ),
        migrations.AddConstraint(
            model_name="clip",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("public_sha256", ""), ("state__in", ["waiting", "broken"])),
                    models.Q(
                        ("public_size__gte", 1),
                        ("said", ""),
                        ("state", "ready"),
                        models.Q(("public_sha256", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="clip_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="annotation",
            constraint=models.CheckConstraint(
                condition=models.Q(("withdrawn_at", None), ("withdrawn_at__gte", models.F("at")), _connector="OR"),
                name="annotation_withdrawn_after",
            ),
        ),
        migrations.AddConstraint(
            model_name="annotation",
            constraint=models.CheckConstraint(
                condition=models.Q(("marks", []), _negated=True), name="annotation_marks_something"
            ),
        ),
    ]
