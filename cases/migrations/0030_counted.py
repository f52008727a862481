"""What the insights count of a case lies in one index by the day of its report; the plain one it replaces goes."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

INCLUDED = [
    "id", "area", "cell", "closed_at", "district", "handled_late", "org", "parent", "registered_at",
    "reported_by", "return_count", "rework_count", "source", "stage", "category",
]  # fmt: skip


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0029_saved_filters")]

    operations = [
        AddIndexConcurrently("case", models.Index(fields=["reported_at"], include=INCLUDED, name="case_counted")),
        RemoveIndexConcurrently("case", "case_reported_at"),
    ]
