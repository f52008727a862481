from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0013_component_code_plan"),
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
