"""What was merged into a case and what it was split into, found without stopping those who write cases meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0023_ties_guarded")]

    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(fields=["duplicate_of"], condition=Q(duplicate_of__isnull=False), name="case_duplicate_of"),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="case_part_of"),
        ),
    ]
