"""Finding a place by what people call it, and what people call a place."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from core import clock
from grid.contracts import Address, Found
from grid.rules.search import grams, is_code, pairs
from grid.selectors.code_plans import code_plan
from grid.selectors.places import map_version, place_at

ENOUGH = 0.5
NEAREST_ROAD_M = 300.0
BY_NAME = """
    WITH asked AS (
        SELECT %(pairs)s::text[] AS pairs, %(grams)s::text[] AS grams, %(words)s AS words, %(version)s AS version
    ), named AS (
        SELECT r.level AS kind, r.code, r.names, r.full_names, r.anchor AS at
          FROM grid_region r, asked
         WHERE r.version_id = asked.version AND {words} && asked.pairs
        UNION ALL
        SELECT 'road', '', b.names, b.names, ST_PointOnSurface(ST_Collect(b.geom))
          FROM grid_basefeature b, asked
         WHERE b.version_id = asked.version AND b.kind = 'road' AND {words} && asked.pairs
         GROUP BY b.names
    ), told AS (
        SELECT named.*, (SELECT count(*) FROM unnest(asked.grams) p WHERE p = ANY({words})) AS shared,
               cardinality(asked.grams) AS wanted,
               least(nullif(position(asked.words IN lower(names->>'zh')), 0),
                     nullif(position(asked.words IN regexp_replace(lower(names->>'en'), '[[:space:]]+', '', 'g')), 0)
               ) AS found_at, length(names->>'zh') AS long
          FROM named, asked
    )
    SELECT kind, code, names::text, full_names::text, ST_X(at), ST_Y(at), shared::float / wanted
      FROM told WHERE shared >= wanted * %(enough)s
     ORDER BY shared DESC, found_at NULLS LAST, long,
              array_position(ARRAY['city', 'district', 'street', 'community', 'road'], kind::text), code, names->>'zh'
     LIMIT %(limit)s
""".format(words="grid_grams(coalesce(names->>'zh', '') || ' ' || coalesce(names->>'en', ''))")
BY_CODE = """
    SELECT kind, code, names::text, full_names::text, ST_X(at), ST_Y(at), 1.0 FROM (
        SELECT r.level AS kind, r.code, r.names, r.full_names, r.anchor AS at
          FROM grid_region r WHERE r.version_id = %(version)s AND r.code LIKE %(start)s
        UNION ALL
        SELECT 'cell', c.code, jsonb_build_object('zh', c.code, 'en', c.code), r.full_names, ST_PointOnSurface(c.geom)
          FROM grid_cell c JOIN grid_region r ON r.id = c.region_id
         WHERE c.version_id = %(version)s AND length(%(start)s) > %(community)s AND c.code LIKE %(start)s
    ) found ORDER BY length(code), code LIMIT %(limit)s
"""
MIDDLES = """
    SELECT code, ST_X(middle), ST_Y(middle)
      FROM (SELECT code, ST_Centroid(geom) AS middle FROM grid_cell
             WHERE version_id = %(version)s AND (area = ANY(%(areas)s) OR area LIKE ANY(%(below)s))) cells
     ORDER BY code
"""
ROAD = """
    SELECT names::text, ST_Distance(geom::geography, here::geography)
      FROM (SELECT b.names, b.geom, p.here FROM grid_basefeature b,
                   (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS here) p
             WHERE b.version_id = %(version)s AND b.kind = 'road' AND b.names->>'zh' <> ''
             ORDER BY b.shape3857 <-> ST_Transform(p.here, 3857) LIMIT 1) nearest
"""

NEAREST_ROADS = """
    SELECT (near.plane <-> given.at) * cos(radians(given.lat))
      FROM (SELECT lat, turn, ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 3857) AS at
              FROM unnest(%(lon)s::float8[], %(lat)s::float8[]) WITH ORDINALITY AS p (lon, lat, turn)) given
     CROSS JOIN LATERAL (SELECT b.shape3857 AS plane FROM grid_basefeature b
                          WHERE b.version_id = %(version)s AND b.kind = 'road'
                          ORDER BY b.shape3857 <-> given.at LIMIT 1) near
     ORDER BY given.turn
"""

SPOTS = """
    SELECT c.code, ST_X(c.spot), ST_Y(c.spot)
      FROM (SELECT code, ST_PointOnSurface(geom) AS spot FROM grid_cell
             WHERE version_id = %(version)s AND code = ANY(%(codes)s)) c
"""


def places_named(words: str, limit: int) -> list[Found]:
    """Regions and roads (and, of a number, cells) of the map in force that are called so, best first, in one query."""
    plan = code_plan()
    given: dict[str, Any] = {
        "community": plan.community, "version": map_version(), "words": words, "limit": limit, "start": f"{words}%",
        "pairs": pairs(words), "grams": grams(words), "enough": ENOUGH,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(BY_CODE if is_code(words, plan.district) else BY_NAME, given)
        return [
            Found(kind, code, json.loads(names), json.loads(full), lon, lat, float(score))
            for kind, code, names, full, lon, lat, score in cursor.fetchall()
        ]


def metres_to_roads(points: Sequence[tuple[float, float]]) -> list[float]:
    """How far each of some WGS 84 points lies from the nearest road of the map in force; empty where it has no road."""
    given: dict[str, Any] = {
        "lon": [lon for lon, _lat in points],
        "lat": [lat for _lon, lat in points],
        "version": map_version(),
    }
    with connection.cursor() as cursor:
        cursor.execute(NEAREST_ROADS, given)
        return [float(metres) for (metres,) in cursor.fetchall()]


def address_at(lon: float, lat: float) -> Address | None:
    """What people call a point: its cell, its community, the road beside it; None outside the map in force."""
    place = place_at(lon, lat)
    if place is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(ROAD, {"lon": lon, "lat": lat, "version": map_version(), "at": clock.now()})
        row = cursor.fetchone()
    near = row is not None and row[1] <= NEAREST_ROAD_M
    road = json.loads(row[0]) if near else {}
    words = {
        language: " · ".join(filter(None, (place.names.get(language, ""), road.get(language, ""))))
        for language in ("zh", "en")
    }
    return Address(
        cell=place.cell,
        community=place.area.rpartition(".")[2],
        area=place.area,
        road=road,
        metres=round(row[1], 1) if near else None,
        names=words,
    )


def spots_beneath(areas: Iterable[str]) -> dict[str, tuple[float, float]]:
    """The middle of every cell of the map in force beneath any of these area paths (lon, lat), by code."""
    paths = sorted(set(areas))
    if not paths:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MIDDLES, {"version": map_version(), "areas": paths, "below": [f"{path}.%" for path in paths]})
        return {code: (lon, lat) for code, lon, lat in cursor.fetchall()}


def cell_spots(codes: Sequence[str]) -> dict[str, tuple[float, float]]:
    """A point inside each of these cells of the map in force (lon, lat), by code; others are left out."""
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SPOTS, {"version": map_version(), "codes": list(codes)})
        return {code: (lon, lat) for code, lon, lat in cursor.fetchall()}
