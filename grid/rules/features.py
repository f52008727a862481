"""Reading what a program asks of a layer (OGC API Features 1.0, Part 1): wrong parameters are refused by name."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from core.errors import Invalid
from grid.contracts import FeatureQuery

DEFAULT_LIMIT, MOST = 100, 10_000
LONGEST = 200
FORMATS = ("json", "geojson")
Box = tuple[float, float, float, float]


def only_known(given: Mapping[str, str], known: Iterable[str]) -> None:
    """Every parameter has a meaning here, and a format that is spoken; Invalid names the first that has none."""
    allowed = ("f", *known)
    for name in given:
        if name not in allowed:
            raise Invalid("grid.ogc_parameter", name=name[:60], known=", ".join(allowed))
    if given.get("f", "json") not in FORMATS:
        raise Invalid("grid.ogc_format", given=given["f"][:60], known=", ".join(FORMATS))


def read(given: Mapping[str, str], filters: tuple[str, ...]) -> FeatureQuery:
    """The question that the parameters ask of a layer with these filters."""
    only_known(given, ("bbox", "datetime", "limit", "after", *filters))
    since, until = period(given["datetime"]) if "datetime" in given else (None, None)
    for name in ("after", *filters):
        if len(given.get(name, "")) > LONGEST or "\0" in given.get(name, ""):
            raise Invalid("grid.ogc_value", name=name)
    return FeatureQuery(
        boxes=boxes(given["bbox"]) if "bbox" in given else (),
        timed="datetime" in given,
        since=since,
        until=until,
        where={name: given[name] for name in filters if name in given},
        after=given.get("after", ""),
        limit=limit(given["limit"]) if "limit" in given else DEFAULT_LIMIT,
    )


def limit(text: str) -> int:
    """A whole number from 1; what is above the most that a page holds is the most."""
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise Invalid("grid.ogc_limit", given=text[:60], most=MOST)
    return min(int(text), MOST)


def boxes(text: str) -> tuple[Box, ...]:
    """One box, or two where it reaches across the 180th meridian; heights of a box of six numbers are not looked at."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise Invalid("grid.ogc_bbox", given=text[:100]) from error
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise Invalid("grid.ogc_bbox", given=text[:100])
    west, south, east, north = numbers
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid("grid.ogc_bbox", given=text[:100])
    if west <= east:
        return ((west, south, east, north),)
    return (west, south, 180.0, north), (-180.0, south, east, north)


def period(text: str) -> tuple[datetime | None, datetime | None]:
    """An instant (both ends the same) or a period `a/b`, where `..` or nothing leaves an end open."""
    parts = text.split("/")
    if len(parts) == 1:
        at = _instant(parts[0], text)
        return at, at
    if len(parts) != 2:
        raise Invalid("grid.ogc_datetime", given=text[:100])
    since, until = (None if part in ("", "..") else _instant(part, text) for part in parts)
    if since is not None and until is not None and since > until:
        raise Invalid("grid.ogc_datetime", given=text[:100])
    return since, until


def _instant(part: str, whole: str) -> datetime:
    """RFC 3339; a date alone is its first moment, a time without a zone is UTC."""
    try:
        at = datetime.fromisoformat(part.strip().upper().replace(" ", "+"))
    except ValueError as error:
        raise Invalid("grid.ogc_datetime", given=whole[:100]) from error
    if at.tzinfo is None:
        return at.replace(tzinfo=UTC)
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise Invalid("grid.ogc_datetime", given=whole[:100]) from error
