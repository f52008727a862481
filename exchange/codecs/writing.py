"""Rows to bytes: CSV and GeoJSON as they come from the database, the others in a file of their own."""

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import shapefile
import shapely
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError

from core.errors import Invalid
from exchange.codecs.geopackage import blob_of
from exchange.rules.cells import shielded

Item = tuple[Mapping[str, Any], bytes | None]
SHORT, WIDE = 10, 254
WGS84_ESRI = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
WGS84 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
    'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]'
)
GPKG = """
    CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
        organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
        description TEXT);
    CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
        description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE,
        max_y DOUBLE, srs_id INTEGER);
    CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
        geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
        CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name));
    PRAGMA application_id = 1196444487;
    PRAGMA user_version = 10300;
"""


def plain(value: Any) -> Any:
    """A value as a cell: objects become JSON, nothing becomes an empty text."""
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict | list) else value


def wkt_of(wkb: bytes | None) -> str:
    """A shape as text that is read back to the same bits (GEOS would round the last one); empty for none."""
    if not wkb:
        return ""
    told = shapely.from_wkb(wkb).__geo_interface__
    text = _nested(told["coordinates"])
    return f"{told['type'].upper()} {text if text.startswith('(') else f'({text})'}"


def _nested(part: Any) -> str:
    if isinstance(part[0], float | int):
        return f"{part[0]!r} {part[1]!r}"
    return f"({', '.join(map(_nested, part))})"


def csv_text(columns: Sequence[str], items: Iterable[Item]) -> Iterator[str]:
    """CSV with a mark of UTF-8, so that a Chinese Excel reads it and runs no formula; the shape stands last as WKT."""
    shaped = ([*(plain(values.get(column)) for column in columns), wkt_of(wkb)] for values, wkb in items)
    return csv_lines(chain([[*columns, "wkt"]], shaped))


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Rows as CSV with a mark of UTF-8, in pieces; a cell that a spreadsheet would run is shielded."""
    held = io.StringIO()
    writer = csv.writer(held)
    held.write("\ufeff")
    for row in rows:
        writer.writerow(map(shielded, row))
        if held.tell() > 64_000:
            yield held.getvalue()
            held.seek(0)
            held.truncate()
    yield held.getvalue()


def geojson_text(columns: Sequence[str], items: Iterable[Item]) -> Iterator[str]:
    """A feature collection, one feature a line."""
    yield '{"type":"FeatureCollection","features":[\n'
    between = ""
    for values, wkb in items:
        properties = {column: values.get(column) for column in columns}
        shape = shapely.to_geojson(shapely.from_wkb(wkb)) if wkb else "null"
        told = json.dumps(properties, ensure_ascii=False)
        yield f'{between}{{"type":"Feature","properties":{told},"geometry":{shape}}}'
        between = ",\n"
    yield "\n]}\n"


def write_xlsx(target: Path, name: str, columns: Sequence[str], items: Iterable[Item]) -> None:
    """A workbook whose codes are text, never numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append([*columns, "wkt"])
    for values, wkb in items:
        cells = [plain(values.get(column)) for column in columns] + [wkt_of(wkb)]
        for column, cell in zip([*columns, "wkt"], cells, strict=True):
            if isinstance(cell, str) and len(cell) > 32_767:
                raise Invalid("exchange.format_cannot", column=column, what="> 32767")
        try:
            sheet.append([_text_cell(sheet, cell) for cell in cells])
        except IllegalCharacterError as error:
            raise Invalid("exchange.format_cannot", column="-", what="control character") from error
    book.save(target)


