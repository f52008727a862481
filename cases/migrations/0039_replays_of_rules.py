"""Replays of rules of automatic dispatch on many cases, which a worker does."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import core.clock

STATES = ["waiting", "running", "done", "failed", "left"]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0038_left_while_off"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DispatchReplayJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("typed", models.JSONField(default=dict)),
                ("rule", models.JSONField(default=dict)),
                ("days", models.PositiveSmallIntegerField()),
                ("until", models.DateTimeField()),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("result", models.JSONField(default=dict)),
                ("seal", models.CharField(blank=True, default="", max_length=80)),
                ("decided_by", models.CharField(blank=True, default="", max_length=64)),
                ("epoch", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("beat_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=core.clock.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(condition=Q(state__in=STATES), name="dispatch_replay_state"),
                    models.CheckConstraint(
                        condition=~Q(state="done") | ~Q(seal=""), name="dispatch_replay_done_is_sealed"
                    ),
                    models.UniqueConstraint(
                        fields=["user"],
                        name="dispatch_replay_one_at_a_time",
                        condition=Q(state__in=["running", "waiting"]),
                    ),
                ],
            },
        ),
    ]
