"""What the pages of the register need beside their rows: names of places, attributes by name, shapes of streets."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import shapely

from assets.models import Asset, ChangeRequest, Finding, Project
from assets.rules import anchor, geojson_of
from assets.selectors.census import Progress, StreetProgress
from assets.selectors.register import view_of
from core.languages import pick
from core.schema import questions
from core.scope import Actor, under
from grid import selectors as grid


def area_choices(actor: Actor) -> list[tuple[str, str]]:
    """The city, its districts and streets on the ground of the actor, by path, with their names in order."""
    rows = [row for row in grid.region_names() if row.level in ("city", "district", "street")]
    held = actor.areas()
    seen = [row for row in rows if any(under(row.path, area) for area in held)]
    indent = {"city": "", "district": "", "street": "　"}
    return [(row.path, indent[row.level] + pick(row.names)) for row in sorted(seen, key=lambda row: row.path)]


def place_names(area: str) -> str:
    """District, street and community of an area path as people say them."""
    names = {row.code: pick(row.names) for row in grid.region_names()}
    return " · ".join(names[code] for code in area.split(".")[1:] if code in names)


def attribute_lines(schema: Mapping[str, Any], held: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The attributes of a component by the names of its schema; what the schema does not know keeps its own name."""
    asked = {one.name: one for one in questions(schema)}
    lines = []
    for name, value in held.items():
        one = asked.get(name)
        label = pick(one.names) if one else name
        unit = f" {one.unit}" if one and one.unit else ""
        lines.append((label, value if isinstance(value, bool) else f"{_called(schema, name, value)}{unit}"))
    return lines


def _called(schema: Mapping[str, Any], name: str, value: Any) -> Any:
    """A value as people call it: choices have names in `x-choices`."""
    rule = (schema.get("properties") or {}).get(name) or {}
    named = (rule.get("x-choices") or {}).get(str(value)) if isinstance(value, str | int | float) else None
    return pick(named) if named else value


def changed_attributes(
    schema: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, Any, Any]]:
    """Of two sets of attributes those that differ, by the names of the schema."""
    names = {one.name: pick(one.names) for one in questions(schema)}
    keys = [*after, *(key for key in before if key not in after)]
    return [
        (names.get(key) or key, _called(schema, key, before.get(key)), _called(schema, key, after.get(key)))
        for key in keys
        if before.get(key) != after.get(key)
    ]


def point_of(geom: Any) -> tuple[float, float]:
    """The point that stands for a shape of the tables."""
    return anchor(shapely.from_wkb(bytes(geom.wkb)))


def proposed_shapes(requests: Iterable[ChangeRequest]) -> dict[str, Any]:
    """The lines and areas that were proposed, for the map; points are marks of their own."""
    features = [
        {"type": "Feature", "geometry": geojson_of(bytes(row.geom.wkb)), "properties": {"outcome": "change"}}
        for row in requests
        if row.geom.geom_type != "Point"
    ]
    return {"type": "FeatureCollection", "features": features}


def mark_of(row: Asset) -> dict[str, Any]:
    """A component as a mark of the map."""
    view = view_of(row)
    return {"id": view.code, "lon": view.lon, "lat": view.lat, "level": "info", "label": pick(view.type_names),
            "href": f"#c{view.code}"}  # fmt: skip


def street_shapes(streets: Sequence[StreetProgress], shades: Mapping[str, str]) -> dict[str, Any]:
    """The outlines of the streets of a census, shaded by how far each has come."""
    drawn: dict[str, Any] = {}
    for level in {"street" if len(one.street.code) == 9 else "community" for one in streets}:
        drawn |= grid.outlines(level)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in drawn[one.street.code]]},
            "properties": {"code": one.street.code, "outcome": shades[one.street.state]},
        }
        for one in streets
        if one.street.code in drawn
    ]
    return {"type": "FeatureCollection", "features": features}


def total_of(streets: Sequence[StreetProgress]) -> Progress:
    """The progress of all the streets together."""
    counts: Counter[str] = Counter()
    for one in streets:
        counts.update(one.progress.counts)
    return Progress(
        sum(one.progress.expected for one in streets), sum(one.progress.found for one in streets), dict(counts)
    )


def outcomes_of(project: Project) -> list[tuple[str, int]]:
    """How many findings came to what when the census was accepted."""
    found = Counter(Finding.objects.filter(project=project).exclude(outcome="").values_list("outcome", flat=True))
    return sorted(found.items())
