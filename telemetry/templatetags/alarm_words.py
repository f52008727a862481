"""Words of alarms for templates, and the curve of a gauge with its bands: SVG beside a table that says the same."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import pgettext_lazy

from core.languages import pick
from telemetry.contracts.alarms import LEVELS
from telemetry.contracts.observations import Flag
from telemetry.selectors import Point

register = template.Library()
WIDE, HIGH, LEFT, BELOW, ABOVE, RIGHT = 720, 240, 48, 26, 12, 8
MOST_TICKS = 6
ACTS: Mapping[str, Any] = {
    "raised": pgettext_lazy("alarm", "Raised"), "level": pgettext_lazy("alarm", "Another level"),
    "cleared": pgettext_lazy("alarm", "Cleared"), "corrected": pgettext_lazy("alarm", "Corrected by late data"),
    "retracted": pgettext_lazy("alarm", "Retracted"), "acknowledge": pgettext_lazy("alarm", "Acknowledged"),
    "assign": pgettext_lazy("alarm", "Assigned"), "shelve": pgettext_lazy("alarm", "Shelved"),
    "unshelve": pgettext_lazy("alarm", "Back from the shelf"), "escalate": pgettext_lazy("alarm", "Escalated"),
    "link": pgettext_lazy("alarm", "Linked to a case"), "note": pgettext_lazy("alarm", "Note"),
}  # fmt: skip
WHYS: Mapping[str, Any] = {
    "measured": pgettext_lazy("alarm", "measured"), "foreseen": pgettext_lazy("alarm", "foreseen"),
    "not_reached": pgettext_lazy("alarm", "foreseen and not reached"), "fell": pgettext_lazy("alarm", "fell"),
    "silent": pgettext_lazy("alarm", "tells nothing"), "rains": pgettext_lazy("alarm", "tells nothing in rain"),
    "blind": pgettext_lazy("alarm", "no gauge tells anything in rain"), "spoke": pgettext_lazy("alarm", "tells again"),
    "late_data": pgettext_lazy("alarm", "late data disproved it"),
    "prediction": pgettext_lazy("alarm", "what was foreseen did not come"),
    "unanswered": pgettext_lazy("alarm", "nobody acknowledged it in time"),
}  # fmt: skip
FLAGS: Mapping[int, Any] = {
    Flag.PASS: pgettext_lazy("reading", "good"), Flag.UNKNOWN: pgettext_lazy("reading", "not tested"),
    Flag.SUSPECT: pgettext_lazy("reading", "suspect"), Flag.FAIL: pgettext_lazy("reading", "bad"),
    Flag.MISSING: pgettext_lazy("reading", "missing"),
}  # fmt: skip
MARKS = {1: "info", 2: "caution", 3: "serious", 4: "critical"}


@register.filter
def named(names: Mapping[str, str]) -> str:
    """The name in the reader's language."""
    return pick(names)


@register.filter
def level_word(level: int) -> str:
    """What a level is called."""
    return pick(LEVELS[int(level)][1])


@register.filter
def level_mark(level: int) -> str:
    """How grave pages show a level."""
    return LEVELS[int(level)][2]


@register.filter
def act_word(act: str) -> str:
    """What became of an alarm, in a word."""
    return str(ACTS.get(act, act))


@register.filter
def why_word(why: str) -> str:
    """Why an alarm has a level; what a person wrote stays as it is."""
    return str(WHYS.get(why, why))


@register.filter
def flag_word(flag: int) -> str:
    """What the tests of quality made of a reading."""
    return str(FLAGS[int(flag)])


@register.filter
def moment_of(seconds: float) -> datetime:
    """Seconds since 1970 as a moment of the city."""
    return localtime(datetime.fromtimestamp(float(seconds), UTC))


@register.filter
def plain_number(value: float | None) -> str:
    """A number as short as it can be, nothing for none."""
    return "" if value is None else f"{float(value):.6g}"


