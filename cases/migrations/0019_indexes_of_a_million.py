"""What a million cases are asked by: the open ones of a district, what was registered since, what was closed last."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

ENDS = ["closed", "rejected", "voided"]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0018_limits_by_grade")]

    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["district", "due_at"],
                include=["id", "area", "org"],
                condition=~Q(stage__in=ENDS),
                name="case_open_district",
            ),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["registered_at"], include=["district", "area", "org"], name="case_registered_at"),
        ),
        AddIndexConcurrently(
            "case",
            models.Index(fields=["-closed_at", "-id"], condition=Q(stage="closed"), name="case_closed_newest"),
        ),
    ]
