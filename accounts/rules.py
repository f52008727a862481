"""What grants mean together, and which grants one person must never hold together. Pure.

Separation of duties (domain.md section 6, APL art. 66's spirit): whoever did the work never judges it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from core.scope import Duty, Ground, under

CODE = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}\Z")
AREA_PATH = re.compile(r"^(\d{2,12}(\.\d{2,12})*)?\Z")
RIGHTS = frozenset(
    {
        "case.see",
        "case.report",
        "feed.read",
        "wall.see",
        "camera.see",
        "device.see",
        "person.see",
        "person.unmask",
        "person.hold",
        "person.erase",
        "score.see",
        "audit.see",
        "component.edit",
        "component.propose",
        "register.see",
        "register.keep",
        "alarm.see",
        "alarm.handle",
        "dossier.see",
        "dossier.handle",
        "dossier.review",
        "dossier.decide",
        "admin",
    }  # fmt: skip
)
PERMISSIONS = frozenset(str(duty) for duty in Duty) | RIGHTS

INCOMPATIBLE: tuple[tuple[str, str, str], ...] = (
    (Duty.HANDLE, Duty.SUPERVISE, "accounts.handles_and_supervises"),
    (Duty.DESK, Duty.SUPERVISE, "accounts.desk_and_supervises"),
    (Duty.HANDLE, Duty.EVALUATE, "accounts.handles_and_evaluates"),
    (Duty.DESK, Duty.EVALUATE, "accounts.desk_and_evaluates"),
)


@dataclass(frozen=True)
class GrantFacts:
    """What a rule needs to know of a grant; `until` is None for a grant without an end."""

    role: str
    permissions: frozenset[str]
    ground: Ground
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Clash:
    """Two grants that one person must not hold together, with the code of the sentence that says why."""

    code: str
    first: GrantFacts
    second: GrantFacts


def overlap(a: str, b: str) -> bool:
    """Whether two subtrees share ground: one lies under the other (an empty path is the whole tree)."""
    return under(a, b) or under(b, a)


def grounds_overlap(a: Ground, b: Ground) -> bool:
    """Whether some case can lie on both grounds; organisation and area limit together."""
    return overlap(a.org, b.org) and overlap(a.area, b.area)


def times_overlap(a: GrantFacts, b: GrantFacts) -> bool:
    """Whether both grants are in force at some moment; an end is exclusive."""
    return (a.until is None or b.since < a.until) and (b.until is None or a.since < b.until)


def conflicts(grants: Iterable[GrantFacts]) -> list[Clash]:
    """Every pair (a grant with itself too) that would let somebody judge work they did."""
    held = list(grants)
    found = []
    for index, first in enumerate(held):
        for second in held[index:]:
            found += [Clash(code, first, second) for code in _clashing(first, second)]
    return found


def _clashing(first: GrantFacts, second: GrantFacts) -> list[str]:
    if not (grounds_overlap(first.ground, second.ground) and times_overlap(first, second)):
        return []
    return [
        code
        for one, other, code in INCOMPATIBLE
        if (one in first.permissions and other in second.permissions)
        or (one in second.permissions and other in first.permissions)
    ]


def rights_of(grants: Iterable[GrantFacts], at: datetime) -> dict[str, tuple[Ground, ...]]:
    """Every right that the grants in force give, with its grounds, widest first and without those inside others."""
    found: dict[str, list[Ground]] = {}
    for grant in grants:
        if grant.since > at or (grant.until is not None and grant.until <= at):
            continue
        for permission in grant.permissions:
            found.setdefault(permission, []).append(grant.ground)
    return {right: _widest(grounds) for right, grounds in sorted(found.items())}


def _widest(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    kept: list[Ground] = []
    for ground in sorted(set(grounds), key=lambda g: (len(g.org) + len(g.area), g.org, g.area)):
        if not any(_inside(ground, wide) for wide in kept):
            kept.append(ground)
    return tuple(kept)


def _inside(inner: Ground, outer: Ground) -> bool:
    """Whether everything `inner` covers is covered by `outer`; a city-wide area also covers the unlocated."""
    return under(inner.org, outer.org) and under(inner.area, outer.area)


def unknown_permissions(permissions: Iterable[str]) -> list[str]:
    """Those that no part of the platform asks for: most likely a slip of the pen."""
    return sorted(set(permissions) - PERMISSIONS)


def child_level_allowed(parent: str, child: str) -> bool:
    """Whether an organisation of level `child` may stand under one of level `parent`: never higher than it."""
    order = ("city", "district", "street", "community")
    return order.index(child) >= order.index(parent)


def area_allowed(parent: str, child: str) -> bool:
    """Whether an organisation may serve `child` under one that serves `parent`: the same ground or part of it."""
    return under(child, parent)


def model_refusal(model: Mapping[str, tuple[str, ...]], kind: str, level: str) -> str:
    """The code of why an organisation of this kind may not stand at this level; "" when it may.

    `model` says for each kind at which levels it may stand (pack section `organisation_model`); an empty model
    allows everything, because no pack has spoken yet.
    """
    if not model:
        return ""
    if kind not in model:
        return "accounts.unknown_kind"
    return "" if level in model[kind] else "accounts.kind_not_at_level"


BROWSERS = (
    ("MicroMessenger", "WeChat"), ("DingTalk", "DingTalk"), ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"),
    ("HeadlessChrome", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"), ("python", "Python"),
)  # fmt: skip
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(agent: str) -> tuple[str, str]:
    """The browser and the system that a User-Agent header speaks of; "" for what it does not say."""
    browser = next((name for mark, name in BROWSERS if mark.lower() in agent.lower()), "")
    system = next((name for mark, name in SYSTEMS if mark.lower() in agent.lower()), "")
    return browser, system


DISPLAYING = frozenset({"wall.see", "feed.read", "case.see", "camera.see", "score.see"})


def is_display(rights: Iterable[str]) -> bool:
    """Whether an account only hangs on a wall: it looks, changes nothing, and nobody touches its keys for days."""
    held = set(rights)
    return "wall.see" in held and held <= DISPLAYING


@dataclass(frozen=True)
class PasswordProfile:
    """What is asked of passwords and sessions; 0 asks nothing. Which profile is in force is a setting."""

    code: str
    min_length: int
    classes: int = 0
    history: int = 0
    days: int = 0
    warn_days: int = 0
    idle_minutes: int = 0
    failures: int = 5
    lock_minutes: int = 30


@dataclass(frozen=True)
class PasswordFault:
    """Why a password is refused: the code of a sentence and its parameters."""

    code: str
    params: Mapping[str, object]


def password_faults(password: str, profile: PasswordProfile) -> list[PasswordFault]:
    """Everything the profile has against this password, but for its history."""
    found = []
    if len(password) < profile.min_length:
        found.append(PasswordFault("accounts.password_short", {"least": profile.min_length}))
    if classes_in(password) < profile.classes:
        found.append(PasswordFault("accounts.password_classes", {"least": profile.classes}))
    return found


def classes_in(password: str) -> int:
    """How many of the four classes it draws on: capital letters, small letters, digits, everything else."""
    other = any(not letter.isalnum() for letter in password)
    return sum((
        any(letter.isupper() for letter in password),
        any(letter.isalpha() and not letter.isupper() for letter in password),
        any(letter.isdigit() for letter in password),
        other,
    ))  # fmt: skip


def password_ends(set_at: datetime, profile: PasswordProfile) -> datetime | None:
    """When a password set then must be changed; None where the profile lets it stay."""
    return set_at + timedelta(days=profile.days) if profile.days else None


def rebased(path: str, old: str, new: str) -> str:
    """The path after the subtree `old` came to stand at `new`; paths elsewhere stay."""
    return new + path[len(old) :] if old and under(path, old) else path


def place_under(parent: str, code: str) -> str:
    """The path of an organisation below a parent's path ("" for a root)."""
    return f"{parent}.{code}" if parent else code


