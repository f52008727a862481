"""Names are found by their pairs of letters, Chinese as well as Latin, whatever the locale of the database."""

from django.db import migrations

GRAMS = """
CREATE FUNCTION grid_grams(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $grams$
    SELECT coalesce(array_agg(DISTINCT substr(w.t, n, size)), '{}')
      FROM (SELECT regexp_replace(lower(words), '[[:space:]·,.，。、]+', '', 'g') AS t) w,
           generate_series(1, length(w.t)) n, generate_series(1, 2) size
     WHERE n + size - 1 <= length(w.t)
$grams$
"""
WORDS = "grid_grams(coalesce(names->>'zh', '') || ' ' || coalesce(names->>'en', ''))"
INDEXES = {
    "grid_region_grams": f"ON grid_region USING gin ({WORDS})",
    "grid_base_grams": f"ON grid_basefeature USING gin ({WORDS}) WHERE kind = 'road'",
}


class Migration(migrations.Migration):
    dependencies = [("grid", "0002_tile_functions")]
    operations = [
        migrations.RunSQL(GRAMS, "DROP FUNCTION grid_grams(text)"),
        *[migrations.RunSQL(f"CREATE INDEX {name} {what}", f"DROP INDEX {name}") for name, what in INDEXES.items()],
    ]
