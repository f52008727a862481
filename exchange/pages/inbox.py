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


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """What somebody is told, and when silently."""
    _has_inbox(request)
    if request.method != "POST":
        return _preferences(request, PreferencesForm(initial=_preferred(selectors.preference(request.actor))))
    form = PreferencesForm(data=request.POST)
    if not form.is_valid():
        return _preferences(request, form, status=400)
    try:
        actions.prefer(actor=request.actor, **form.preferred())
    except DomainError as error:
        return _preferences(request, form, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("Your choices are saved."))
    return redirect("inbox-preferences")


def _preferred(row: InboxPreference) -> dict[str, Any]:
    wanted = [code for code in occasions() if code not in row.muted]
    return {"wanted": wanted, "quiet_from": row.quiet_from, "quiet_until": row.quiet_until}


def _preferences(request: HttpRequest, form: PreferencesForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"form": form, "quiet_fields": [form["quiet_from"], form["quiet_until"]], **more}
    return render(request, "exchange/inbox_preferences.html", context, status=status)
