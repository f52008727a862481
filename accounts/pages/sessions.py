"""Sessions: one's own browsers, and for administrators who is signed in and who is locked out."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import actions, selectors
from accounts.models import OpenSession
from accounts.rules import device_of, password_ends
from core.gates import page_needs


def rows_of(found: Iterable[OpenSession], here: str = "") -> list[dict[str, Any]]:
    """Sessions in words: the browser, the system, the address."""
    return [
        {"row": row, "device": " · ".join(part for part in device_of(row.agent) if part), "here": row.key == here}
        for row in found
    ]


@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Every browser in which I am signed in."""
    me = selectors.account(request.actor)
    rows = rows_of(selectors.sessions_of(request.actor), request.session.session_key or "")
    ends = password_ends(me.password_set_at, actions.profile())
    context = {"rows": rows, "others": sum(not row["here"] for row in rows), "person": me, "ends": ends}
    return render(request, "accounts/sessions.html", context)


@require_POST
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One of my browsers is signed out."""
    actions.end_session(pk, actor=request.actor)
    messages.success(request, _("That browser is signed out."))
    return redirect("sessions")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """All my browsers but this one are signed out."""
    ended = actions.end_my_other_sessions(request.session.session_key or "", actor=request.actor)
    messages.success(request, _signed_out(ended))
    return redirect("sessions")


def _signed_out(ended: int) -> str:
    return ngettext("%(n)s browser is signed out.", "%(n)s browsers are signed out.", ended) % {"n": ended}


@never_cache
@require_safe
@page_needs("admin")
def everybody(request: HttpRequest) -> HttpResponse:
    """Who is signed in now; anybody can be found by name, to be signed out or unlocked."""
    text = "".join(letter for letter in request.GET.get("q", "") if letter.isprintable())[:60]
    found = selectors.signed_in(request.actor, text)
    context = {
        "q": text,
        "people": [{"one": one, "rows": rows_of(one.sessions)} for one in found],
        "profile": actions.profile(),
        "mfa": settings.MFA_REQUIRED,
    }
    return render(request, "accounts/signed_in.html", context)


@require_POST
@page_needs("admin")
def sign_out(request: HttpRequest, user_id: int) -> HttpResponse:
    """The person is signed out everywhere."""
    ended = actions.sign_out_everywhere(user_id, actor=request.actor)
    messages.success(request, f"{selectors.person(user_id).label}: {_signed_out(ended)}")
    return redirect("signed-in")


@require_POST
@page_needs("admin")
def unlock(request: HttpRequest, user_id: int) -> HttpResponse:
    """The account takes passwords again."""
    actions.unlock(user_id, actor=request.actor)
    messages.success(request, _("%(name)s may sign in again.") % {"name": selectors.person(user_id).label})
    return redirect("signed-in")
