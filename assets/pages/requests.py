"""Change requests as pages: the queue, the decision, the form of the field."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assets import actions, selectors
from assets.contracts import RequestKind, RequestState
from assets.forms import ProposalForm, as_choices, place_values
from assets.pages.components import keeps, needs_ground, refused
from assets.rules import LONGEST_CODE
from assets.templatetags.component_words import told
from core.errors import DomainError, Forbidden
from core.languages import pick
from core.sentences import sentence_of
from exchange.actions import hold_pictures

TABS = ("open", "accepted", "refused", "withdrawn")
PAGE = 30


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The queue: those on the ground one keeps, and one's own with their answers."""
    return _queue(request)


def _queue(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    needs_ground(request.actor)
    state = request.GET.get("state", "open")
    state = state if state in TABS else "open"
    before = request.GET.get("before", "")
    found = selectors.requests(
        actor=request.actor,
        state=state,
        before=int(before) if before.isdecimal() and len(before) < 18 else 0,
        limit=PAGE + 1,
    )
    context = {
        "state": state, "address": urlencode({"state": state}),
        "tabs": [(tab, told(tab, "request_state")) for tab in TABS],
        "rows": [_row(request, row) for row in found[:PAGE]],
        "next": found[PAGE - 1].pk if len(found) > PAGE else "",
        "points": [_point(row) for row in found[:PAGE]],
        "shapes": selectors.proposed_shapes(found[:PAGE]), "may_ask": request.actor.holds("component.propose"),
        "tab": "requests", **more,
    }  # fmt: skip
    return render(request, "assets/requests.html", context, status=status)


def _row(request: HttpRequest, row: Any) -> dict[str, Any]:
    waiting = row.state == RequestState.OPEN
    own = row.proposer == request.actor.key
    return {
        "row": row, "type": pick(row.type.names), "stale": selectors.is_stale(row), "own": own,
        "may_decide": waiting and not own and keeps(request.actor, row.area), "may_withdraw": waiting and own,
        "said": [(told(name, "field"), name, value) for name, value in row.given.items()],
        "photos": list(row.photos.all()),
    }  # fmt: skip


def _point(row: Any) -> dict[str, Any]:
    lon, lat = selectors.point_of(row.geom)
    level = {"new": "normal", "moved": "info", "changed": "caution", "vanished": "critical"}[row.kind]
    return {"id": f"r{row.pk}", "lon": lon, "lat": lat, "level": level, "label": pick(row.type.names),
            "href": f"#request-{row.pk}"}  # fmt: skip


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """A request is accepted, refused with a reason, or taken back."""
    act, answer = request.POST.get("act", ""), request.POST.get("answer", "")
    try:
        if act == "accept":
            despite = request.POST.get("despite") == "yes"
            actions.accept_request(pk, actor=request.actor, answer=answer, despite=despite)
        elif act == "withdraw":
            actions.withdraw_request(pk, actor=request.actor)
        else:
            actions.refuse_request(pk, actor=request.actor, answer=answer)
    except DomainError as error:
        if error.status == 404:
            raise
        return _queue(request, status=error.status, refusal=sentence_of(error), refused=pk)
    messages.success(request, _("Decided; the proposer is told."))
    return redirect("component-requests")


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """The form of the field: about a component (`code`), or a new one of a type (`type`), drawn on the map."""
    if not (request.actor.holds("component.propose") or keeps(request.actor)):
        raise Forbidden("assets.may_not_propose")
    code = request.GET.get("code", "")[:LONGEST_CODE]
    row = selectors.component_row(code, actor=request.actor) if code else None
    types = [] if row else selectors.types_standing()
    kind = row.type.code if row else _clean_type(request, {one for one, _, _ in types})
    if not kind:
        choose = {"types": as_choices((one, names) for one, names, _ in types), "tab": "requests",
                   "title": _("Propose a new one")}  # fmt: skip
        return render(request, "assets/new.html", choose)
    form = _form(request, row, [one for one in types if one[0] == kind])
    view = selectors.view_of(row) if row else None
    context = {
        "row": row, "form": form, "view": view, "tab": "requests", "geometry": form.geometry,
        "before": dict(view.geometry) if view else {},
        "kind": next((names for one, names, _ in types if one == kind), {}),
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "assets/propose.html", context)
    try:
        if not form.is_valid():
            hold_pictures(form, actor=request.actor)
            return render(request, "assets/propose.html", context, status=400)
        told_ = form.cleaned_data
        actions.propose(
            actor=request.actor, kind=told_["kind"], reason=told_["reason"], key=told_["key"], code=code,
            of_type=told_.get("of_type", ""), given=form.given(), photos=told_["photos"],
            far=request.POST.get("far") == "yes", another=request.POST.get("another") == "yes",
        )  # fmt: skip
    except DomainError as error:
        hold_pictures(form, actor=request.actor)
        return render(request, "assets/propose.html", {**context, **refused(error)}, status=error.status)
    messages.success(request, _("Proposed; you will read the answer under change requests."))
    return redirect("component", code) if code else redirect("component-requests")


def _clean_type(request: HttpRequest, known: set[str]) -> str:
    asked = request.POST.get("of_type") or request.GET.get("type", "")
    return asked if asked in known else ""


def _form(request: HttpRequest, row: Any, types: list[Any]) -> ProposalForm:
    kinds = [kind.value for kind in RequestKind if (kind is RequestKind.NEW) == (row is None)]
    chosen = [(kind, told(kind, "request")) for kind in sorted(kinds, reverse=True)]
    asked: dict[str, Any] = {
        "kinds": chosen, "types": as_choices((code, names) for code, names, _ in types),
        "geometry": row.type.geometry if row else types[0][2],
    }  # fmt: skip
    if request.method == "POST":
        return ProposalForm(**asked, data=request.POST, files=request.FILES)
    first = {"key": uuid4().hex, "kind": "changed" if row else "new", "of_type": types[0][0] if types else ""}
    return ProposalForm(
        **asked, initial={**first, **(place_values(row) if row and row.type.geometry != "point" else {})}
    )
