"""Accounts of people: they come, change, leave; nobody is born with rights."""

from collections.abc import Iterable
from typing import NamedTuple

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.actions.grants import within_contract
from accounts.actions.guards import require_admin
from accounts.actions.keys import end_keys_of
from accounts.actions.passwords import note_password
from accounts.actions.sessions import end_sessions
from accounts.contracts import InvitedNews, PersonNews, SignInNews
from accounts.models import Organisation, User
from accounts.rules import phone_of
from accounts.selectors import actor_of, person_told
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Actor
from core.versions import refuse_stale
from journal.actions import record


class Invitation(NamedTuple):
    """Somebody, and the path of the page on which they set their password."""

    user: User
    path: str


def require_phone(text: str) -> str:
    """The number as it is kept; Invalid for what is no phone number. An empty one stays empty."""
    if not text.strip():
        return ""
    found = phone_of(text)
    if found is None:
        raise Invalid("accounts.bad_phone", value=text[:40])
    return found


@transaction.atomic
def create_user(
    *,
    username: str,
    label: str,
    password: str | None = None,
    organisation: str = "",
    phone: str = "",
    email: str = "",
    language: str = "zh-hans",
    remote: bool = False,
    actor: Actor,
) -> User:
    """Somebody may sign in with this name and password, belongs to the organisation (a code), and may do nothing.

    Without a password the account waits for its owner to set one by a link (see `invite`).
    """
    home = _organisation(organisation)
    require_admin(actor, org=home.path if home else "", area=home.area if home else "")
    if User.objects.filter(username=User.normalize_username(username)).exists():
        raise Conflict("accounts.username_taken", username=username)
    made = User(
        username=User.normalize_username(username),
        label=label,
        organisation=home,
        phone=require_phone(phone),
        email=email,
        language=language,
        remote=remote,
    )
    if password is None:
        made.set_unusable_password()
    else:
        _set_password(made, password)
    made.save()
    _record("accounts.person_created.v1", made, actor)
    return made


@transaction.atomic
def change_person(
    user_id: int,
    *,
    actor: Actor,
    label: str | None = None,
    organisation: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    remote: bool | None = None,
    active: bool | None = None,
    password: str | None = None,
    seen: str | None = None,
) -> User:
    """The account is as told; what is None stays. An account is switched off, never deleted.

    Stale where it says something else than was `seen`.
    """
    user = _locked(user_id)
    _require_over(actor, user)
    refuse_stale(seen, person_told(user))
    if organisation is not None:
        home = _organisation(organisation)
        require_admin(actor, org=home.path if home else "", area=home.area if home else "")
        user.organisation = home
        _within_contract(user)
    if active is False and actor.user_id == user.pk:
        raise Forbidden("accounts.switches_off_self")
    number = None if phone is None else require_phone(phone)
    _set(user, label=label, phone=number, email=email, remote=remote, is_active=active)
    if password is not None:
        _set_password(user, password)
    user.full_clean(exclude=["password"])
    user.save()
    _record("accounts.person_changed.v1", user, actor)
    if password is not None:
        note_password(user.pk, how="given", actor=actor)
    if not user.is_active:
        _shut_out(user, actor)
    return user


def _set(user: User, **told: str | bool | None) -> None:
    for name, value in told.items():
        if value is not None:
            setattr(user, name, value)


def _shut_out(user: User, actor: Actor) -> None:
    """With the account end its sessions, and so its sockets, and its keys."""
    end_sessions(user.pk, why="switched_off", actor=actor)
    end_keys_of(user.pk, actor=actor)


@transaction.atomic
def invite(user_ids: Iterable[int], *, actor: Actor) -> list[Invitation]:
    """Each of these people may set a password by a link that is good once, for some days, and told only here.

    A link opens nothing any more as soon as a password was set with it; links are kept nowhere.
    """
    found = []
    for user_id in sorted(set(user_ids)):
        user = _locked(user_id)
        _require_over(actor, user)
        if not user.is_active:
            raise Conflict("accounts.person_inactive", name=user.get_full_name())
        key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
        found.append(Invitation(user, path))
        record(
            "accounts.invited.v1", subject=f"user:{user.pk}", actor=actor, data=InvitedNews(user.pk), user_id=user.pk
        )
    return found


@transaction.atomic
def speak(language: str, *, actor: Actor) -> None:
    """The person reads the platform in this language from now on."""
    if actor.user_id is None:
        raise Forbidden("accounts.not_signed_in")
    if language not in dict(User.LANGUAGES):
        raise Invalid("accounts.no_such_language", value=language)
    User.objects.filter(pk=actor.user_id).update(language=language)


@transaction.atomic
def note_sign_in(user_id: int, *, method: str) -> None:
    """The log that the law asks for says that this person signed in."""
    user = _locked(user_id)
    record(
        "accounts.signed_in.v1",
        subject=f"user:{user.pk}",
        actor=actor_of(user),
        data=SignInNews(user.pk, method),
        user_id=user.pk,
    )


@transaction.atomic
def first_administrator(*, username: str, password: str, label: str, actor: Actor) -> User:
    """An empty installation has its first account; Conflict as soon as there is any other."""
    if User.objects.exists():
        raise Conflict("accounts.not_the_first")
    return create_user(username=username, password=password, label=label, actor=actor)


def _organisation(code: str) -> Organisation | None:
    if not code:
        return None
    found = Organisation.objects.filter(code=code, active=True).first()
    if found is None:
        raise NotFound("accounts.no_such_organisation", code=code)
    return found


def _within_contract(user: User) -> None:
    """Whoever comes to a contractor holds nothing beyond its contract."""
    for held in user.grants.not_over(clock.now()):
        until = within_contract(user.organisation, max(held.valid_from, clock.now()), held.valid_until)
        if until != held.valid_until:
            held.valid_until = until
            held.save(update_fields=["valid_until"])


def _locked(user_id: int) -> User:
    found = User.objects.select_for_update().filter(pk=user_id).first()
    if found is None:
        raise NotFound("accounts.no_such_person", user_id=user_id)
    return found


def _require_over(actor: Actor, user: User) -> None:
    home = user.organisation
    require_admin(actor, org=home.path if home else "", area=home.area if home else "")


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        raise Invalid("accounts.weak_password", reasons=" ".join(refused.messages)) from refused
    user.set_password(password)


def _record(kind: str, user: User, actor: Actor) -> None:
    home = user.organisation
    news = PersonNews(user.pk, home.code if home else "", user.is_active)
    record(kind, subject=f"user:{user.pk}", actor=actor, org=home.path if home else "", data=news, user_id=user.pk)
