"""Charts drawn on the server: bars and lines as SVG with a title, each beside the table that says the same."""

from collections.abc import Mapping, Sequence
from math import cos, radians
from typing import NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cases.rules.hotspots import HotCell

register = template.Library()

WIDE, HIGH, LEFT, BELOW, ABOVE, RIGHT = 720, 220, 48, 26, 12, 8
MOST_LABELS = 8


MAP_HIGH = 420


class Point(NamedTuple):
    """One place of a series: its label, its value, a band where there is one, and a shorter label for the axis."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    usual: float | None = None
    short: str = ""


@register.simple_tag
def line_chart(points: Sequence[Point], label: str) -> SafeString:
    """A line over time with its band; nothing where there are fewer than two points."""
    if len(points) < 2:
        return mark_safe("")
    top = _round_up(max(max(one.value or 0, one.high or 0, one.usual or 0) for one in points))
    line = _line([one.value for one in points], top, "chart__line")
    usual = _line([one.usual for one in points], top, "chart__line chart__line--usual")
    body = [_axis(top), _band(points, top), line, usual, _labels(points)]
    return _svg(label, body)


@register.simple_tag
def dot_map(spots: Mapping[str, tuple[float, float]], counts: Mapping[str, int], hot: Sequence[HotCell]) -> SafeString:
    """The ground from above: a dot for every cell, a darker one where cases are, a ring where they are in a cluster."""
    lons, lats = [lon for lon, _lat in spots.values()], [lat for _lon, lat in spots.values()]
    west, north = min(lons), max(lats)
    squeeze = cos(radians((north + min(lats)) / 2))
    wide, high = (max(lons) - west) * squeeze or 1e-9, north - min(lats) or 1e-9
    scale = min((WIDE - 20) / wide, (MAP_HIGH - 20) / high)
    at = {
        cell: (round(10 + (lon - west) * squeeze * scale, 1), round(10 + (north - lat) * scale, 1))
        for cell, (lon, lat) in spots.items()
    }
    ground = "".join(f"M{x:g} {y:g}h1v1h-1z" for x, y in at.values())
    held = "".join(f"M{x - 1:g} {y - 1:g}h3v3h-3z" for x, y in (at[cell] for cell in at if counts.get(cell)))
    rings = format_html_join(
        "", '<circle class="chart__hot" cx="{}" cy="{}" r="5"><title>{}: {}</title></circle>',
        ((*at[one.cell], one.cell, one.found) for one in hot),
    )  # fmt: skip
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="chart__ground" d="{}"></path>'
        '<path class="chart__held" d="{}"></path>{}</svg>',
        WIDE, MAP_HIGH, _("Map of the cells in clusters; the table below lists them"), ground, held, rings,
    )  # fmt: skip


@register.simple_tag
def bar_chart(points: Sequence[Point], label: str) -> SafeString:
    """Upright bars, one for each group."""
    known = [one for one in points if one.value is not None]
    if not known:
        return mark_safe("")
    top = _round_up(max(one.value or 0 for one in known))
    step = (WIDE - LEFT - RIGHT) / len(points)
    bars = format_html_join(
        "",
        '<rect class="chart__bar" x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>',
        (
            (
                _number(LEFT + place * step + step * 0.15),
                _number(_y(one.value or 0, top)),
                _number(step * 0.7),
                _number(HIGH - BELOW - _y(one.value or 0, top)),
                one.label,
                _number(one.value or 0),
            )
            for place, one in enumerate(points)
        ),
    )
    return _svg(label, [_axis(top), bars, _labels(points, middle=True)])


def _svg(label: str, body: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDE, HIGH, label, SafeString("".join(body)),
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.6g}"


def _round_up(value: float) -> float:
    """The end of the axis: 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** len(str(int(value))) / 10 if value >= 1 else 0.1
    return next(power * step for step in (1, 2, 5, 10) if power * step >= value)


def _y(value: float, top: float) -> float:
    return ABOVE + (HIGH - ABOVE - BELOW) * (1 - min(value, top) / top)


def _x(place: int, many: int) -> float:
    return LEFT + (WIDE - LEFT - RIGHT) * place / max(1, many - 1)


def _axis(top: float) -> SafeString:
    return format_html_join(
        "",
        '<path class="chart__grid" d="M{} {}H{}"></path><text class="chart__mark" x="{}" y="{}">{}</text>',
        (
            (LEFT, _number(_y(top * part, top)), WIDE - RIGHT, LEFT - 6, _number(_y(top * part, top) + 4),
             _number(top * part))
            for part in (0, 0.5, 1)
        ),
    )  # fmt: skip


def _labels(points: Sequence[Point], *, middle: bool = False) -> SafeString:
    every = -(-len(points) // MOST_LABELS)
    step = (WIDE - LEFT - RIGHT) / len(points)
    where = (lambda place: LEFT + (place + 0.5) * step) if middle else (lambda place: _x(place, len(points)))
    shown = [(place, one) for place, one in enumerate(points) if place % every == 0]
    return format_html_join(
        "", '<text class="chart__label" x="{}" y="{}">{}</text>',
        ((_number(where(place)), HIGH - 8, one.short or _short(one.label)) for place, one in shown),
    )  # fmt: skip


def _short(label: str) -> str:
    return label if len(label) <= 9 else f"{label[:8]}…"


def _line(values: Sequence[float | None], top: float, sort: str) -> SafeString:
    path, pen = [], "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{_number(_x(place, len(values)))} {_number(_y(value, top))}")
        pen = "L"
    return format_html('<path class="{}" d="{}"></path>', sort, "".join(path)) if path else mark_safe("")


def _band(points: Sequence[Point], top: float) -> SafeString:
    held = [(place, one) for place, one in enumerate(points) if one.low is not None and one.high is not None]
    if len(held) < 2:
        return mark_safe("")
    there = [f"{_number(_x(place, len(points)))} {_number(_y(one.high or 0, top))}" for place, one in held]
    back = [f"{_number(_x(place, len(points)))} {_number(_y(one.low or 0, top))}" for place, one in reversed(held)]
    return format_html('<path class="chart__band" d="M{}Z"></path>', "L".join(there + back))
