"""What an entry may hold, which feeds it goes to, and who may read them. Pure."""

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import timedelta
from enum import Enum
from functools import cache
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from core.scope import Actor, Ground
from journal.contracts import BY_AREA, BY_ORG, GLOBAL_FEED, PERSONAL, RESTRICTED, Audience, Kind

READ_RIGHT = "feed.read"
RESTRICTED_RIGHT = "person.see"
RESTRICTED_SUFFIX = ":restricted"
MAX_ATTEMPTS = 5
_BACKOFF_SECONDS = (1, 2, 4, 8)


def backoff(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts."""
    return timedelta(seconds=_BACKOFF_SECONDS[min(attempts, len(_BACKOFF_SECONDS)) - 1])


def scopes_of(
    audience: Audience, *, org: str, area: str, user_id: int | None, user_ids: Iterable[int] = ()
) -> list[str]:
    """The feeds an entry is placed in, sorted, without doubles."""
    found = set()
    if audience & BY_AREA:
        found.add("city")
        found.update(f"d:{code}" for code in area.split(".")[1:2])
    if audience & BY_ORG and org:
        parts = org.split(".")
        found.update(f"dept:{code}" for code in parts[1:] or parts)
    if audience & PERSONAL:
        found.update(f"user:{one}" for one in (user_id, *user_ids) if one is not None)
    suffix = RESTRICTED_SUFFIX if audience & RESTRICTED else ""
    return sorted(scope + suffix for scope in found)


def _opens(ground: Ground, scope: str) -> bool:
    """Whether a ground covers everything that is told in a feed.

    A feed is read whole or not at all, so a ground opens one only when it covers all of it: a street does not open
    its district.
    """
    citywide = not ground.org and "." not in ground.area
    if scope == "city" or citywide:
        return citywide
    name, _, code = scope.partition(":")
    if name == "d":
        parts = ground.area.split(".")
        return not ground.org and len(parts) == 2 and parts[1] == code
    return name == "dept" and not ground.area and ground.org.rpartition(".")[2] == code


def may_read(actor: Actor, scope: str) -> bool:
    """Whether the actor may read all of a feed."""
    plain = scope.removesuffix(RESTRICTED_SUFFIX)
    if plain.startswith("user:"):
        return actor.user_id is not None and plain == f"user:{actor.user_id}"
    if plain != "city" and not plain.startswith(("d:", "dept:")):
        return False
    needed = (READ_RIGHT, RESTRICTED_RIGHT) if scope != plain else (READ_RIGHT,)
    return all(any(_opens(ground, plain) for ground in actor.scope(right).grounds) for right in needed)


def own_scopes(actor: Actor, known: Iterable[str]) -> list[str]:
    """Every feed the actor may read: those their grants name, and of the known ones all that they open."""
    named = {"city", *(scope for scope in known if not scope.startswith("user:"))}
    for ground in actor.scope(READ_RIGHT).grounds:
        named.update(f"d:{code}" for code in ground.area.split(".")[1:2])
        named.add(f"dept:{ground.org.rpartition('.')[2]}")
    if actor.user_id is not None:
        named.add(f"user:{actor.user_id}")
    return sorted(scope for scope in named - {"dept:", GLOBAL_FEED} if may_read(actor, scope))


@cache
def _hints(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape)


def plain(value: Any) -> Any:
    """The value as JSON: dataclasses become objects, enums their values, tuples lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(key): plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [plain(held) for held in value]
    return value


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is what its annotation says; only what JSON can hold ever fits."""
    if hint is Any:
        return isinstance(value, str | int | float | bool | list | tuple | Mapping | type(None))
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return any(fits(value, one) for one in inner)
    if origin is Literal:
        return value in inner
    if origin is not None:
        return _container_fits(value, origin, inner)
    if is_dataclass(hint):
        return type(value) is hint and not misfits(value)
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return (
        hint in _PLAIN_TYPES
        and isinstance(value, hint)
        or (isinstance(hint, type) and issubclass(hint, Enum) and isinstance(value, hint))
    )


_PLAIN_TYPES = (str, bool, type(None), dict, list, tuple)


def _container_fits(value: Any, origin: Any, inner: tuple[Any, ...]) -> bool:
    if issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(fits(k, inner[0]) and fits(v, inner[1]) for k, v in value.items())
    if not issubclass(origin, Sequence) or not isinstance(value, list | tuple):
        return False
    if origin is tuple and inner[-1] is not Ellipsis:
        return len(value) == len(inner) and all(map(fits, value, inner))
    return all(fits(held, inner[0]) for held in value)


def misfits(data: Any) -> list[str]:
    """The fields of a dataclass instance whose values are not what the dataclass says."""
    hints = _hints(data.__class__)
    return [field.name for field in fields(data) if not fits(getattr(data, field.name), hints[field.name])]


def _hint_name(hint: Any) -> str:
    if is_dataclass(hint) and isinstance(hint, type):
        return "{" + ", ".join(f"{name}: {kind}" for name, kind in schema_of(hint).items()) + "}"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "one of " + " ".join(sorted(str(member.value) for member in hint))
    if hint is type(None):
        return "None"
    origin, inner = get_origin(hint), get_args(hint)
    if origin is None:
        return getattr(hint, "__name__", str(hint)) if hint is not Ellipsis else "..."
    if origin in (Union, types.UnionType):
        return " | ".join(_hint_name(one) for one in inner)
    if origin is Literal:
        return "one of " + " ".join(map(str, inner))
    return f"{origin.__name__}[{', '.join(map(_hint_name, inner))}]"


def schema_of(shape: type) -> dict[str, str]:
    """The fields of a dataclass with their types in words: what the snapshot of kinds compares."""
    return {field.name: _hint_name(_hints(shape)[field.name]) for field in fields(shape)}


def snapshot(kinds: Mapping[str, Kind]) -> dict[str, dict[str, Any]]:
    """All kinds as data: audience and fields of each."""
    return {
        name: {
            "audience": sorted(flag.name.lower() for flag in Audience if flag in kind.audience and flag.name),
            "fields": schema_of(kind.shape),
        }
        for name, kind in sorted(kinds.items())
    }


def changed_without_version(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The kinds that kept their name and changed their meaning: each needs a new version instead."""
    return sorted(name for name in before.keys() & now.keys() if before[name] != now[name])


_SAID_ELSEWHERE = frozenset({"verb", "version", "clock", "number", "reason", "before", "after", "late"})


class Change(NamedTuple):
    """A field of an entry that is other than in the entry before it; None where it was not said."""

    field: str
    before: Any
    after: Any


def changes(earlier: Mapping[str, Any] | None, now: Mapping[str, Any]) -> list[Change]:
    """What an entry changed: what it says itself as `before` and `after`, else what differs from the entry before.

    An earlier entry of another shape says nothing about this one.
    """
    before, after = now.get("before"), now.get("after")
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return [Change(key, before.get(key), after.get(key)) for key in _differing(before, after)]
    same = earlier if earlier is not None and earlier.keys() == now.keys() else {}
    kept = {key: value for key, value in now.items() if key not in _SAID_ELSEWHERE and value not in ("", None, [], {})}
    if not same:
        return [Change(key, None, value) for key, value in kept.items()]
    return [Change(key, same[key], now[key]) for key in _differing(same, now) if key not in _SAID_ELSEWHERE]


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [key for key in {**before, **after} if before.get(key) != after.get(key)]
