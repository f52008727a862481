"""Supervision orders that a breach issues by itself, where the model of steps asks for them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0043_satisfaction")]

    operations = [
        migrations.AddField("stepsmodel", "timeout_orders", models.JSONField(default=list)),
        migrations.AddField("order", "says", models.JSONField(default=dict)),
        migrations.AddField(
            "order",
            "rung",
            models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="order", to="cases.rung"
            ),
        ),
    ]
