"""Registers as pages: which there are, the list of one, a record with its steps, past and links, the forms."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assets import selectors as assets
from core.errors import DomainError, Forbidden, Invalid
from core.languages import pick
from core.schema import questions
from core.scope import Actor
from core.sentences import sentence_of
from packs import selectors as packs
from registers import actions, selectors
from registers.contracts import Declared, RecordView
from registers.forms import LinkForm, RecordForm, StepForm, first_values
from registers.rules import hot as hot_of
from registers.rules import steps_from


def cleaned(text: str) -> str:
    """A word of the address as it may be looked for."""
    return "".join(letter for letter in text if letter.isprintable())[:120].strip()


@require_safe
def registers(request: HttpRequest) -> HttpResponse:
    """Every register that the actor may see, by its system, with how many records stand in each state."""
    if not request.actor.areas():
        raise Forbidden("registers.no_register", register="")
    found = selectors.registers_for(request.actor)
    seen, called = [declared for _version, declared in found], packs.names_in_force()
    counts, known = selectors.state_counts(seen, request.actor), selectors.states_of(seen)
    systems: dict[str, dict[str, Any]] = {}
    for version, one in found:
        code = version.register.pack
        system = systems.setdefault(code, {"code": code, "names": called.get(code) or {"en": code}, "rows": []})
        standing = [(state, many) for state in known[one.code] if (many := counts.get((one.code, state.code)))]
        system["rows"].append({"one": one, "states": standing})
    return render(request, "registers/registers.html", {"systems": systems.values()})


@require_safe
def records(request: HttpRequest, register: str) -> HttpResponse:
    """The records of a register, newest first, narrowed by the filters of the address, and where they are."""
    version, declared = selectors.known(register, request.actor)
    given = {name: value for name, raw in request.GET.items() if name != "after" and (value := cleaned(str(raw)))}
    context: dict[str, Any] = {"refusal": "", "rows": [], "points": [], "next": ""}
    try:
        rows = selectors.records(declared, given, request.actor)
        page = selectors.page_of(rows, below=_key(request.GET.get("after", "")))
        views = selectors.views_of(page.rows, declared)
        context |= {"rows": [_line(declared, view) for view in views],
                    "points": _points(views, request.actor),
                    "next": urlencode({**given, "after": page.following}) if page.following else ""}  # fmt: skip
    except Invalid as error:
        context["refusal"] = sentence_of(error)
    context |= {
        "one": declared, "given": given, "narrowed": bool(given), "first": urlencode(given),
        "later": bool(request.GET.get("after")),
        "states": selectors.states_of([declared])[register],
        "expiring": selectors.EXPIRING if declared.term else (), "flags": _flags(declared),
        "filters_as_url": urlencode({"register": register, **given}),
        "narrowing": _narrowing(declared, given),
        "columns": [label for _name, label, _value in _columns(declared, {})],
        "rounds": selectors.rounds_of(declared), "whole": selectors.sees_whole(declared, request.actor),
        "may_enter": selectors.keeps_any(declared, request.actor) and not version.register.retired,
        "may_import": request.actor.may("admin") and not version.register.retired,
    }  # fmt: skip
    return render(request, "registers/records.html", context, status=400 if context["refusal"] else 200)


def _narrowing(declared: Declared, given: dict[str, str]) -> list[dict[str, Any]]:
    """The attributes by which the list is narrowed: its columns, and every choice; nothing personal."""
    found, hot = [], {one.name for one in hot_of(declared)}
    for question in questions(declared.schema):
        chosen = question.kind in ("choice", "boolean") and question.name not in declared.personal
        if not (chosen or question.name in hot):
            continue
        values = ("true", "false") if question.kind == "boolean" else tuple(map(str, question.choices))
        words = {"true": _("Yes"), "false": _("No")} if question.kind == "boolean" else {}
        name = f"attr.{question.name}"
        found.append({
            "name": name, "label": pick(question.names), "value": given.get(name, ""),
            "choices": [(one, words.get(one) or selectors.shown(declared, question.name, one)) for one in values],
        })  # fmt: skip
    return found


def _key(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _flags(declared: Declared) -> list[tuple[str, str]]:
    checks = [check for step in declared.steps for check in step.checks if not check.refuses]
    late = [("overdue", pgettext("record", "Overdue"))] if any(state.within for state in declared.states) else []
    return [*late, *((check.code, pick(check.says)) for check in checks)]


def _columns(declared: Declared, held: Any) -> list[tuple[str, str, Any]]:
    return selectors.attribute_lines(declared, {name: held.get(name, "") for name in declared.columns})


def _line(declared: Declared, view: RecordView) -> dict[str, Any]:
    flags = dict(_flags(declared))
    return {
        "view": view, "cells": _columns(declared, view.attributes),
        "flags": [flags.get(code, code) for code in view.flags],
    }  # fmt: skip


def _points(views: Sequence[RecordView], actor: Actor) -> list[dict[str, Any]]:
    """Where records are: where they lie themselves, else where the component stands that they are about."""
    about = [view.asset for view in views if view.lon is None and view.asset]
    stands = assets.assets_of(about, actor=actor) if about else {}
    points = [_point(view) for view in views if view.lon is not None]
    return points + [
        {**_point(view), "lon": stands[view.asset].lon, "lat": stands[view.asset].lat}
        for view in views
        if view.lon is None and view.asset in stands
    ]


def _point(view: RecordView) -> dict[str, Any]:
    return {
        "id": view.number, "lon": view.lon, "lat": view.lat, "level": "critical" if view.flags else view.level,
        "label": f"{view.number} {view.title}", "href": f"/registers/{view.register}/{view.number}/",
    }  # fmt: skip


@require_safe
def record(request: HttpRequest, register: str, number: str) -> HttpResponse:
    """One record: its state with the steps from there, term, attributes, links, cases, and what became of it."""
    return _record(request, register, number)


def _record(request: HttpRequest, register: str, number: str, status: int = 200, **more: Any) -> HttpResponse:
    actor = request.actor
    version, newest = selectors.known(register, actor)
    row = selectors.record_row(newest, number, actor)
    declared = selectors.obeyed(row.written_under, newest)
    view = selectors.view_of(row, declared)
    keeps = selectors.keeps(declared, actor, org=row.org, area=row.area)
    steps, points = _steps(declared, row, actor, more.pop("tried", None)), _points([view], actor)
    changes = keeps and not row.ended
    context = {
        "one": declared, "view": view, "line": _line(declared, view), "place": assets.place_names(view.area),
        "attributes": selectors.attribute_lines(declared, view.attributes),
        "steps": steps, "turns": _turns(declared, row),
        "ties": [(tie, pick(link.names)) for tie in selectors.ties_of(row, actor) if (link := declared.link(tie.link))],
        "tied_from": selectors.tied_from(row, actor), "cases": selectors.tied_cases(row, actor),
        "loose": [link.code for link in declared.links if not link.needed] if changes else [],
        "may_amend": changes, "newer": version.pk != row.written_under_id,
        "tie_form": LinkForm(declared) if changes and declared.links else None,
        "enters": selectors.entered_under(newest, actor) if changes else [],
        "placing": next((line["step"].code for line in steps if line["may"] and line["step"].place), ""),
        "points": points, "at": points[0] if points else None,
        "shape": _shape(view, selectors.grounds_of(row, declared, actor)),
        **more,
    }  # fmt: skip
    return render(request, "registers/record.html", context, status=status)


def _shape(view: RecordView, grounds: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Its own line or area, and the ground on which it should have been."""
    own = [view.geometry] if view.geometry and view.geometry.get("type") != "Point" else []
    shapes = [{"type": "Feature", "geometry": one, "properties": {"outcome": "same"}} for one in (*own, *grounds)]
    return {"type": "FeatureCollection", "features": shapes}


