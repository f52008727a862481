"""A reporter may be answered by mail."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_ladders")]

    operations = [
        migrations.AddField(
            model_name="reporter",
            name="email",
            field=models.CharField(blank=True, db_default="", default="", max_length=254),
        ),
    ]
