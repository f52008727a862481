"""The words of components, change requests and the census; values of their history as people read them."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.timezone import localtime
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.languages import pick

register = template.Library()

WORDS: Mapping[str, Mapping[str, Any]] = {
    "state": {
        "intact": pgettext_lazy("component", "Intact"), "damaged": pgettext_lazy("component", "Damaged"),
        "lost": pgettext_lazy("component", "Lost"), "abandoned": pgettext_lazy("component", "Abandoned"),
        "removed": pgettext_lazy("component", "Removed"),
    },
    "level": {"intact": "normal", "damaged": "serious", "lost": "critical", "abandoned": "caution", "removed": "off"},
    "act": {
        "create": _("entered"), "edit": _("edited"), "retire": _("removed from the register"),
        "restore": _("restored"), "import": _("brought by a file"), "census": _("changed by a census"),
        "request": _("changed on request"),
    },
    "field": {
        "geom": pgettext_lazy("component", "Place"), "names": pgettext_lazy("component", "Name"),
        "state": pgettext_lazy("component", "State"), "authority": _("Authority"), "owner": _("Owner"),
        "maintainer": _("Maintainer"), "accuracy": _("Accuracy class"), "source": _("Data source"),
        "attributes": _("Attributes"), "cell": pgettext_lazy("component", "Cell"),
        "area": pgettext_lazy("component", "Community"),
    },
    "geometry": {"point": _("Point"), "line": _("Line"), "area": pgettext_lazy("shape", "Area")},
    "request": {
        "new": pgettext_lazy("change", "New component"), "moved": pgettext_lazy("change", "Moved"),
        "changed": pgettext_lazy("change", "Changed"), "vanished": pgettext_lazy("change", "Vanished"),
    },
    "request_state": {
        "open": pgettext_lazy("change", "Waiting"), "accepted": pgettext_lazy("change", "Accepted"),
        "refused": pgettext_lazy("change", "Refused"), "withdrawn": pgettext_lazy("change", "Withdrawn"),
    },
    "request_level": {"open": "info", "accepted": "normal", "refused": "serious", "withdrawn": "off"},
    "project": {
        "planned": pgettext_lazy("census", "Planned"), "running": pgettext_lazy("census", "Running"),
        "verified": pgettext_lazy("census", "Verified"), "accepted": pgettext_lazy("census", "Accepted"),
    },
    "project_level": {"planned": "off", "running": "info", "verified": "caution", "accepted": "normal"},
    "street": {
        "assigned": pgettext_lazy("census", "Being surveyed"), "handed_in": pgettext_lazy("census", "Handed in"),
        "checking": pgettext_lazy("census", "Being checked"), "verified": pgettext_lazy("census", "Verified"),
    },
    "street_level": {"assigned": "info", "handed_in": "caution", "checking": "caution", "verified": "normal"},
    "finding": {
        "new": pgettext_lazy("finding", "New"), "confirmed": pgettext_lazy("finding", "As registered"),
        "changed": pgettext_lazy("finding", "Changed"), "missing": pgettext_lazy("finding", "Missing"),
    },
    "outcome": {
        "written": _("written into the register"), "kept": _("nothing to change"),
        "stale": _("changed meanwhile, left alone"), "refused": _("could not be written"),
    },
    "subject": {"components": _("Components"), "events": _("Recurring events")},
}  # fmt: skip
MARKS = {"create": "is-good", "restore": "is-good", "retire": "is-bad", "request": "is-now", "census": "is-now"}


@register.filter
def told(code: str, sort: str) -> str:
    """The word for a code of a sort."""
    return str(WORDS[sort].get(str(code), code))


@register.filter
def named(names: Mapping[str, str] | None) -> str:
    """The name in the reader's language."""
    return pick(names)


@register.filter
def spaced(code: str) -> str:
    """A component's code in its parts: district, class, number."""
    return f"{code[:6]} {code[6:10]} {code[10:]}"


@register.filter
def day(at: Any) -> str:
    """A moment as date and time."""
    return localtime(at).strftime("%Y-%m-%d %H:%M") if at else "—"


@register.filter
def mark(act: str) -> str:
    """The mark of a line of the history."""
    return MARKS.get(act, "")


@register.filter
def percent(share: float) -> str:
    """A share in whole per cent."""
    return f"{round(share * 100)}%"


@register.filter
def plain_value(value: Any, field: str) -> str:
    """A value of the history as people read it."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if value in (None, "", {}, []):
        return "—"
    if field == "geom":
        return gettext("the shape before or after stands on the map")
    if field == "state":
        return told(str(value), "state")
    if field == "names":
        return pick(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {one}" for key, one in value.items())
    return str(value)
