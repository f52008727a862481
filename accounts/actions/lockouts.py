"""Lock-outs after too many wrong passwords: on record when they begin, and ended by an administrator."""

from django.db import transaction

from accounts.actions.guards import require_admin
from accounts.adapters import attempts
from accounts.contracts import LockNews
from accounts.models import User
from accounts.selectors import locked_until
from core import clock
from core.errors import NotFound
from core.scope import Actor, machine
from journal.actions import record

GUARD = machine("accounts:guard", label="CityOps")


@transaction.atomic
def note_lock(user_id: int) -> None:
    """The log says that the account is locked, if the last wrong password was one too many."""
    until = locked_until(user_id)
    if until is not None:
        User.objects.filter(pk=user_id).update(locked_at=clock.now())
        news = LockNews(user_id, until.isoformat())
        record("accounts.locked.v1", subject=f"user:{user_id}", actor=GUARD, data=news, user_id=user_id)


@transaction.atomic
def unlock(user_id: int, *, actor: Actor) -> None:
    """The person may try to sign in again; unlocking what is not locked is no harm."""
    person = User.objects.select_related("organisation").filter(pk=user_id).first()
    if person is None:
        raise NotFound("accounts.no_such_person", user_id=user_id)
    home = person.organisation
    require_admin(actor, org=home.path if home else "", area=home.area if home else "")
    if locked_until(user_id) is None:
        return
    transaction.on_commit(lambda: attempts.unlock(attempts.name_of(user_id, "")))
    record("accounts.unlocked.v1", subject=f"user:{user_id}", actor=actor, data=LockNews(user_id, ""), user_id=user_id)
