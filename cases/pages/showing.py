"""How cases are shown: rows of the list, points of the map, choices of forms, lines of the history."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import selectors as accounts
from assets import selectors as assets
from cases import rules, selectors
from cases.contracts import OpenStep, Source, Stage
from cases.contracts.flags import Flag
from cases.forms.responsibility import class_choices
from cases.models import Case, Move, Rung, words
from cases.models.flag_words import FLAG_NAMES
from cases.templatetags.case_words import code_name, level_of, limit, moment, told_names
from core import clock
from core.languages import pick
from core.placeholders import filled
from core.scope import Actor, Duty

Choices = Sequence[tuple[str, str]]
BELATED = 60
"""After so many seconds the history says that somebody was told late."""


def title_of(case: Case) -> str:
    """What a case is called: its class, before that the first words of the report."""
    if case.category:
        return pick(case.category.names)
    return case.description[:30] or _("Report without a class")


def place_of(case: Case) -> str:
    """Where it is, as people say it."""
    parts = [pick(case.place), case.address]
    return " · ".join(part for part in parts if part) or _("Place not known")


def forms_of(case: Case, moves: Iterable[Move]) -> list[tuple[rules.CaseForm, str]]:
    """The forms that a case has, each with what the address of its paper says, in the reader's language."""
    language = get_language() or "zh-hans"
    return [
        (form, urlencode({"case": case.number, "form": form.code, "language": language}))
        for form in rules.forms_after({move.verb for move in rules.counting(moves)})
    ]


def row_of(case: Case, holders: Mapping[str, str]) -> dict[str, Any]:
    """A line of the list."""
    return {
        "case": case,
        "title": title_of(case),
        "place": place_of(case),
        "holder": holders.get(case.organisation, ""),
        "href": href_of(case),
        "choose": _("Choose case %(number)s %(title)s") % {"number": case.number, "title": title_of(case)},
    }


def href_of(case: Case) -> str:
    """The page of a case, without asking the table of addresses for every row."""
    return f"/cases/{case.number}/"


