from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0003_publications")]
    operations = [
        migrations.AddField(
            model_name="news", name="error", field=models.CharField(blank=True, default="", max_length=200)
        ),
        migrations.AddIndex(
            model_name="news",
            index=models.Index(fields=["case"], condition=models.Q(("error", ""), _negated=True), name="news_parked"),
        ),
    ]
