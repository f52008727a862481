"""Questions about places: where a point lies, regions, calendars, tiles, as the map in force has them."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

import shapely
from django.contrib.gis.db.models import Extent
from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Length
from shapely.geometry.base import BaseGeometry

from core import clock, worktime
from core.errors import NotFound
from grid.contracts import Level, Place, RegionName, RegionView
from grid.models import Calendar, Cell, GridVersion, Region
from grid.rules import hours
from grid.rules.codes import district_of
from grid.rules.coverage import flattener, overlaps

TILES = {"regions": "tile_regions", "cells": "tile_cells", "base": "tile_base"}
PLACE_AT = """
    SELECT c.code, c.area, r.full_names::text, c.grade
      FROM grid_cell c
      JOIN grid_gridversion v ON v.id = c.version_id
      JOIN grid_region r ON r.id = c.region_id
     WHERE v.state = 'published' AND v.valid_from <= %(at)s AND (v.valid_until IS NULL OR v.valid_until > %(at)s)
       AND ST_Intersects(c.geom, ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326))
     ORDER BY c.code LIMIT 1
"""

VERSION_IN_FORCE = """
    SELECT id FROM grid_gridversion
     WHERE state = 'published' AND valid_from <= %(at)s AND (valid_until IS NULL OR valid_until > %(at)s)
"""
PLACES_AT = """
    SELECT found.code, found.area
      FROM unnest(%(lons)s::float8[], %(lats)s::float8[]) WITH ORDINALITY AS point (lon, lat, place)
      LEFT JOIN LATERAL (
        SELECT c.code, c.area
          FROM grid_cell c
         WHERE c.version_id = %(version)s
           AND ST_Intersects(c.geom, ST_SetSRID(ST_MakePoint(point.lon, point.lat), 4326))
         ORDER BY c.code LIMIT 1
      ) AS found ON true
     ORDER BY point.place
"""


def in_force(prefix: str = "") -> Q:
    """The condition that a version is published and its period holds now."""
    now = clock.now()
    return Q(**{f"{prefix}state": GridVersion.State.PUBLISHED, f"{prefix}valid_from__lte": now}) & (
        Q(**{f"{prefix}valid_until__isnull": True}) | Q(**{f"{prefix}valid_until__gt": now})
    )


def place_at(lon: float, lat: float) -> Place | None:
    """Where a WGS 84 point lies on the map in force, in one query; on a border the cell with the lowest code.

    None outside the map, and for what is no point on earth.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    with connection.cursor() as cursor:
        cursor.execute(PLACE_AT, {"at": clock.now(), "lon": lon, "lat": lat})
        row = cursor.fetchone()
    if row is None:
        return None
    return Place(cell=row[0], area=row[1], district=district_of(row[1]), names=json.loads(row[2]), grade=row[3])


def places_at(points: Sequence[tuple[float, float]]) -> list[tuple[str, str] | None]:
    """Cell and area path of each point (lon, lat) by the rule of `place_at`, in one query for all; None outside."""
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    with connection.cursor() as cursor:
        cursor.execute(PLACES_AT, {"lons": lons, "lats": lats, "version": map_version()})
        return [(cell, area) if cell else None for cell, area in cursor.fetchall()]


def cell_place(code: str) -> Place | None:
    """The place that a cell's code names on the map in force."""
    cell = Cell.objects.select_related("region").filter(in_force("version__"), code=code).first()
    if cell is None:
        return None
    district, names = district_of(cell.area), cell.region.full_names
    return Place(cell=cell.code, area=cell.area, district=district, names=names, grade=cell.grade)


def region(code: str) -> RegionView | None:
    """A region of the map in force by its code (6, 9 or 12 digits)."""
    row = _regions().filter(code=code).first()
    return _view(row) if row else None


def regions(level: str) -> list[RegionView]:
    """Every region of a level (city, district, street, community), by code."""
    return [_view(row) for row in _regions().filter(level=Level(level)).order_by("code")]


