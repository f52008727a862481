"""Drawings made on the server: the shape of each level, sparklines, and the still map for browsers without WebGL."""

from collections.abc import Iterable, Mapping, Sequence
from math import cos, radians
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core import clock
from core.languages import pick
from dashboard import rules
from dashboard.contracts import Level
from grid import selectors as grid

register = template.Library()

SHAPES = {
    "critical": "M2 2h12.5L18 5.5V18H2z",
    "serious": "M10 1.2 18.8 7.8 15.4 18.2H4.6L1.2 7.8z",
    "caution": "M10 1.8 18.8 17.6H1.2z",
    "info": "M10 .8 19.2 10 10 19.2.8 10z",
    "normal": "M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z",
}
WIDTH, HEIGHT = 1000, 760
MARGIN = 30


def drawing(level: str) -> SafeString:
    """The shape of a level, hidden from readers of screens because the word is there too."""
    return format_html(
        '<svg class="shape shape--{}" viewBox="0 0 20 20" aria-hidden="true"><path d="{}"></path></svg>',
        level, SHAPES.get(level, SHAPES["normal"]),
    )  # fmt: skip


def spark(values: Sequence[float | None], width: int = 100, height: int = 24) -> str:
    """The path of a sparkline in a box; gaps where there is no value, "" where there is nothing to draw."""
    known = [value for value in values if value is not None]
    if not known or len(values) < 2:
        return ""
    low, high = min(known), max(known)
    reach = (high - low) or 1
    path, pen = [], "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        x = round(width * place / (len(values) - 1), 1)
        y = round(height - 2 - (height - 4) * (value - low) / reach, 1)
        path.append(f"{pen}{x:g} {y:g}")
        pen = "L"
    return "".join(path)


class Flat:
    """Degrees to the units of a drawing, keeping shapes as they look at the city's latitude."""

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        west, south, east, north = bounds
        self.west, self.north = west, north
        self.squeeze = cos(radians((south + north) / 2))
        wide, high = (east - west) * self.squeeze or 1, (north - south) or 1
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = (HEIGHT - high * self.scale) / 2

    def place(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point lies in the drawing."""
        x = self.left + (lon - self.west) * self.squeeze * self.scale
        return round(x, 1), round(self.top + (self.north - lat) * self.scale, 1)

    def path(self, rings: Iterable[Iterable[tuple[float, float]]]) -> str:
        """The outline of an area."""
        return "".join(
            "M" + "L".join("{:g} {:g}".format(*self.place(lon, lat)) for lon, lat in ring) + "Z" for ring in rings
        )


@register.simple_tag
def still_map(
    cases: Iterable[Mapping[str, Any]], bounds: tuple[float, float, float, float] | None, label: str
) -> SafeString:
    """The map as a drawing: districts, streets, and every open case with the shape of its level, worst on top."""
    if bounds is None:
        return mark_safe("")
    flat = Flat(bounds)
    areas = [
        format_html('<path class="still__{}" d="{}"></path>', level, flat.path(rings))
        for level in ("district", "street")
        for rings in grid.outlines(level).values()
    ]
    names = [
        format_html('<text class="still__name" x="{}" y="{}">{}</text>', *flat.place(*one.anchor), pick(one.names))
        for one in grid.regions("district")
    ]
    return format_html(
        '<svg class="still" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        WIDTH, HEIGHT, label, SafeString("".join(areas)), _marks(cases, flat), SafeString("".join(names)),
    )  # fmt: skip


def _marks(cases: Iterable[Mapping[str, Any]], flat: Flat) -> SafeString:
    now, order = clock.now(), list(Level)
    located = [(rules.level_of(dict(case), now), case) for case in cases if case["lon"] is not None]
    located.sort(key=lambda pair: -order.index(pair[0]))
    rows = []
    for level, case in located:
        x, y = flat.place(case["lon"], case["lat"])
        size = 0.45 if level is Level.NORMAL else 1.0
        shift = f"translate({x - 10 * size:g} {y - 10 * size:g}) scale({size})"
        rows.append((level, shift, SHAPES[level]))
    return format_html_join("", '<path class="still__case shape--{}" transform="{}" d="{}"></path>', rows)
