"""Bytes to rows and back: CSV, XLSX, GeoJSON, GeoPackage, zipped Shapefile."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from core.errors import Unsupported
from exchange.codecs.delimited import Delimited
from exchange.codecs.geojson import GeoJson
from exchange.codecs.geopackage import GeoPackage
from exchange.codecs.shapefile import ShapefileZip
from exchange.codecs.sheets import Sheets
from exchange.contracts import Format
from exchange.rules.records import LIMITS, Header, Limits, Record

__all__ = ["Source", "format_of", "open_source"]
SUFFIXES = {
    ".csv": Format.CSV, ".txt": Format.CSV, ".tsv": Format.CSV, ".xlsx": Format.XLSX, ".geojson": Format.GEOJSON,
    ".json": Format.GEOJSON, ".gpkg": Format.GPKG, ".zip": Format.SHP,
}  # fmt: skip


class Source(Protocol):
    """A file that was opened: what it says of itself, and its rows as often as they are asked for."""

    header: Header

    def records(self) -> Iterator[Record]:
        """Every row, in order."""


def format_of(name: str, start: bytes) -> Format:
    """The format of a file, by what its first bytes can be and its name says."""
    lower = name.lower().removesuffix(".gz")
    found = SUFFIXES.get(Path(lower).suffix)
    if start.startswith(b"SQLite format 3\x00"):
        return Format.GPKG
    if start.startswith(b"PK"):
        return Format.XLSX if found is Format.XLSX else Format.SHP
    if found in (None, Format.GPKG, Format.XLSX, Format.SHP):
        raise Unsupported("exchange.unknown_format", name=name[:100])
    return found


def open_source(
    path: Path, kind: Format | str, *, layer: str = "", encoding: str = "", limits: Limits = LIMITS
) -> Source:
    """The file, opened as this format; a file that is something else is refused with a sentence."""
    if kind == Format.CSV:
        return Delimited(path, encoding=encoding, limits=limits)
    if kind == Format.XLSX:
        return Sheets(path, layer=layer, limits=limits)
    if kind == Format.GEOJSON:
        return GeoJson(path, encoding=encoding, limits=limits)
    if kind == Format.GPKG:
        return GeoPackage(path, layer=layer, limits=limits)
    return ShapefileZip(path, layer=layer, encoding=encoding, limits=limits)
