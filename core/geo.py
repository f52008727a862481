"""Coordinates at the edge: degrees, longitude first. Inside there is one datum, WGS 84 (EPSG:4326).

CGCS2000 is taken as equal (they differ by centimetres). GCJ-02 and BD-09 follow the published reverse engineering of
the public transformation (Krasovsky 1940 ellipsoid); outside China both equal WGS 84.
"""

from math import asin, atan2, cos, hypot, pi, radians, sin, sqrt

_AXIS, _ECCENTRICITY2 = 6378245.0, 0.00669342162296594323
_EARTH_RADIUS_M = 6371008.8
_BD_TURN = pi * 3000.0 / 180.0


def in_china(lon: float, lat: float) -> bool:
    """Whether the shifted datums are in use at this place (a rectangle)."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def _ripple(value: float, *waves: tuple[float, float]) -> float:
    return sum(height * sin(value * pi / period) for height, period in waves) * 2.0 / 3.0


def _shift(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    fine = _ripple(x, (20.0, 1 / 6), (20.0, 1 / 2))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + fine
    north += _ripple(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + fine
    east += _ripple(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))
    bend = 1 - _ECCENTRICITY2 * sin(radians(lat)) ** 2
    north = north * 180.0 / (_AXIS * (1 - _ECCENTRICITY2) / (bend * sqrt(bend)) * pi)
    east = east * 180.0 / (_AXIS / sqrt(bend) * cos(radians(lat)) * pi)
    return east, north


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The place as maps in GCJ-02 (AMap, Tencent) draw it."""
    if not in_china(lon, lat):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """The true place of a GCJ-02 coordinate, by fixed-point iteration, to better than a millimetre."""
    if not in_china(lon, lat):
        return lon, lat
    guess_lon, guess_lat = lon, lat
    for _ in range(6):
        there_lon, there_lat = wgs84_to_gcj02(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - there_lon, guess_lat + lat - there_lat
    return guess_lon, guess_lat


def gcj02_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """The place as Baidu's maps draw it."""
    radius = hypot(lon, lat) + 0.00002 * sin(lat * _BD_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD_TURN)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The GCJ-02 place of a BD-09 coordinate, by fixed-point iteration."""
    guess_lon, guess_lat = lon - 0.0065, lat - 0.006
    for _ in range(6):
        there_lon, there_lat = gcj02_to_bd09(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - there_lon, guess_lat + lat - there_lat
    return guess_lon, guess_lat


def bd09_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """The true place of a Baidu coordinate."""
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def wgs84_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """The place as Baidu's maps draw it, from the true one."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def haversine_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres along a great circle of the mean sphere."""
    half_lat, half_lon = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))