class Frame(NamedTuple):
    """From when to when a curve is drawn, and from which value to which."""

    since: float
    until: float
    low: float
    high: float

    def x(self, at: float) -> float:
        """Where a moment lies."""
        return LEFT + (WIDE - LEFT - RIGHT) * (at - self.since) / (self.until - self.since)

    def y(self, value: float) -> float:
        """Where a value lies."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return ABOVE + (HIGH - ABOVE - BELOW) * (1 - share)


@register.simple_tag
def level_curve(
    series: Sequence[tuple[str, Sequence[Point]]], bands: Sequence[float], since: datetime, until: datetime, label: str,
    begun: datetime | None = None, ended: datetime | None = None,
) -> SafeString:  # fmt: skip
    """The curves of some gauges over their bands, an alarm as a shade behind; nothing where nothing was measured."""
    values = [one.value for _name, points in series for one in points if one.flag != Flag.FAIL]
    if not values:
        return mark_safe("")
    low, high = min(0.0, *values), max(*values, *(bands[:2] or (1.0,)))
    frame = Frame(since.timestamp(), until.timestamp(), low, low + (high - low) * 1.08 or 1.0)
    parts = [_shade(frame, begun, ended), _bands(frame, bands), _ticks(frame, since, until)]
    parts += [_line(frame, points, place) for place, (_name, points) in enumerate(series)]
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        WIDE, HIGH, label, SafeString("".join(parts)),
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.5g}"


def _shade(frame: Frame, begun: datetime | None, ended: datetime | None) -> SafeString:
    if begun is None:
        return mark_safe("")
    left = frame.x(max(begun.timestamp(), frame.since))
    right = frame.x(min(ended.timestamp() if ended else frame.until, frame.until))
    return format_html(
        '<rect class="chart__alarm" x="{}" y="{}" width="{}" height="{}"></rect>',
        _number(left), ABOVE, _number(max(right - left, 1)), HIGH - ABOVE - BELOW,
    )  # fmt: skip


def _bands(frame: Frame, bands: Sequence[float]) -> SafeString:
    shown = [(level, band) for level, band in enumerate(bands, 1) if frame.low <= band <= frame.high]
    return format_html_join(
        "",
        '<path class="chart__limit chart__limit--{}" d="M{} {}H{}"></path>'
        '<text class="chart__mark" x="{}" y="{}">{}</text>',
        (
            (MARKS.get(level, "info"), LEFT, _number(frame.y(band)), WIDE - RIGHT, LEFT - 6,
             _number(frame.y(band) + 4), _number(band))
            for level, band in shown
        ),
    )  # fmt: skip


def _ticks(frame: Frame, since: datetime, until: datetime) -> SafeString:
    step = (until - since) / MOST_TICKS
    form = "%H:%M" if until - since <= timedelta(days=2) else "%m-%d"
    return format_html_join(
        "", '<text class="chart__label" x="{}" y="{}">{}</text>',
        (
            (_number(frame.x((since + step * (turn + 0.5)).timestamp())), HIGH - 8,
             localtime(since + step * (turn + 0.5)).strftime(form))
            for turn in range(MOST_TICKS)
        ),
    )  # fmt: skip


def _line(frame: Frame, points: Sequence[Point], place: int) -> SafeString:
    """A line that breaks where a gauge told nothing for long; what failed its test is a cross, no part of the line."""
    path: list[str] = []
    gap, before = _usual(points) * 4, 0.0
    for one in points:
        if one.flag == Flag.FAIL:
            continue
        at = one.at.timestamp()
        path.append(
            f"{'L' if path and at - before <= gap else 'M'}{_number(frame.x(at))} {_number(frame.y(one.value))}"
        )
        before = at
    wrong = "".join(
        f"M{_number(frame.x(one.at.timestamp()) - 3)} {_number(frame.y(one.value) - 3)}l6 6m0 -6l-6 6"
        for one in points if one.flag == Flag.FAIL
    )  # fmt: skip
    return format_html(
        '<path class="chart__line chart__line--{}" d="{}"></path><path class="chart__wrong" d="{}"></path>',
        place % 3, "".join(path), wrong,
    )  # fmt: skip


def _usual(points: Sequence[Point]) -> float:
    """The usual time between two readings."""
    steps = sorted((after.at - before.at).total_seconds() for before, after in zip(points, points[1:], strict=False))
    return max(steps[len(steps) // 2], 60.0) if steps else 60.0
