"""Versions of classes have a beginning and an end, an author and a reason: the columns, empty at first."""

from django.db import migrations, models

import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_responsibility_matrix"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="valid_from",
            field=models.DateTimeField(default=core.clock.now),
        ),
        migrations.AddField(
            model_name="category",
            name="valid_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="category",
            name="origin",
            field=models.CharField(choices=[("pack", "pack"), ("city", "city")], default="pack", max_length=8),
        ),
        migrations.AddField(
            model_name="category",
            name="made_by",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="category",
            name="made_label",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="category",
            name="made_at",
            field=models.DateTimeField(default=core.clock.now),
        ),
        migrations.AddField(
            model_name="category",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
    ]
