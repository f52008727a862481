"""The map as layers of features: regions and cells of the map that was in force at the time asked for."""

from collections.abc import Mapping, Sequence

from django.db.models import Q

from core import clock
from core.scope import Actor
from grid.contracts import FeatureQuery, Found, Layer, Level
from grid.models import GridVersion
from grid.selectors.features import LayerTable, iso
from grid.selectors.places import bounds, in_force
from grid.selectors.search import places_named

TEXT: Mapping[str, object] = {"type": "string"}
NUMBER: Mapping[str, object] = {"type": "number"}
WHOLE: Mapping[str, object] = {"type": "integer"}
TIME: Mapping[str, object] = {"type": "string", "format": "date-time"}
OF_VERSION = "{row}.version_id = %(version)s"

TABLES = {
    "regions": LayerTable(
        source="grid_region r JOIN grid_gridversion v ON v.id = r.version_id"
        " LEFT JOIN grid_region p ON p.id = r.parent_id",
        key="r.code",
        shape="r.geom",
        properties={
            "code": "r.code",
            "level": "r.level",
            "parent": "p.code",
            "area": "r.path",
            "name_zh": "r.names->>'zh'",
            "name_en": "r.names->>'en'",
            "full_name_zh": "r.full_names->>'zh'",
            "full_name_en": "r.full_names->>'en'",
            "area_m2": "round(r.area_m2::numeric, 1)",
            "version": "r.version_id",
            "valid_from": iso("v.valid_from"),
            "valid_until": iso("v.valid_until"),
        },
        filters={"level": "r.level = %(given)s", "parent": "p.code = %(given)s"},
    ),
    "cells": LayerTable(
        source="grid_cell c JOIN grid_gridversion v ON v.id = c.version_id JOIN grid_region r ON r.id = c.region_id",
        key="c.code",
        shape="c.geom",
        properties={
            "code": "c.code",
            "community": "r.code",
            "area": "c.area",
            "name_zh": "r.full_names->>'zh'",
            "name_en": "r.full_names->>'en'",
            "area_m2": "round(c.area_m2::numeric, 1)",
            "land_use": "c.land_use",
            "grade": "c.grade",
            "responsible": "c.responsible",
            "version": "c.version_id",
            "valid_from": iso("v.valid_from"),
            "valid_until": iso("v.valid_until"),
        },
        filters={
            "community": "r.code = %(given)s",
            "land_use": "c.land_use = %(given)s",
            "grade": "c.grade::text = %(given)s",
        },
    ),
}
ROWS = {"regions": "r", "cells": "c"}
WORDS = {
    "regions": (
        {"zh": "区域", "en": "Regions"},
        {
            "zh": "市、区、街道、社区的边界；datetime 取当时生效的地图，不给则取现行地图。",
            "en": "City, districts, streets and communities; `datetime` asks for the map of that time, else today's.",
        },
    ),
    "cells": (
        {"zh": "单元网格", "en": "Unit cells"},
        {
            "zh": "单元网格及其等级和用地；datetime 取当时生效的地图，不给则取现行地图。",
            "en": "Unit cells with grade and land use; `datetime` asks for the map of that time, else today's.",
        },
    ),
}
FIELDS: dict[str, dict[str, Mapping[str, object]]] = {
    layer: dict.fromkeys(table.properties, TEXT)
    | {"area_m2": NUMBER, "version": WHOLE, "valid_from": TIME, "valid_until": TIME}
    for layer, table in TABLES.items()
}
FIELDS["cells"]["grade"] = WHOLE
FIELDS["regions"]["level"] = {**TEXT, "enum": [level.value for level in Level]}


class MapLayers:
    """The layers `regions` and `cells`; whoever is signed in reads the whole map."""

    def layers(self, actor: Actor) -> Sequence[Layer]:
        """Both, with the bounds of the map in force."""
        return [self._layer(code) for code in TABLES]

    def layer(self, code: str, actor: Actor) -> Layer | None:
        """One of the two."""
        return self._layer(code) if code in TABLES else None

    def _layer(self, code: str) -> Layer:
        version = _version(FeatureQuery())
        since = version.valid_from if version else None
        return Layer(code, *WORDS[code], FIELDS[code], tuple(TABLES[code].filters), bounds(), since)

    def features(self, layer: str, query: FeatureQuery, actor: Actor) -> Sequence[tuple[str, str]]:
        """One page, by code."""
        version = _version(query)
        return TABLES[layer].page(query, *_within(layer, version)) if version else []

    def count(self, layer: str, query: FeatureQuery, actor: Actor) -> int:
        """How many of the map match."""
        version = _version(query)
        return TABLES[layer].count(query, *_within(layer, version)) if version else 0

    def feature(self, layer: str, code: str, actor: Actor) -> str | None:
        """A region or a cell of the map in force."""
        version = _version(FeatureQuery())
        return TABLES[layer].one(code, *_within(layer, version)) if version else None

    def search(self, words: str, limit: int, actor: Actor) -> Sequence[Found]:
        """Regions, roads and cells."""
        return places_named(words, limit)


def _within(layer: str, version: GridVersion) -> tuple[str, dict[str, object]]:
    return OF_VERSION.format(row=ROWS[layer]), {"version": version.pk}


def _version(query: FeatureQuery) -> GridVersion | None:
    """The map in force now or, where a period is asked for that it misses, the newest that was in force within."""
    published = GridVersion.objects.filter(state=GridVersion.State.PUBLISHED, valid_from__lte=clock.now())
    if query.until is not None:
        published = published.filter(valid_from__lte=query.until)
    if query.since is not None:
        published = published.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=query.since))
    if not query.timed:
        published = published.filter(in_force())
    return published.order_by("-valid_from").first()
