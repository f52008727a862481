"""Limits by the grade of the ground: shares as data, and special rules that may set a limit."""

from django.db import migrations, models
from django.db.models import Q

import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0017_city_general_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="AreaGrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grade", models.PositiveSmallIntegerField(unique=True)),
                ("names", models.JSONField(default=dict)),
                ("share", models.FloatField(default=1)),
                (
                    "origin",
                    models.CharField(choices=[("pack", "pack"), ("city", "city")], default="pack", max_length=8),
                ),
                ("pack", models.CharField(blank=True, default="", max_length=60)),
                ("changed_by", models.CharField(blank=True, default="", max_length=120)),
                ("changed_label", models.CharField(blank=True, default="", max_length=120)),
                ("changed_at", models.DateTimeField(default=core.clock.now)),
                ("reason", models.CharField(blank=True, default="", max_length=400)),
            ],
            options={
                "ordering": ["grade"],
                "constraints": [
                    models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=4), name="area_grade_known"),
                    models.CheckConstraint(condition=Q(share__gt=0, share__lte=10), name="area_grade_share"),
                    models.CheckConstraint(condition=Q(origin__in=["pack", "city"]), name="area_grade_origin_known"),
                    models.CheckConstraint(condition=~Q(origin="city", reason=""), name="area_grade_city_says_why"),
                ],
            },
        ),
        migrations.AddField(
            model_name="override",
            name="limit",
            field=models.JSONField(default=dict),
        ),
        migrations.RemoveConstraint(model_name="override", name="override_says_something"),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=~Q(organisation="", arbiter="", cooperating=[], limit={}), name="override_says_something"
            ),
        ),
    ]
