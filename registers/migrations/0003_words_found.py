from django.db import migrations

# The pairs of letters of a text: what a word of two letters and more is found by, in Chinese too, where most words have
# two and the three of pg_trgm find nothing. Capitals as in `icontains`, which looks again at what this finds.
# It runs outside a transaction: what was cut short is begun anew, and the index it left unfinished is none.
PAIRS = """
CREATE OR REPLACE FUNCTION registers_pairs(said text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(upper(said), at, 2)), '{}')
      FROM generate_series(1, length(upper(said)) - 1) AS at
$$;
"""
UNFINISHED = "DROP INDEX CONCURRENTLY IF EXISTS registers_record_pairs"
INDEX = """
CREATE INDEX CONCURRENTLY registers_record_pairs
    ON registers_record USING gin (registers_pairs(number || ' ' || words))
"""


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registers", "0002_states_and_history_kept")]

    operations = [
        migrations.RunSQL(PAIRS, "DROP FUNCTION registers_pairs(text)"),
        migrations.RunSQL(UNFINISHED, migrations.RunSQL.noop),
        migrations.RunSQL(INDEX, UNFINISHED),
    ]
