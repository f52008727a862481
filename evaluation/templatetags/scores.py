"""Names and levels of the scoreboard."""

from django import template

from core.languages import pick

register = template.Library()

CHIPS = {"A": "normal", "B": "normal", "C": "caution", "D": "serious", "E": "critical"}


@register.filter
def level_chip(level: str) -> str:
    """The chip a level is shown in; grey where there is nothing to judge."""
    return CHIPS.get(level, "off")


@register.filter
def in_words(names: dict[str, str]) -> str:
    """The name in the active language."""
    return pick(names)
