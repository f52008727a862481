"""Tickets of partners: the list with the state of both sides, one ticket with all that was said, what was refused."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.gates import page_needs
from core.languages import pick
from core.sentences import say, sentence_of
from exchange import actions, selectors
from exchange.contracts.hotline import MessageKind, MessageState, TicketState, desk
from exchange.forms import MapForm, RefuseForm
from exchange.models import PartnerTicket
from exchange.models.ticket_words import MESSAGE_KINDS, MESSAGE_STATES, REPLY_KINDS, REPLY_STATES, SCORES, TICKET_STATES


@require_safe
@page_needs("accept", "admin")
def tickets(request: HttpRequest) -> HttpResponse:
    """The tickets that changed last first, with how our case stands and what the partner was told."""
    asked = {name: request.GET.get(name, "").strip() for name in ("only", "partner", "q", "after")}
    page = selectors.tickets_page(request.actor, **asked)
    kept = {name: value for name, value in asked.items() if value and name != "after"}
    context = {
        "rows": [_row(row, page.standings) for row in page.rows],
        "only": asked["only"],
        "q": asked["q"],
        "partner": asked["partner"],
        "partners": [{"code": row.code, "name": pick(row.names), "down": row.down_since}
                     for row in selectors.partners(request.actor)],
        "counts": selectors.counts(request.actor),
        "address": urlencode(kept),
        "first": f"?{urlencode(kept)}",
        "older": f"?{urlencode({**kept, 'after': page.after})}" if page.after else "",
        "paged": bool(asked["after"]),
        "may_set": request.actor.may("admin"),
    }  # fmt: skip
    return render(request, "exchange/hotline.html", context)


def _row(row: PartnerTicket, standings: Any) -> dict[str, Any]:
    return {
        "row": row,
        "partner": pick(row.partner.names),
        "state": TICKET_STATES[row.state],
        "told": REPLY_KINDS.get(row.told, ""),
        "score": SCORES.get(row.score, ""),
        "standing": standings.get(row.subject),
        "waits": row.state == TicketState.WAITING,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("accept", "admin")
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """One ticket; what waits is mapped to a class or goes back, what was wrong is seen."""
    if request.method != "POST":
        return _page(request, pk)
    act = request.POST.get("act", "")
    form = _FORMS[act](data=request.POST) if act in _FORMS else None
    if form is not None and not form.is_valid():
        return _page(request, pk, status=400, **{f"{act}_form": form})
    try:
        _done(act, pk, form.cleaned_data if form else {}, request)
    except DomainError as error:
        kept = {f"{act}_form": form} if form else {}
        return _page(request, pk, status=error.status, refusal=sentence_of(error), **kept)
    messages.success(request, _("It is done; the journal has it."))
    return redirect("hotline-ticket", pk=pk)


_FORMS: dict[str, Any] = {"map": MapForm, "refuse": RefuseForm}


def _done(act: str, pk: int, given: dict[str, Any], request: HttpRequest) -> None:
    if act == "map":
        actions.map_ticket(pk, **given, actor=request.actor)
    elif act == "refuse":
        actions.refuse_ticket(pk, **given, actor=request.actor)
    else:
        actions.clear_trouble(pk, actor=request.actor)


def _page(request: HttpRequest, pk: int, *, status: int = 200, **more: Any) -> HttpResponse:
    found = selectors.ticket(pk, request.actor)
    standings = desk().standings([found.subject] if found.subject else [])
    heard: list[Any] = getattr(found, "heard", [])
    said: list[Any] = getattr(found, "said", [])
    waits = found.state == TicketState.WAITING and any(
        one.kind == MessageKind.TICKET and one.state == MessageState.WAITING for one in heard
    )
    forms = {"map_form": MapForm(), "refuse_form": RefuseForm()} if waits else {}
    context = {
        **_row(found, standings),
        "waits": waits,
        "may_clear": found.troubled and found.state != TicketState.WAITING,
        "heard": [
            {
                "row": one, "kind": MESSAGE_KINDS[one.kind], "state": MESSAGE_STATES[one.state],
                "flags": [say(flag["code"], flag["params"]) for flag in one.flags],
                "body": json.dumps(one.body, ensure_ascii=False, indent=2),
            }
            for one in heard
        ],
        "said": [
            {
                "row": one, "kind": REPLY_KINDS[one.kind], "state": REPLY_STATES[one.state],
                "failure": say(one.failure, {}), "body": json.dumps(one.body, ensure_ascii=False, indent=2),
            }
            for one in said
        ],
        **forms, **more,
    }  # fmt: skip
    return render(request, "exchange/ticket.html", context, status=status)


@require_safe
@page_needs("accept", "admin")
def refusals(request: HttpRequest) -> HttpResponse:
    """What partners sent and was refused, the newest first."""
    rows = [
        {"row": row, "partner": pick(row.partner.names), "says": say(row.code, row.params)}
        for row in selectors.refusals(request.actor)
    ]
    return render(request, "exchange/refusals.html", {"rows": rows})
