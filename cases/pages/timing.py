"""How the clocks of a case are shown, and why each ends when it does, in sentences."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from cases.templatetags.case_words import limit, soon
from core import clock
from core.languages import pick


def clocks_of(clocks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The clocks to show as cards: the one that counts now first, then the total; none of a finished stage."""
    rows = [{**row, "level": _level(row), "soon": soon(row["due_at"], row["warn_at"])} for row in clocks]
    shown = [row for row in rows if row["running"] or row["kind"] != "stage"]
    latest = {row["kind"]: row for row in shown}
    return [latest[kind] for kind in ("handling", "stage", "total") if kind in latest]


def _level(row: Mapping[str, Any]) -> str:
    if row["late"]:
        return "critical"
    warned = row["warn_at"] is not None and row["running"] and row["warn_at"] <= clock.now()
    return "serious" if warned else "normal"


def why_of(row: Mapping[str, Any]) -> list[str]:
    """Why a deadline is what it is, in sentences: the rule, the calendar, the start."""
    if row["due_at"] is None:
        return [_("This clock only measures; it has no limit.")]
    rule = {
        "condition": _("Registration condition %(condition)s of class %(category)s (version %(version)s): %(limit)s."),
        "rework": _("Rework: %(share)s of the limit of condition %(condition)s (%(limit)s)."),
        "post": _("The limit of this post: %(limit)s."),
        "total": _("The limit for the whole: %(limit)s."),
    }[row["rule"]]
    facts = {
        "condition": row.get("condition", ""),
        "category": row.get("category", ""),
        "version": row.get("category_version", ""),
        "limit": limit(row),
        "share": f"{round(100 * row.get('share', 1))}%",
    }
    calendar = {
        "round_the_clock": _("It runs round the clock, nights and holidays too."),
        "office_hours": _("It runs in office hours only; holidays do not count, make-up workdays do."),
    }[row["calendar"]]
    says = row.get("says") or ({"by": "quick"} if row.get("quick") else {})
    return [rule % facts, *limit_lines(says), calendar, *_moved(row)]


def limit_lines(says: Mapping[str, Any]) -> list[str]:
    """Whose word a promised limit is, and what the grade of the ground had to do with it; nothing of older promises."""
    by = {
        "special": _("A special rule sets the limit of this class here: %(because)s"),
        "quick": _("It is the quick limit of this city’s model."),
        "grade": _("The condition has a limit of its own for such ground."),
        "share": _("Such ground has %(share)s times the limit of the condition."),
        "written": _("It is the limit of the condition as it is written."),
    }
    if says.get("by") not in by:
        return []
    told = {"because": says.get("because", ""), "share": f"{says.get('share', 1):g}"}
    written = [_("The condition says: %(limit)s.") % {"limit": limit(says["written"])}] if says.get("written") else []
    return [*_ground(says), by[says["by"]] % told, *written]


def _ground(says: Mapping[str, Any]) -> list[str]:
    if not says.get("grade"):
        return []
    name, told = pick(says.get("grade_names") or {}), {"grade": says["grade"]}
    ground = _("The ground has management grade %(grade)s.") % told
    if name:
        ground = _("The ground has management grade %(grade)s: %(name)s.") % {**told, "name": name}
    if not says.get("control"):
        return [ground]
    named = {"area": says["control_name"], "because": says["control_because"]}
    return [ground, _("It has that grade because of the control area “%(area)s”: %(because)s") % named]


def _moved(row: Mapping[str, Any]) -> list[str]:
    """What an approved request did to the deadline since it was promised."""
    found = []
    if row["extended_minutes"]:
        found.append(_("Approved extensions added %(minutes)s minutes.") % {"minutes": row["extended_minutes"]})
    if row["paused_minutes"]:
        found.append(_("Holds of %(minutes)s minutes are not counted.") % {"minutes": f"{row['paused_minutes']:g}"})
    return found
