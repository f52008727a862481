"""What the citizen said of how the case went, when called back; rows of before read as nothing said."""

from django.db import migrations, models
from django.db.models import Q

SAID = ["", "satisfied", "fair", "unsatisfied", "unreached"]


class Migration(migrations.Migration):
    dependencies = [("cases", "0042_case_with_org")]

    operations = [
        migrations.AddField(
            "case",
            "satisfaction",
            models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["satisfaction"], condition=~Q(satisfaction=""), name="case_satisfaction"),
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(condition=Q(satisfaction__in=SAID), name="case_satisfaction_known"),
        ),
    ]
