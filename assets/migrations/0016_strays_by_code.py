"""The few components whose code names another district than they stand in are found without reading all others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from assets.models.register import StartsWith


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("assets", "0015_outside_the_scope"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="asset",
            index=models.Index(
                condition=~models.Q(
                    StartsWith(
                        models.F("code"),
                        models.Func(
                            models.F("area"),
                            models.Value("."),
                            models.Value(2),
                            function="split_part",
                            output_field=models.TextField(),
                        ),
                    )
                ),
                fields=["code"],
                name="assets_asset_stray",
            ),
        ),
    ]
