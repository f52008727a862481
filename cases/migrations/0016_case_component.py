from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0015_orders_and_coordination"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="component",
            field=models.CharField(blank=True, db_default="", default="", max_length=24),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("component", ""), _negated=True), fields=["component"], name="case_component"
            ),
        ),
    ]
