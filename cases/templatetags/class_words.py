"""Words for the catalogue: fields of a class, its states, and a difference in both languages side by side."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cases.models import words
from cases.rules import Difference
from cases.templatetags.case_words import limit, word
from core.worktime import minutes_of, runs_on

register = template.Library()

FIELDS = {
    "standard": gettext_lazy("Standard or source of the number"),
    "names": gettext_lazy("Name"),
    "icon": gettext_lazy("Sign"),
    "needs_photo": gettext_lazy("Pictures needed at"),
    "video": gettext_lazy("Clips"),
    "department": gettext_lazy("Duty that answers for it"),
    "quick": gettext_lazy("Quick: half an hour round the clock"),
    "auto_register": gettext_lazy("A machine's report is registered by itself"),
    "settle": gettext_lazy("A collector may settle it on the spot"),
    "default": gettext_lazy("Proposed, to be confirmed"),
    "retired": gettext_lazy("Retired"),
    "condition": gettext_lazy("The whole condition"),
    "text": gettext_lazy("Registration condition"),
    "limit": gettext_lazy("Limit"),
    "grades": gettext_lazy("Limits by the grade of the ground"),
    "closing": gettext_lazy("Closing condition"),
}
FLAGS = ("quick", "auto_register", "settle", "default", "retired")
STATES = {
    "on": pgettext_lazy("class", "in use"),
    "off": pgettext_lazy("class", "switched off"),
    "to_come": pgettext_lazy("class", "to come"),
    "retired": pgettext_lazy("class", "retired"),
    "differs": pgettext_lazy("class", "differs from its pack"),
}
LEVELS = {"on": "normal", "off": "off", "to_come": "info", "retired": "off"}


def shown(one: Difference) -> dict[str, Any]:
    """A difference as a row: what, of which condition, before and after as lines."""
    return {
        "condition": one.condition,
        "field": FIELDS.get(one.field, one.field),
        "before": _lines(one.field, one.before),
        "after": _lines(one.field, one.after),
    }


def _lines(field: str, value: Any) -> list[str]:
    if value in (None, "", [], {}, False):
        return [_("no")] if field in FLAGS else []
    if value is True:
        return [_("yes")]
    if field == "condition":
        return [line for name in ("text", "limit", "grades", "closing") for line in _lines(name, value.get(name))]
    if field == "limit":
        return [limit(value)]
    if field == "video":
        return [filming(value)]
    if field == "grades":
        return [graded(value)]
    if field == "department":
        return [str(value.get("duty", ""))]
    if isinstance(value, Mapping):
        return [str(value[language]) for language in ("zh", "en") if value.get(language)]
    if isinstance(value, list | tuple):
        return [", ".join(word(one, "phase") for one in value)]
    return [str(value)]


@register.filter
def filming(video: str) -> str:
    """What a class says of clips, in words."""
    return str(words.FILMING_NAMES.get(video, video))


@register.filter
def graded(grades: Mapping[str, Any]) -> str:
    """The limits of a condition by the grade of the ground, in its unit: 1: 2, 3: 8."""
    told = _("grade %(grade)s: %(value)s")
    return " · ".join(told % {"grade": grade, "value": f"{value:g}"} for grade, value in sorted(grades.items()))


@register.filter
def state_name(state: str) -> str:
    """A state of a class in words."""
    return str(STATES.get(state, state))


@register.filter
def state_level(state: str) -> str:
    """The level of the chip that shows a state."""
    return LEVELS.get(state, "info")


@register.filter
def calendar_of(held: Mapping[str, Any]) -> str:
    """Which calendar a limit is counted on, in words."""
    around = runs_on(str(held.get("unit"))) == "round_the_clock"
    return _("round the clock") if around else _("office hours")


@register.filter
def minutes(held: Mapping[str, Any]) -> int:
    """A limit in minutes of its calendar."""
    return minutes_of(held["value"], str(held["unit"]))


@register.filter
def limits(conditions: list[Mapping[str, Any]]) -> str:
    """The distinct limits of a class, in order."""
    return " / ".join(dict.fromkeys(limit(one["limit"]) for one in conditions))
