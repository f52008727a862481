"""Who is asking: an Actor on every request and every socket, and the doors that ask for a right."""

from base64 import b64decode
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.actions import holder_of_key, profile
from accounts.authentication import sessions
from accounts.authentication.entrance import AccountAdapter, ProfileValidator
from accounts.models import User
from accounts.rules import password_ends
from accounts.selectors import actor_of, asks_second_factor
from core import clock
from core.scope import Actor

__all__ = [
    "AccountAdapter",
    "ActorAsgiMiddleware",
    "ActorMiddleware",
    "KeyAuthentication",
    "ProfileValidator",
    "SessionActorAuthentication",
    "SignedIn",
    "acting",
]

View = Callable[..., HttpResponseBase]
AsgiApp = Callable[..., Awaitable[None]]
FREE_MODULES = ("allauth.", "django.views.i18n", "django_prometheus.")


def lacks_second_factor(user: object, actor: Actor) -> bool:
    """MFA_REQUIRED is on, the person administers or works from outside, and no second factor is set up."""
    if not settings.MFA_REQUIRED or actor.user_id is None or not isinstance(user, User):
        return False
    due = user.remote or actor.holds("admin") or asks_second_factor(user.pk)
    return due and not is_mfa_enabled(user)


def acting(user: object) -> Actor:
    """Who this account acts as; without any right until the second factor that is due has been set up."""
    actor = actor_of(user)
    return replace(actor, rights={}) if lacks_second_factor(user, actor) else actor


class ActorMiddleware(LoginRequiredMiddleware):
    """`request.actor` on every request; no page opens to somebody who has not signed in, unless it says so itself."""

    def process_request(self, request: HttpRequest) -> None:
        """The actor is worked out when somebody first asks for it."""
        request.actor = cast(Actor, SimpleLazyObject(lambda: acting(request.user)))

    def process_view(self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any) -> Any:
        """Anonymous people go and sign in (with htmx the whole page goes); what is due of the others is done first."""
        if _is_free(view_func):
            return None
        why = sessions.over(request) if request.user.is_authenticated else ""
        if request.user.is_authenticated:
            return self._due(request)
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is None or request.path.startswith("/api/"):
            return answer
        if why or settings.SESSION_COOKIE_NAME in request.COOKIES:
            return sessions.to_sign_in(request, why or "ended")
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
        return answer

    def _due(self, request: HttpRequest) -> HttpResponse | None:
        """A second factor that is due is set up; a password that is too old is changed before the next page."""
        if request.path.startswith("/api/"):
            return None
        if settings.MFA_REQUIRED and lacks_second_factor(request.user, actor_of(request.user)):
            return redirect("mfa_index")
        if request.method == "GET" and "HX-Request" not in request.headers and password_due(request.user):
            back = urlencode({"next": request.get_full_path()})
            return redirect(f"{resolve_url('account_change_password')}?{back}")
        return None


def password_due(user: object) -> bool:
    """Whether the profile wants another password of this person; forms that are on their way still arrive."""
    ends = password_ends(user.password_set_at, profile()) if isinstance(user, User) else None
    return ends is not None and ends <= clock.now()


def _is_free(view: View) -> bool:
    return view.__module__.startswith(FREE_MODULES)


class SessionActorAuthentication(SessionAuthentication):
    """The session cookie, with CSRF; somebody unknown is told 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        """What makes DRF answer 401."""
        return "Session"


class KeyAuthentication(BaseAuthentication):
    """A key, as the password of HTTP Basic (with any name) or as a bearer token; it only reads."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        """Whoever holds the key; nothing where none is brought, a refusal where it is wrong or would write."""
        text = _key_in(request.headers.get("Authorization", ""))
        if text is None:
            return None
        holder = holder_of_key(text)
        if holder is None:
            raise AuthenticationFailed(_("This key is unknown or no longer good."))
        if request.method not in SAFE_METHODS:
            raise AuthenticationFailed(_("A key reads; to change something, sign in."))
        return holder, None

    def authenticate_header(self, request: Request) -> str:
        """What programs are asked for."""
        return 'Basic realm="CityOps"'


def _key_in(header: str) -> str | None:
    """The key in an Authorization header; None where the header is absent or of another sort."""
    scheme, _space, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(value.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


class SignedIn(BasePermission):
    """Somebody who has signed in; `request.actor` is theirs however they were authenticated."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Also gives the request the actor of the user that authentication found, worked out when first asked for."""
        user = request.user
        if not user.is_authenticated:
            return False
        request._request.actor = cast(Actor, SimpleLazyObject(lambda: acting(user)))
        return True


class ActorAsgiMiddleware:
    """`scope["actor"]` on every socket; goes inside AuthMiddlewareStack."""

    def __init__(self, inner: AsgiApp) -> None:
        self.inner = inner

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """The actor is worked out once, when the socket opens."""
        actor = await database_sync_to_async(acting)(scope.get("user"))
        await self.inner(dict(scope, actor=actor), receive, send)
