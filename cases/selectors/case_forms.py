"""What stands on the forms of a case, in the active language; who reported it is masked, and told to who may see it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import selectors as accounts
from cases.contracts import ClockKind
from cases.contracts.personal import SEE
from cases.models import Case, Clock, Move, words
from cases.selectors.personal import shown_of
from core.languages import pick
from core.personal import NOBODY
from core.scope import Actor


def form_facts(case: Case, moves: Sequence[Move], actor: Actor) -> dict[str, Any]:
    """Every answer by its key; what is not known yet is no answer. A limit is told as its value and unit."""
    last = {move.verb: move for move in moves}
    names = {code: pick(called) for code, called in accounts.organisations().values_list("code", "names")}
    return {
        key: value
        for part in (_problem(case), _told(case, actor), _steps(last, _people(last)), _work(case, last, names))
        for key, value in part.items()
        if value
    }


def _problem(case: Case) -> dict[str, Any]:
    chosen, promise = case.category, case.promise
    return {
        "number": case.number,
        "kind": str(words.KIND_NAMES.get(case.kind, "")),
        "class": f"{chosen.code} {pick(chosen.names)}" if chosen else "",
        "component": case.component,
        "address": " · ".join(filter(None, (pick(case.place), case.address))),
        "cell": case.cell,
        "coordinates": f"{case.lon:.6f}, {case.lat:.6f}" if case.lon is not None else "",
        "description": case.description,
        "source": str(words.SOURCE_NAMES[case.source]),
        "reported_at": _moment(case.reported_at),
        "registered_at": _moment(case.registered_at),
        "condition": pick(promise.get("text")),
        "closing": pick(promise.get("closing")),
        "limit": promise.get("limit"),
        "priority": _urgency(case.priority) if promise else "",
        "closed_at": _moment(case.closed_at),
        "satisfaction": str(words.SATISFACTION_NAMES.get(case.satisfaction, "")),
        "reworks": str(case.rework_count),
    }


def _urgency(priority: int) -> str:
    return pgettext("paper", "Urgent") if priority else pgettext("paper", "Ordinary")


def _told(case: Case, actor: Actor) -> dict[str, Any]:
    """Who told it, masked."""
    if not actor.may(SEE, org=case.org, area=case.area):
        return {}
    person = shown_of(case, actor).person
    return {} if person == NOBODY else {"reporter": person.name, "phone": person.phone}


def _people(last: Mapping[str, Move]) -> dict[str, str]:
    keys = {move.given.get(name, "") for move in last.values() for name in ("collector", "handler")}
    ids = [int(key.removeprefix("user:")) for key in keys if key.startswith("user:")]
    return {one.key: one.label for one in accounts.people(ids).values()}


def _steps(last: Mapping[str, Move], people: Mapping[str, str]) -> dict[str, Any]:
    """Who took which step when, and what was said with it."""
    told: dict[str, Any] = {}
    for verb, (by, at, said) in STEPS.items():
        if move := last.get(verb):
            told |= {by: move.actor_label, at: _moment(move.at)}
            told |= {said: _words(move)} if said else {}
    for verb, who in (("send_verify", "verifier"), ("send_check", "checker"), ("assign", "handler")):
        if move := last.get(verb):
            key = str(move.given.get("handler" if verb == "assign" else "collector", ""))
            told[who] = people.get(key, key)
    if move := last.get("verify"):
        found = _("The report is true") if move.given.get("verdict") else _("The report is not true")
        told |= {"verifier": move.actor_label, "verdict": " · ".join(filter(None, (found, _words(move))))}
    if judged := _later(last.get("check_pass"), last.get("check_fail")):
        passed = judged.verb == "check_pass"
        told |= {
            "checker": judged.actor_label, "checked_at": _moment(judged.at), "check_told": _words(judged),
            "outcome": pgettext("paper", "Check passed") if passed else pgettext("paper", "Check failed"),
        }  # fmt: skip
    return told


STEPS: Mapping[str, tuple[str, str, str]] = {
    "send_verify": ("verify_sent_by", "verify_sent_at", "verify_asked"),
    "verify": ("verifier", "verified_at", ""),
    "register": ("registered_by", "registered_at", "register_note"),
    "dispatch_district": ("dispatched_by", "dispatched_at", "dispatch_note"),
    "dispatch": ("dispatched_by", "dispatched_at", "dispatch_note"),
    "submit": ("handled_by", "handled_at", "result"),
    "send_check": ("check_sent_by", "check_sent_at", "check_asked"),
    "close": ("closed_by", "closed_at", ""),
    "force_close": ("closed_by", "closed_at", ""),
}
"""What is told of a step: by whom, when, and the words that were said with it."""


def _work(case: Case, last: Mapping[str, Move], names: Mapping[str, str]) -> dict[str, Any]:
    """To whom it went, and by when."""
    clocks = {one.kind: one for one in Clock.objects.filter(case=case).order_by("round", "pk")}
    handling = clocks.get(ClockKind.HANDLING)
    centre = last["dispatch_district"].given.get("district_centre", "") if "dispatch_district" in last else ""
    told: dict[str, Any] = {
        "district_centre": names.get(centre, centre), "organisation": names.get(case.organisation, case.organisation),
        "due_at": _moment(handling.due_at) if handling else "",
    }  # fmt: skip
    if "submit" in last:
        told["in_time"] = pgettext("paper", "late") if case.handled_late else pgettext("paper", "in time")
    return told


def _later(one: Move | None, other: Move | None) -> Move | None:
    return max(filter(None, (one, other)), key=lambda move: move.version, default=None)


def _words(move: Move) -> str:
    return " · ".join(str(move.given[key]) for key in ("result", "reason", "note") if move.given.get(key))


def _moment(at: datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""