def points_of(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """The marks of the map."""
    now = clock.now()
    return [
        {
            "id": case.number,
            "lon": case.lon,
            "lat": case.lat,
            "level": level_of(case, now),
            "label": title_of(case),
            "href": href_of(case),
        }
        for case in cases
        if case.point
    ]


def holders() -> dict[str, str]:
    """The names of every organisation by code."""
    return {code: pick(names) for code, names in accounts.organisations().values_list("code", "names")}


def sources_for(actor: Actor) -> Choices:
    """In whose name the actor may report."""
    person = actor.user_id is not None
    return [
        (source.value, str(words.SOURCE_NAMES[source]))
        for source in Source
        if any(actor.holds(right) for right in rules.reporting_rights(source, person))
    ]


def about_component(code: str, actor: Actor) -> dict[str, Any]:
    """What a report about a component begins with: its code, its place and its class; nothing for one unseen."""
    found = assets.asset(code, actor=actor) if code else None
    if found is None:
        return {}
    plan = assets.component_plan()
    chosen = f"C{found.code[plan.district : plan.head]}"
    return {"component": found.code, "lon": round(found.lon, 6), "lat": round(found.lat, 6), "category": chosen}


def categories(case: Case | None = None) -> Choices:
    """The classes that a new case may be of as grouped choices; a case may keep its own."""
    rows = selectors.categories()
    if case is not None and case.category is not None and case.category.code not in {row.code for row in rows}:
        rows = [case.category, *rows]
    return class_choices(rows)


def choices_for(case: Case, steps: Iterable[OpenStep]) -> dict[str, Choices]:
    """The choices of every field that the steps need, read once each."""
    makers = {
        "category": lambda: categories(case),
        "condition": lambda: _conditions(case),
        "closing": lambda: _closings(case),
        "collector": lambda: _collectors(case),
        "handler": lambda: [(one.key, one.label) for one in selectors.candidates(case, "handler")],
        "district_centre": lambda: _organisations(case, centre=True),
        "department": lambda: _organisations(case, centre=False),
    }
    needed = {need for step in steps for need in step.needs if need in makers}
    return {need: makers[need]() for need in needed}


def _collectors(case: Case) -> Choices:
    """The collectors of the ground: first those whose supervision area the case lies in, and they are marked."""
    near = selectors.walkers(case)
    people = sorted(selectors.candidates(case, "collector"), key=lambda one: one.key not in near)
    marked = _("%(name)s · supervision area of this cell")
    return [(one.key, marked % {"name": one.label} if one.key in near else one.label) for one in people]


def _conditions(case: Case) -> Choices:
    """The registration conditions, each with the limit that it has on this ground."""
    chosen = selectors.category_for(case)
    found = selectors.limits_for(chosen, case) if chosen else {}
    rows = chosen.conditions if chosen else []
    told = ((str(row["code"]), pick(row["text"])) for row in rows)
    return [(letter, f"{letter} {text} ({limit(found[letter].limit)})") for letter, text in told]


def _closings(case: Case) -> Choices:
    chosen = selectors.category_for(case)
    rows = chosen.conditions if chosen else []
    if case.promise:
        rows = sorted(rows, key=lambda row: row["code"] != case.promise["condition"])
    return [(str(row["code"]), f"{row['code']} {pick(row['closing'])}") for row in rows]


def _organisations(case: Case, *, centre: bool) -> Choices:
    within = case.org if case.stage == Stage.AT_DISTRICT else ""
    return [
        (row.code, pick(row.names))
        for row in accounts.organisations(under=within)
        if rules.may_receive(row.kind, row.area, case.area, centre=centre)
    ]


def targets_for(case: Case) -> Choices:
    """Every organisation that may be given a case of this place: departments first, then district centres."""
    return [*_organisations(case, centre=False), *_organisations(case, centre=True)]


def departments_for(case: Case) -> Choices:
    """Every organisation that may be given a part of this case."""
    return list(_organisations(case, centre=False))


def first_choice(case: Case, suggestion: Mapping[str, Any], choices: Mapping[str, Choices]) -> dict[str, Any]:
    """What a form proposes: the responsible department, the district of the place, the class as reported."""
    centres = [code for code, _name in choices.get("district_centre", ())]
    return {
        "version": case.version,
        "category": case.category_code,
        "condition": next((code for code, _text in choices.get("condition", ())), ""),
        "closing": next((code for code, _text in choices.get("closing", ())), ""),
        "department": suggestion.get("organisation", ""),
        "district_centre": centres[0] if len(centres) == 1 else "",
        "handler": _only(choices.get("handler", ())),
        "collector": _nearest(case, choices.get("collector", ())),
    }


def _nearest(case: Case, choices: Choices) -> str:
    """The only collector of the supervision area, else the only one there is."""
    near = selectors.walkers(case) if choices else frozenset()
    return _only([choice for choice in choices if choice[0] in near] or choices)


def _only(choices: Choices) -> str:
    return choices[0][0] if len(choices) == 1 else ""


def lines_of(
    moves: Sequence[Move], names: Mapping[str, str], conditions: Mapping[str, Any], told: Iterable[Rung] = ()
) -> list[dict[str, Any]]:
    """The history, newest first: who did what, with the words that were given; and what the ladders told."""
    keys = [value for move in moves for value in (move.given.get("handler"), move.given.get("collector")) if value]
    people = _people(keys)
    lines: list[dict[str, Any]] = [
        {
            "at": move.at,
            "verb": words.VERB_NAMES.get(move.verb) or words.BESIDE_NAMES.get(move.verb, move.verb),
            "by": move.actor_label,
            "told": _told(move, people, names, conditions),
            "mark": _mark(move, newest=move is moves[-1]),
        }
        for move in reversed(moves)
    ]
    return sorted([*lines, *map(_rung_line, told)], key=lambda line: line["at"], reverse=True)


def _rung_line(rung: Rung) -> dict[str, Any]:
    """A rung of a ladder in the history: what was reached, who was told, and whether late."""
    clock_name = (
        words.STAGE_NAMES[rung.clock.stage] if rung.clock.kind == "stage" else words.CLOCK_NAMES[rung.clock.kind]
    )
    parts = [str(clock_name), _("told: %(names)s") % {"names": told_names(rung.tell)}]
    if (rung.told_at - rung.at).total_seconds() > BELATED:
        parts.append(_("late, should have been told %(at)s") % {"at": moment(rung.at)})
    mark = "" if rung.code.startswith("w") else "is-bad"
    return {
        "at": rung.told_at,
        "verb": code_name(rung.code),
        "by": _("by itself"),
        "told": " · ".join(parts),
        "mark": mark,
    }


def _people(keys: Iterable[str]) -> dict[str, str]:
    ids = [int(key.removeprefix("user:")) for key in keys if key.startswith("user:")]
    return {one.key: one.label for one in accounts.people(ids).values()}


def _told(move: Move, people: Mapping[str, str], names: Mapping[str, str], conditions: Mapping[str, Any]) -> str:
    given, parts = move.given, []
    for key in ("handler", "collector"):
        if given.get(key):
            parts.append(people.get(given[key], given[key]))
    for key in ("district_centre", "department", "left"):
        if given.get(key):
            parts.append(names.get(given[key], given[key]))
    parts += [names.get(code, code) for code in given.get("departments", ())]
    parts += [str(given[key]) for key in ("into", "duplicate") if given.get(key)]
    if given.get("condition") in conditions:
        parts.append(pick(conditions[given["condition"]]["text"]))
    if given.get("closing") in conditions:
        parts.append(pick(conditions[given["closing"]]["closing"]))
    parts += _answers(given)
    if given.get("request"):
        parts += [str(words.REQUEST_NAMES[given["request"]]), pick(given.get("ground") or {})]
    if given.get("flag"):
        parts.append(str(FLAG_NAMES[given["flag"]]))
    if given.get("order"):
        parts.append(str(words.ORDER_NAMES[given["order"]]))
    parts += _rescheduled(given) if move.verb == "reschedule" else _ruled(given)
    parts += [str(given[key]) for key in ("answer", "reason", "result", "callback", "note") if given.get(key)]
    return " · ".join(part for part in parts if part)


def _answers(given: Mapping[str, Any]) -> list[str]:
    """What a collector found, and what a citizen said when called back."""
    told = []
    if "verdict" in given:
        told.append(_("The report is true") if given["verdict"] else _("The report is not true"))
    if given.get("satisfaction"):
        told.append(str(words.SATISFACTION_NAMES[given["satisfaction"]]))
    return told


def _ruled(given: Mapping[str, Any]) -> list[str]:
    """Which rule of automatic dispatch took the step, and why there is one."""
    if not given.get("rule"):
        return []
    told = {"rule": given.get("rule_name", ""), "reason": given.get("rule_reason", "")}
    return [_("By the rule “%(rule)s”: %(reason)s") % told]


def _rescheduled(given: Mapping[str, Any]) -> list[str]:
    """Which promise was moved, from when to when."""
    before, after = (moment(datetime.fromisoformat(given[key])) for key in ("before", "after"))
    return [str(words.CLOCK_NAMES[given["clock"]]), f"{before} → {after}"]


def _mark(move: Move, *, newest: bool) -> str:
    if move.verb in ("close", "check_pass", "settle", "confirm"):
        return "is-good"
    if move.verb in (
        "check_fail",
        "refuse_feedback",
        "reject",
        "refuse",
        "void",
        "force_close",
        "send_back",
        "redo",
        "revoke",
        "decline",
        "merge",
    ):
        return "is-bad"
    return "is-now" if newest else ""


def suggestion_for(case: Case, book: rules.Book | None, names: Mapping[str, str]) -> dict[str, Any]:
    """Whose duty the case is, and why, for those who dispatch; empty where nothing decides about it."""
    if book is None:
        return {}
    organisation, why = selectors.responsible_in(book, case.category_code, case.area)
    sentence = {
        "found": _("Class %(category)s is the duty “%(duty)s”; here it is carried by %(name)s."),
        "special": _("A special rule for this class in this area gives it to %(name)s: %(reason)s"),
        "no_duty": _("Class %(category)s names no duty."),
        "no_rule": _("Nobody answers for the duty “%(duty)s”."),
        "no_organisation": _("No organisation carries the duty “%(duty)s” here."),
    }[why["reason"]]
    duty = pick(why.get("duty_names") or {}) or why["duty"]
    name = names.get(organisation, organisation)
    told = {"category": case.category_code, "duty": duty, "name": name, "reason": why.get("because", "")}
    return {"organisation": organisation, "name": names.get(organisation, ""), "why": sentence % told}


def texts_for(found: Case, verbs: Iterable[str], names: Mapping[str, str]) -> dict[str, list[str]]:
    """The standard texts of these steps in the reader's language, filled from the case."""
    code = found.category.code if found.category else ""
    rows = selectors.texts_for(verbs, code)
    if not rows:
        return {}
    values = {
        "number": found.number,
        "class": pick(found.category.names) if found.category else "",
        "place": place_of(found),
        "department": names.get(found.organisation, ""),
    }
    return {verb: [filled(pick(row.texts), values) for row in held] for verb, held in rows.items()}


def replayed(request: HttpRequest, replay: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """What the replay shows: its count, and by number the cases that the reader may see."""
    if replay is None:
        return {}
    listed = [
        {"number": one.number, "before": names.get(one.before, ""), "after": names.get(one.after, "")}
        for one in selectors.moved_before(replay, request.actor)
    ]
    timed = [
        {"number": one.number, "before": limit(one.before), "after": limit(one.after) if one.after else ""}
        for one in selectors.timed_before(replay, request.actor)
    ]
    return {
        "replay": replay,
        "listed": listed,
        "hidden": len(replay.moved) - len(listed),
        "timed": timed,
        "timed_hidden": len(replay.timed) - len(timed),
    }


def flags_of(case: Case, duties: Collection[Duty]) -> list[dict[str, Any]]:
    """The flags that the case has, and those that somebody with these duties may set or take away."""
    return [
        {"code": flag.value, "at": f"flag-{flag}", "name": FLAG_NAMES[flag], "stands": flag in case.flags,
         "may": bool(rules.FLAGGERS.get(flag, frozenset()) & frozenset(duties))}
        for flag in Flag
    ]  # fmt: skip