def children(code: str) -> list[RegionView]:
    """The regions directly beneath one, by code."""
    return [_view(row) for row in _regions().filter(parent__code=code).order_by("code")]


def city() -> RegionView | None:
    """The city of the map in force; None before a map is published."""
    row = _regions().filter(level=Level.CITY).first()
    return _view(row) if row else None


def bounds() -> tuple[float, float, float, float] | None:
    """West, south, east, north of the map in force, in degrees; None before a map is published."""
    found = city()
    return found.bounds if found else None


def version_bounds(version: int) -> tuple[float, float, float, float] | None:
    """West, south, east, north of a version of the map, draft or not; None of one without any ground."""
    found = Region.objects.filter(version=version, geom__isnull=False).aggregate(box=Extent("geom"))["box"]
    found = found or Cell.objects.filter(version=version).aggregate(box=Extent("geom"))["box"]
    return (found[0], found[1], found[2], found[3]) if found else None


def cell_count(area: str = "") -> int:
    """How many unit cells lie beneath an area path ("" = the whole map in force)."""
    cells = Cell.objects.filter(in_force("version__"))
    if area:
        cells = cells.filter(Q(area=area) | Q(area__startswith=f"{area}."))
    return cells.count()


def cell_counts() -> dict[str, int]:
    """How many unit cells each community of the map in force has, by its area path, in one query."""
    counted = Cell.objects.filter(in_force("version__")).order_by().values_list("area").annotate(many=Count("pk"))
    return dict(counted)


def region_names() -> list[RegionName]:
    """Every region of the map in force by its path, without its shape, in one query."""
    rows = Region.objects.filter(in_force("version__")).order_by("path")
    return [RegionName(*row) for row in rows.values_list("code", "level", "path", "names")]


def region_names_at(level: str) -> list[RegionName]:
    """The regions of one level by their path, without their shapes."""
    return [one for one in region_names() if one.level == level]


def map_version() -> int:
    """The number of the map in force, 0 before one is published; tiles carry it in their address."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION_IN_FORCE, {"at": clock.now()})
        found = cursor.fetchone()
    return found[0] if found else 0


def calendar(code: str, area: str = "") -> worktime.Calendar:
    """The working hours of that name nearest above an area path; NotFound("grid.no_calendar") where there are none."""
    return worktime_of(calendar_above(code, area).columns())


def calendar_above(code: str, area: str = "") -> Calendar:
    """The calendar of that code that counts in an area; NotFound("grid.no_calendar") where there is none."""
    parts = area.split(".") if area else []
    paths = [".".join(parts[:depth]) for depth in range(len(parts) + 1)]
    row = Calendar.objects.filter(code=code, area__in=paths).order_by(Length("area").desc()).first()
    if row is None:
        raise NotFound("grid.no_calendar", calendar=code)
    return row


def calendar_row(code: str, area: str = "") -> Mapping[str, object] | None:
    """A calendar as its pack last wrote it, for comparing; None where it does not exist."""
    found = Calendar.objects.filter(code=code, area=area).first()
    return {**found.columns(), **found.said} if found else None


def calendars() -> list[Calendar]:
    """Every calendar, by code, the whole city's before those of its areas."""
    return list(Calendar.objects.order_by("code", "area"))


def calendar_rows() -> Iterator[dict[str, Any]]:
    """Every calendar as rows of a file: its seven weekdays, then each day of rest (no hours) and each make-up day."""
    for row in calendars():
        days = [("weekly", str(number), spans) for number, spans in enumerate(row.weekly, start=1)]
        days += [("closed", day, []) for day in sorted(row.closed)]
        days += [("extra", day, spans) for day, spans in sorted(row.extra.items())]
        told = {
            "calendar": row.code, "area": row.area, "name": row.names["zh"], "name_en": row.names["en"], "tz": row.tz,
            "round_the_clock": row.round_the_clock,
        }  # fmt: skip
        for kind, day, spans in days:
            yield {**told, "kind": kind, "day": day, "hours": ";".join(hours.written(spans))}


