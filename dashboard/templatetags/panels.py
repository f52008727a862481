"""Panels of packs drawn on the server: SVG beside the table that says the same, and the words around them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import clock
from core.languages import pick
from dashboard.contracts import Bar, Line, Outcome, Panel, Told
from dashboard.templatetags.shapes import drawing
from dashboard.templatetags.stages import STAGES

register = template.Library()

WIDE, HIGH = 320, 96
COMPONENT_STATES = {
    "intact": pgettext_lazy("component", "Intact"), "damaged": pgettext_lazy("component", "Damaged"),
    "lost": pgettext_lazy("component", "Lost"), "abandoned": pgettext_lazy("component", "Abandoned"),
}  # fmt: skip
COUNTED: Mapping[str, Any] = {
    "open": pgettext_lazy("panel", "open now"),
    "late": pgettext_lazy("panel", "open and past the deadline"),
    "reported": pgettext_lazy("panel", "reported in the last %(days)s days"),
    "closed": pgettext_lazy("panel", "closed in the last %(days)s days"),
    "on_time": pgettext_lazy("panel", "of those closed in the last %(days)s days, handled in time"),
    "standing": pgettext_lazy("panel", "now"),
    "entered": pgettext_lazy("panel", "entered in the last %(days)s days"),
    "ending": pgettext_lazy("panel", "term ends within %(days)s days"),
    "over": pgettext_lazy("panel", "term is over"),
}
WHY: Mapping[str, Any] = {
    Outcome.EMPTY: _("There is nothing to show on your ground."),
    Outcome.REFUSED: _("Not for your role: you may not see what this counts."),
    Outcome.SLOW: _("This took too long and was stopped. Load the page again later."),
    Outcome.GONE: _("What this counts is not there any more; the pack is to be put right."),
}


@register.filter
def counted(panel: Panel) -> str:
    """What a panel counts, in words."""
    return str(COUNTED[panel.count]) % {"days": panel.days}


@register.filter
def why_none(told: Told) -> str:
    """Why a panel shows nothing."""
    return str(WHY[told.outcome])


@register.filter
def called(names: Mapping[str, str]) -> str:
    """The name in the reader's language."""
    return pick(names)


@register.simple_tag
def group_name(panel: Panel, bar: Bar) -> str:
    """What a group is called: data has its names, stages, states and truth have ours."""
    if not bar.key:
        return gettext("Without place") if panel.by == "district" else gettext("Not given")
    if panel.of == "cases" and panel.by == "stage":
        return str(STAGES.get(bar.key, bar.label))
    if panel.of == "components" and panel.by == "state":
        return str(COMPONENT_STATES.get(bar.key, bar.label))
    if panel.by.startswith("attr.") and bar.key in ("true", "false"):
        return gettext("Yes") if bar.key == "true" else gettext("No")
    return bar.label


@register.simple_tag
def line_word(panel: Panel, line: Line) -> str:
    """The word of where a thing stands."""
    words = {"cases": STAGES, "components": COMPONENT_STATES}.get(panel.of, {})
    return str(words.get(line.word, line.word))


@register.filter
def level_shape(level: str) -> SafeString:
    """The shape of a level beside its word."""
    return drawing(level) if level else mark_safe("")


@register.simple_tag
def bar_of(bar: Bar, told: Told) -> SafeString:
    """The bar of a group, as long as its share of the longest; the number beside it says the same."""
    longest = max((one.value or 0 for one in told.groups), default=0) or 1
    long = round(100 * (bar.value or 0) / (100 if told.panel.count == "on_time" else longest), 1)
    return format_html(
        '<svg class="panel__bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="panel__rail" width="100" height="10"></rect>'
        '<rect class="panel__fill panel__fill--{}" width="{}" height="10"></rect></svg>',
        bar.level or "none", f"{long:g}",
    )  # fmt: skip


class Aim(NamedTuple):
    """A target: the level it puts a number at, its word, and how far the number has come."""

    level: str
    word: str
    share: float
    value: str


@register.filter
def aim(told: Told) -> Aim | None:
    """The target of a number, None where it has none."""
    panel = told.panel
    if panel.target is None or told.value is None:
        return None
    met = told.value >= panel.target if panel.keep == "least" else told.value <= panel.target
    word = pgettext("panel", "Target met") if met else pgettext("panel", "Target missed")
    value = gettext("at least %(value)s") if panel.keep == "least" else gettext("at most %(value)s")
    share = min(1.0, told.value / panel.target) if panel.target else float(not met)
    unit = " %" if panel.count == "on_time" else ""
    return Aim("normal" if met else "serious", word, round(share, 3), value % {"value": f"{panel.target:g}{unit}"})


@register.simple_tag
def curve(told: Told) -> SafeString:
    """A line over the days with the ground below it; the words around it and the table carry the numbers."""
    values = [one.value or 0 for one in told.groups]
    top = max(values, default=0) or 1
    step = WIDE / max(1, len(values) - 1)
    spots = [f"{place * step:.1f} {HIGH - 4 - (HIGH - 8) * value / top:.1f}" for place, value in enumerate(values)]
    line = "M" + "L".join(spots)
    return format_html(
        '<svg class="panel__curve" viewBox="0 0 {wide} {high}" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="chart__band" d="{line}L{wide} {high}L0 {high}Z"></path>'
        '<path class="chart__line" vector-effect="non-scaling-stroke" d="{line}"></path></svg>',
        wide=WIDE, high=HIGH, line=line,
    )  # fmt: skip


class Peak(NamedTuple):
    """What a row of days comes to: all of it, the most of one day, and that day."""

    total: float
    most: float
    day: str
    first: str
    last: str


@register.filter
def peak(told: Told) -> Peak:
    """What the days of a panel come to."""
    best = max(told.groups, key=lambda one: one.value or 0)
    total = sum(one.value or 0 for one in told.groups)
    return Peak(total, best.value or 0, best.key, told.groups[0].key, told.groups[-1].key)


class Square(NamedTuple):
    """A day of a calendar: its date, its number of the month, how many, and the shade from 0 to 4."""

    day: str
    short: str
    value: float
    shade: int


@register.filter
def weeks(told: Told) -> list[list[Square | None]]:
    """The days in weeks from Monday on; None before the first and behind the last."""
    most = max((one.value or 0 for one in told.groups), default=0) or 1
    lead: list[Square | None] = [None] * date.fromisoformat(told.groups[0].key).weekday()
    squares = [*lead, *(_square(one, most) for one in told.groups)]
    squares += [None] * (-len(squares) % 7)
    return [list(squares[start : start + 7]) for start in range(0, len(squares), 7)]


def _square(one: Bar, most: float) -> Square:
    value = one.value or 0
    day = date.fromisoformat(one.key)
    short = f"{day.month}/{day.day}" if day.day == 1 else str(day.day)
    return Square(one.key, short, value, -int(-4 * value // most))


@register.simple_tag
def days_left(line: Line) -> str:
    """How many days a term has left, or since when it is over."""
    if line.at is None:
        return ""
    left = (line.at - clock.now()).total_seconds() / 86400
    days = int(abs(left))
    if left < 0:
        return ngettext("over for %(days)s day", "over for %(days)s days", days) % {"days": days}
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


def told_days(groups: Sequence[Bar]) -> list[Bar]:
    """The days on which there was something, newest first."""
    return [one for one in reversed(groups) if one.value]


register.filter("told_days", told_days)
