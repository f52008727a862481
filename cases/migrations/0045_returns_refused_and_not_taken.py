"""Returns that were refused, after which the case was still not taken: shirking, where the city says within what."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0044_orders_by_themselves")]

    operations = [
        migrations.AddField("requestrule", "take_within", models.JSONField(default=dict, db_default={})),
        migrations.CreateModel(
            "Untaken",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("org", models.CharField(max_length=400)),
                ("refused_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("found_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="untaken", to="cases.case"
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="untaken", to="cases.request"
                    ),
                ),
            ],
            options={
                "ordering": ["refused_at", "id"],
                "indexes": [
                    models.Index(fields=["due_at"], condition=Q(found_at=None), name="untaken_waiting"),
                    models.Index(fields=["found_at"], condition=Q(found_at__isnull=False), name="untaken_found"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=["case", "org"], name="untaken_once"),
                    models.CheckConstraint(condition=Q(due_at__gt=F("refused_at")), name="untaken_due_later"),
                    models.CheckConstraint(
                        condition=Q(found_at=None) | Q(found_at__gt=F("due_at")), name="untaken_found_after"
                    ),
                ],
            },
        ),
    ]
