"""The map of some areas as a phone keeps it: cells, outlines with names, roads and water, in whole steps of a metre."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.gis.db.models import Extent
from django.contrib.gis.geos import Polygon
from django.db.models import Q
from shapely import wkb
from shapely.geometry.base import BaseGeometry

from grid.contracts import Level
from grid.models import BaseFeature, Cell, Region
from grid.selectors.places import map_version
from grid.selectors.supervision import walked_cells

STEPS = 100_000
"""A degree has so many steps: one is about a metre."""
MOST_CELLS = 20_000
ROUGH = 0.00003
DRAWN = (Level.DISTRICT, Level.STREET, Level.COMMUNITY)


def ground_tag(areas: Collection[str], person: int | None) -> str:
    """What the map of these areas is known by: the same as long as it says the same."""
    mine = ",".join(sorted(walked_cells(person)))
    return f"{map_version()}:{','.join(sorted(areas))}:{mine}"


def ground_of(areas: Collection[str], person: int | None) -> dict[str, Any]:
    """The map in force beneath these area paths ("" is all of it); where there are too many cells, without them.

    `mine` are the places, in the list of cells, of those that this person walks.
    """
    here = _beneath("area", areas)
    cells = Cell.objects.filter(here, version=map_version()).order_by("code")
    box = cells.aggregate(box=Extent("geom"))["box"]
    if box is None:
        return {"origin": [0, 0], "box": [0, 0, 0, 0], "cells": [], "regions": [], "base": [], "mine": []}
    origin = (box[0], box[1])
    whole = cells.count() <= MOST_CELLS
    rows = list(cells.values_list("code", "area", "geom")) if whole else []
    walked = walked_cells(person)
    regions = Region.objects.filter(_beneath("path", areas), version=map_version(), level__in=DRAWN)
    drawn = regions.only("level", "path", "names", "anchor", "geom").order_by("path")
    base = BaseFeature.objects.filter(version=map_version(), geom__bboverlaps=_boxed(box)).order_by("pk")
    return {
        "origin": list(origin),
        "box": list(_steps([(box[0], box[1]), (box[2], box[3])], origin)),
        "cells": [[code, area, *_rings(_shape(geom), origin)] for code, area, geom in rows],
        "regions": [_region(row, origin) for row in drawn],
        "base": [
            [kind, rank, names, *lines]
            for kind, rank, names, geom in base.values_list("kind", "rank", "names", "geom")
            if (lines := list(_rings(_shape(geom).simplify(ROUGH), origin)))
        ],
        "mine": [place for place, (code, _area, _geom) in enumerate(rows) if code in walked],
    }


def ground_text(areas: Collection[str], person: int | None) -> str:
    """The same as JSON without a blank."""
    return json.dumps(ground_of(areas, person), ensure_ascii=False, separators=(",", ":"))


def _beneath(field: str, areas: Iterable[str]) -> Q:
    found = Q(pk__in=())
    for area in areas:
        found |= Q(**{field: area}) | Q(**{f"{field}__startswith": f"{area}."}) if area else ~Q(pk__in=())
    return found


def _boxed(box: tuple[float, float, float, float]) -> Polygon:
    made = Polygon.from_bbox(box)
    made.srid = 4326
    return made


def _region(row: Region, origin: tuple[float, float]) -> list[Any]:
    anchor = list(_steps([(row.anchor.x, row.anchor.y)], origin)) if row.anchor else [0, 0]
    rings = _rings(_shape(row.geom).simplify(ROUGH), origin) if row.geom else ()
    return [row.level, row.path, dict(_named(row.names)), anchor, *rings]


def _named(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((language, names[language]) for language in ("zh", "en") if names.get(language))


def _shape(geom: Any) -> BaseGeometry:
    return wkb.loads(bytes(geom.wkb))


def _rings(shape: BaseGeometry, origin: tuple[float, float]) -> Iterator[list[int]]:
    """Every line of a shape, outer and inner rings alike: where it begins, then from corner to corner."""
    for part in getattr(shape, "geoms", [shape]):
        lines = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for line in lines:
            if line.geom_type in ("LineString", "LinearRing") and not line.is_empty:
                yield list(_steps(line.coords, origin))


def _steps(points: Iterable[Sequence[float]], origin: tuple[float, float]) -> Iterator[int]:
    before = (0, 0)
    for point in points:
        here = round((point[0] - origin[0]) * STEPS), round((point[1] - origin[1]) * STEPS)
        yield here[0] - before[0]
        yield here[1] - before[1]
        before = here
