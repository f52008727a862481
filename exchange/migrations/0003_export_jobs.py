"""Exports that are jobs: a list on its way out, for one person, with how far it has come."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.clock
import exchange.contracts.exports


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_messages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportJob",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("dataset", models.CharField(max_length=40)),
                ("format", models.CharField(max_length=10)),
                ("options", models.JSONField(default=dict)),
                ("state", models.CharField(default=exchange.contracts.exports.ExportState["WAITING"], max_length=10)),
                ("total", models.PositiveIntegerField(null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("below", models.BigIntegerField(null=True)),
                ("kept", models.BigIntegerField(default=0)),
                ("written", models.PositiveIntegerField(default=0)),
                ("size", models.BigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, default="", max_length=64)),
                ("epoch", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("beat_at", models.DateTimeField(null=True)),
                ("failure", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=core.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("dropped", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "-created_at"], name="exchange_export_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "running", "done", "cancelled", "failed"])),
                        name="exchange_export_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                (
                                    "state__in",
                                    [
                                        exchange.contracts.exports.ExportState["CANCELLED"],
                                        exchange.contracts.exports.ExportState["DONE"],
                                        exchange.contracts.exports.ExportState["FAILED"],
                                    ],
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        [
                                            exchange.contracts.exports.ExportState["CANCELLED"],
                                            exchange.contracts.exports.ExportState["DONE"],
                                            exchange.contracts.exports.ExportState["FAILED"],
                                        ],
                                    ),
                                    _negated=True,
                                ),
                                ("ended_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="exchange_export_ended_has_its_end",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    exchange.contracts.exports.ExportState["RUNNING"],
                                    exchange.contracts.exports.ExportState["WAITING"],
                                ],
                            )
                        ),
                        fields=("user",),
                        name="exchange_export_one_at_a_time",
                    ),
                ],
            },
        ),
    ]
