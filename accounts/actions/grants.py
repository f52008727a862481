"""Roles and grants: who may do what, where, until when, and what nobody may hold together."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.actions.guards import path_of, require_admin, require_area, require_code, require_names
from accounts.actions.standing import hold_tree
from accounts.contracts import GrantNews, Kind, RoleNews
from accounts.models import Grant, Organisation, Role, User
from accounts.rules import Clash, GrantFacts, conflicts, unknown_permissions
from accounts.selectors import named_facts
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.languages import pick
from core.scope import Actor, Ground
from journal.actions import record


@transaction.atomic
def upsert_role(
    *, code: str, names: Mapping[str, str], permissions: Iterable[str], actor: Actor, pack: str = ""
) -> Role:
    """The role holds exactly these permissions for all who have it; Conflict where one of them then judged own work."""
    require_admin(actor)
    require_code(code)
    names, wanted = require_names(names), sorted(set(permissions))
    strange = unknown_permissions(wanted)
    if strange:
        raise Invalid("accounts.unknown_permission", permissions=", ".join(strange))
    role = Role.objects.select_for_update().filter(code=code).first() or Role(code=code)
    before = [] if role.retired else role.permissions
    if pack:
        kept = role.differs and not role.retired
        role.said = {"names": names, "permissions": wanted}
        names, wanted = (role.names, role.permissions) if kept else (names, wanted)
    unchanged = role.pk and (before, role.names, role.pack, role.retired) == (wanted, names, pack or role.pack, False)
    if unchanged:
        role.save(update_fields=["said"])
        return role
    role.names, role.permissions, role.pack, role.retired = names, wanted, pack or role.pack, False
    _refuse_clash(conflicts([GrantFacts(code, frozenset(wanted), Ground(), clock.now())]))
    role.save()
    _refuse_new_clashes(role)
    _record_role(role, before, actor)
    return role


@transaction.atomic
def retire_role(code: str, *, actor: Actor) -> None:
    """Nobody gets anything from this role any more; the grants stay as they were written."""
    require_admin(actor)
    role = locked_role(code)
    role.retired = True
    role.save(update_fields=["retired"])
    news = RoleNews(role.code, (), (), tuple(role.permissions))
    record("accounts.role_changed.v1", subject=f"role:{role.code}", actor=actor, data=news)


@transaction.atomic
def grant(
    *,
    user: str | int | User,
    role: str,
    org: str = "",
    area: str = "",
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    actor: Actor,
) -> Grant:
    """The person holds the role over the organisation (path or code) and area, from now or `valid_from` on.

    The same grant twice is one grant. Conflict where the person could then judge work they did.
    """
    require_area(area)
    hold_tree(shared=True)
    path = path_of(org)
    require_admin(actor, org=path, area=area)
    held_role, person = locked_role(role), locked_person(user)
    since = valid_from or clock.now()  # Once the person is ours: a grant made while we waited has then begun.
    wanted = Grant(user=person, role=held_role, org=path, area=area, valid_from=since, valid_until=valid_until)
    return give(wanted, actor=actor)


def give(wanted: Grant, *, actor: Actor) -> Grant:
    """The grant is in force if the rules allow it; its person must be locked and the tree held."""
    person, since = wanted.user, wanted.valid_from
    if wanted.valid_until is not None and wanted.valid_until <= since:
        raise Invalid("accounts.ends_before_it_begins")
    if actor.user_id == person.pk:
        raise Forbidden("accounts.grants_to_self")
    wanted.valid_until = within_contract(person.organisation, since, wanted.valid_until)
    same = person.grants.in_force(since).filter(
        role=wanted.role, org=wanted.org, area=wanted.area, valid_until=wanted.valid_until, post=wanted.post
    )
    if found := same.first():
        return found
    facts = named_facts(wanted)
    clashes = conflicts([*map(named_facts, _held(person, since)), facts])
    _refuse_clash([clash for clash in clashes if facts in (clash.first, clash.second)])
    wanted.granted_by = actor.key
    wanted.save()
    _record_grant("accounts.granted.v1", wanted, actor)
    return wanted


@transaction.atomic
def revoke(grant_id: int, *, actor: Actor) -> Grant:
    """From this moment the grant gives nothing; it stays on record with who ended it."""
    found = Grant.objects.select_for_update(of=("self",)).select_related("role").filter(pk=grant_id).first()
    if found is None:
        raise NotFound("accounts.no_such_grant", grant_id=grant_id)
    require_admin(actor, org=found.org, area=found.area)
    return end_grant(found, actor=actor)


def end_grant(found: Grant, *, actor: Actor, when: datetime | None = None) -> Grant:
    """The grant gives nothing from `when` on (now without it); one that is over by then stays as it was."""
    at = max(when or clock.now(), clock.now())
    if found.valid_until is not None and found.valid_until <= at:
        return found
    found.valid_from, found.valid_until = min(found.valid_from, at), at
    found.revoked_by = actor.key
    found.save(update_fields=["valid_from", "valid_until", "revoked_by"])
    _record_grant("accounts.revoked.v1", found, actor)
    return found


def locked_role(code: str) -> Role:
    """The role of that code, locked; NotFound where there is none in use."""
    found = Role.objects.select_for_update().filter(code=code, retired=False).first()
    if found is None:
        raise NotFound("accounts.no_such_role", code=code)
    return found


def locked_person(user: str | int | User) -> User:
    """The account, named by its user name or number, locked."""
    key = {"username": user} if isinstance(user, str) else {"pk": user.pk if isinstance(user, User) else user}
    found = User.objects.select_for_update(of=("self",)).select_related("organisation").filter(**key).first()
    if found is None:
        raise NotFound("accounts.no_such_person", user_id=str(user))
    return found


def _refuse_clash(clashes: list[Clash]) -> None:
    if clashes:
        raise Conflict(clashes[0].code, first=clashes[0].first.role, second=clashes[0].second.role)


def within_contract(home: Organisation | None, since: datetime, until: datetime | None) -> datetime | None:
    """The end of a grant to somebody of this organisation: a contractor's people hold nothing beyond its contract."""
    if home is None:
        return until
    parts = home.path.split(".")
    above = [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    contractor = Organisation.objects.filter(path__in=above, kind=Kind.CONTRACTOR).order_by("-path").first()
    if contractor is None:
        return until
    contract = contractor.contracts.filter(valid_from__lte=since, valid_until__gt=since).first()
    if contract is None:
        raise Conflict("accounts.no_contract", name=pick(contractor.names))
    return contract.valid_until if until is None else min(until, contract.valid_until)


def _refuse_new_clashes(role: Role) -> None:
    at = clock.now()
    holders = User.objects.select_for_update(of=("self",)).filter(
        pk__in=Grant.objects.not_over(at).filter(role=role).values("user")
    )
    for person in holders.order_by("pk"):
        held = {id(facts := named_facts(row)): (facts, row.role_id) for row in _held(person, at)}
        clashes = conflicts(facts for facts, _role in held.values())
        _refuse_clash([c for c in clashes if role.pk in (held[id(c.first)][1], held[id(c.second)][1])])


def _held(person: User, at: datetime) -> QuerySet[Grant]:
    return person.grants.not_over(at).select_related("role", "post__organisation")


def _record_role(role: Role, before: list[str], actor: Actor) -> None:
    now, then = set(role.permissions), set(before)
    news = RoleNews(role.code, tuple(role.permissions), tuple(sorted(now - then)), tuple(sorted(then - now)))
    record("accounts.role_changed.v1", subject=f"role:{role.code}", actor=actor, data=news)


def _record_grant(kind: str, made: Grant, actor: Actor) -> None:
    until = made.valid_until.isoformat() if made.valid_until else ""
    news = GrantNews(made.pk, made.user_id, made.role.code, made.org, made.area, made.valid_from.isoformat(), until)
    record(
        kind, subject=f"user:{made.user_id}", actor=actor, org=made.org, area=made.area, data=news, user_id=made.user_id
    )
