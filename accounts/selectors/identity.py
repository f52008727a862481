"""Questions about people and organisations: who somebody is, who may do what where, who is responsible."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Count, Q, QuerySet

from accounts.adapters import attempts
from accounts.contracts import Person
from accounts.models import Grant, Key, OpenSession, Organisation, OrganisationKind, Post, Role, User
from accounts.rules import GrantFacts, rights_of
from core import clock
from core.errors import NotFound
from core.languages import pick
from core.scope import NOBODY, Actor, Ground

# Asked on every request, so it is one statement, and one that Django need not compile each time.
ACTING = """
    SELECT coalesce(o.path, ''), coalesce(o.level, ''), r.code,
           CASE WHEN r.retired THEN '[]' ELSE r.permissions::text END,
           g.org, g.area, g.valid_from, g.valid_until
      FROM accounts_user u
      LEFT JOIN accounts_organisation o ON o.id = u.organisation_id
      LEFT JOIN accounts_grant g
        ON g.user_id = u.id AND g.valid_from <= %(at)s AND (g.valid_until IS NULL OR g.valid_until > %(at)s)
      LEFT JOIN accounts_role r ON r.id = g.role_id
     WHERE u.id = %(user)s
"""


# Asked with every registering, and compiled no more often than the other.
SERVING = """
    SELECT * FROM accounts_organisation
     WHERE active AND (area = ANY(%(areas)s) OR code = ANY(%(codes)s)) ORDER BY path
"""


def facts_of(grant: Grant) -> GrantFacts:
    """A grant as the rules see it; a retired role gives nothing."""
    permissions = frozenset() if grant.role.retired else frozenset(grant.role.permissions)
    return GrantFacts(
        role=grant.role.code,
        permissions=permissions,
        ground=Ground(grant.org, grant.area),
        since=grant.valid_from,
        until=grant.valid_until,
    )


def named_facts(grant: Grant) -> GrantFacts:
    """The same, named as people name it: by the post that gives it, else by its role."""
    return replace(facts_of(grant), role=post_title(grant.post) if grant.post else pick(grant.role.names))


def post_title(post: Post) -> str:
    """A post and where it is, in the reader's language."""
    where = pick(post.organisation.names) or post.organisation.code
    return f"{pick(post.names) or post.code} ({where})"


def actor_of(user: object) -> Actor:
    """Who this account acts as now: every right its grants give; NOBODY for the anonymous and the inactive."""
    if not isinstance(user, User) or not user.is_active or user.pk is None:
        return NOBODY
    at = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(ACTING, {"user": user.pk, "at": at})
        rows = cursor.fetchall()
    grants = [
        GrantFacts(role, frozenset(json.loads(permissions)), Ground(org, area), since, until)
        for _home, _level, role, permissions, org, area, since, until in rows
        if role
    ]
    return _actor(user, grants, rows[0][:2] if rows else ("", ""), at)


def _actor(user: User, grants: Iterable[GrantFacts], home: tuple[str, str], at: datetime) -> Actor:
    return Actor(
        key=f"user:{user.pk}",
        label=user.get_full_name(),
        rights=rights_of(grants, at),
        user_id=user.pk,
        org=home[0],
        level=home[1],
    )


def actors(user_ids: Iterable[int]) -> dict[int, Actor]:
    """Who these accounts act as now, in two queries; those that are switched off are not among them."""
    at, ids = clock.now(), set(user_ids)
    held: dict[int, list[GrantFacts]] = {}
    for grant in Grant.objects.in_force(at).filter(user_id__in=ids).select_related("role"):
        held.setdefault(grant.user_id, []).append(facts_of(grant))
    found = User.objects.filter(pk__in=ids, is_active=True).select_related("organisation")
    homes = ((user, user.organisation) for user in found)
    home = {user.pk: (works_for.path, str(works_for.level)) if works_for else ("", "") for user, works_for in homes}
    return {user.pk: _actor(user, held.get(user.pk, ()), home[user.pk], at) for user in found}


def actor_named(username: str) -> Actor:
    """The actor behind an account name; NOBODY where there is none."""
    return actor_of(User.objects.select_related("organisation").filter(username=username).first())


def organisation(code: str) -> Organisation:
    """The organisation of that code; NotFound where there is none."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise NotFound("accounts.no_such_organisation", code=code)
    return found


def organisation_named(code: str) -> dict[str, str]:
    """What an active organisation is called, asked by every page; nothing where there is none of that code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT names::text FROM accounts_organisation WHERE code = %s AND active", [code])
        row = cursor.fetchone()
    return dict(json.loads(row[0])) if row else {}


def organisations(kind: str | None = None, under: str = "", level: str | None = None) -> QuerySet[Organisation]:
    """Active organisations in the order of the tree, below (and with) the path `under`."""
    found = Organisation.objects.filter(active=True)
    if kind is not None:
        found = found.filter(kind=kind)
    if level is not None:
        found = found.filter(level=level)
    if under:
        found = found.filter(Q(path=under) | Q(path__startswith=under + "."))
    return found


