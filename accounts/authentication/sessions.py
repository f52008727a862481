"""A session from its sign-in to its end: noted when it opens, seen once a minute, over after too long or too idle."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account import signals as allauth
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import get_user_model, logout
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.actions import forget_session, note_password, note_session, profile
from accounts.rules import is_display
from accounts.selectors import actor_of
from core import clock

SEEN_EVERY_S = 60
OPENED, SEEN, KEY = "opened", "seen", "noted_as"
NEVER_SHOWN = ("csrfmiddlewaretoken", "version")


def address_of(request: HttpRequest) -> str:
    """The visitor's address, "" where the request has none."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def _note(request: HttpRequest, user_id: int) -> None:
    session = request.session
    session[SEEN] = int(clock.now().timestamp())
    if not session.session_key:
        session.save()
    before, key = str(session.get(KEY, "")), str(session.session_key)
    session[KEY] = key
    agent = request.META.get("HTTP_USER_AGENT", "")
    note_session(user_id, key, before=before, address=address_of(request), agent=agent)


def _opened(sender: object, request: HttpRequest | None, user: AbstractBaseUser, **more: Any) -> None:
    """Whichever way somebody signed in."""
    if request is not None and hasattr(request, "session") and isinstance(user, get_user_model()):
        request.session[OPENED] = int(clock.now().timestamp())
        _note(request, user.pk)


def _closed(sender: object, request: HttpRequest | None, user: object, **more: Any) -> None:
    """Signed out by their own click, or here below."""
    key = request.session.get(KEY) if request is not None and hasattr(request, "session") else None
    if key:
        forget_session(str(key))


def _changed(sender: object, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> None:
    """Somebody changed their password: this browser stays, all others are signed out."""
    _note(request, user.pk)
    note_password(user.pk, how="changed", keep=str(request.session.session_key))


def _recovered(sender: object, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> None:
    """A forgotten password was replaced by mail: nothing that was open stays open."""
    note_password(user.pk, how="recovered")


def listen() -> None:
    """Sign-ins, sign-outs and new passwords are heard of; called once, when Django has started."""
    user_logged_in.connect(_opened, dispatch_uid="accounts.session_opened")
    user_logged_out.connect(_closed, dispatch_uid="accounts.session_closed")
    allauth.password_changed.connect(_changed, dispatch_uid="accounts.password_changed")
    allauth.password_set.connect(_changed, dispatch_uid="accounts.password_set")
    allauth.password_reset.connect(_recovered, dispatch_uid="accounts.password_recovered")


def over(request: HttpRequest) -> str:
    """Why this session ends now (`idle`, `long`), "" where it goes on and, once a minute, has been seen."""
    now = int(clock.now().timestamp())
    seen, opened = int(request.session.get(SEEN, now)), int(request.session.get(OPENED, now))
    idle = profile().idle_minutes * 60
    why = "long" if now - opened >= settings.SESSION_COOKIE_AGE else ""
    if not why and idle and now - seen >= idle and not is_display(actor_of(request.user).rights):
        why = "idle"
    if why:
        logout(request)
    elif now - seen >= SEEN_EVERY_S or request.session.get(KEY) != request.session.session_key:
        _note(request, request.actor.user_id or 0)
    return why


def to_sign_in(request: HttpRequest, why: str) -> HttpResponse:
    """The way to the sign-in page and back; what a form had brought is shown, so that nobody types it twice."""
    page = request.get_full_path() if request.method in ("GET", "HEAD") else _came_from(request)
    entrance = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page, 'why': why})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": entrance})
    typed = typed_in(request.POST)
    if not typed:
        return redirect(entrance)
    return render(request, "accounts/ended.html", {"typed": typed, "entrance": entrance, "why": why}, status=401)


def _came_from(request: HttpRequest) -> str:
    told = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(told, {request.get_host()}):
        return "/"
    parts = urlsplit(told)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def typed_in(posted: Mapping[str, str]) -> list[tuple[str, str]]:
    """What people typed into a form, without what is hidden or secret."""
    return [
        (name, value)
        for name, value in posted.items()
        if value.strip() and name not in NEVER_SHOWN and "password" not in name and len(value) > 3
    ]
