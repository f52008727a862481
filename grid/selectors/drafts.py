"""How far a map has come, published or not: what it has of each level, and what it lacks."""

from dataclasses import dataclass

from django.db.models import Count, Q

from grid.contracts import Level
from grid.models import Cell, Region
from grid.selectors.places import map_version, newest_draft


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
