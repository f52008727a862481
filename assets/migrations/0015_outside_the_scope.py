from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0014_moved_by_a_map"),
    ]

    operations = [
        migrations.AlterField(
            model_name="finding",
            name="kind",
            field=models.CharField(
                choices=[
                    ("new", "new"),
                    ("confirmed", "confirmed"),
                    ("changed", "changed"),
                    ("missing", "missing"),
                    ("outside", "outside"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="finding",
            name="ground",
            field=models.CharField(blank=True, max_length=40),
        ),
    ]
