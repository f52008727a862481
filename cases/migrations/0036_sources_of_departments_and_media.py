"""Other departments and media tell of problems too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0035_revoked_assignments"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="case_source_known",
        ),
        migrations.RemoveConstraint(
            model_name="clue",
            name="clue_source_known",
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "collector",
                            "citizen",
                            "phone",
                            "hotline12345",
                            "camera",
                            "sensor",
                            "vehicle",
                            "leader",
                            "department",
                            "opinion",
                        ],
                    )
                ),
                name="case_source_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="clue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "collector",
                            "citizen",
                            "phone",
                            "hotline12345",
                            "camera",
                            "sensor",
                            "vehicle",
                            "leader",
                            "department",
                            "opinion",
                        ],
                    )
                ),
                name="clue_source_known",
            ),
        ),
    ]
