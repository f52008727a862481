"""The way in, as an office wants it: allauth's adapter, and the validator that asks what the profile asks."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.actions import faults_of, note_lock, note_sign_in, profile, remember_password
from accounts.adapters import attempts
from accounts.models import User
from accounts.selectors import account_named
from core.sentences import say


class AccountAdapter(DefaultAccountAdapter):
    """allauth as an office wants it: nobody signs up, sign-ins are on record, pages speak the person's language."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are given by administrators."""
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The sign-in is in the journal; a browser that chose no language speaks the person's."""
        methods = [str(entry.get("method", "")) for entry in request.session.get("account_authentication_methods", [])]
        note_sign_in(user.pk, method="+".join(methods) or "password")
        answer = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", httponly=True)
        return answer

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """As allauth counts; a refusal says until when."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            raise self._locked(request, credentials) or refused from refused

    def _locked(self, request: HttpRequest, credentials: dict[str, Any]) -> ValidationError | None:
        until = attempts.account_locked_until(self._get_login_attempts_cache_key(request, **credentials))
        code = "accounts.account_locked" if until else "accounts.address_locked"
        until = until or attempts.address_locked_until(request)
        if until is None:
            return None
        shown = timezone.localtime(until).strftime("%Y-%m-%d %H:%M")
        return ValidationError(say(code, {"until": shown}), code=code)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password; the log has it if that was one too many."""
        user_id = account_named(self._login_in(credentials))
        if user_id is not None:
            note_lock(user_id)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures are counted on the account, under whichever host name and by whichever of its names it was asked."""
        login = self._login_in(credentials)
        return attempts.name_of(account_named(login), login)

    @staticmethod
    def _login_in(credentials: dict[str, Any]) -> str:
        return str(credentials.get("username") or credentials.get("email") or "")


class ProfileValidator:
    """What the password profile in force asks, with the sentence of every refusal; it also keeps the history."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """ValidationError with a sentence for everything against the password."""
        known = user if isinstance(user, User) else None
        faults = [ValidationError(say(one.code, one.params), code=one.code) for one in faults_of(password, known)]
        if faults:
            raise ValidationError(faults)

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Django says so whichever way a password was set."""
        if isinstance(user, User):
            remember_password(user)

    def get_help_text(self) -> str:
        """What stands beside the field."""
        asked = profile()
        parts = [say("accounts.password_short", {"least": asked.min_length})]
        if asked.classes:
            parts.append(say("accounts.password_classes", {"least": asked.classes}))
        if asked.history:
            parts.append(say("accounts.password_used_before", {"last": asked.history}))
        return " ".join(parts)
