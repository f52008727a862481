"""The public words of accounts: levels, kinds of organisation, people, and the entries it records."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from journal.contracts import BY_AREA, PERSONAL, register_kind


class Level(StrEnum):
    """The four levels that are linked (四级联动); a department stands at the level it serves."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class Kind(StrEnum):
    """What an organisation is; the organisation model of a pack may allow further ones per level."""

    CENTRE = "centre"
    DISTRICT_CENTRE = "district_centre"
    STREET_OFFICE = "street_office"
    COMMUNITY_OFFICE = "community_office"
    DEPARTMENT = "department"
    COMPANY = "company"
    CONTRACTOR = "contractor"


class PlannedAct(StrEnum):
    """What may be planned for an organisation from a date on."""

    MOVE = "move"
    CLOSE = "close"


class PlanState(StrEnum):
    """How far a plan has come; all but the first are ends."""

    PLANNED = "planned"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Person:
    """Somebody who may be asked to do something; `org` is the path of their organisation ("" without one)."""

    user_id: int
    key: str
    label: str
    org: str


@dataclass(frozen=True)
class OrganisationNews:
    """An organisation came to be, or changed: its words, never its people."""

    code: str
    kind: str
    level: str
    path: str
    active: bool


@dataclass(frozen=True)
class OrganisationMoved:
    """An organisation stands elsewhere in the tree, with all below it and the grants over them."""

    code: str
    before: str
    after: str
    organisations: int
    grants: int


@dataclass(frozen=True)
class OrganisationClosed:
    """An organisation and all below it are out of use; its posts and the grants over it have ended."""

    code: str
    path: str
    organisations: int
    grants: int


@dataclass(frozen=True)
class PlanNews:
    """A move or closing is planned, cancelled, or could not be carried out; times are ISO 8601."""

    code: str
    act: str
    parent: str
    starts: str
    refusal: str


@dataclass(frozen=True)
class PostNews:
    """A post came to be, or changed."""

    code: str
    organisation: str
    role: str
    area: str
    active: bool


@dataclass(frozen=True)
class RosterNews:
    """The roster of an organisation for a week changed: how many shifts were added and removed."""

    organisation: str
    week: str
    added: int
    removed: int


@dataclass(frozen=True)
class ContractNews:
    """A contractor works for the city from one moment until another (ISO 8601); `grants` were given a new end."""

    organisation: str
    contract: int
    valid_from: str
    valid_until: str
    grants: int


@dataclass(frozen=True)
class CrewNews:
    """A crew came to be or changed; with who belongs to it."""

    code: str
    organisation: str
    active: bool
    members: tuple[int, ...]


@dataclass(frozen=True)
class InvitedNews:
    """Somebody was given a link to set a password with."""

    user_id: int


@dataclass(frozen=True)
class PersonNews:
    """An account came to be, or changed; who it is stays in the table (no names in the journal)."""

    user_id: int
    organisation: str
    active: bool


@dataclass(frozen=True)
class GrantNews:
    """A role was given or taken over a ground; times are ISO 8601, "" without an end."""

    grant_id: int
    user_id: int
    role: str
    org: str
    area: str
    valid_from: str
    valid_until: str


@dataclass(frozen=True)
class RoleNews:
    """What a role may do changed; `added` and `removed` compare with the version before."""

    code: str
    permissions: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class RoleFactorNews:
    """Whoever holds the role needs a second factor from now on, or does not any more."""

    code: str
    required: bool


@dataclass(frozen=True)
class SignInNews:
    """Somebody signed in; kept for the log that the law asks for."""

    user_id: int
    method: str


@dataclass(frozen=True)
class KeyNews:
    """A key for programs was made or ended; neither its text nor its digest, ever."""

    key_id: int
    user_id: int
    valid_until: str


@dataclass(frozen=True)
class SessionsNews:
    """Sessions of somebody were ended before their time; `why` is one of switched_off, everywhere, one, password."""

    user_id: int
    ended: int
    why: str


@dataclass(frozen=True)
class PasswordNews:
    """Somebody has another password: changed (by themselves), given (by an administrator) or recovered (by mail)."""

    user_id: int
    how: str


@dataclass(frozen=True)
class LockNews:
    """Too many wrong passwords: nobody signs in to the account until then; "" when it was unlocked."""

    user_id: int
    until: str


register_kind("accounts.organisation_created.v1", OrganisationNews, BY_AREA)
register_kind("accounts.organisation_changed.v1", OrganisationNews, BY_AREA)
register_kind("accounts.organisation_moved.v1", OrganisationMoved, BY_AREA)
register_kind("accounts.organisation_closed.v1", OrganisationClosed, BY_AREA)
register_kind("accounts.plan_made.v1", PlanNews, BY_AREA)
register_kind("accounts.plan_cancelled.v1", PlanNews, BY_AREA)
register_kind("accounts.plan_refused.v1", PlanNews, BY_AREA)
register_kind("accounts.post_created.v1", PostNews, BY_AREA)
register_kind("accounts.post_changed.v1", PostNews, BY_AREA)
register_kind("accounts.roster_changed.v1", RosterNews, BY_AREA)
register_kind("accounts.contract_set.v1", ContractNews, BY_AREA)
register_kind("accounts.crew_changed.v1", CrewNews, BY_AREA)
register_kind("accounts.invited.v1", InvitedNews, PERSONAL)
register_kind("accounts.person_created.v1", PersonNews, PERSONAL)
register_kind("accounts.person_changed.v1", PersonNews, PERSONAL)
register_kind("accounts.granted.v1", GrantNews, PERSONAL)
register_kind("accounts.revoked.v1", GrantNews, PERSONAL)
register_kind("accounts.role_changed.v1", RoleNews, BY_AREA)
register_kind("accounts.role_factor_changed.v1", RoleFactorNews, BY_AREA)
register_kind("accounts.signed_in.v1", SignInNews, PERSONAL)
register_kind("accounts.key_made.v1", KeyNews, PERSONAL)
register_kind("accounts.key_ended.v1", KeyNews, PERSONAL)
register_kind("accounts.sessions_ended.v1", SessionsNews, PERSONAL)
register_kind("accounts.password_changed.v1", PasswordNews, PERSONAL)
register_kind("accounts.locked.v1", LockNews, PERSONAL)
register_kind("accounts.unlocked.v1", LockNews, PERSONAL)


class Stake(NamedTuple):
    """Something that stands under a path of organisations in an app above: counted in previews.

    Where it `hinders`, an organisation is not closed while there is any of it.
    """

    code: str
    names: Mapping[str, str]
    count: Callable[[str], int]
    hinders: bool = False


_stakes: dict[str, Stake] = {}
_open = True


def register_stake(stake: Stake) -> None:
    """Previews of moves and closings count this from now on; apps plug in from their reactions.py."""
    if not _open:
        raise RuntimeError(f"{stake.code}: plugged in after Django has started; register it in reactions.py")
    if stake.code in _stakes:
        raise ValueError(f"{stake.code}: two stakes of one code")
    _stakes[stake.code] = stake


def stakes() -> tuple[Stake, ...]:
    """Every stake, by code."""
    return tuple(stake for _code, stake in sorted(_stakes.items()))


def close_stakes() -> None:
    """Nothing more may be plugged in: Django has started."""
    globals()["_open"] = False


@contextmanager
def stakes_reopened() -> Iterator[None]:
    """For tests: stakes are taken inside, and forgotten afterwards."""
    kept = dict(_stakes)
    globals()["_open"] = True
    try:
        yield
    finally:
        globals()["_open"] = False
        _stakes.clear()
        _stakes.update(kept)