def calendar_of(code: str, area: str = "") -> Calendar:
    """The calendar of exactly this code and area; NotFound("grid.no_calendar") where there is none."""
    found = Calendar.objects.filter(code=code, area=area).first()
    if found is None:
        raise NotFound("grid.no_calendar", calendar=code)
    return found


def worktime_of(columns: Mapping[str, Any]) -> worktime.Calendar:
    """Working hours as `core.worktime` counts them, from the columns of a calendar, stored or only wished for."""
    return worktime.Calendar(
        weekly=tuple(_spans(day) for day in columns["weekly"]),
        closed=frozenset(date.fromisoformat(day) for day in columns["closed"]),
        extra={date.fromisoformat(day): _spans(hours) for day, hours in columns["extra"].items()},
        tz=columns["tz"],
        round_the_clock=columns["round_the_clock"],
    )


def tile(layer: str, z: int, x: int, y: int) -> tuple[bytes, str]:
    """A vector tile and its tag (a digest of its content); empty bytes where nothing lies."""
    function = TILES[layer]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT mvt, etag FROM {function}(%s, %s, %s, '{{}}'::json)", [z, x, y])
        mvt, etag = cursor.fetchone()
    return bytes(mvt), etag


def _spans(day: list[list[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in day)


def _regions() -> QuerySet[Region]:
    return Region.objects.filter(in_force("version__")).select_related("parent").defer("shape3857", "simple3857")


def _view(row: Region) -> RegionView:
    if row.anchor is None or row.geom is None:
        raise ValueError(f"{row.code}: a map in force with a region without outline")
    return RegionView(
        code=row.code,
        level=Level(row.level),
        names=row.names,
        full_names=row.full_names,
        path=row.path,
        parent=row.parent.code if row.parent else "",
        anchor=(row.anchor.x, row.anchor.y),
        bounds=row.geom.extent,
        area_m2=row.area_m2,
    )


def outlines(level: str, tolerance: float = 0.0002) -> dict[str, list[list[tuple[float, float]]]]:
    """Outer rings (lon, lat) of the regions of a level by code, simplified to so many degrees: for still maps."""
    found: dict[str, list[list[tuple[float, float]]]] = {}
    for row in _regions().filter(level=Level(level)).order_by("code"):
        if row.geom is None:
            continue
        drawn = json.loads(row.geom.simplify(tolerance, preserve_topology=True).geojson)
        polygons = [drawn["coordinates"]] if drawn["type"] == "Polygon" else drawn["coordinates"]
        found[row.code] = [[(lon, lat) for lon, lat in polygon[0]] for polygon in polygons]
    return found


def newest_draft() -> int:
    """The number of the newest map that is not published, 0 where there is none."""
    drafts = GridVersion.objects.exclude(state=GridVersion.State.PUBLISHED).order_by("-pk")
    return drafts.values_list("pk", flat=True).first() or 0


def cell_grades(codes: Iterable[str] | None = None) -> dict[str, int]:
    """The management grade (1 closest watched, 4 least) of every cell of the map in force, or of these, by code."""
    found = Cell.objects.filter(version=map_version())
    found = found if codes is None else found.filter(code__in=set(codes))
    return dict(found.order_by("code").values_list("code", "grade"))


def grade_grounds() -> dict[int, tuple[int, float]]:
    """How many cells of the map in force have each management grade, and how many square metres they are."""
    rows = Cell.objects.filter(version=map_version()).values_list("grade")
    return {grade: (cells, ground) for grade, cells, ground in rows.annotate(Count("pk"), Sum("area_m2")).order_by()}


def only_city() -> str:
    """The code of the one city of the draft (without a draft, of the map in force); empty of none and of several."""
    found = Region.objects.filter(version=newest_draft() or map_version(), level=Level.CITY)
    codes = list(found.values_list("code", flat=True)[:2])
    return codes[0] if len(codes) == 1 else ""


@dataclass(frozen=True, slots=True)
class Held:
    """A region as some version of the map has it, without its outline."""

    level: str
    parent: str
    path: str
    name: str
    name_en: str


def draft_regions(version: int) -> dict[str, Held]:
    """Every region of a version by code."""
    rows = Region.objects.filter(version=version).values_list("code", "level", "parent__code", "path", "names")
    return {
        code: Held(level, parent or "", path, names.get("zh", ""), names.get("en", ""))
        for code, level, parent, path, names in rows
    }


def draft_outlines(version: int) -> dict[str, BaseGeometry]:
    """The outline of every region of a version that has one, by code."""
    rows = Region.objects.filter(version=version, geom__isnull=False).values_list("code", "geom")
    return {code: shapely.from_wkb(bytes(geom.wkb)) for code, geom in rows if geom}


def draft_cells(version: int) -> dict[str, tuple[BaseGeometry, str, int, str]]:
    """Shape, land use, grade and responsible body of every cell of a version, by code."""
    rows = Cell.objects.filter(version=version).values_list("code", "geom", "land_use", "grade", "responsible")
    return {code: (shapely.from_wkb(bytes(geom.wkb)), use, grade, who) for code, geom, use, grade, who in rows}


def bounds_of(shapes: Iterable[BaseGeometry]) -> tuple[float, float, float, float] | None:
    """West, south, east, north of some shapes; None of none."""
    found = list(shapes)
    if not found:
        return None
    west, south, east, north = shapely.total_bounds(found)
    return float(west), float(south), float(east), float(north)


def overlapping(given: Mapping[str, BaseGeometry], known: Mapping[str, Held]) -> list[tuple[object, object, object]]:
    """Pairs of the given outlines that overlap although they have one parent, with square metres."""
    siblings: dict[str, dict[str, BaseGeometry]] = defaultdict(dict)
    for code, shape in given.items():
        siblings[known[code].parent][code] = shape
    found = (overlaps(group, "grid.regions_overlap") for group in siblings.values() if len(group) > 1)
    return [(p.params["code"], p.params["other"], p.params["area"]) for group in found for p in group]


def distance_to(known: BaseGeometry) -> Callable[[Sequence[tuple[float, float]]], float]:
    """A measure of how many metres points lie off a known outline, by their median."""
    flat = flattener((known.bounds[1] + known.bounds[3]) / 2)
    edge = flat(known).boundary
    shapely.prepare(edge)

    def metres_off(points: Sequence[tuple[float, float]]) -> float:
        return float(median(shapely.distance([flat(shapely.Point(point)) for point in points], edge)))

    return metres_off


def distances_to(known: Sequence[BaseGeometry]) -> Callable[[Sequence[tuple[float, float]]], list[float]]:
    """A measure of how many metres each point lies off the nearest of known lines and outlines."""
    flat = flattener(float(shapely.bounds(known)[:, 1].mean()))
    tree = shapely.STRtree([flat(one.boundary if one.area else one) for one in known])

    def metres_off(points: Sequence[tuple[float, float]]) -> list[float]:
        placed = [flat(shapely.Point(point)) for point in points]
        _pairs, metres = tree.query_nearest(placed, return_distance=True, all_matches=False)
        return [float(one) for one in metres]

    return metres_off


def region_rows(version: int) -> Iterator[tuple[dict[str, Any], bytes | None]]:
    """Every region of a version as an export gives it away, parents before children."""
    rows = Region.objects.filter(version=version).order_by("path").select_related("parent")
    for row in rows.defer("simple3857", "anchor").iterator(chunk_size=500):
        values = {
            "code": row.code, "name": row.names.get("zh", ""), "parent": row.parent.code if row.parent else "",
            "level": row.level, "name_en": row.names.get("en", ""),
        }  # fmt: skip
        yield values, bytes(row.geom.wkb) if row.geom else None


def cell_rows(version: int) -> Iterator[tuple[dict[str, Any], bytes | None]]:
    """Every cell of a version as an export gives it away, by code."""
    for row in Cell.objects.filter(version=version).order_by("code").defer("simple3857").iterator(chunk_size=500):
        names = ("code", "land_use", "grade", "responsible")
        yield {name: getattr(row, name) for name in names}, bytes(row.geom.wkb)