def template_book(name: str, notes: str, rows: Sequence[tuple[str, str]]) -> bytes:
    """A workbook to be filled in: the headings, all cells below them text; a second sheet says what may stand there."""
    book = Workbook()
    sheet, second = book.active, book.create_sheet(notes)
    sheet.title = re.sub(r"[\\/*?:\[\]]", " ", name)[:31]
    for place, (heading, hint) in enumerate(rows, start=1):
        sheet.cell(1, place, heading).data_type = "s"
        letter = sheet.cell(1, place).column_letter
        sheet.column_dimensions[letter].width = min(40, 2 * len(heading) + 6)
        sheet.column_dimensions[letter].number_format = "@"
        for column, text in enumerate((heading, hint), start=1):
            second.cell(place, column, text).data_type = "s"
    second.column_dimensions["A"].width, second.column_dimensions["B"].width = 30, 80
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def sheets_book(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]]) -> bytes:
    """A workbook of several sheets, each with its title, its headings and rows; every cell is a text."""
    book = Workbook()
    book.remove(book.active)
    for title, headings, rows in sheets:
        sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31])
        for place, heading in enumerate(headings, start=1):
            letter = sheet.cell(1, place).column_letter
            sheet.column_dimensions[letter].width = min(40, 2 * len(heading) + 6)
            sheet.column_dimensions[letter].number_format = "@"
        for line, cells in enumerate([headings, *rows], start=1):
            for place, text in enumerate(cells, start=1):
                sheet.cell(line, place, text).data_type = "s"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _text_cell(sheet: Any, value: Any) -> Any:
    """A text that begins like a formula stays a text."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    return cell


def write_gpkg(target: Path, name: str, columns: Sequence[str], items: Iterable[Item]) -> None:
    """A GeoPackage with one layer."""
    quoted = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join("?" for _ in range(len(columns) + 1))
    with closing(sqlite3.connect(target)) as held:
        held.executescript(GPKG)
        srs = [
            ("WGS 84", 4326, "EPSG", 4326, WGS84),
            ("none", -1, "NONE", -1, "undefined"),
            ("none", 0, "NONE", 0, "undefined"),
        ]
        held.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)", srs)
        held.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom GEOMETRY, {quoted})')
        now = datetime.fromtimestamp(0, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        held.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, srs_id) VALUES (?, ?, ?, ?, ?)",
            [name, "features", name, now, 4326],
        )
        held.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', 4326, 0, 0)", [name])
        rows = (
            [blob_of(wkb, 4326) if wkb else None, *(plain(values.get(c)) for c in columns)] for values, wkb in items
        )
        held.executemany(f'INSERT INTO "{name}" (geom, {quoted}) VALUES ({marks})', rows)
        held.commit()


def write_shp(target: Path, name: str, columns: Sequence[str], items: Iterable[Item]) -> None:
    """A zip of a shapefile in UTF-8. What it cannot hold is refused, never cut."""
    parts = {suffix: io.BytesIO() for suffix in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, encoding="utf-8") as writer:
        for column in columns:
            writer.field(column[:SHORT], "C", size=WIDE)
        for values, wkb in items:
            cells = [str(plain(values.get(column))) for column in columns]
            _refuse_wide(columns, cells)
            shape = shapely.from_wkb(wkb) if wkb else None
            writer.shape(
                json.loads(shapely.to_geojson(shape)) if shape is not None else shapefile.Shape(shapefile.NULL)
            )
            writer.record(*cells)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix, part in parts.items():
            archive.writestr(f"{name}.{suffix}", part.getvalue())
        archive.writestr(f"{name}.cpg", "UTF-8")
        archive.writestr(f"{name}.prj", WGS84_ESRI)


def _refuse_wide(columns: Sequence[str], cells: Sequence[str]) -> None:
    for column, cell in zip(columns, cells, strict=True):
        if len(cell.encode()) > WIDE or cell != cell.strip():
            raise Invalid("exchange.format_cannot", column=column, what=f"> {WIDE}")


TEXTS = {"csv": csv_text, "geojson": geojson_text}
FILES = {"xlsx": write_xlsx, "gpkg": write_gpkg, "zip": write_shp}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "gpkg": "application/geopackage+sqlite3",
    "zip": "application/zip",
}
MADE = {**TYPES, "pdf": "application/pdf"}
"""The types of everything that an export may be; what is not in `TYPES` has no rows to be written here."""
