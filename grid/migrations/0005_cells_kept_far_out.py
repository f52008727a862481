"""Tiles of cells far out are cut once, when a map is published, and served from there; the signature stays Martin's."""

from importlib import import_module

from django.db import migrations

FIRST = import_module("grid.migrations.0002_tile_functions")
CUT = (
    FIRST.create("cells")
    .replace("FUNCTION tile_cells", "FUNCTION cut_cells")
    .replace("query json DEFAULT '{}'", "of_version bigint")
    .replace(FIRST.IN_FORCE, " c.version_id = of_version")
    .replace("JOIN grid_gridversion v ON v.id = c.version_id", "")
)
SERVE = f"""
CREATE OR REPLACE FUNCTION tile_cells(z integer, x integer, y integer, query json DEFAULT '{{}}')
RETURNS TABLE (mvt bytea, etag text)
LANGUAGE sql STABLE PARALLEL SAFE AS $tile$
    WITH here AS (
        SELECT v.id FROM grid_gridversion v WHERE {FIRST.IN_FORCE} LIMIT 1
    ), kept AS (
        SELECT k.mvt, k.etag::text FROM here JOIN grid_kepttile k ON k.version_id = here.id
         WHERE k.layer = 'cells' AND k.z = tile_cells.z AND k.x = tile_cells.x AND k.y = tile_cells.y
    )
    SELECT kept.mvt, kept.etag FROM kept
     UNION ALL
    SELECT cut.mvt, cut.etag FROM here, LATERAL cut_cells(z, x, y, here.id) cut WHERE NOT EXISTS (SELECT FROM kept)
     UNION ALL
    SELECT ''::bytea, md5(''::bytea) WHERE NOT EXISTS (SELECT FROM here)
$tile$
"""
KEEP = """
CREATE FUNCTION grid_keep_tiles(of_version bigint) RETURNS void
LANGUAGE sql AS $keep$
    DELETE FROM grid_kepttile WHERE version_id = of_version;
    INSERT INTO grid_kepttile (version_id, layer, z, x, y, mvt, etag)
    SELECT of_version, 'cells', z, x, y, cut.mvt, cut.etag
      FROM (SELECT ST_Extent(r.shape3857) AS box FROM grid_region r
             WHERE r.version_id = of_version AND r.level = 'city') city,
           generate_series(10, 12) z,
           LATERAL (SELECT 40075016.685578488 / (1 << z) AS side, 20037508.342789244 AS half) w,
           generate_series(floor((ST_XMin(box) + half) / side)::int, floor((ST_XMax(box) + half) / side)::int) x,
           generate_series(floor((half - ST_YMax(box)) / side)::int, floor((half - ST_YMin(box)) / side)::int) y,
           LATERAL cut_cells(z, x, y, of_version) cut
$keep$
"""
NOW = "SELECT grid_keep_tiles(v.id) FROM grid_gridversion v WHERE v.state = 'published'"


class Migration(migrations.Migration):
    dependencies = [("grid", "0004_kept_tiles")]
    operations = [
        migrations.RunSQL(CUT, "DROP FUNCTION cut_cells(integer, integer, integer, bigint)"),
        migrations.RunSQL(SERVE, FIRST.create("cells").replace("CREATE", "CREATE OR REPLACE", 1)),
        migrations.RunSQL(KEEP, "DROP FUNCTION grid_keep_tiles(bigint)"),
        migrations.RunSQL(NOW, migrations.RunSQL.noop),
    ]
