"""Which classes new cases may be of."""

from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0007_category_dates_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClassSwitch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                ("enabled", models.BooleanField()),
                ("origin", models.CharField(choices=[("pack", "pack"), ("city", "city")], max_length=8)),
                ("pack", models.CharField(blank=True, default="", max_length=60)),
                ("changed_by", models.CharField(max_length=120)),
                ("changed_label", models.CharField(blank=True, default="", max_length=120)),
                ("changed_at", models.DateTimeField(default=core.clock.now)),
                ("reason", models.CharField(blank=True, default="", max_length=400)),
            ],
            options={
                "verbose_name_plural": "class switches",
                "ordering": ["code"],
            },
        ),
        migrations.AddConstraint(
            model_name="classswitch",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["pack", "city"])), name="class_switch_origin_known"
            ),
        ),
    ]
