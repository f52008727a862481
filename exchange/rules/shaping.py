"""Records of a file to rows of an intake: columns by the mapping, codes and texts judged, shapes in WGS 84."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from core.geo import bd09_to_wgs84, gcj02_to_wgs84
from exchange.contracts import Column, Datum, Geometry, Row
from exchange.rules.cells import code_of, number_of, text_problem
from exchange.rules.records import LIMITS, Header, Limits, Record

Shape: TypeAlias = BaseGeometry | None
ToDegrees = Callable[[Sequence[Shape]], Sequence[Shape]]
STRAIGHT = {Datum.GCJ02: gcj02_to_wgs84, Datum.BD09: bd09_to_wgs84}
AREAL = ("Polygon", "MultiPolygon")
SHAPE = {"zh": "图形", "en": "Shape"}
PLACED = ("lon", "lat", "wkt", "geometry")


class Shaper:
    """Makes rows of records; the same record always makes the same row."""

    def __init__(
        self, columns: Sequence[Column], geometry: Geometry, header: Header, mapping: Mapping[str, str], *,
        to_degrees: ToDegrees, datum: Datum = Datum.WGS84, kept: Sequence[str] = (), limits: Limits = LIMITS,
    ) -> None:  # fmt: skip
        self.columns, self.geometry, self.header = columns, geometry, header
        self.mapping, self.kept, self.limits = dict(mapping), tuple(kept), limits
        self.to_degrees, self.datum = to_degrees, datum
        self.places, self.labels = dict(self.mapping), {column.name: column.label for column in columns}
        if self.mapping.get("wkt") and not header.shapes:
            self.places = dict.fromkeys(PLACED, self.mapping["wkt"]) | self.places
        self.labels |= dict.fromkeys(PLACED, SHAPE)

    def rows(self, records: Sequence[Record]) -> list[Row]:
        """The rows of a batch, in order."""
        rows = [self._row(record) for record in records]
        if self.geometry is Geometry.NONE:
            return rows
        shapes = [self._raw(record, row) for record, row in zip(records, rows, strict=True)]
        for row, given, made in zip(rows, shapes, self.to_degrees(shapes), strict=True):
            row.geometry = self._sound(row, given, made)
        return rows

    def _row(self, record: Record) -> Row:
        faults = [replace(one, label=SHAPE) if one.column == "geometry" else one for one in record.faults]
        row = Row(record.number, record.line, {}, faults=faults, columns=self.places, labels=self.labels)
        if row.faults:
            return row
        for column in self.columns:
            if column.many:
                row.values[column.name] = {name: self._text(row, name, record.values.get(name)) for name in self.kept}
                continue
            value = record.values.get(self.mapping.get(column.name, ""), "")
            row.values[column.name] = (
                self._code(row, column, value) if column.code else self._text(row, column.name, value)
            )
            if column.required and row.values[column.name] in ("", None) and not row.faults:
                row.refuse(column.name, "exchange.empty_cell")
        return row

    def _code(self, row: Row, column: Column, value: Any) -> str:
        text, why = code_of(value)
        if why or (why := text_problem(text, self.limits.text_chars)):
            row.refuse(column.name, why, value=text[:40])
        return text

    def _text(self, row: Row, name: str, value: Any) -> Any:
        value = "" if value is None else value
        if why := text_problem(value, self.limits.text_chars):
            row.refuse(name, why, value=str(value)[:40], limit=self.limits.text_chars)
            return ""
        return value.strip() if isinstance(value, str) else value

    def _raw(self, record: Record, row: Row) -> Shape:
        """The shape in the file's own plane."""
        if row.faults:
            return None
        if self.header.shapes:
            return record.shape
        drawn = str(record.values.get(self.mapping.get("wkt", ""), "")).strip()
        if drawn:
            return self._from_wkt(row, drawn)
        texts = [record.values.get(self.mapping.get(axis, ""), "") for axis in ("lon", "lat")]
        if texts == ["", ""]:
            return None
        numbers = [number_of(text) for text in texts]
        for axis, text, number in zip(("lon", "lat"), texts, numbers, strict=True):
            if number is None:
                row.refuse(axis, "exchange.not_a_number", value=str(text)[:40])
        return None if None in numbers else shapely.Point(numbers)

    def _from_wkt(self, row: Row, text: str) -> Shape:
        try:
            made: Shape = shapely.from_wkt(text)
        except (ShapelyError, ValueError) as error:
            row.refuse("wkt", "exchange.bad_geometry", what=str(error)[:100])
            return None
        if shapely.get_num_coordinates(made) > self.limits.vertices:
            row.refuse("wkt", "exchange.too_many_vertices", limit=self.limits.vertices)
            return None
        return made

    def _sound(self, row: Row, given: Shape, made: Shape) -> Shape:
        """The shape in WGS 84 if nothing is wrong with it; otherwise the row says what."""
        if row.faults:
            return None
        if given is None or given.is_empty:
            if self.geometry is Geometry.REQUIRED:
                row.refuse("lon", "exchange.no_shape")
            return None
        why = _misplaced(given, made)
        if why or made is None:
            row.refuse("lon", why or "exchange.not_in_degrees")
            return None
        row.drawn = made = shapely.force_2d(made)
        if self.datum in STRAIGHT:
            straight = STRAIGHT[self.datum]
            row.drawn = made = shapely.transform(made, lambda points: np.array([straight(x, y) for x, y in points]))
        if made.geom_type in AREAL and not made.is_valid:
            row.refuse("lon", "exchange.shape_invalid", what=shapely.is_valid_reason(made)[:120])
            return None
        return made


def _misplaced(given: BaseGeometry, made: Shape) -> str:
    if not np.isfinite(shapely.get_coordinates(given)).all():
        return "exchange.not_finite"
    if made is None:
        return "exchange.off_the_plane"
    west, south, east, north = made.bounds
    if -180 <= west <= east <= 180 and -90 <= south <= north <= 90:
        return ""
    turned = -180 <= south <= north <= 180 and -90 <= west <= east <= 90
    return "exchange.axes_swapped" if turned else "exchange.not_in_degrees"
