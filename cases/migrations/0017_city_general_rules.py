"""The city may have general rules of its own beside those of packs: dated, with a reason, one at a time for a duty."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.db import migrations, models

import cases.models.catalogue


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0016_case_component"),
    ]

    operations = [
        migrations.AddField(
            model_name="responsibility",
            name="origin",
            field=models.CharField(choices=[("pack", "pack"), ("city", "city")], default="pack", max_length=8),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="reason",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="valid_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="valid_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="made_by",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="made_label",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="made_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="ended_by",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="before",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.responsibility",
            ),
        ),
        migrations.AddField(
            model_name="responsibility",
            name="before_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="responsibility",
            name="duty",
            field=models.CharField(max_length=60),
        ),
        migrations.AlterField(
            model_name="responsibility",
            name="pack",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin", "pack")), fields=("duty",), name="responsibility_pack_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin__in", ["pack", "city"])), name="responsibility_origin_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", "city"), _negated=True),
                    models.Q(models.Q(("reason", ""), _negated=True), ("valid_from__isnull", False)),
                    _connector="OR",
                ),
                name="responsibility_city_says_why_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="responsibility_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="responsibility",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("origin", "city")),
                expressions=[("duty", "="), (cases.models.catalogue.TsTzRange("valid_from", "valid_until"), "&&")],
                name="responsibility_city_one_at_a_time",
            ),
        ),
    ]
