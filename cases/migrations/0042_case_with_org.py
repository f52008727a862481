"""Cases that some organisation has, newest first, without reading those that wait to be dispatched."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0041_clips_and_annotations")]

    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(fields=["id"], condition=Q(area="") | ~Q(org=""), name="case_with_org"),
        ),
    ]
