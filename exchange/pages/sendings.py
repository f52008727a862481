"""What was sent and what is to be: the list with its filter, one with its attempts, and steering by hand."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from core.gates import page_needs
from core.languages import pick
from core.sentences import say, sentence_of
from exchange import actions, selectors
from exchange.contracts.messages import occasions
from exchange.contracts.sendings import CHANNEL_NAMES, DUE, ENDED, RETRIABLE, Channel, SendingState
from exchange.models import Sending

FILTERS = ("state", "endpoint", "subject")


@never_cache
@require_safe
@page_needs("admin")
def sendings(request: HttpRequest) -> HttpResponse:
    """The newest first."""
    asked = {name: request.GET[name].strip() for name in FILTERS if request.GET.get(name, "").strip()}
    given = request.GET.get("after", "")
    after = int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0
    page = selectors.sendings(request.actor, asked, after=after)
    context = {
        "rows": [_line(row) for row in page.rows],
        "states": [(state.value, say(f"sending.state.{state}", {})) for state in SendingState],
        "endpoints": selectors.endpoints(request.actor),
        "asked": asked,
        "address": urlencode(asked),
        "first": f"?{urlencode(asked)}" if after else "",
        "older": f"?{urlencode({**asked, 'after': page.after})}" if page.after else "",
    }
    return render(request, "exchange/sendings.html", context)


def _line(row: Sending) -> dict[str, Any]:
    occasion = occasions().get(row.kind)
    return {
        "row": row,
        "channel": pick(CHANNEL_NAMES[Channel(row.endpoint.channel)]),
        "kind": pick(occasion.names) if occasion else row.kind,
        "to": row.user.get_full_name() if row.user else row.endpoint.name,
        "state": say(f"sending.state.{row.state}", {}),
        "tone": _TONES.get(SendingState(row.state), "info"),
        "why": _why(row.failure),
    }


_TONES = {
    SendingState.DELIVERED: "normal", SendingState.FAILED: "caution", SendingState.GIVEN_UP: "critical",
    SendingState.CANCELLED: "off",
}  # fmt: skip


def _why(failure: dict[str, Any]) -> str:
    return say(failure["code"], failure["params"]) if failure else ""


@never_cache
@require_safe
@page_needs("admin")
def sending(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One of them, every attempt, and what went out; of messages to people only the title."""
    row = selectors.sending(uid, request.actor)
    whole = row.user_id is None
    context = {
        "line": _line(row),
        "tries": [{"row": one, "why": _why(one.failure)} for one in selectors.tries_of(row)],
        "payload": json.dumps(row.payload, ensure_ascii=False, indent=2) if whole else row.payload.get("title", ""),
        "may": {
            "retry": row.state in RETRIABLE,
            "replay": row.state in ENDED,
            "cancel": row.state in DUE,
        },
    }
    return render(request, "exchange/sending.html", context)


@require_POST
@page_needs("admin")
def sending_act(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is tried again, sent anew, or cancelled."""
    verbs = {"retry": actions.retry_sending, "replay": actions.replay_sending, "cancel": actions.cancel_sending}
    verb = verbs.get(request.POST.get("act", ""))
    selectors.sending(uid, request.actor)
    try:
        if verb is not None:
            row = verb(uid, actor=request.actor)
            told = {"state": say(f"sending.state.{row.state}", {})}
            messages.success(request, _("Done: it is %(state)s now.") % told)
    except DomainError as error:
        messages.error(request, sentence_of(error))
    return redirect("sending", uid=uid)