def _steps(declared: Declared, row: Any, actor: Actor, tried: StepForm | None) -> list[dict[str, Any]]:
    """The steps from here, each with its form where the actor may take it, and what it will ask."""
    found = []
    for step in steps_from(declared, row.state):
        form = tried if tried is not None and tried.step.code == step.code else StepForm(
            declared, step, initial=first_values(declared, row.attributes)
        )  # fmt: skip
        found.append({"step": step, "form": form, "open": form is tried, "may": actions.may_take(step, row, actor),
                      "says": [pick(check.says) for check in step.checks if check.refuses]})  # fmt: skip
    return found


def _turns(declared: Declared, row: Any) -> list[dict[str, Any]]:
    """The history for people: states, steps and attributes by their names."""
    states = {state.code: pick(state.names) for state in declared.states}
    steps = {step.code: pick(step.names) for step in declared.steps}
    links = {link.code: pick(link.names) for link in declared.links}
    flags = dict(_flags(declared))
    lines = []
    for turn in selectors.history(row, declared):
        olds, news = ({name: pair[place] for name, pair in turn.changes.items()} for place in (0, 1))
        after = {name: value for name, _label, value in selectors.attribute_lines(declared, news)}
        labels = {name: label for name, label, _value in selectors.attribute_lines(declared, {**olds, **news})}
        before = {name: value for name, _label, value in selectors.attribute_lines(declared, olds)}
        lines.append({
            "turn": turn, "step": steps.get(turn.step) or links.get(turn.step) or turn.step,
            "before": states.get(turn.before, turn.before), "after": states.get(turn.after, turn.after),
            "flags": [flags.get(code, code) for code in turn.flags],
            "changes": [(labels[name], before.get(name), after.get(name)) for name in turn.changes],
        })  # fmt: skip
    return lines


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, register: str) -> HttpResponse:
    """The form of a new record, made from the schema of its register; what was typed stays when it is refused."""
    version, declared = selectors.known(register, request.actor)
    if not selectors.keeps_any(declared, request.actor) or version.register.retired:
        raise Forbidden("registers.not_yours")
    named = {name: cleaned(str(value)) for name, value in request.GET.items()}
    asked = {**{f"link_{name}": value for name, value in named.items()}, "asset": named.get("asset", "")}
    data = request.POST if request.method == "POST" else None
    form = RecordForm(declared, placed=selectors.needs_place(declared), data=data, initial=asked)
    key = cleaned(request.POST.get("key", "")) or secrets.token_urlsafe(16)
    context = {"one": declared, "form": form, "geometry": declared.placing.value, "key": key,
               "offers": [(link.code, selectors.offered(link.to, request.actor)) for link in form.links]}  # fmt: skip
    if request.method != "POST" or not form.is_valid():
        return render(request, "registers/edit.html", context, status=400 if data is not None else 200)
    try:
        view = actions.enter(
            register, actor=request.actor, given=form.given(), place=form.place(), links=form.named(),
            asset=str(form.cleaned_data.get("asset") or "").strip(), key=_telling(request.POST),
        )  # fmt: skip
    except DomainError as error:
        _blamed(form, error)
        return render(request, "registers/edit.html", {**context, "refusal": sentence_of(error)}, status=error.status)
    messages.success(request, _("Entered as %(number)s.") % {"number": view.number})
    return redirect("record", register, view.number)


