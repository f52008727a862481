"""Types and rows of a small census on the tiny map."""

from typing import Any

from assets import actions
from core.scope import Actor, machine
from tests.grid.factories import middle

ADMIN: Actor = machine("test", "admin")
LAMP = {
    "code": "street_light",
    "names": {"zh": "路灯", "en": "Street light"},
    "major": "01",
    "minor": "37",
    "geometry": "point",
    "attributes": {"type": "object", "additionalProperties": False, "properties": {"watt": {"type": "number"}}},
}
BIN = {
    "code": "litter_bin",
    "names": {"zh": "果皮箱", "en": "Litter bin"},
    "major": "03",
    "minor": "05",
    "geometry": "point",
}


def types(*given: dict[str, Any]) -> None:
    """These types exist (lamps and bins, if none is named)."""
    for kind in given or (LAMP, BIN):
        actions.save_type(kind, actor=ADMIN)


def row(code: str = "4499010137000001", column: int = 0, line: int = 0, **given: Any) -> dict[str, Any]:
    """A lamp in the middle of a cell of the tiny map."""
    lon, lat = middle(column, line)
    return {"code": code, "lon": lon, "lat": lat, **given}


def put(*rows: dict[str, Any]):
    """These rows have been imported."""
    return actions.import_assets(rows, actor=ADMIN, source="test")


KERB = {"code": "kerb", "names": {"zh": "路沿石", "en": "Kerbstone"}, "major": "02", "minor": "86", "geometry": "line"}
LAWN = {
    "code": "lawn",
    "names": {"zh": "边绿地", "en": "Green strip"},
    "major": "04",
    "minor": "99",
    "geometry": "area",
}


def line(column: int = 0, row: int = 0) -> dict[str, Any]:
    """A kerb inside one cell, as GeoJSON."""
    lon, lat = middle(column, row)
    return {"type": "LineString", "coordinates": [[lon - 0.0003, lat], [lon, lat + 0.0001], [lon + 0.0003, lat]]}


def patch(column: int = 0, row: int = 0, half: float = 0.0002) -> dict[str, Any]:
    """A lawn inside one cell, as GeoJSON."""
    lon, lat = middle(column, row)
    ring = [[lon - half, lat - half], [lon + half, lat - half], [lon + half, lat + half], [lon - half, lat + half]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
