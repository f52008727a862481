"""Who signs may depend on the ground of a request, and on whether one was granted before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0036_sources_of_departments_and_media"),
    ]

    operations = [
        migrations.AddField(
            model_name="requestrule",
            name="again",
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
