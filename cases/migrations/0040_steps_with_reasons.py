"""The steps with which something went wrong are few among all: the causes of the insights find them by an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

SAID = ["send_back", "check_fail", "refuse_feedback", "redo", "reopen", "reject", "refuse", "void"]


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0039_replays_of_rules")]

    operations = [
        AddIndexConcurrently(
            "move", models.Index(fields=["verb", "case"], condition=models.Q(verb__in=SAID), name="move_with_reason")
        ),
    ]
