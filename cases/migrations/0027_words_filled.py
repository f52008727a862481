"""Cases from before have their words too, a batch at a time and then the index, without stopping those who write.

Whoever changes a case meanwhile keeps its words by trigger; what a batch read before that is then left out.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

BATCH = 5000
FILL = """
    INSERT INTO cases_casewords (case_id, words)
    SELECT c.id, cases_words_of(c) FROM cases_case c WHERE c.id > %s AND c.id <= %s
        ON CONFLICT (case_id) DO NOTHING
"""


def fill(apps: Any, editor: Any) -> None:
    """Each batch is a transaction of its own; stopped on the way, it begins anew and keeps what there is."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id) - 1, 0), coalesce(max(id), 0) FROM cases_case")
        first, last = cursor.fetchone()
        for before in range(first, last, BATCH):
            cursor.execute(FILL, [before, before + BATCH])
        cursor.execute("ANALYZE cases_casewords")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0026_words_of_cases")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        AddIndexConcurrently(
            "casewords", GinIndex(fields=["words"], name="case_words_found", gin_pending_list_limit=512)
        ),
    ]
