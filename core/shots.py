"""What a picture says of itself: when and where it was taken, and what it looks like. None of it is believed.

The place is read to be compared and is kept nowhere but in the original.
"""

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from PIL import ExifTags, Image

from core.geo import gcj02_to_wgs84, haversine_m
from core.pictures import LEAKS

EDGE, KEPT = 32, 8
BITS = 64
BANDS, BAND_BITS = 4, 16
MOST_APART = 7
"""Of two prints at most so many bits apart, one band is at most one bit apart: `keys_near` finds it."""
FLAT = 6.0
"""Grey levels that a picture must vary by to have a print: a wall, a dark lens or a blank sheet all look the same."""
CHANGED = 0.9
_WAVES = np.cos(np.pi / EDGE * np.outer(np.arange(KEPT), np.arange(EDGE) + 0.5))


class Shot(NamedTuple):
    """When and where a picture says that it was taken, in WGS 84; None where it does not say."""

    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def shot_of(content: bytes, zone: ZoneInfo) -> Shot:
    """What the file says in its EXIF; a camera that names no time zone is taken to stand in `zone`."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
            exif = image.getexif()
            more, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
        lon = _degrees(place, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W", 180)
        lat = _degrees(place, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S", 90)
        whole = lon is not None and lat is not None and (lon, lat) != (0, 0)
        return Shot(_moment(more, zone), lon if whole else None, lat if whole else None)
    except (*LEAKS, ArithmeticError, LookupError, AttributeError):
        return Shot()


def _degrees(place: Mapping[int, Any], value: int, side: int, negative: str, most: int) -> float | None:
    parts = place.get(value)
    if not parts or len(parts) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    found = degrees + minutes / 60 + seconds / 3600
    if not 0 <= found <= most:
        return None
    return -found if str(place.get(side, "")).strip("\x00 ").upper() == negative else found


def _moment(more: Mapping[int, Any], zone: ZoneInfo) -> datetime | None:
    told = str(more.get(ExifTags.Base.DateTimeOriginal) or more.get(ExifTags.Base.DateTimeDigitized) or "")
    offset = str(more.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\x00 ")
    there = _parsed(told.strip("\x00 "), offset)
    if there is None and (named := _parsed(told.strip("\x00 "), "+00:00")) is not None:
        there = named.replace(tzinfo=zone)
    return there.astimezone(UTC) if there is not None and 1970 < there.year < 9999 else None


def _parsed(told: str, offset: str) -> datetime | None:
    try:
        return datetime.strptime(f"{told}{offset}", "%Y:%m:%d %H:%M:%S%z")
    except ValueError:
        return None


def metres_from(shot: Shot, lon: float, lat: float) -> float | None:
    """How far from a place it was taken, in the kinder of two readings: phones in China write WGS 84 or GCJ-02."""
    if shot.lon is None or shot.lat is None:
        return None
    shifted = gcj02_to_wgs84(shot.lon, shot.lat)
    return min(haversine_m(lon, lat, shot.lon, shot.lat), haversine_m(lon, lat, *shifted))


def print_of(picture: bytes) -> int | None:
    """The 64 bits of what a picture looks like (pHash), much the same when scaled and saved anew; None for a flat one.

    It is taken of a public copy, which is upright.
    """
    grey = _grey(picture)
    if float(grey.std()) < FLAT:
        return None
    waves = (_WAVES @ grey @ _WAVES.T).ravel()
    bits = waves > np.median(waves[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def unchanged(one: bytes, other: bytes) -> bool:
    """Whether two pictures with like prints show the same to the last thing, and not one place before and after.

    Where something was carried away, a patch of it differs by more than saving anew does (`CHANGED`, in deviations).
    """
    return bool(np.abs(_levels(one) - _levels(other)).max() < CHANGED)


def _levels(picture: bytes) -> np.ndarray:
    grey = _grey(picture)
    levels: np.ndarray = (grey - grey.mean()) / max(float(grey.std()), 1.0)
    return levels


def _grey(picture: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(picture), formats=("JPEG",)) as image:
        image.draft("L", (EDGE * 4, EDGE * 4))
        return np.asarray(image.convert("L").resize((EDGE, EDGE), Image.Resampling.BOX), dtype=float)


def keys_of(print_: int) -> list[int]:
    """The bands of a print as keys of an index: which band, and its bits."""
    return [(band << BAND_BITS) | _band(print_, band) for band in range(BANDS)]


def keys_near(print_: int) -> list[int]:
    """The keys of which a print at most `MOST_APART` bits away has at least one."""
    turned = (0, *(1 << bit for bit in range(BAND_BITS)))
    return [(band << BAND_BITS) | (_band(print_, band) ^ turn) for band in range(BANDS) for turn in turned]


def _band(print_: int, band: int) -> int:
    return (print_ >> (BAND_BITS * band)) & ((1 << BAND_BITS) - 1)


def signed(print_: int) -> int:
    """The print as a bigint of PostgreSQL."""
    return print_ - (1 << BITS) if print_ >> (BITS - 1) else print_


def unsigned(kept: int) -> int:
    """The print that PostgreSQL keeps as this bigint."""
    return kept % (1 << BITS)
