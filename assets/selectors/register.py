"""Questions about components: one, those nearby, how many, tiles; each on the ground of who asks."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import shapely
from django.db import connection
from django.db.models import Q, Sum

from assets.contracts import AssetView, State, TypeCount
from assets.models import Asset, AssetType, Tally
from assets.rules import anchor, geojson_of, hex_of
from assets.selectors.scope import VISIBLE, visible, visible_to
from core.errors import NotFound
from core.moves import Move, moved, pending
from core.scope import Actor
from core.touched import Touched
from core.touched import touched as touching

FARTHEST_M = 5000.0
TALLIED = 15
NEARBY = f"""
    SELECT a.id, ST_Distance(a.geom::geography, p.here::geography) AS metres
      FROM assets_asset a, (SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326) AS here) p
     WHERE a.shape3857 && ST_Expand(ST_Transform(p.here, 3857), %(reach)s)
       AND a.state <> 'removed' AND {VISIBLE}
       AND (%(types)s::text[] IS NULL OR a.type_id IN (SELECT id FROM assets_assettype WHERE code = ANY(%(types)s)))
       AND ST_DWithin(a.geom::geography, p.here::geography, %(metres)s)
     ORDER BY metres, a.code LIMIT %(limit)s
"""


def asset(code: str, *, actor: Actor) -> AssetView | None:
    """A component by its code; None where the actor sees none."""
    row = Asset.objects.select_related("type").filter(visible_to(actor), code=code).first()
    return view_of(row) if row else None


def assets_of(codes: Iterable[str], *, actor: Actor) -> dict[str, AssetView]:
    """The components of these codes that the actor sees, by code, in one query."""
    rows = Asset.objects.select_related("type").filter(visible_to(actor), code__in=list(codes))
    return {row.code: view_of(row) for row in rows}


def codes_standing(types: Iterable[str], *, after: str = "", most: int) -> list[str]:
    """The next components of these types that stand somewhere, by code; for machines that go through all of them."""
    rows = Asset.objects.filter(type__code__in=list(types), code__gt=after).exclude(state=State.REMOVED)
    return list(rows.order_by("code").values_list("code", flat=True)[:most])


def class_of(code: str) -> str:
    """The class of cases about the component of that code, "" where there is none."""
    row = Asset.objects.filter(code=code).values_list("type__major", "type__minor").first()
    return f"C{row[0]}{row[1]}" if row and row[0] else ""


def component_row(code: str, *, actor: Actor) -> Asset:
    """The row of a component with its type; NotFound where the actor sees none."""
    row = Asset.objects.select_related("type").filter(visible_to(actor), code=code).first()
    if row is None:
        raise NotFound("assets.unknown", code=code[:40])
    return row


def nearby(
    lon: float, lat: float, metres: float, types: Iterable[str] | None = None, limit: int = 50, *, actor: Actor
) -> list[AssetView]:
    """Components within so many metres (5,000 at most) of a WGS 84 point, nearest first, removed ones left out."""
    metres = min(max(metres, 0.0), FARTHEST_M)
    if not (-180 <= lon <= 180 and -85 <= lat <= 85):
        return []
    reach = metres / math.cos(math.radians(lat)) * 1.05 + 1
    given = {
        "lon": lon, "lat": lat, "metres": metres, "reach": reach, "limit": limit,
        "types": list(types) if types is not None else None, **visible(actor),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(NEARBY, given)
        found = dict(cursor.fetchall())
    rows = Asset.objects.select_related("type").in_bulk(found)
    return [view_of(rows[pk], metres) for pk, metres in found.items()]


def counts(area: str = "", *, actor: Actor) -> list[TypeCount]:
    """How many components of each type stand beneath an area path ("" = all), most first; read from the tally."""
    here = Q(level=TALLIED) & visible_to(actor)
    if area:
        here &= Q(area=area) | Q(area__startswith=f"{area}.")
    found = dict(Tally.objects.filter(here).values_list("type").annotate(Sum("n")).filter(n__sum__gt=0))
    rows = AssetType.objects.in_bulk(found)
    told = [TypeCount(rows[pk].code, rows[pk].names, count) for pk, count in found.items()]
    return sorted(told, key=lambda one: (-one.count, one.type))


def in_cell(cell: str, *, actor: Actor) -> list[AssetView]:
    """The components of a cell, by code."""
    rows = (
        Asset.objects.select_related("type")
        .filter(visible_to(actor), cell=cell)
        .exclude(state=State.REMOVED)
        .order_by("code")
    )
    return [view_of(row) for row in rows]


def type_rows() -> dict[str, Mapping[str, Any]]:
    """Every type that is not retired, as it is stored, by code."""
    fields = ("code", "names", "major", "minor", "geometry", "schema", "moves", "min_zoom", "pack")
    return {row.pop("code"): row for row in AssetType.objects.filter(retired=False).values(*fields)}


def former_moves(kind: AssetType) -> dict[int, list[Move]]:
    """The moves before components of a type, by the number of the former schema that they were written under."""
    now = {"moves": kind.moves}
    rows = kind.former.values_list("number", "moves")
    found = {number: pending({"moves": known}, now) for number, known in rows}
    return {number: steps for number, steps in found.items() if steps}


def schema_of(row: Asset) -> Mapping[str, Any]:
    """The schema that the attributes of a component were written under."""
    if row.schema_number == row.type.schema_number:
        return dict(row.type.schema)
    held = row.type.former.filter(number=row.schema_number).values_list("schema", flat=True).first()
    return dict(row.type.schema if held is None else held)


def as_declared_now(row: Asset) -> dict[str, Any]:
    """The attributes of a component as they would read by now: its moves have been gone through."""
    if row.schema_number == row.type.schema_number:
        return dict(row.attributes)
    return moved(row.attributes, former_moves(row.type).get(row.schema_number, ()))


def touched(code: str, held: Mapping[str, Any], given: Mapping[str, Any]) -> list[Touched]:
    """Which attributes of a type would read otherwise, and how many components that stand that touches."""
    rows = Asset.objects.filter(type__code=code).exclude(state=State.REMOVED)
    return touching(rows, held["schema"], given["schema"], pending(held, given))


def layer_version() -> str:
    """Another word with every transaction that changed components; "" before the first. Tiles carry it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT md5(string_agg(xid || '.' || times, ',' ORDER BY xid)) FROM assets_stamp")
        return (cursor.fetchone()[0] or "")[:16]


