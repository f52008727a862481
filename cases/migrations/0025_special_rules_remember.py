"""A special rule knows whose place it took, and until when that one would have held."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0024_indexes_of_ties"),
    ]

    operations = [
        migrations.AddField(
            model_name="override",
            name="before",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.override",
            ),
        ),
        migrations.AddField(
            model_name="override",
            name="before_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
