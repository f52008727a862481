"""Among the words of a case is the stretch of 65,536 keys that its own lies in, as a word that nobody can type.

So the index answers for the newest cases alone (`cases.rules.stretches`). A batch is a transaction of its own, and what
has its stretch already is passed over: stopped on the way, it goes on where it was.
"""

from typing import Any

from django.db import migrations

WORDS_OF = """
CREATE OR REPLACE FUNCTION cases_words_of(told cases_case) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT {stretch} cases_words_in(concat_ws(
        ' ', told.number, substr(told.number, 7), substr(told.number, 7, 8),
        right(told.number, 6), told.description, told.address,
        told.place->>'zh', told.place->>'en',
        (SELECT concat_ws(' ', code, names->>'zh', names->>'en') FROM cases_category WHERE id = told.category_id),
        (SELECT string_agg(given->>'result', ' ') FROM cases_move WHERE case_id = told.id AND given ? 'result')))
$$
"""
STRETCH = "array_to_tsvector(ARRAY['#' || (told.id >> 16)]) ||"
BATCH = 1000
FILL = """
    UPDATE cases_casewords SET words = words || array_to_tsvector(ARRAY['#' || (case_id >> 16)])
     WHERE case_id > %s AND case_id <= %s
       AND NOT tsvector_to_array(words) @> ARRAY['#' || (case_id >> 16)]
"""


def fill(apps: Any, editor: Any) -> None:
    """Every case that has words has its stretch among them."""
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(case_id) - 1, 0), coalesce(max(case_id), 0) FROM cases_casewords")
        first, last = cursor.fetchone()
        for before in range(first, last, BATCH):
            cursor.execute(FILL, [before, before + BATCH])
        cursor.execute("ANALYZE cases_casewords")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("cases", "0051_flags_found")]

    operations = [
        migrations.RunSQL(WORDS_OF.format(stretch=STRETCH), WORDS_OF.format(stretch="")),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
