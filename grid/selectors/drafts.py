"""How far a map has come, published or not: what it has of each level, and what it lacks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import shapely
from django.db.models import Case, Count, Q, When

from grid.contracts import Level, RegionName
from grid.models import BaseFeature, Cell, Region
from grid.rules.shapes import BaseShape
from grid.selectors.places import map_version, newest_draft

MOST_REGIONS = 500


@dataclass(frozen=True, slots=True)
class MapState:
    """A version of the map in numbers; `version` is 0 where there is none at all."""

    version: int
    in_force: bool
    city: str
    names: dict[str, str]
    regions: dict[str, int]
    without_outline: dict[str, int]
    cells: int


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region in the table of a version: how it is called, what lies directly beneath it, whether it is drawn."""

    code: str
    level: str
    names: dict[str, str]
    full_names: dict[str, str]
    outlined: bool
    regions: int
    cells: int


def region_table(version: int, under: str = "", *, bare: bool = False) -> list[RegionRow]:
    """The regions directly beneath one (without one, the cities); with `bare` all that lack an outline."""
    rows = Region.objects.filter(version=version)
    if bare:
        rows = rows.filter(geom__isnull=True)
    elif under:
        rows = rows.filter(parent__code=under)
    else:
        rows = rows.filter(parent__isnull=True)
    told = rows.annotate(
        outlined=Case(When(geom__isnull=True, then=False), default=True),
        below=Count("children", distinct=True),
        own=Count("cells", distinct=True),
    )
    found = told.order_by("path").values("code", "level", "names", "full_names", "outlined", "below", "own")
    return [
        RegionRow(row["code"], row["level"], row["names"], row["full_names"], row["outlined"], row["below"], row["own"])
        for row in found[:MOST_REGIONS]
    ]


def regions_above(version: int, code: str) -> list[RegionName]:
    """The region of a version and those above it, the city first; empty where it has no such region."""
    path = Region.objects.filter(version=version, code=code).values_list("path", flat=True).first()
    rows = Region.objects.filter(version=version, code__in=path.split(".") if path else [])
    return [RegionName(*row) for row in rows.order_by("path").values_list("code", "level", "path", "names")]


def bare_count(version: int) -> int:
    """How many regions of a version have no outline."""
    return Region.objects.filter(version=version, geom__isnull=True).count()


def draft_base(version: int) -> Iterator[tuple[int, BaseShape]]:
    """Every feature of the base map of a version with its number."""
    rows = BaseFeature.objects.filter(version=version).order_by("pk").values_list("pk", "kind", "rank", "names", "geom")
    for pk, kind, rank, names, geom in rows.iterator(chunk_size=2000):
        yield pk, BaseShape(kind, rank, names, shapely.from_wkb(bytes(geom.wkb)))


def base_rows(version: int) -> Iterator[tuple[dict[str, Any], bytes | None]]:
    """Every feature of the base map of a version as an export gives it away."""
    rows = BaseFeature.objects.filter(version=version).order_by("kind", "pk")
    for kind, rank, names, geom in rows.values_list("kind", "rank", "names", "geom").iterator(chunk_size=2000):
        values = {"kind": kind, "class": rank, "name": names.get("zh", ""), "name_en": names.get("en", "")}
        yield values, bytes(geom.wkb)


def base_counts(version: int) -> dict[str, int]:
    """How many features of each kind the base map of a version has."""
    rows = BaseFeature.objects.filter(version=version).order_by().values("kind").annotate(n=Count("pk"))
    return {row["kind"]: row["n"] for row in rows}


def map_state() -> MapState:
    """The map in force; before there is one, the newest draft."""
    published = map_version()
    version = published or newest_draft()
    rows = Region.objects.filter(version=version).order_by().values("level")
    told = rows.annotate(n=Count("pk"), bare=Count("pk", filter=Q(geom__isnull=True)))
    counted = {row["level"]: {"n": row["n"], "bare": row["bare"]} for row in told}
    city = Region.objects.filter(version=version, level=Level.CITY).only("code", "names").first()
    return MapState(
        version=version,
        in_force=published > 0,
        city=city.code if city else "",
        names=city.names if city else {},
        regions={level.value: counted.get(level, {}).get("n", 0) for level in Level},
        without_outline={level.value: counted.get(level, {}).get("bare", 0) for level in Level},
        cells=Cell.objects.filter(version=version).count(),
    )
