"""The inbox: what somebody was told, unread first; reading; and what they want to be told."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.languages import pick
from core.sentences import sentence_of
from exchange import actions, selectors
from exchange.contracts.messages import occasions
from exchange.contracts.sendings import CHANNEL_NAMES, PERSONAL
from exchange.forms import PreferencesForm
from exchange.models import Delivery, InboxPreference


@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The messages of whoever asks."""
    _has_inbox(request)
    occasion, state = request.GET.get("kind", ""), request.GET.get("state", "")
    occasion = occasion if occasion in occasions() else ""
    only_unread = state == "unread"
    after = request.GET.get("after", "")
    page = selectors.inbox_page(request.actor, occasion=occasion, only_unread=only_unread, after=after)
    kept = {name: value for name, value in (("kind", occasion), ("state", state if only_unread else "")) if value}
    context = {
        "rows": [_line(row) for row in page.rows],
        "unread": selectors.unread(request.actor),
        "kinds": [{"code": code, "name": pick(one.names)} for code, one in occasions().items()],
        "kind": occasion,
        "only_unread": only_unread,
        "newest": max((row.pk for row in page.rows), default=0),
        "paged": bool(after),
        "here": f"?{urlencode({**kept, **({'after': after} if after else {})})}",
        "first": f"?{urlencode(kept)}",
        "older": f"?{urlencode({**kept, 'after': page.after})}" if page.after else "",
    }
    return render(request, "exchange/inbox.html", context)


def _has_inbox(request: HttpRequest) -> None:
    if request.actor.user_id is None:
        raise PermissionDenied("only people have an inbox")


def _line(row: Delivery) -> dict[str, Any]:
    occasion = occasions().get(row.message.occasion)
    return {
        "row": row,
        "title": pick(row.message.titles),
        "body": pick(row.message.bodies),
        "kind": pick(occasion.names) if occasion else row.message.occasion,
    }


@require_POST
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """The message is read, and what it is about is shown."""
    return redirect(actions.read_message(pk, actor=request.actor).message.href)


@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The message is read; the inbox is shown as it was."""
    actions.read_message(pk, actor=request.actor)
    return _back(request)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything up to the newest that was shown is read."""
    _has_inbox(request)
    occasion, newest = request.POST.get("kind", ""), request.POST.get("newest", "")
    up_to = int(newest) if newest.isascii() and newest.isdigit() and len(newest) <= 18 else 0
    count = actions.read_all(actor=request.actor, occasion=occasion if occasion in occasions() else "", up_to=up_to)
    messages.success(request, _("%(count)s messages are marked as read.") % {"count": count})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    kept = {name: request.POST[name] for name in ("kind", "state") if request.POST.get(name)}
    response = redirect("inbox")
    response["Location"] += f"?{urlencode(kept)}" if kept else ""
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """What somebody is told, by which channels, and when silently; and their addresses in those channels."""
    _has_inbox(request)
    held, channels = selectors.preference(request.actor), selectors.channels_in_use()
    if request.method != "POST":
        return _preferences(request, PreferencesForm(channels=channels, initial=_preferred(held)))
    form = PreferencesForm(channels=channels, data=request.POST)
    if not form.is_valid():
        return _preferences(request, form, status=400)
    try:
        actions.prefer(actor=request.actor, **form.preferred(held))
    except DomainError as error:
        return _preferences(request, form, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("Your choices are saved."))
    return redirect("inbox-preferences")


@require_POST
def address(request: HttpRequest, channel: str) -> HttpResponse:
    """An address of one's own in a channel: named, proved by its code, or given up."""
    _has_inbox(request)
    act = request.POST.get("act", "")
    try:
        if act == "verify":
            right = actions.verify_address(channel, request.POST.get("code", "")[:20], actor=request.actor)
            told = _("The address is verified.") if right else _("This is not the code that was sent.")
            messages.add_message(request, messages.SUCCESS if right else messages.ERROR, told)
        elif act == "drop":
            actions.drop_address(channel, actor=request.actor)
            messages.success(request, _("Nothing is sent to you by this channel any more."))
        else:
            actions.name_address(channel, request.POST.get("address", "")[:300], actor=request.actor)
            messages.success(request, _("A code is on its way; enter it here."))
    except DomainError as error:
        messages.error(request, sentence_of(error))
    return redirect("inbox-preferences")


def _preferred(row: InboxPreference) -> dict[str, Any]:
    wanted = [code for code in occasions() if code not in row.muted]
    by = {one.value: [code for code, chosen in row.channels.items() if one in chosen] for one in PERSONAL}
    return {"wanted": wanted, "quiet_from": row.quiet_from, "quiet_until": row.quiet_until, **by}


def _preferences(request: HttpRequest, form: PreferencesForm, *, status: int = 200, **more: Any) -> HttpResponse:
    contacts = selectors.contacts_of(request.actor)
    urgent = {entry.occasion.code for entry in selectors.templates() if entry.in_use and entry.row and entry.row.urgent}
    context = {
        "form": form,
        "quiet_fields": [form["quiet_from"], form["quiet_until"]],
        "addresses": [
            {"channel": one, "name": pick(CHANNEL_NAMES[one]), "held": contacts.get(one)} for one in form.channels
        ],
        "urgent": urgent,
        **more,
    }
    return render(request, "exchange/inbox_preferences.html", context, status=status)
