"""Calls that were not made use of are looked for every ten seconds: those that wait too, and no others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0007_machines"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="machinecall", name="exchange_call_left"),
        migrations.AddIndex(
            model_name="machinecall",
            index=models.Index(
                condition=models.Q(("state__in", ["received", "waiting"])),
                fields=["received_at", "id"],
                name="exchange_call_unused",
            ),
        ),
    ]
