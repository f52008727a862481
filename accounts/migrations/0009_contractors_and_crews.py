"""Contracts of contractors, crews and who works in them."""

import django.contrib.postgres.constraints
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.contracts
import accounts.models.establishment
import core.clock


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_rosters")]

    operations = [
        migrations.CreateModel(
            name="Crew",
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
                ("active", models.BooleanField(default=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="crews", to="accounts.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=80)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("made_by", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField(default=core.clock.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-valid_from"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("valid_from"))),
                        name="accounts_contract_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="accounts_contract_has_a_number"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("organisation", "="),
                            (accounts.models.establishment.TsTzRange("valid_from", "valid_until"), "&&"),
                        ],
                        name="accounts_contract_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CrewMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("leads", models.BooleanField(default=False)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "crew",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="accounts.crew"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="crews", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-leads", "since"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("crew", "user"), name="accounts_crew_member_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("leads", True), ("until", None)),
                        fields=("crew",),
                        name="accounts_crew_one_leader",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="accounts_crew_member_forward",
                    ),
                ],
            },
        ),
    ]
