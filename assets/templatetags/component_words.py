"""The words of components, change requests and the census; values of their history as people read them."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString
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
        "request": _("changed on request"), "grid": _("moved by a new map"),
    },
    "field": {
        "geom": pgettext_lazy("component", "Place"), "names": pgettext_lazy("component", "Name"),
        "state": pgettext_lazy("component", "State"), "authority": _("Authority"), "owner": _("Owner"),
        "maintainer": _("Maintainer"), "accuracy": _("Accuracy class"), "source": _("Data source"),
        "attributes": _("Attributes"), "cell": pgettext_lazy("component", "Cell"),
        "area": pgettext_lazy("component", "Community"),
    },
    "geometry": {"point": _("Point"), "line": pgettext_lazy("shape", "Line"), "area": pgettext_lazy("shape", "Area")},
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
        "outside": pgettext_lazy("finding", "Outside the scope"),
    },
    "outcome": {
        "written": _("written into the register"), "kept": _("nothing to change"),
        "stale": _("changed meanwhile, left alone"), "refused": _("could not be written"),
    },
    "subject": {"components": _("Components"), "events": _("Recurring events")},
}  # fmt: skip
MARKS = {
    "create": "is-good",
    "restore": "is-good",
    "retire": "is-bad",
    "request": "is-now",
    "census": "is-now",
    "grid": "is-now",
}


SHAPE_WORDS = {
    "editor.points": _("{n} points"),
    "editor.corner": _("Point {n}: arrow keys move it"),
    "editor.picked": _("Point {n}: arrows move it by 1 m, with Shift by 10 cm; Delete removes it."),
    "editor.corner_add": _("Add a point after point {n}"),
    "editor.corner_delete": _("Remove point {n}"),
    "editor.lon": _("Longitude of point {n}"),
    "editor.lat": _("Latitude of point {n}"),
    "editor.read.empty": _("Type or paste a shape first."),
    "editor.read.json": _("This is not GeoJSON: a bracket or comma is wrong."),
    "editor.read.wkt": _("This is not WKT: a bracket, a comma or a number is wrong."),
    "editor.read.one": _("Paste one shape at a time."),
    "editor.read.polygon": _("An area is needed here."),
    "editor.read.linestring": _("A line is needed here."),
    "editor.read.few": _("An area needs at least three different points."),
    "editor.read.two": _("A line needs at least two points."),
    "editor.read.numbers": _("A number of the shape is no longitude or latitude on earth."),
    "editor.read.line": _("Line {n}: “{text}” is not a longitude and a latitude."),
    "editor.read.degrees": _("Line {n}: “{text}” is no place on earth; write the longitude first."),
    "shape.hint.draw.line": _("Click or tap the points of the line; double-click, Enter or Finish ends. With the "
                              "keyboard move the map, Space sets a point at its middle."),
    "shape.hint.draw.area": _("Click or tap the corners of the area; double-click, Enter or Finish ends. With the "
                              "keyboard move the map, Space sets a corner at its middle."),
    "shape.hint.vertices": _("Drag a point, or a middle to add one. Tab on the map chooses a point, arrows move it, "
                             "Delete removes it."),
    "shape.drawn": _("Drawn; the form says it too."),
    "shape.moved": _("The point is moved."),
    "shape.inserted": _("There is a new point."),
    "shape.removed": _("The point is removed."),
    "shape.undone": _("Undone."),
    "shape.redone": _("Done again."),
    "shape.few.line": _("A line needs at least two points."),
    "shape.few.area": _("An area needs at least three different points."),
    "shape.none": _("Nothing is drawn yet."),
    "shape.size.line": _("{n} points, {metres} m"),
    "shape.size.area": _("{n} points, {square} m², {metres} m around"),
    "shape.crosses": _("The shape crosses itself at {lon}, {lat}; move or remove a point there."),
}  # fmt: skip


@register.simple_tag
def shape_words() -> SafeString:
    """A JSON script with the words of the editor of shapes."""
    return json_script({key: str(text) for key, text in SHAPE_WORDS.items()}, "page-words")


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