def move_refusal(path: str, parent: str) -> str:
    """The code of why a subtree may not go under a parent; "" when it may. An organisation never stands below itself.

    `path` is where it stands, `parent` the path of the new parent.
    """
    code = path.rpartition(".")[2]
    if parent and under(parent, path):
        return "accounts.moves_below_itself"
    if place_under(parent, code) == path:
        return "accounts.stands_there_already"
    return ""


def reach(org: str, before: str, after: str) -> str:
    """What a move of a subtree does to a ground that was granted over `org`: "gains" it, "loses" it, or "".

    What lies inside the subtree moves along with it; what is granted everywhere sees no difference.
    """
    if not org or under(org, before):
        return ""
    held, holds = under(before, org), under(after, org)
    return "" if held == holds else "gains" if holds else "loses"


def bound_by_default(permissions: Iterable[str]) -> bool:
    """Whether a post of such a role is limited to what its organisation has: those who work, not those who direct."""
    return bool({Duty.HANDLE, Duty.DESK} & set(permissions))


PHONE = re.compile(r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\d{3,8})\Z")
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+\Z")
USERNAME = re.compile(r"^[\w.@+-]{1,60}\Z")


def phone_of(text: str) -> str | None:
    """A mobile, a fixed line with its area code, or an internal number, without blanks; None for anything else.

    A country code +86 is taken off, because spreadsheets carry it for some rows and not for others.
    """
    plain = re.sub(r"[\s()（）]", "", str(text))
    plain = re.sub(r"^(\+86|0086)-?", "", plain)
    mobile = plain.replace("-", "")
    if mobile.isascii() and re.match(r"^1[3-9]\d{9}\Z", mobile):
        return mobile
    return plain if plain.isascii() and PHONE.match(plain) else None


def monday_of(day: date) -> date:
    """The first day of the week that a day lies in."""
    return day - timedelta(days=day.weekday())


def hours_of(day: date, begins: time, ends: time, zone: tzinfo) -> tuple[datetime, datetime]:
    """When a shift of a day begins and ends; one that ends before it begins ends the next morning."""
    last = day if ends > begins else day + timedelta(days=1)
    return datetime.combine(day, begins, zone), datetime.combine(last, ends, zone)


@dataclass(frozen=True)
class Turn:
    """Somebody's shift: who, on which day, which shift, from when until when."""

    who: int
    day: date
    shift: str
    begins_at: datetime
    ends_at: datetime


def overlapping(turns: Iterable[Turn]) -> list[tuple[Turn, Turn]]:
    """Pairs of one person's turns that are at one time, each turn against the one before it; ends are exclusive."""
    ordered = sorted(turns, key=lambda turn: (turn.who, turn.begins_at, turn.ends_at))
    found: list[tuple[Turn, Turn]] = []
    latest: Turn | None = None
    for turn in ordered:
        if latest is None or latest.who != turn.who:
            latest = turn
            continue
        if turn.begins_at < latest.ends_at:
            found.append((latest, turn))
        latest = max(latest, turn, key=lambda one: one.ends_at)
    return found