def codes_known(codes: Iterable[str], *, in_use: bool = True) -> set[str]:
    """Those of the codes that an organisation has, one in use unless told otherwise."""
    found = organisations() if in_use else Organisation.objects.all()
    return set(found.filter(code__in=set(codes)).values_list("code", flat=True))


def carrying(duty: str, area: str, kind: str | None = None) -> list[Organisation]:
    """Organisations that carry a duty and whose area covers the place, the nearest (deepest area) first."""
    parts = area.split(".") if area else []
    covering = ["", *(".".join(parts[: n + 1]) for n in range(len(parts)))]
    found = organisations(kind).filter(duties__contains=[duty], area__in=covering)
    return sorted(found, key=lambda o: (-len(o.area), len(o.path), o.code))


def serving(area: str, codes: Iterable[str] = ()) -> list[Organisation]:
    """Active organisations whose ground covers the place, and with them those of the codes wherever they serve."""
    parts = area.split(".") if area else []
    covering = [".".join(parts[: n + 1]) for n in range(len(parts))]
    return list(Organisation.objects.raw(SERVING, {"areas": covering, "codes": list(codes)}))


def duties() -> frozenset[str]:
    """Every duty that some active organisation carries."""
    return frozenset(duty for row in organisations().values_list("duties", flat=True) for duty in row)


def _person(user: User) -> Person:
    return Person(user.pk, f"user:{user.pk}", user.get_full_name(), user.organisation.path if user.organisation else "")


def person(user_id: int) -> Person:
    """The person of that id; NotFound where there is none."""
    user = User.objects.select_related("organisation").filter(pk=user_id).first()
    if user is None:
        raise NotFound("accounts.no_such_person", user_id=user_id)
    return _person(user)


def people(user_ids: Iterable[int]) -> dict[int, Person]:
    """Those of the ids that exist, in one query."""
    return {user.pk: _person(user) for user in User.objects.select_related("organisation").filter(pk__in=set(user_ids))}


def people_with(right: str, *, org: str = "", area: str = "") -> list[Person]:
    """Active people whose grants give the right over a thing of this organisation in this area, by name."""
    return people_with_any(right, [(org, area)])


def people_with_any(right: str, things: Collection[tuple[str, str]]) -> list[Person]:
    """The same over some of several things, each an organisation and an area, in one query for all of them."""
    grants = (
        Grant.objects.in_force(clock.now())
        .with_right(str(right))
        .filter(user__is_active=True)
        .select_related("user", "user__organisation")
    )
    found = {
        grant.user_id: grant.user
        for grant in grants
        if any(Ground(grant.org, grant.area).covers(org, area) for org, area in things)
    }
    return sorted((_person(user) for user in found.values()), key=lambda p: (p.label, p.user_id))


def able_people(rights: Collection[str]) -> dict[str, dict[int, str]]:
    """Active people who hold each of the rights somewhere now, with the level of the organisation they work for."""
    found: dict[str, dict[int, str]] = {right: {} for right in rights}
    grants = Grant.objects.in_force(clock.now()).filter(user__is_active=True, role__retired=False)
    named = grants.values_list("user", "user__organisation__level", "role__permissions").order_by()
    for user, level, permissions in named:
        for right in found.keys() & set(permissions):
            found[right][user] = level or ""
    return found


def rights_held() -> frozenset[str]:
    """Every right that some active person holds somewhere, now."""
    grants = Grant.objects.in_force(clock.now()).filter(user__is_active=True, role__retired=False)
    return frozenset(right for held in grants.values_list("role__permissions", flat=True).distinct() for right in held)


def account(actor: Actor) -> User:
    """The account behind an actor; NotFound for machines and for nobody."""
    found = User.objects.select_related("organisation").filter(pk=actor.user_id or 0).first()
    if found is None:
        raise NotFound("accounts.no_such_person", user_id=actor.key)
    return found


def keys_of(actor: Actor) -> QuerySet[Key]:
    """The keys that the actor made and that still open something, newest first."""
    return Key.objects.filter(user_id=actor.user_id or 0, ended_at__isnull=True, valid_until__gt=clock.now())


def keys_held_by(user_id: int) -> int:
    """How many keys of a person open something now."""
    return Key.objects.filter(user_id=user_id, ended_at__isnull=True, valid_until__gt=clock.now()).count()


def role(code: str) -> Role:
    """The role of that code; NotFound where there is none or it is retired."""
    found = Role.objects.filter(code=code, retired=False).first()
    if found is None:
        raise NotFound("accounts.no_such_role", code=code)
    return found


def roles() -> QuerySet[Role]:
    """Roles in use."""
    return Role.objects.filter(retired=False)


def grants_of(user_id: int) -> QuerySet[Grant]:
    """What a person holds or will hold, newest first."""
    found = Grant.objects.not_over(clock.now()).filter(user_id=user_id)
    return found.select_related("role").order_by("-valid_from", "-pk")


def roles_of(pack: str) -> dict[str, Mapping[str, Any]]:
    """The roles a pack brought, retired ones too, as it last wrote them; what the city changed since is its own."""
    return {
        row.code: {"names": row.names, "permissions": sorted(row.permissions), **row.said, "retired": row.retired}
        for row in Role.objects.filter(pack=pack)
    }


