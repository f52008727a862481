"""Versions of a class follow one another without overlap, one of them without end; the city says why it changed one."""

import django.contrib.postgres.constraints
from django.db import migrations, models

import cases.models.catalogue


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_category_dates_filled"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="category",
            name="category_one_current",
        ),
        migrations.RemoveField(
            model_name="category",
            name="current",
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_until", None)), fields=("code",), name="category_one_without_end"
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["pack", "city"])), name="category_origin_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin", "city"), ("reason", ""), _negated=True), name="category_city_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="category_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="category",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("code", "="), (cases.models.catalogue.TsTzRange("valid_from", "valid_until"), "&&")],
                name="category_one_at_a_time",
            ),
        ),
    ]
