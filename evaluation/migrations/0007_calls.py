"""What citizens said when they were called back: nothing was said of cases of before."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0006_shirks")]

    operations = [
        migrations.AddField("fact", "visited_at", models.DateTimeField(null=True)),
        migrations.AddField("fact", "answered", models.BooleanField(default=False)),
        migrations.AddField("fact", "satisfied", models.BooleanField(default=False)),
        migrations.AddField("fact", "unsatisfied", models.BooleanField(default=False)),
        migrations.AddIndex(
            "fact",
            models.Index(fields=["visited_at"], condition=Q(visited_at__isnull=False), name="fact_visited"),
        ),
    ]
