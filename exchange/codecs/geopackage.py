"""GeoPackage: one table of a SQLite file, read as data that is not trusted."""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from core.errors import Invalid
from exchange.rules.records import LIMITS, MIB, Header, Limits, Record, unique

ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
BYTES_A_VERTEX = 16
ROW_NUMBERS = frozenset({"fid", "ogc_fid", "rowid"})
LAYERS = """
    SELECT c.table_name, g.column_name, g.srs_id FROM gpkg_contents c
      JOIN sqlite_master m ON m.name = c.table_name AND m.type = 'table'
      LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
     WHERE c.data_type IN ('features', 'attributes') ORDER BY c.rowid
"""


class GeoPackage:
    """A GeoPackage: its header, and the rows of one layer as often as they are asked for."""

    def __init__(self, path: Path, *, layer: str = "", limits: Limits = LIMITS) -> None:
        self.path, self.limits = path, limits
        try:
            with closing(self._connect()) as held:
                self._read_header(held, layer)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise Invalid("exchange.broken_geopackage") from error

    def _connect(self) -> sqlite3.Connection:
        held = sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        held.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 64 * MIB)
        held.setlimit(sqlite3.SQLITE_LIMIT_COLUMN, self.limits.columns + 10)
        held.text_factory = lambda raw: raw.decode("utf-8", "replace")
        held.execute("PRAGMA trusted_schema = OFF")
        held.execute("PRAGMA query_only = ON")
        return held

    def _read_header(self, held: sqlite3.Connection, layer: str) -> None:
        layers = {str(name): (geometry, srs) for name, geometry, srs in held.execute(LAYERS)}
        chosen = layer or next(iter(layers), "")
        if chosen not in layers:
            raise Invalid("exchange.no_layer", layer=layer)
        self.geometry, srs = layers[chosen]
        told = held.execute(f"PRAGMA table_info({_quoted(chosen)})")
        names = [row[1] for row in told if not (row[5] and row[1].lower() in ROW_NUMBERS)]
        self.columns = [name for name in names if name != self.geometry]
        if not self.columns and not self.geometry:
            raise Invalid("exchange.no_header")
        crs = _crs(held, srs) if self.geometry else ""
        shown = unique(self.columns)
        self.header = Header("gpkg", shown, tuple(layers), chosen, "utf-8", crs, shapes=bool(self.geometry))

    def records(self) -> Iterator[Record]:
        """Every row of the layer in the order of its keys."""
        wanted = ", ".join(_quoted(name) for name in [self.geometry or "rowid", *self.columns])
        sql = f"SELECT {wanted} FROM {_quoted(self.header.layer)} ORDER BY rowid"
        with closing(self._connect()) as held:
            number = 0
            try:
                for number, (blob, *cells) in enumerate(held.execute(sql), start=1):
                    yield self._record(number, blob, cells)
            except sqlite3.Error as error:
                record = Record(number + 1, number + 1, {})
                record.refuse("", "exchange.unreadable_row", what=str(error)[:100])
                yield record

    def _record(self, number: int, blob: Any, cells: list[Any]) -> Record:
        record = Record(number, number, dict(zip(self.header.columns, map(_plain, cells), strict=True)))
        if not self.geometry or blob is None:
            return record
        try:
            record.shape = geometry_of(blob, self.limits.vertices)
        except OverflowError:
            record.refuse(self.geometry, "exchange.too_many_vertices", limit=self.limits.vertices)
        except (ShapelyError, ValueError, TypeError, struct.error, KeyError) as error:
            record.refuse(self.geometry, "exchange.bad_geometry", what=str(error)[:100])
        return record


def geometry_of(blob: bytes, most: int) -> BaseGeometry | None:
    """The shape in a GeoPackage's blob; None where it says that it is empty."""
    if len(blob) > most * BYTES_A_VERTEX * 2:
        raise OverflowError
    if blob[:2] != b"GP":
        raise ValueError("not a GeoPackage geometry")
    flags = blob[3]
    start = 8 + ENVELOPES[(flags >> 1) & 7]
    if flags & 16:
        return None
    made: BaseGeometry = shapely.from_wkb(blob[start:])
    if shapely.get_num_coordinates(made) > most:
        raise OverflowError
    return made


def blob_of(wkb: bytes, srid: int) -> bytes:
    """A GeoPackage's blob of a shape, without an envelope."""
    return struct.pack("<2sBBi", b"GP", 0, 1, srid) + wkb


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _crs(held: sqlite3.Connection, srs: int) -> str:
    sql = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?"
    row = held.execute(sql, [srs]).fetchone()
    if row is None or srs in (0, -1):
        return ""
    if str(row[0]).upper() == "EPSG":
        return f"EPSG:{int(row[1])}"
    return "" if str(row[2]).lower() == "undefined" else str(row[2])[:10_000]


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    return value.hex() if isinstance(value, bytes) else value
