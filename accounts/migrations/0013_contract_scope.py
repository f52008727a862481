from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_locked_at")]

    operations = [
        migrations.AddField("contract", "scope", models.CharField(blank=True, default="", max_length=400)),
    ]
