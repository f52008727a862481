"""Cases with a flag are found without reading the others; built while the city works."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0050_flags_and_forced_closing")]

    operations = [
        AddIndexConcurrently("case", models.Index(fields=["id"], condition=models.Q((flag, True)), name=f"case_{flag}"))
        for flag in ("similar", "typical", "forced")
    ]
