"""GeoJSON, feature by feature: a broken one says where, the next goes on, however long the file."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from core.errors import Invalid
from exchange.codecs.text import characters, encoding_of
from exchange.rules.records import LIMITS, Header, Limits, Record, unique

FEATURES = re.compile(r'"features"\s*:\s*\[')
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\]]', re.DOTALL)
CRS = re.compile(r'"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]{1,200})"')
EPSG = re.compile(r"EPSG:{1,2}[\d.]*:?(\d{4,6})$", re.IGNORECASE)
HEAD = 1024 * 1024
SAMPLE = 200


class _NotFinite(ValueError):
    """NaN or Infinity, which JSON does not have."""


class _Open(ValueError):
    """A ring whose last point is not its first."""


def _no_constant(name: str) -> NoReturn:
    raise _NotFinite(name)


class GeoJson:
    """A feature collection: its header, and its features as often as they are asked for."""

    def __init__(self, path: Path, *, encoding: str = "", limits: Limits = LIMITS) -> None:
        self.path, self.limits = path, limits
        self.encoding = encoding or encoding_of(path, limits)
        head = self._head()
        if not FEATURES.search(head):
            raise Invalid("exchange.no_features")
        columns: dict[str, None] = {}
        self.header = Header("geojson", (), encoding=self.encoding, shapes=True, crs=_crs(head))
        for number, record in enumerate(self.records()):
            columns |= dict.fromkeys(record.values)
            if number >= SAMPLE or len(columns) > limits.columns:
                break
        found = unique(list(columns))[: limits.columns]
        self.header = Header("geojson", found, encoding=self.encoding, shapes=True, crs=self.header.crs)

    def _head(self) -> str:
        text = ""
        for piece in characters(self.path, self.encoding, self.limits):
            text += piece
            if len(text) >= HEAD or FEATURES.search(text):
                break
        return text

    def records(self) -> Iterator[Record]:
        """Every feature: properties as values (nested ones as JSON), its geometry as shape."""
        for number, (line, text, fault) in enumerate(self._features(), start=1):
            record = Record(number, line, {})
            if fault:
                record.refuse("", fault, limit=self.limits.feature_chars)
            else:
                self._fill(record, text)
            yield record

    def _features(self) -> Iterator[tuple[int, str, str]]:
        """Line and text of each object of the array, or what is wrong with it."""
        buffer, at, line, started = "", 0, 1, False
        scan = _Scan()
        for piece in characters(self.path, self.encoding, self.limits):
            buffer = buffer[at:] + piece
            at = 0
            if not started:
                found = FEATURES.search(buffer)
                if not found:
                    continue
                line, at, started = line + buffer.count("\n", 0, found.end()), found.end(), True
                scan.reset(at)
            else:
                scan.moved()
            while (end := scan.next_end(buffer)) is not None:
                start = buffer.find("{", at, end)
                if start < 0:
                    return
                line += buffer.count("\n", at, start)
                yield line, buffer[start:end], ""
                line, at = line + buffer.count("\n", start, end), end
                scan.reset(at)
            if len(buffer) - at > self.limits.feature_chars:
                yield line, "", "exchange.feature_too_long"
                return
            scan.base = at
        if not scan.ended:
            yield line + buffer.count("\n", at), "", "exchange.file_ends_early"

    def _fill(self, record: Record, text: str) -> None:
        try:
            feature = json.loads(text, parse_constant=_no_constant)
            properties = feature.get("properties") or {}
            record.values = {str(name)[:100]: _plain(value) for name, value in properties.items()}
            geometry = feature.get("geometry")
            if geometry is not None:
                record.shape = _shape(geometry, self.limits.vertices)
        except _NotFinite as error:
            record.refuse("geometry", "exchange.not_a_number", value=str(error))
        except _Open:
            record.refuse("geometry", "exchange.ring_open")
        except OverflowError:
            record.refuse("geometry", "exchange.too_many_vertices", limit=self.limits.vertices)
        except json.JSONDecodeError as error:
            record.line += error.lineno - 1
            record.refuse("", "exchange.bad_json", column=error.colno, what=error.msg)
        except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
            record.refuse("geometry", "exchange.bad_geometry", what=str(error)[:100] or type(error).__name__)


class _Scan:
    """Finds where each object of an array ends, over pieces of text, without reading any character twice."""

    def __init__(self) -> None:
        self.base = self.place = self.depth = 0
        self.ended = False

    def reset(self, at: int) -> None:
        """The next object begins here or later."""
        self.base = self.place = at
        self.depth = 0

    def moved(self) -> None:
        """Everything before `base` was cut off the buffer."""
        self.place -= self.base
        self.base = 0

    def next_end(self, buffer: str) -> int | None:
        """Just behind the object; None while it is not whole, or when the array has ended."""
        if self.ended:
            return None
        for token in TOKEN.finditer(buffer, self.place):
            text = token.group()
            if text[0] == '"' and (len(text) == 1 or text[-1] != '"' or token.end() == len(buffer)):
                self.place = token.start()
                return None
            self.place = token.end()
            self.depth += {"{": 1, "}": -1}.get(text, 0)
            if text == "}" and self.depth == 0:
                return self.place
            if text == "]" and self.depth == 0:
                self.ended = True
                return None
        return None


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float | bool) else json.dumps(value, ensure_ascii=False)


def _crs(head: str) -> str:
    found = CRS.search(head)
    number = EPSG.search(found.group(1)) if found else None
    return f"EPSG:{number.group(1)}" if number else ""


def _shape(given: Mapping[str, Any], most: int) -> BaseGeometry:
    if given.get("type") == "GeometryCollection":
        raise ValueError("GeometryCollection")
    if _count(given["coordinates"], most) > most:
        raise OverflowError
    if given["type"] in ("Polygon", "MultiPolygon"):
        polygons = [given["coordinates"]] if given["type"] == "Polygon" else given["coordinates"]
        if any(ring and ring[0] != ring[-1] for polygon in polygons for ring in polygon):
            raise _Open
    made: BaseGeometry = shape(given)
    return made


def _count(coordinates: Any, most: int) -> int:
    if not isinstance(coordinates, list):
        raise ValueError("coordinates")
    if coordinates and not isinstance(coordinates[0], list):
        return 1
    total = 0
    for part in coordinates:
        total += _count(part, most)
        if total > most:
            break
    return total
