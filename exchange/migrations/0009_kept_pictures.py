"""Pictures of calls are kept with them, what broke stands with a call, and tickets are found by their beginning."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0008_unused_calls")]

    operations = [
        migrations.AddField(
            "machinecall", "error", models.CharField(blank=True, db_default="", default="", max_length=200)
        ),
        migrations.CreateModel(
            name="CallPicture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("content", models.BinaryField()),
                ("call", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="pictures", to="exchange.machinecall",
                )),
            ],
            options={
                "ordering": ["place"],
                "constraints": [
                    models.UniqueConstraint(fields=["call", "place"], name="exchange_call_picture_once"),
                ],
            },
        ),
        migrations.AddIndex(
            "partnerticket",
            models.Index(fields=["ticket"], name="exchange_ticket_begins", opclasses=["text_pattern_ops"]),
        ),
    ]  # fmt: skip
