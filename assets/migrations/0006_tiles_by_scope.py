"""Tiles of components show the ground that was asked for, and clusters from the tally where a type is not drawn yet.

`query`: `types` (codes, comma separated), `areas` (paths; absent means everywhere).
"""

from importlib import import_module

from django.db import migrations

REPLACE = """
CREATE OR REPLACE FUNCTION tile_assets(z integer, x integer, y integer, query json DEFAULT '{}')
RETURNS TABLE (mvt bytea, etag text)
LANGUAGE sql STABLE PARALLEL SAFE AS $tile$
    WITH edge AS (
        SELECT ST_TileEnvelope(z, x, y) AS box, ST_TileEnvelope(z, x, y, margin => 64.0 / 4096) AS padded,
               query->'areas' IS NULL AS everywhere,
               array(SELECT json_array_elements_text(coalesce(query->'areas', '[]'))) AS roots,
               array(SELECT json_array_elements_text(coalesce(query->'areas', '[]')) || '.%') AS beneath
    ), wanted AS (
        SELECT t.id, t.code, t.names, t.min_zoom FROM assets_assettype t
         WHERE query->>'types' IS NULL OR t.code = ANY(string_to_array(query->>'types', ','))
    ), feature AS (
        SELECT a.id, a.code, w.code AS type, w.names->>'zh' AS zh, w.names->>'en' AS en, a.state,
               ST_AsMVTGeom(a.shape3857, edge.box, 4096, 64) AS geom
          FROM edge, assets_asset a JOIN wanted w ON w.id = a.type_id AND w.min_zoom <= z
         WHERE a.shape3857 && edge.padded AND a.state <> 'removed'
           AND (edge.everywhere OR a.area = ANY(edge.roots) OR a.area LIKE ANY(edge.beneath))
         ORDER BY a.id
    ), square AS (
        SELECT s.level, greatest(s.level - z, 0) AS finer, greatest(s.level - z - 4, 0) AS joined
          FROM (SELECT CASE WHEN z >= 13 THEN 17 ELSE 15 END AS level) s WHERE z <= s.level
    ), gathered AS (
        SELECT t.bx >> s.joined AS cx, t.by >> s.joined AS cy, sum(t.n) AS n, sum(t.sx) AS sx, sum(t.sy) AS sy
          FROM edge, square s JOIN assets_tally t
            ON t.level = s.level
           AND t.bx BETWEEN x << s.finer AND ((x + 1) << s.finer) - 1
           AND t.by BETWEEN y << s.finer AND ((y + 1) << s.finer) - 1
          JOIN wanted w ON w.id = t.type_id AND w.min_zoom > z
         WHERE edge.everywhere OR t.area = ANY(edge.roots) OR t.area LIKE ANY(edge.beneath)
         GROUP BY 1, 2 HAVING sum(t.n) > 0
    ), cluster AS (
        SELECT (g.cx::bigint << 24) + g.cy AS id, g.n::bigint AS count,
               ST_AsMVTGeom(ST_SetSRID(ST_MakePoint(g.sx / g.n, g.sy / g.n), 3857), edge.box, 4096, 64) AS geom
          FROM edge, gathered g ORDER BY 1
    ), cut AS (
        SELECT coalesce((SELECT ST_AsMVT(feature, 'assets', 4096, 'geom', 'id') FROM feature WHERE geom IS NOT NULL),
                        ''::bytea)
            || coalesce((SELECT ST_AsMVT(cluster, 'clusters', 4096, 'geom', 'id') FROM cluster WHERE geom IS NOT NULL),
                        ''::bytea) AS mvt
    )
    SELECT cut.mvt, md5(cut.mvt) FROM cut
$tile$
"""
BEFORE = import_module("assets.migrations.0002_tile_function").CREATE.replace("CREATE", "CREATE OR REPLACE", 1)


class Migration(migrations.Migration):
    dependencies = [("assets", "0005_tally_kept")]
    operations = [migrations.RunSQL(REPLACE, BEFORE)]
