"""A case may be merged into another or split into parts, and which of these fit together the database knows."""

import django.db.models.deletion
from django.db import migrations, models

import cases.contracts


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0021_reporter_email"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="case_stage_known",
        ),
        migrations.AddField(
            model_name="case",
            name="absorbed",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="case",
            name="duplicate_of",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="duplicates",
                to="cases.case",
                to_field="number",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="merged_from",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="case",
            name="parent",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sub_cases",
                to="cases.case",
                to_field="number",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="parts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="case",
            name="stage",
            field=models.CharField(
                choices=[
                    ("reported", "reported"),
                    ("verifying", "verifying"),
                    ("accepted", "accepted"),
                    ("registered", "registered"),
                    ("in_parts", "in_parts"),
                    ("at_district", "at_district"),
                    ("dispatched", "dispatched"),
                    ("handling", "handling"),
                    ("handled", "handled"),
                    ("fed_back", "fed_back"),
                    ("checking", "checking"),
                    ("checked", "checked"),
                    ("rework", "rework"),
                    ("returned", "returned"),
                    ("closed", "closed"),
                    ("rejected", "rejected"),
                    ("voided", "voided"),
                ],
                default=cases.contracts.Stage["REPORTED"],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "stage__in",
                        [
                            "reported",
                            "verifying",
                            "accepted",
                            "registered",
                            "in_parts",
                            "at_district",
                            "dispatched",
                            "handling",
                            "handled",
                            "fed_back",
                            "checking",
                            "checked",
                            "rework",
                            "returned",
                            "closed",
                            "rejected",
                            "voided",
                        ],
                    )
                ),
                name="case_stage_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("duplicate_of", None), ("merged_from", "")),
                    models.Q(
                        ("absorbed", 0),
                        ("duplicate_of__isnull", False),
                        ("parent", None),
                        ("parts", 0),
                        ("stage", "voided"),
                        models.Q(("merged_from", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="case_merged_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("duplicate_of", models.F("number")), _negated=True),
                name="case_no_duplicate_of_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", None), ("parts", 0), _connector="OR"), name="case_part_has_no_parts"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("stage", "in_parts"), _negated=True), ("parts__gte", 1), _connector="OR"),
                name="case_in_parts_has_parts",
            ),
        ),
    ]
