"""Shifts and who has them."""

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.contracts
import accounts.models.establishment


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_posts")]

    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9][a-z0-9_-]{0,39}\\Z", code="accounts.bad_code"
                            )
                        ],
                    ),
                ),
                ("names", models.JSONField(default=dict)),
                ("begins", models.TimeField()),
                ("ends", models.TimeField()),
                ("pack", models.CharField(blank=True, default="", editable=False, max_length=40)),
                ("retired", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["begins", "code"],
            },
        ),
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("begins_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="watches", to="accounts.organisation"
                    ),
                ),
                (
                    "shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="watches", to="accounts.shift"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="watches", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "watches",
                "ordering": ["begins_at", "user"],
                "indexes": [models.Index(fields=["organisation", "day"], name="accounts_watch_week")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("begins_at"))), name="accounts_watch_forward"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("user", "="),
                            (accounts.models.establishment.TsTzRange("begins_at", "ends_at"), "&&"),
                        ],
                        name="accounts_watch_one_at_a_time",
                    ),
                ],
            },
        ),
    ]
