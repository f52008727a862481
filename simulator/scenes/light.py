"""The light over a street: by day, overcast, at dusk, at night, in rain."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Light:
    """Sun (unit vector towards it), strengths and tints (BGR). `dark` is 0 by day and 1 at night."""

    name: str
    sun: tuple[float, float, float]
    ambient: float
    direct: float
    tint: tuple[float, float, float]
    sky_top: tuple[float, float, float]
    sky_low: tuple[float, float, float]
    shadow: float
    dark: float = 0.0
    rain: float = 0.0
    haze: float = 0.25

    def shade(self, colour: Sequence[float], normal: np.ndarray, gloss: float = 0.0) -> tuple[float, float, float]:
        """The colour of a face turned to `normal`; gloss (0 to 1) mirrors some sky from faces that look up."""
        facing = max(0.0, float(np.dot(normal, self.sun)))
        strength = self.ambient + 0.16 * float(normal[2]) + self.direct * facing
        mirrored = gloss * max(0.0, float(normal[2]))
        base = [value * strength for value in colour]
        mixed = [value * (1 - mirrored) + sky * mirrored for value, sky in zip(base, self.sky_low, strict=True)]
        return (min(mixed[0], 255.0), min(mixed[1], 255.0), min(mixed[2], 255.0))


def _unit(x: float, y: float, z: float) -> tuple[float, float, float]:
    length = (x * x + y * y + z * z) ** 0.5
    return (x / length, y / length, z / length)


def day(azimuth: float = 2.2, height: float = 0.9) -> Light:
    """Sun from the direction `azimuth` (radians clockwise from +y), `height` up (radians)."""
    sun = _unit(np.sin(azimuth) * np.cos(height), np.cos(azimuth) * np.cos(height), np.sin(height))
    return Light("day", sun, 0.66, 0.42, (1.0, 1.0, 1.02), (214, 168, 120), (238, 226, 212), 0.46)


def overcast() -> Light:
    """Grey day without a sun; soft shadows right under things."""
    return Light(
        "overcast",
        _unit(0.15, -0.1, 1.0),
        0.74,
        0.16,
        (1.02, 1.0, 0.98),
        (206, 200, 194),
        (226, 222, 218),
        0.3,
        haze=0.4,
    )


def dusk(azimuth: float = -1.3) -> Light:
    """A low, warm sun and the first lamps."""
    sun = _unit(np.sin(azimuth) * 0.9, np.cos(azimuth) * 0.9, 0.42)
    return Light("dusk", sun, 0.5, 0.36, (0.86, 0.93, 1.08), (140, 104, 92), (132, 168, 226), 0.34, dark=0.35, haze=0.3)


def night() -> Light:
    """Street lamps only."""
    return Light(
        "night",
        _unit(0.1, 0.1, 1.0),
        0.78,
        0.2,
        (0.98, 0.97, 1.0),
        (44, 28, 20),
        (70, 52, 46),
        0.42,
        dark=1.0,
        haze=0.15,
    )


def rain() -> Light:
    """Rain by day: flat light, dark road, streaks."""
    return Light(
        "rain",
        _unit(0.1, 0.1, 1.0),
        0.66,
        0.12,
        (1.05, 1.0, 0.95),
        (170, 162, 156),
        (192, 186, 182),
        0.24,
        rain=1.0,
        dark=0.12,
        haze=0.6,
    )


def any_light(rng: np.random.Generator) -> Light:
    """A light as the year brings it, most often a day."""
    kind = rng.choice(["day", "day", "day", "overcast", "overcast", "dusk", "night", "rain"])
    if kind == "day":
        return day(float(rng.uniform(-3.1, 3.1)), float(rng.uniform(0.5, 1.3)))
    if kind == "dusk":
        return dusk(float(rng.uniform(-3.1, 3.1)))
    return {"overcast": overcast, "night": night, "rain": rain}[str(kind)]()
