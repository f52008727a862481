"""Shapefile in a zip: encoding from .cpg or from the bytes, the plane from .prj."""

import io
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import shapefile
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from core.errors import Invalid
from exchange.codecs.archives import archive
from exchange.codecs.text import detect, named
from exchange.rules.records import LIMITS, Header, Limits, Record, unique

PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
GBK_DRIVERS = (0x4D, 0x7A)
TRIED = (shapefile.ShapefileException, struct.error, ValueError, TypeError, IndexError, KeyError, AttributeError)


class ShapefileZip:
    """A zip with a shapefile: its header, and its rows as often as they are asked for."""

    def __init__(self, path: Path, *, layer: str = "", encoding: str = "", limits: Limits = LIMITS) -> None:
        self.path, self.limits = path, limits
        with archive(path, limits) as opened:
            self._members = _members(opened)
            layers = tuple(sorted(name for name, parts in self._members.items() if {".shp", ".dbf"} <= parts.keys()))
            chosen = layer or next(iter(layers), "")
            if chosen not in layers:
                raise Invalid("exchange.no_shapefile", layer=layer)
            self._parts = {suffix: opened.read(member) for suffix, member in self._members[chosen].items()}
        declared = self._parts.get(".cpg", b"").decode("ascii", "ignore")
        self.encoding = encoding or named(declared) or _encoding(self._parts[".dbf"])
        try:
            with self._reader() as reader:
                columns = unique([field[0] for field in reader.fields if field[0] != "DeletionFlag"])
        except TRIED as error:
            raise Invalid("exchange.broken_shapefile") from error
        crs = self._parts.get(".prj", b"").decode("utf-8", "replace").strip()[:10_000]
        self.header = Header("shp", columns, layers, chosen, self.encoding, crs, shapes=True)

    def _reader(self) -> Any:
        parts = {name[1:]: io.BytesIO(self._parts[name]) for name in (".shp", ".shx", ".dbf") if name in self._parts}
        return shapefile.Reader(**parts, encoding=self.encoding, encodingErrors="replace")

    def records(self) -> Iterator[Record]:
        """Every row: attributes as values, its shape; a broken one says why and the next goes on."""
        with self._reader() as reader:
            for place in range(len(reader)):
                record = Record(place + 1, place + 1, {})
                try:
                    cells = list(reader.record(place) or ())
                except TRIED as error:
                    record.refuse("", "exchange.unreadable_row", what=str(error)[:100])
                    yield record
                    continue
                record.values = dict(zip(self.header.columns, map(_plain, cells), strict=True))
                self._shape(reader, place, record)
                yield record

    def _shape(self, reader: Any, place: int, record: Record) -> None:
        try:
            found = reader.shape(place)
            if found is None or found.shapeType == shapefile.NULL:
                return
            if len(found.points) > self.limits.vertices:
                record.refuse("geometry", "exchange.too_many_vertices", limit=self.limits.vertices)
            elif _open_ring(found):
                record.refuse("geometry", "exchange.ring_open")
            else:
                made: BaseGeometry = shape(found.__geo_interface__)
                record.shape = made
        except (*TRIED, ShapelyError) as error:
            record.refuse("geometry", "exchange.bad_geometry", what=str(error)[:100])


def _members(opened: zipfile.ZipFile) -> dict[str, dict[str, zipfile.ZipInfo]]:
    """The files of each layer, by its name without a suffix; what a Mac or Windows adds is left out."""
    found: dict[str, dict[str, zipfile.ZipInfo]] = {}
    for member in opened.infolist():
        path = Path(_name(member))
        if path.suffix.lower() in PARTS and "__MACOSX" not in path.parts:
            found.setdefault(path.stem, {})[path.suffix.lower()] = member
    return found


def _name(member: zipfile.ZipInfo) -> str:
    """The member's name; one that is not marked as UTF-8 was mostly written on a Chinese Windows."""
    if not member.flag_bits & 0x800:
        with suppress(UnicodeDecodeError, UnicodeEncodeError):
            return member.filename.encode("cp437").decode("gb18030")
    return member.filename


def _encoding(table: bytes) -> str:
    """What a .dbf without .cpg is written in: by its driver byte, else by its bytes."""
    if len(table) > 29 and table[29] in GBK_DRIVERS:
        return "gb18030"
    header = struct.unpack("<H", table[8:10])[0] if len(table) > 10 else 0
    return detect(table[header:])


def _open_ring(found: Any) -> bool:
    if found.shapeType not in (shapefile.POLYGON, shapefile.POLYGONZ, shapefile.POLYGONM):
        return False
    ends = [*found.parts[1:], len(found.points)]
    return any(found.points[start] != found.points[end - 1] for start, end in zip(found.parts, ends, strict=True))


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool) else str(value)
