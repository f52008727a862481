import django.db.models.deletion
from django.db import migrations, models

KNOWN = """
    INSERT INTO evaluation_shirk (fact_id, org)
    SELECT id, "left" FROM evaluation_fact WHERE shirked_at IS NOT NULL AND "left" <> ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evaluation", "0005_reports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Shirk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("org", models.CharField(max_length=400)),
                (
                    "fact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="shirks", to="evaluation.fact"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("fact", "org"), name="shirk_once")],
            },
        ),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
    ]
