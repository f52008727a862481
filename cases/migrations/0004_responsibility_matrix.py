"""Who cooperates and who settles disputes, by duty; special rules for a class in an area, one at a time."""

import django.contrib.postgres.constraints
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models
from django.db.models import F, Q

import cases.models.catalogue
import core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_responsibility_names"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.AddField(
            model_name="responsibility",
            name="arbiter",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="cooperating",
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.CharField(max_length=20)),
                ("area", models.CharField(blank=True, default="", max_length=80)),
                ("organisation", models.CharField(blank=True, default="", max_length=40)),
                ("cooperating", models.JSONField(default=list)),
                ("arbiter", models.CharField(blank=True, default="", max_length=40)),
                ("reason", models.CharField(max_length=400)),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
                ("made_by", models.CharField(max_length=120)),
                ("made_label", models.CharField(blank=True, default="", max_length=120)),
                ("made_at", models.DateTimeField(default=core.clock.now)),
                ("ended_by", models.CharField(blank=True, default="", max_length=120)),
            ],
            options={
                "ordering": ["category", "area", "valid_from"],
                "constraints": [
                    models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
                    models.CheckConstraint(
                        condition=~Q(organisation="", arbiter="", cooperating=[]), name="override_says_something"
                    ),
                    models.CheckConstraint(
                        condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                        name="override_ends_after_it_begins",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("category", "="),
                            ("area", "="),
                            (cases.models.catalogue.TsTzRange("valid_from", "valid_until"), "&&"),
                        ],
                        name="override_one_at_a_time",
                    ),
                ],
            },
        ),
    ]
