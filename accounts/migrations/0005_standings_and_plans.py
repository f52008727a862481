"""How organisations stood and will stand: standings and plans."""

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import accounts.contracts
import accounts.models.establishment
import core.clock


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_keys")]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(choices=[("move", "move"), ("close", "close")], max_length=8)),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, default="", max_length=400)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("done", "done"),
                            ("refused", "refused"),
                            ("cancelled", "cancelled"),
                        ],
                        default=accounts.contracts.PlanState["PLANNED"],
                        max_length=10,
                    ),
                ),
                ("refusal", models.JSONField(default=dict)),
                ("made_by", models.CharField(max_length=120)),
                ("made_label", models.CharField(blank=True, default="", max_length=120)),
                ("made_at", models.DateTimeField(default=core.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="accounts.organisation"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "planned")), fields=["at"], name="accounts_plan_due")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "planned")),
                            models.Q(models.Q(("state", "planned"), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="accounts_plan_ended_whole",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "planned")),
                        fields=("organisation",),
                        name="accounts_plan_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("names", models.JSONField()),
                ("duties", models.JSONField(default=list)),
                ("path", models.CharField(max_length=400)),
                ("active", models.BooleanField()),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standings",
                        to="accounts.organisation",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["path"],
                "indexes": [models.Index(fields=["valid_from", "valid_until"], name="accounts_standing_when")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until", None)),
                        fields=("organisation",),
                        name="accounts_standing_one_now",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="accounts_standing_forward",
                    ),
                ],
            },
        ),
    ]
