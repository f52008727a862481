"""Small tags of the pages of cases: words for codes, chips for deadlines, spans of time."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import rules
from cases.contracts import ENDS
from cases.models import words
from cases.models.flag_words import FLAG_NAMES
from core import clock
from core.languages import pick

register = template.Library()

_WORDS: Mapping[str, Mapping[str, Any]] = {
    "stage": words.STAGE_NAMES,
    "verb": words.VERB_NAMES,
    "source": words.SOURCE_NAMES,
    "phase": words.PHASE_NAMES,
    "clock": words.CLOCK_NAMES,
    "kind": words.KIND_NAMES,
    "request": words.REQUEST_NAMES,
    "request_state": words.REQUEST_STATES,
    "duty": words.DUTY_NAMES,
    "order": words.ORDER_NAMES,
    "order_state": words.ORDER_STATES,
    "major": words.MAJOR_NAMES,
    "level": words.LEVEL_NAMES,
    "tell": words.TELL_NAMES,
    "day": words.DAY_NAMES,
    "look": words.LOOK_GROUNDS,
    "satisfaction": words.SATISFACTION_NAMES,
    "flag": FLAG_NAMES,
}


@register.filter
def word(code: str, sort: str) -> str:
    """The word for a code of a sort (stage, verb, source, phase, clock, kind, request, ...)."""
    return str(_WORDS[sort].get(str(code), code))


@register.filter
def named(names: Mapping[str, str] | None) -> str:
    """The name in the reader's language."""
    return pick(names)


def why_line(line: Any) -> str:
    """One line of the reasoning about responsibility as a sentence in the reader's language."""
    told = {key: _told(value) for key, value in line.params.items()}
    if "by" in told:
        told["by"] = word(told["by"], "level")
    return str(words.REASON_LINES[line.code]) % told


def hole_line(hole: Any) -> str:
    """A class that nobody answers for somewhere, as a sentence."""
    sentence = ngettext(
        "Class %(code)s %(name)s has nobody in %(cells)s cell.",
        "Class %(code)s %(name)s has nobody in %(cells)s cells.",
        hole.cells,
    )
    return sentence % {"code": hole.category.code, "name": pick(hole.category.names), "cells": hole.cells}


def clash_line(clash: Any, offices: Mapping[str, Any]) -> str:
    """Organisations that are equally near for a duty, as a sentence."""
    names = [office_name(code, offices) for code in clash.organisations]
    duty = pick(clash.duty.names) or clash.duty.duty
    sentence = _("“%(duty)s”: %(names)s are equally near in %(cells)s cells; %(first)s is taken.")
    return sentence % {"duty": duty, "names": ", ".join(names), "first": names[0], "cells": clash.cells}


def office_name(code: str, offices: Mapping[str, Any]) -> str:
    """What an organisation of the matrix is called."""
    return pick(offices[code].names) or code if code in offices else code


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return pick(value)
    return ", ".join(map(_told, value)) if isinstance(value, list | tuple) else str(value)


@register.filter
def spaced(number: str) -> str:
    """A case number in its three parts: region, day, serial."""
    return f"{number[:6]} {number[6:14]} {number[14:]}" if len(number) == 20 else number


@register.filter
def span(seconds: float) -> str:
    """So many seconds as people say them, in one unit."""
    minutes = int(abs(seconds) // 60)
    if minutes < 60:
        return ngettext("%(n)s min", "%(n)s min", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)s h") % {"n": f"{minutes / 60:.1f}".removesuffix(".0")}
    return _("%(n)s d") % {"n": f"{minutes / 1440:.1f}".removesuffix(".0")}


@register.filter
def limit(why: Mapping[str, Any]) -> str:
    """A limit in words: 2 urgent hours, 3 working days."""
    value = f"{float(why.get('value', 0)):g}"
    unit = {
        "urgent_hour": _("urgent hours"),
        "natural_day": _("natural days"),
        "work_hour": _("working hours"),
        "work_day": _("working days"),
    }.get(str(why.get("unit")), "")
    return f"{value} {unit}"


@register.filter
def iso_moment(text: str) -> str:
    """The same of a moment that was written down."""
    return moment(datetime.fromisoformat(text))


@register.filter
def rung_name(rung: Mapping[str, Any]) -> str:
    """Where a rung of a ladder stands, in words."""
    if "share" in rung:
        return _("%(share)s%% used up") % {"share": round(100 * rung["share"])}
    return over_name(int(rung["late"]))


@register.filter
def code_name(code: str) -> str:
    """The same of the code of a rung that was told."""
    if code.startswith("w"):
        return _("%(share)s%% used up") % {"share": code[1:]}
    return over_name(int(code[1:]) if code.startswith("l") else 0)


def over_name(minutes: int) -> str:
    """So many minutes over."""
    return _("%(minutes)s min over") % {"minutes": minutes} if minutes else str(_("overdue"))


@register.filter
def told_names(tell: Iterable[str]) -> str:
    """Whom a rung tells, in words."""
    return _(", ").join(str(words.TELL_NAMES[one]) for one in tell) or str(_("nobody"))


@register.simple_tag
def lamp(code: str) -> SafeString:
    """The lamp of a promise: a colour, a shape and a word."""
    return format_html('<span class="lamp lamp--{}" role="img" aria-label="{}"></span>', code, words.LAMP_NAMES[code])


@register.simple_tag
def case_lamp(case: Any) -> SafeString:
    """The lamp of a case; none once it has ended."""
    return lamp("off" if case.stage in ENDS else rules.lamp(case.due_at, case.warn_at, clock.now()))


@register.simple_tag
def due_chip(case: Any) -> SafeString:
    """The deadline of a case as a chip that ticks: level by what is left, word and shape beside the colour."""
    if case.stage in ENDS:
        return format_html('<span class="chip chip--off">{}</span>', word(case.stage, "stage"))
    if case.due_at is None:
        return format_html('<span class="chip chip--off">{}</span>', _("no deadline"))
    now = clock.now()
    left = (case.due_at - now).total_seconds()
    return format_html(
        '<cc-sla class="chip chip--{}" due="{}" soon="{}">{}</cc-sla>',
        level_of(case, now),
        case.due_at.isoformat(),
        soon(case.due_at, case.warn_at),
        (_("%(span)s over") if left < 0 else _("%(span)s left")) % {"span": span(left)},
    )


def soon(due_at: datetime | None, warn_at: datetime | None) -> int:
    """How many seconds before its end a promise is warned of, for `cc-sla`; none without a warning."""
    return round((due_at - warn_at).total_seconds()) if due_at and warn_at else 0


def level_of(case: Any, now: datetime) -> str:
    """How urgent a case is: critical over, caution past its warning, serious past half of what is left then.

    Before its warning it is normal, as its lamp is green; without a deadline off.
    """
    if case.stage in ENDS or case.due_at is None:
        return "off"
    if case.due_at < now:
        return "critical"
    if case.warn_at is None or now < case.warn_at:
        return "normal"
    return "serious" if 2 * (case.due_at - now) <= case.due_at - case.warn_at else "caution"


@register.filter
def hour(moment: datetime) -> str:
    """The time of day, with the date when it is not today."""
    there, today = localtime(moment), localtime(clock.now()).date()
    return f"{there:%H:%M}" if there.date() == today else f"{there:%m-%d %H:%M}"


@register.filter
def moment(when: datetime) -> str:
    """The day and the time of day; with the year, where it is another."""
    there, today = localtime(when), localtime(clock.now()).date()
    return f"{there:%m-%d %H:%M}" if there.year == today.year else f"{there:%Y-%m-%d %H:%M}"