def kinds_of(pack: str) -> dict[str, Mapping[str, Any]]:
    """The kinds of organisations a pack brought, retired ones too, as it would write them."""
    return {
        row.code: {"names": row.names, "levels": row.levels, "retired": row.retired}
        for row in OrganisationKind.objects.filter(pack=pack)
    }


def role_names() -> dict[str, Mapping[str, str]]:
    """The names of the roles in use, by code."""
    return dict(roles().values_list("code", "names"))


def people_named(usernames: Iterable[str]) -> dict[str, User]:
    """The active accounts among these names."""
    found = User.objects.filter(username__in=list(usernames), is_active=True).select_related("organisation")
    return {user.username: user for user in found}


def organisation_names(path: str = "", area: str = "") -> Mapping[str, str]:
    """The names of the organisation at a path, or of the highest one that serves exactly an area; empty without one."""
    found = Organisation.objects.filter(path=path) if path else Organisation.objects.filter(area=area)
    return found.values_list("names", flat=True).first() or {}


def sessions_alive(keys: Iterable[str]) -> set[str]:
    """Those of the session keys that still open something, in one query."""
    alive = Session.objects.filter(session_key__in=set(keys), expire_date__gt=clock.now())
    return set(alive.values_list("session_key", flat=True))


def sessions_of(actor: Actor) -> list[OpenSession]:
    """The browsers in which the actor is signed in, the one used last first."""
    rows = list(OpenSession.objects.filter(user_id=actor.user_id or 0))
    alive = sessions_alive(row.key for row in rows)
    return [row for row in rows if row.key in alive]


def locked_until(user_id: int) -> datetime | None:
    """Until when too many wrong passwords keep the account shut; None where they do not."""
    return attempts.account_locked_until(attempts.name_of(user_id, ""))


def account_named(login: str) -> int | None:
    """The account that this user name or e-mail address would sign in to; None where there is none."""
    wanted = login.strip()
    found = User.objects.filter(Q(username__iexact=wanted) | Q(email__iexact=wanted) & ~Q(email=""))
    return found.order_by("pk").values_list("pk", flat=True).first() if wanted else None


def open_keys() -> QuerySet[Key]:
    """Every key in force, whoever made it, newest first."""
    found = Key.objects.filter(ended_at__isnull=True, valid_until__gt=clock.now(), user__is_active=True)
    return found.select_related("user__organisation")


def holders_of(role_id: int) -> QuerySet[Grant]:
    """The grants of a role that are in force, of people who are active, by name."""
    found = Grant.objects.in_force(clock.now()).filter(role_id=role_id, user__is_active=True)
    return found.select_related("user__organisation", "role").order_by("user__label", "user__username", "pk")


def roles_with_holders() -> list[tuple[Role, int]]:
    """The roles in use, each with how many people hold it now."""
    held = dict(
        Grant.objects.in_force(clock.now())
        .filter(user__is_active=True)
        .order_by()
        .values("role")
        .annotate(people=Count("user", distinct=True))
        .values_list("role", "people")
    )
    return [(row, held.get(row.pk, 0)) for row in roles()]


def asks_second_factor(user_id: int) -> bool:
    """Whether a role that the person holds now asks for a second factor."""
    return Grant.objects.in_force(clock.now()).filter(user_id=user_id, role__second_factor=True).exists()


class SignedIn(NamedTuple):
    """Somebody with open sessions, or whose account too many wrong passwords have locked."""

    user: User
    sessions: list[OpenSession]
    locked_until: datetime | None


MOST_SHOWN = 200
LONGEST_LOCK = timedelta(days=1)


def signed_in(actor: Actor, text: str = "") -> list[SignedIn]:
    """Who of those the actor administers is signed in or locked out now; or, asked for by name, all of that name."""
    asked = text.strip()
    found = User.objects.filter(is_active=True).select_related("organisation")
    if asked:
        found = found.filter(Q(username__icontains=asked) | Q(label__icontains=asked))
    else:
        found = found.filter(Q(sessions__isnull=False) | Q(locked_at__gt=clock.now() - LONGEST_LOCK)).distinct()
    mine = [user for user in found.order_by("label", "username")[: MOST_SHOWN * 5] if _administers(actor, user)]
    rows: dict[int, list[OpenSession]] = {}
    for row in OpenSession.objects.filter(user__in=[user.pk for user in mine]):
        rows.setdefault(row.user_id, []).append(row)
    alive = sessions_alive(row.key for held in rows.values() for row in held)
    shown = [SignedIn(user, [row for row in rows.get(user.pk, ()) if row.key in alive], None) for user in mine]
    locks = attempts.accounts_locked(attempts.name_of(user.pk, "") for user in mine if user.locked_at)
    shown = [one._replace(locked_until=locks.get(attempts.name_of(one.user.pk, ""))) for one in shown]
    return [one for one in shown if asked or one.sessions or one.locked_until][:MOST_SHOWN]


def _administers(actor: Actor, user: User) -> bool:
    home = user.organisation
    return actor.may("admin", org=home.path if home else "", area=home.area if home else "")
