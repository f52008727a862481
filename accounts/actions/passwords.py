"""Passwords: what the profile asks, what they were before, and on record that they changed."""

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction

from accounts.actions.sessions import end_sessions
from accounts.contracts import PasswordNews
from accounts.models import PastPassword, User
from accounts.rules import PasswordFault, PasswordProfile, password_faults
from accounts.selectors import actor_of
from core import clock
from core.scope import Actor
from journal.actions import record


def profile() -> PasswordProfile:
    """The profile in force: `asvs` (long, never forced to change) or `dengbao3` (等保三级)."""
    return PasswordProfile(code=settings.PASSWORD_PROFILE, **settings.PASSWORD_PROFILES[settings.PASSWORD_PROFILE])


def faults_of(password: str, user: User | None = None) -> list[PasswordFault]:
    """Everything against this password for this person; empty when it may be theirs."""
    asked = profile()
    found = password_faults(password, asked)
    if user is not None and user.pk and asked.history:
        before = [user.password, *user.past_passwords.values_list("hash", flat=True)[: asked.history]]
        if any(check_password(password, kept) for kept in dict.fromkeys(filter(None, before))):
            found.append(PasswordFault("accounts.password_used_before", {"last": asked.history}))
    return found


@transaction.atomic
def remember_password(user: User) -> None:
    """The history has the hash of the password that was set just now, and no more than the profile compares."""
    now = clock.now()
    PastPassword.objects.create(user=user, hash=user.password, set_at=now)
    User.objects.filter(pk=user.pk).update(password_set_at=now)
    user.password_set_at = now
    kept = max(profile().history, 1)
    old = list(user.past_passwords.values_list("pk", flat=True)[kept:])
    PastPassword.objects.filter(pk__in=old).delete()


@transaction.atomic
def note_password(user_id: int, *, how: str, keep: str = "", actor: Actor | None = None) -> None:
    """It is on record that the person has another password, and their other sessions are over."""
    doer = actor or actor_of(User.objects.select_related("organisation").get(pk=user_id))
    news = PasswordNews(user_id, how)
    record("accounts.password_changed.v1", subject=f"user:{user_id}", actor=doer, data=news, user_id=user_id)
    end_sessions(user_id, why="password", actor=doer, keep=keep)
