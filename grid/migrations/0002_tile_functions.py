"""SQL functions that cut vector tiles, with the signature of Martin's function sources."""

from django.db import migrations

IN_FORCE = """
    v.state = 'published' AND v.valid_from <= statement_timestamp()
    AND (v.valid_until IS NULL OR v.valid_until > statement_timestamp())
"""

TILE = """
CREATE FUNCTION {name}(z integer, x integer, y integer, query json DEFAULT '{{}}')
RETURNS TABLE (mvt bytea, etag text)
LANGUAGE sql STABLE PARALLEL SAFE AS $tile$
    WITH edge AS (
        SELECT ST_TileEnvelope(z, x, y) AS box, ST_TileEnvelope(z, x, y, margin => 64.0 / 4096) AS padded
    ), feature AS (
        {features}
    ), cut AS (
        SELECT coalesce(ST_AsMVT(feature, '{layer}', 4096, 'geom', {id}), ''::bytea) AS mvt
          FROM feature WHERE geom IS NOT NULL
    )
    SELECT cut.mvt, md5(cut.mvt) FROM cut
$tile$
"""

REGIONS = f"""
        SELECT r.code::bigint AS id, r.code, r.level, r.names->>'zh' AS zh, r.names->>'en' AS en,
               ST_AsMVTGeom(CASE WHEN z < 13 THEN r.simple3857 ELSE r.shape3857 END, edge.box, 4096, 64) AS geom
          FROM edge, grid_region r JOIN grid_gridversion v ON v.id = r.version_id
         WHERE {IN_FORCE} AND r.simple3857 && edge.padded
           AND (z >= 11 OR r.level <> 'community') AND (z >= 8 OR r.level <> 'street')
         ORDER BY r.code
"""
CELLS = f"""
        SELECT c.code::bigint AS id, c.code, c.area, c.grade, c.land_use,
               ST_AsMVTGeom(CASE WHEN z < 14 THEN c.simple3857 ELSE c.shape3857 END, edge.box, 4096, 64) AS geom
          FROM edge, grid_cell c JOIN grid_gridversion v ON v.id = c.version_id
         WHERE {IN_FORCE} AND c.simple3857 && edge.padded AND z >= 10
         ORDER BY c.code
"""
BASE = f"""
        SELECT b.id, b.kind, b.class, b.names->>'zh' AS zh, b.names->>'en' AS en,
               ST_AsMVTGeom(
                   CASE WHEN z < 13 THEN ST_Simplify(b.shape3857, 40075016.0 / (1 << z) / 2048, true)
                        ELSE b.shape3857 END,
                   edge.box, 4096, 64) AS geom
          FROM edge, grid_basefeature b JOIN grid_gridversion v ON v.id = b.version_id
         WHERE {IN_FORCE} AND b.shape3857 && edge.padded
           AND (z >= 13 OR b.class NOT IN ('street', 'lane')) AND (z >= 11 OR b.class NOT IN ('collector'))
         ORDER BY b.id
"""
LAYERS = {"regions": (REGIONS, "'id'"), "cells": (CELLS, "'id'"), "base": (BASE, "'id'")}


def create(layer: str) -> str:
    """The statement that makes the function of a layer."""
    features, identity = LAYERS[layer]
    return TILE.format(name=f"tile_{layer}", layer=layer, features=features, id=identity)


class Migration(migrations.Migration):
    dependencies = [("grid", "0001_initial")]
    operations = [
        migrations.RunSQL(create(layer), f"DROP FUNCTION tile_{layer}(integer, integer, integer, json)")
        for layer in LAYERS
    ]
