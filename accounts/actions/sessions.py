"""Sessions: noted when they open, ended by their owner, by an administrator, or with the account itself."""

from collections.abc import Iterable

from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.actions.guards import require_admin
from accounts.contracts import SessionsNews
from accounts.models import OpenSession, User
from core import clock
from core.errors import NotFound
from core.scope import Actor
from journal.actions import record

LONGEST_AGENT = 400


@transaction.atomic
def note_session(user_id: int, key: str, *, before: str = "", address: str = "", agent: str = "") -> None:
    """The list of open sessions has this one, seen just now; `before` is the key it had until now."""
    if before and before != key:
        OpenSession.objects.filter(user_id=user_id, key=before).update(key=key)
    now = clock.now()
    seen = {"user_id": user_id, "seen_at": now, "address": address[:45], "agent": agent[:LONGEST_AGENT]}
    OpenSession.objects.update_or_create(key=key, defaults=seen, create_defaults={**seen, "opened_at": now})


@transaction.atomic
def forget_session(key: str) -> None:
    """Its owner signed out, or it is too old: the list does not have it any more."""
    OpenSession.objects.filter(key=key).delete()


@transaction.atomic
def end_session(session_id: int, *, actor: Actor) -> None:
    """One of the actor's own sessions is over; NotFound for anybody else's."""
    row = OpenSession.objects.select_for_update().filter(pk=session_id, user_id=actor.user_id or 0).first()
    if row is None:
        raise NotFound("accounts.no_such_session", session_id=session_id)
    end_sessions(row.user_id, why="one", actor=actor, only=[row.key])


@transaction.atomic
def end_my_other_sessions(keep: str, *, actor: Actor) -> int:
    """Of the actor's sessions only the one with this key is left; answers how many were ended."""
    return end_sessions(actor.user_id or 0, why="everywhere", actor=actor, keep=keep)


@transaction.atomic
def sign_out_everywhere(user_id: int, *, actor: Actor) -> int:
    """The person is signed out of every browser; only an administrator of their ground may do that to others."""
    person = User.objects.select_related("organisation").filter(pk=user_id).first()
    if person is None:
        raise NotFound("accounts.no_such_person", user_id=user_id)
    home = person.organisation
    if actor.user_id != person.pk:
        require_admin(actor, org=home.path if home else "", area=home.area if home else "")
    return end_sessions(user_id, why="everywhere", actor=actor)


def end_sessions(user_id: int, *, why: str, actor: Actor, keep: str = "", only: Iterable[str] | None = None) -> int:
    """These sessions of a person are over, within the act that asks for it; open sockets follow in seconds."""
    rows = OpenSession.objects.filter(user_id=user_id).exclude(key=keep)
    if only is not None:
        rows = rows.filter(key__in=list(only))
    keys = list(rows.values_list("key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    rows.delete()
    if keys:
        news = SessionsNews(user_id, len(keys), why)
        record("accounts.sessions_ended.v1", subject=f"user:{user_id}", actor=actor, data=news, user_id=user_id)
    return len(keys)
