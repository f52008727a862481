"""Cases that were shirked, found by when without reading all that were not."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0033_automatic_dispatch")]

    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(fields=["shirked_at"], condition=Q(shirked_at__isnull=False), name="case_shirked_at"),
        ),
    ]