def tile(z: int, x: int, y: int, types: Iterable[str] | None = None, *, actor: Actor) -> tuple[bytes, str]:
    """A vector tile of components (of some types only) and its tag; far out, clusters; empty where nothing lies."""
    areas = actor.areas()
    query = ({"types": ",".join(types)} if types else {}) | ({} if "" in areas else {"areas": list(areas)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT mvt, etag FROM tile_assets(%s, %s, %s, %s::json)", [z, x, y, json.dumps(query)])
        mvt, etag = cursor.fetchone()
    return bytes(mvt), etag


def view_of(row: Asset, metres: float | None = None) -> AssetView:
    """A row of the register, its type read with it, as people and programs see it."""
    lon, lat, _shape = _placed(row.geom).values()
    return AssetView(
        code=row.code, type=row.type.code, type_names=row.type.names, names=row.names, lon=lon, lat=lat,
        cell=row.cell, area=row.area, state=row.state, authority=row.authority, owner=row.owner,
        maintainer=row.maintainer, attributes=row.attributes, metres=metres, accuracy=row.accuracy, source=row.source,
        version=row.version, changed_at=row.changed_at, geometry=geojson_of(bytes(row.geom.wkb)),
    )  # fmt: skip


def as_stored(codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What is stored of these components, field by field as a census gives it, by code."""
    fields = ("names", "state", "authority", "owner", "maintainer", "accuracy", "source", "attributes", "cell", "area")
    found = {}
    for row in Asset.objects.filter(code__in=list(codes)).values("code", "type_id", "geom", *fields):
        found[row["code"]] = {**{name: row[name] for name in fields}, "type_pk": row["type_id"], **_placed(row["geom"])}
    return found


def _placed(geom: Any) -> dict[str, Any]:
    """The point that stands for a shape, and the hex of the shape where it is more than a point."""
    if geom.geom_type == "Point":
        return {"lon": geom.x, "lat": geom.y, "shape": ""}
    shape = shapely.from_wkb(bytes(geom.wkb))
    lon, lat = anchor(shape)
    return {"lon": lon, "lat": lat, "shape": hex_of(shape)}


def component_rows(kind: str = "") -> Iterator[tuple[dict[str, Any], bytes | None]]:
    """Every component that was not removed (of one type) as an export gives it away, by code."""
    rows = Asset.objects.exclude(state=State.REMOVED).select_related("type").order_by("code")
    if kind:
        rows = rows.filter(type__code=kind)
    same = ("code", "state", "authority", "owner", "maintainer", "accuracy", "source", "attributes")
    for row in rows.iterator(chunk_size=1000):
        values = {name: getattr(row, name) for name in same}
        names = {"name": row.names.get("zh", ""), "name_en": row.names.get("en", "")}
        yield {**values, **names, "type": row.type.code}, bytes(row.geom.wkb)
