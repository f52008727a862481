"""The desk of alarms and one alarm with its curve, its history and what can be done with it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from assets import selectors as assets
from core import clock
from core.errors import DomainError, Invalid
from core.sentences import sentence_of
from telemetry import actions, selectors
from telemetry.contracts.alarms import HANDLE
from telemetry.forms.alarms import ActForm
from telemetry.models import Alarm

FILTERS = ("state", "level", "station", "rule", "system")
AROUND = timedelta(hours=2)


def cleaned(text: str) -> str:
    """A word of the address as it may be looked for."""
    return "".join(letter for letter in text if letter.isprintable())[:60].strip()


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The alarms that stand, the gravest first, each with what can be done with it by a key."""
    actor = request.actor
    given = {name: cleaned(request.GET[name]) for name in FILTERS if request.GET.get(name)}
    skip = cleaned(request.GET.get("skip", ""))
    context: dict[str, Any] = {"rows": [], "refusal": "", "next": None}
    try:
        rows, after = selectors.page_of(
            selectors.alarms(actor, given), skip=int(skip) if skip.isdecimal() and len(skip) < 6 else 0
        )
        context |= {"rows": [_line(row, request) for row in rows], "next": after}
    except Invalid as error:
        context["refusal"] = sentence_of(error)
    state = given.get("state", "open")
    context |= {
        "given": given, "state": state, "counts": selectors.counts(actor), "here": request.get_full_path(),
        "tabs": _tabs(), "first": "&".join(f"{name}={value}" for name, value in given.items()),
    }  # fmt: skip
    return render(request, "telemetry/desk.html", context, status=400 if context["refusal"] else 200)


def _tabs() -> list[tuple[str, str]]:
    return [
        ("open", pgettext("alarm", "Standing")), ("waiting", _("Not acknowledged")), ("mine", _("Mine")),
        ("shelved", _("Shelved")), ("over", pgettext("alarm", "Over")), ("retracted", _("Retracted")),
    ]  # fmt: skip


def _line(row: Alarm, request: HttpRequest) -> dict[str, Any]:
    stands = row.ended_at is None and row.retracted_at is None
    may = selectors.may(request.actor, HANDLE, row.area)
    names = row.stream.names if row.stream else row.station.names
    return {"row": row, "stands": stands, "may": may and stands, "names": names, "place": row.area}


@require_safe
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """One alarm: its level, the curve before and after, its levels, what became of it, what can be done."""
    return _alarm(request, pk)


def _alarm(request: HttpRequest, pk: int, *, refusal: str = "", status: int = 200) -> HttpResponse:
    row = selectors.alarm_row(pk, request.actor)
    (view,) = selectors.views_of([row.station])
    now = clock.now()
    since, until = row.begun_at - AROUND, min((row.ended_at or now) + AROUND, now + timedelta(minutes=5))
    since = max(since, until - selectors.LONGEST)
    metric = selectors.metric_of(row)
    streams = [one for one in selectors.streams_of(row.station) if one.metric == metric]
    stands = row.ended_at is None and row.retracted_at is None
    context = {
        "row": row, "line": _line(row, request), "view": view, "since": since, "until": until,
        "series": [(one.names, selectors.series(one, since, until)) for one in streams],
        "bands": view.bands, "turns": selectors.turns(row), "place": assets.place_names(row.area),
        "may": selectors.may(request.actor, HANDLE, row.area), "stands": stands, "form": ActForm(),
        "refusal": refusal, "points": [_point(view)], "rule_names": selectors.rule_names(row),
    }  # fmt: skip
    return render(request, "telemetry/alarm.html", context, status=status)


def _point(view: Any) -> dict[str, Any]:
    return {"id": view.code, "lon": view.lon, "lat": view.lat, "level": "info", "label": view.code,
            "href": reverse("gauge-station", args=[view.code])}  # fmt: skip


@require_POST
def act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The act is done, or the page of the alarm says why not."""
    form = ActForm(request.POST)
    if not form.is_valid():
        return _alarm(request, pk, refusal=_("Something is missing or does not fit."), status=400)
    told = form.cleaned_data
    minutes = told["minutes"]
    until = clock.now() + timedelta(minutes=minutes) if minutes else None
    try:
        actions.handle(
            pk, verb, actor=request.actor, version=told["version"], reason=told["reason"], until=until,
            to=told["to"] or "me",
        )  # fmt: skip
    except DomainError as error:
        return _alarm(request, pk, refusal=sentence_of(error), status=error.status)
    messages.success(request, _("Done."))
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("alarm", pk)
