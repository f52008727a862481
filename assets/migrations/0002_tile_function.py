"""The SQL function that cuts tiles of components, with the signature of Martin's function sources."""

from django.db import migrations

CREATE = """
CREATE FUNCTION tile_assets(z integer, x integer, y integer, query json DEFAULT '{}')
RETURNS TABLE (mvt bytea, etag text)
LANGUAGE sql STABLE PARALLEL SAFE AS $tile$
    WITH edge AS (
        SELECT ST_TileEnvelope(z, x, y) AS box, ST_TileEnvelope(z, x, y, margin => 64.0 / 4096) AS padded
    ), wanted AS (
        SELECT t.id, t.code, t.names FROM assets_assettype t
         WHERE t.min_zoom <= z
           AND (query->>'types' IS NULL OR t.code = ANY(string_to_array(query->>'types', ',')))
    ), feature AS (
        SELECT a.id, a.code, w.code AS type, w.names->>'zh' AS zh, w.names->>'en' AS en, a.state,
               ST_AsMVTGeom(a.shape3857, edge.box, 4096, 64) AS geom
          FROM edge, assets_asset a JOIN wanted w ON w.id = a.type_id
         WHERE a.shape3857 && edge.padded AND a.state <> 'removed'
         ORDER BY a.id
    ), cut AS (
        SELECT coalesce(ST_AsMVT(feature, 'assets', 4096, 'geom', 'id'), ''::bytea) AS mvt
          FROM feature WHERE geom IS NOT NULL
    )
    SELECT cut.mvt, md5(cut.mvt) FROM cut
$tile$
"""


class Migration(migrations.Migration):
    dependencies = [("assets", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION tile_assets(integer, integer, integer, json)")]
