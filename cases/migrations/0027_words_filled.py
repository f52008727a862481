"""Cases from before have their words too, a batch at a time and then the index.

A batch holds its cases against change until it is done, so that nothing is added to a case that it does not see, and
passes over those that somebody is changing, so that it waits for nobody while somebody waits for it. Those are filled
in at the end, each alone. Whoever adds to a case without words brings them all (0026), and they stay.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

BATCH = 1000
FILL = """
    INSERT INTO cases_casewords (case_id, words)
    SELECT c.id, cases_words_of(c) FROM cases_case c WHERE c.id > %s AND c.id <= %s FOR SHARE {waiting}
        ON CONFLICT (case_id) DO NOTHING
"""
BATCHES, ALONE = FILL.format(waiting="SKIP LOCKED"), FILL.format(waiting="")
PASSED_OVER = """
    SELECT c.id FROM cases_case c LEFT JOIN cases_casewords w ON w.case_id = c.id WHERE w.case_id IS NULL ORDER BY c.id
"""


def fill(apps: Any, editor: Any) -> None:
    """Each batch is a transaction of its own; stopped on the way, it begins anew and keeps what there is."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id) - 1, 0), coalesce(max(id), 0) FROM cases_case")
        first, last = cursor.fetchone()
        for before in range(first, last, BATCH):
            cursor.execute(BATCHES, [before, before + BATCH])
        cursor.execute(PASSED_OVER)
        for (alone,) in cursor.fetchall():
            cursor.execute(ALONE, [alone - 1, alone])
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
