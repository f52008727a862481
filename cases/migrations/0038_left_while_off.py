"""Cases that came while automatic dispatch was off, found without reading all that the rules ever did."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0037_chains_of_grounds_and_repeats")]

    operations = [
        AddIndexConcurrently(
            "autodispatch",
            models.Index(fields=["at"], name="auto_dispatch_off", condition=Q(code="dispatching.switched_off")),
        ),
    ]
