"""Which column of a file is which field: guessed from the header, then judged as a person left it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from core.errors import Names
from exchange.contracts import Column, Geometry
from exchange.rules.records import Header

Mapped = Mapping[str, str]
PLACES = (
    Column(
        "lon", {"zh": "经度 / X", "en": "Longitude / X"}, aliases=("x", "lng", "longitude", "经度", "东经", "point_x")
    ),
    Column("lat", {"zh": "纬度 / Y", "en": "Latitude / Y"}, aliases=("y", "latitude", "纬度", "北纬", "point_y")),
    Column("wkt", {"zh": "图形 (WKT)", "en": "Shape (WKT)"}, aliases=("geometry", "geom", "the_geom", "shape", "图形")),
)
NOISE = re.compile(r"[\s_\-.:()（）]+")


def fields_of(columns: Sequence[Column], geometry: Geometry, header: Header) -> list[Column]:
    """Every field that a form asks for: the intake's, and where the shape stands if the file has none of its own."""
    places = PLACES if geometry is not Geometry.NONE and not header.shapes else ()
    return [*(column for column in columns if not column.many), *places]


def headings(columns: Sequence[Column], geometry: Geometry, language: str) -> list[tuple[str, str]]:
    """The header of a file that says everything that is asked, and beside each heading what may stand there."""
    places = PLACES if geometry is not Geometry.NONE else ()
    told = [column for column in (*columns, *places) if not column.many]
    return [(column.label.get(language) or column.name, column.hint.get(language, "")) for column in told]


def guess(fields: Iterable[Column], header: Header, taken: Collection[str] = ()) -> dict[str, str]:
    """For each field the column whose header is its name, a label or an alias; each column once, none of the taken."""
    free = {_plain(column): column for column in reversed(header.columns) if column not in taken}
    found: dict[str, str] = {}
    for field in fields:
        for word in (field.name, *field.label.values(), *field.aliases):
            if _plain(word) in free:
                found[field.name] = free.pop(_plain(word))
                break
    return found


def _plain(text: str) -> str:
    return NOISE.sub("", text).lower()


def left_over(mapping: Mapped, columns: Iterable[Column], header: Header) -> list[str]:
    """The columns that no field takes and that are kept all the same, where the kind keeps any."""
    many = next((column for column in columns if column.many), None)
    if many is None:
        return []
    free = [column for column in header.columns if column not in set(mapping.values())]
    return [column for column in free if not many.closed or _plain(column) == many.name]


def brought(columns: Iterable[Column], fields: Iterable[Column]) -> list[Column]:
    """The fields that only the settings brought along: neither of the kind itself nor a place."""
    known = {column.name for column in (*columns, *PLACES)}
    return [field for field in fields if field.name not in known]


def problems(
    mapping: Mapped, fields: Sequence[Column], geometry: Geometry, header: Header
) -> list[tuple[str, dict[str, object]]]:
    """Why rows cannot be read by this mapping, as codes and parameters; empty when they can."""
    known = {field.name for field in fields}
    found: list[tuple[str, dict[str, object]]] = []
    for name, column in mapping.items():
        if name not in known:
            found.append(("exchange.unknown_field", {"field": name[:60]}))
        elif column not in header.columns:
            found.append(("exchange.unknown_column", {"column": column[:60]}))
    for field in fields:
        if field.required and not mapping.get(field.name):
            found.append(("exchange.field_missing", {"field": Names(field.label), "name": field.name}))
    placed = mapping.get("wkt") or (mapping.get("lon") and mapping.get("lat"))
    if geometry is Geometry.REQUIRED and not header.shapes and not placed:
        found.append(("exchange.place_missing", {}))
    return found
