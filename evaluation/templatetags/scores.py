"""Names, levels and numbers of boards."""

from django import template

from core.languages import pick

register = template.Library()

CHIPS = {"A": "normal", "B": "normal", "C": "caution", "D": "serious", "E": "critical"}
APPEALS = {"open": "caution", "granted": "normal", "refused": "critical", "withdrawn": "off"}
DASH = "—"
SLICES = {
    "important": {"zh": "领导督办件", "en": "asked by leaders"},
    "urgent": {"zh": "紧急件", "en": "urgent"},
    "hotline": {"zh": "热线件", "en": "hotline"},
}


@register.filter
def level_chip(level: str) -> str:
    """The chip a level is shown in; grey where there is nothing to judge."""
    return CHIPS.get(level, "off")


@register.filter
def appeal_chip(state: str) -> str:
    """The chip that the state of an appeal is shown in."""
    return APPEALS.get(state, "off")


@register.filter
def in_words(names: dict[str, str]) -> str:
    """The name in the active language."""
    return pick(names)


@register.filter
def percent(rate: float | None) -> str:
    """A rate with one decimal, all of it only where none is missing; a dash where there is nothing it could be of."""
    if rate is None:
        return DASH
    text = f"{rate * 100:.1f}%"
    return "99.9%" if text == "100.0%" and rate < 1 else text


@register.filter
def signed(change: float | None) -> str:
    """A change of points with its sign; nothing where there is none to tell."""
    return "" if not change else f"{change:+.1f}"


@register.filter
def points(change: float | None) -> str:
    """A change of a rate in percentage points, with its sign."""
    return "" if not change else f"{change * 100:+.1f}"


@register.filter
def slice_words(part: str) -> str:
    """The name of a part of the cases that may count twice."""
    return pick(SLICES.get(part, {}))
