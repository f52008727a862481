"""Pictures that wait for a scanner of files, and what it said of them."""

import django.db.models.deletion
from django.db import migrations, models

import cases.contracts.evidence


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0031_evidence_examined"),
    ]

    operations = [
        migrations.CreateModel(
            name="Quarantine",
            fields=[
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="quarantine",
                        serialize=False,
                        to="cases.evidence",
                    ),
                ),
                ("state", models.CharField(default=cases.contracts.evidence.Scan["WAITING"], max_length=8)),
                ("since", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=0)),
                ("said", models.CharField(blank=True, default="", max_length=120)),
                ("judged_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_at"], name="quarantine_waiting"
                    ),
                    models.Index(
                        condition=models.Q(("state", "infected")), fields=["judged_at"], name="quarantine_infected"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("judged_at", None), ("state", "waiting")),
                            models.Q(("judged_at__isnull", False), ("said", ""), ("state", "clean")),
                            models.Q(
                                ("judged_at__isnull", False),
                                ("state", "infected"),
                                models.Q(("said", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="quarantine_whole",
                    )
                ],
            },
        ),
    ]