def _telling(posted: QueryDict) -> str:
    """The key under which a form is told: the same when it is sent twice, another once it says something else."""
    if not posted.get("key"):
        return ""
    told = sorted((name, posted.getlist(name)) for name in posted if name != "csrfmiddlewaretoken")
    return hashlib.sha256(urlencode(told, doseq=True).encode()).hexdigest()


def _blamed(form: RecordForm | StepForm, error: DomainError) -> None:
    field = error.params.get("field")
    if isinstance(field, str) and f"attr_{field}" in form.fields:
        form.blame(field, sentence_of(error))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, register: str, number: str) -> HttpResponse:
    """The form of a record as it is, under the register as it is declared now."""
    version, declared = selectors.known(register, request.actor)
    row = selectors.record_row(declared, number, request.actor)
    if not selectors.keeps(declared, request.actor, org=row.org, area=row.area):
        raise Forbidden("registers.not_yours")
    view = selectors.view_of(row, selectors.obeyed(row.written_under, declared))
    point = {"lon": view.lon, "lat": view.lat} if declared.placing.value == "point" else {}
    shape = {"shape": row.geom.wkt} if row.geom and not point else {}
    data = request.POST if request.method == "POST" else None
    form = RecordForm(
        declared, placed=False, amends=True, data=data,
        initial={**first_values(declared, selectors.as_declared_now(row, version)), **point, **shape},
    )  # fmt: skip
    seen = request.POST.get("version") or str(row.version)
    context = {"one": declared, "form": form, "view": view, "seen": seen, "geometry": declared.placing.value}
    if request.method != "POST" or not form.is_valid():
        return render(request, "registers/edit.html", context, status=400 if data is not None else 200)
    emptied = {name: "" for name in form.asked if name not in declared.personal}
    try:
        actions.amend(
            register, number, actor=request.actor, version=_key(seen) or 0, given={**emptied, **form.given()},
            place=form.place(), reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except DomainError as error:
        _blamed(form, error)
        return render(request, "registers/edit.html", {**context, "refusal": sentence_of(error)}, status=error.status)
    messages.success(request, _("The record is changed; its history says who and why."))
    return redirect("record", register, number)


@require_POST
def step(request: HttpRequest, register: str, number: str, code: str) -> HttpResponse:
    """A step is taken, or the page says why not and keeps what was typed."""
    _version, declared = selectors.known(register, request.actor)
    row = selectors.record_row(declared, number, request.actor)
    held = selectors.declared_of(row.written_under)
    taken = held.step(code)
    if taken is None:
        raise Invalid("registers.bad_filter", filter="step", value=cleaned(code)[:40])
    form = StepForm(held, taken, data=request.POST)
    if not form.is_valid():
        return _record(request, register, number, status=400, tried=form)
    try:
        actions.take_step(
            register, number, code, actor=request.actor, version=_key(request.POST.get("version", "")) or 0,
            given=form.given(), place=form.place(), reason=form.cleaned_data.get("reason", ""),
        )  # fmt: skip
    except DomainError as error:
        _blamed(form, error)
        return _record(request, register, number, status=error.status, tried=form, refusal=sentence_of(error))
    messages.success(request, _("Done: %(step)s.") % {"step": pick(taken.names)})
    return redirect("record", register, number)


@require_POST
def tie(request: HttpRequest, register: str, number: str) -> HttpResponse:
    """The record is linked to something, or (`act=unlink`) no more."""
    _version, newest = selectors.known(register, request.actor)
    row = selectors.record_row(newest, number, request.actor)
    ends = request.POST.get("act") == "unlink"
    act = actions.unlink if ends else actions.link
    link, to = (cleaned(request.POST.get(name, "")) for name in ("tie-link", "tie-to"))
    try:
        act(register, number, actor=request.actor, link=link, to=to, reason=cleaned(request.POST.get("reason", "")))
    except DomainError as error:
        tried = {} if ends else {"tie_form": LinkForm(selectors.obeyed(row.written_under, newest), data=request.POST)}
        return _record(request, register, number, status=error.status, refusal=sentence_of(error), **tried)
    messages.success(request, _("The links are changed."))
    return redirect("record", register, number)
