"""Components obey the schema that their attributes were written under; a type keeps its former ones, and its moves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assets", "0016_strays_by_code")]

    operations = [
        migrations.AddField("assettype", "schema_number", models.PositiveIntegerField(default=1)),
        migrations.AddField("assettype", "moves", models.JSONField(default=list)),
        migrations.AddField("asset", "schema_number", models.PositiveIntegerField(db_default=1, default=1)),
        migrations.CreateModel(
            name="FormerSchema",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("schema", models.JSONField(default=dict)),
                ("moves", models.JSONField(default=list)),
                (
                    "type",
                    models.ForeignKey(on_delete=models.deletion.PROTECT, related_name="former", to="assets.assettype"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("type", "number"), name="assets_former_schema_once")],
            },
        ),
    ]
