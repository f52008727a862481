"""Endpoints: the list, one of them with its form, and what can be done with it. A secret is shown once, when made."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock, versions
from core.errors import DomainError, Invalid
from core.gates import page_needs
from core.languages import pick
from core.sentences import say, sentence_of
from exchange import actions, selectors
from exchange.contracts.sendings import CHANNEL_NAMES, PERSONAL, Channel
from exchange.forms import EndpointForm, SpanForm
from exchange.models import Endpoint
from exchange.rules.sendings import LONGEST_SPAN


@require_safe
@page_needs("admin")
def endpoints(request: HttpRequest) -> HttpResponse:
    """Every endpoint and how it does."""
    rows = [_line(row) for row in selectors.endpoints(request.actor)]
    channels = [{"code": one.value, "name": pick(CHANNEL_NAMES[one])} for one in Channel]
    return render(request, "exchange/endpoints.html", {"rows": rows, "channels": channels})


def _line(row: Endpoint) -> dict[str, Any]:
    resting = row.rests_until is not None and row.rests_until > clock.now()
    return {
        "row": row, "channel": pick(CHANNEL_NAMES[Channel(row.channel)]), "resting": resting,
        "off_why": say(row.off_why, {}) if row.off_why else "",
    }  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def new_endpoint(request: HttpRequest, channel: str) -> HttpResponse:
    """A new endpoint; where a secret was made it is shown on the answer, and never again."""
    selectors.may_keep_endpoints(request.actor)
    if channel not in list(Channel):
        return redirect("endpoints")
    form = EndpointForm(channel, made=False, data=request.POST or None)
    if request.method != "POST":
        return _page(request, channel, form)
    if not form.is_valid():
        return _page(request, channel, form, status=400)
    try:
        made = actions.make_endpoint(channel, actor=request.actor, **form.told())
    except DomainError as error:
        return _page(request, channel, form, status=error.status, refusal=sentence_of(error))
    if made.secret:
        return _shown(request, made.row, status=201, secret=made.secret)
    messages.success(request, _("The endpoint is set up."))
    return redirect("endpoint", uid=made.row.uid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def endpoint(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One endpoint: how it does, its form, and what can be done with it."""
    row = selectors.endpoint(uid, request.actor)
    if request.method != "POST":
        return _shown(request, row)
    form = EndpointForm(row.channel, made=True, data=request.POST)
    if not form.is_valid():
        return _page(request, row.channel, form, row=row, status=400)
    seen = versions.seen_in(request.POST).version
    try:
        actions.change_endpoint(uid, actor=request.actor, seen=seen, **form.told())
    except DomainError as error:
        return _page(request, row.channel, form, row=row, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The endpoint is changed."))
    return redirect("endpoint", uid=uid)


@require_POST
@page_needs("admin")
def endpoint_act(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is switched, pinged, given a new secret, or a span of time is sent anew."""
    row, act = selectors.endpoint(uid, request.actor), request.POST.get("act", "")
    try:
        if act == "secret":
            made = actions.rotate_secret(uid, actor=request.actor)
            return _shown(request, made.row, secret=made.secret)
        messages.success(request, _done(request, row, act))
    except DomainError as error:
        messages.error(request, sentence_of(error))
    return redirect("endpoint", uid=uid)


def _done(request: HttpRequest, row: Endpoint, act: str) -> str:
    if act == "ping":
        actions.ping_endpoint(row.uid, actor=request.actor)
        return _("A test is on its way; the list of what was sent shows how it went.")
    if act == "replay":
        span = SpanForm(data=request.POST)
        if not span.is_valid():
            raise Invalid("sending.bad_span", days=LONGEST_SPAN.days)
        count = actions.replay_span(row.uid, actor=request.actor, **span.cleaned_data)
        return _("%(count)s are sent anew.") % {"count": count}
    held = actions.switch_endpoint(row.uid, enabled=act == "on", actor=request.actor)
    return _("The endpoint is in use.") if held.enabled else _("The endpoint is switched off.")


def _shown(request: HttpRequest, row: Endpoint, *, status: int = 200, secret: str = "") -> HttpResponse:
    form = EndpointForm(row.channel, made=True, initial=EndpointForm.given(row))
    return _page(request, row.channel, form, row=row, status=status, secret=secret)


def _page(
    request: HttpRequest, channel: str, form: EndpointForm, *, row: Endpoint | None = None, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    context = {
        "form": form,
        "channel": channel,
        "channel_name": pick(CHANNEL_NAMES[Channel(channel)]),
        "line": _line(row) if row else None,
        "version": versions.field(request.POST, selectors.says(row)) if row else "",
        "personal": channel in PERSONAL,
        "span": SpanForm() if row else None,
        **more,
    }
    return render(request, "exchange/endpoint.html", context, status=status)
