"""The past of a component, told from its present and its changes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

TRACKED = (
    "geom", "names", "state", "authority", "owner", "maintainer", "accuracy", "source", "attributes", "cell", "area",
    "survey",
)  # fmt: skip


class Past(NamedTuple):
    """A change as the rules see it; a birth has neither before nor after."""

    version: int
    at: datetime
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def versions(present: Mapping[str, Any], changes: Iterable[Past]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Every version with its number, from the present one (`changes` newest first) back to the birth."""
    state = dict(present)
    number = 1
    for change in changes:
        if change.before is None:
            continue
        yield change.version, state
        number = change.version - 1
        state = {**state, **change.before}
    yield number, state


def as_of(
    present: Mapping[str, Any], changes: Sequence[Past], born: datetime, moment: datetime
) -> Mapping[str, Any] | None:
    """What the register said of the component at a moment; None before it was entered."""
    if moment < born:
        return None
    state = dict(present)
    for change in changes:
        if change.at <= moment or change.before is None:
            break
        state = {**state, **change.before}
    return state


def replayed(first: Mapping[str, Any], changes: Iterable[Past]) -> Mapping[str, Any]:
    """The present as it follows from the first version and its changes, oldest first."""
    state = dict(first)
    for change in changes:
        state = {**state, **(change.after or {})}
    return state


def fields_of(before: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The fields that a change touched, in the order of the register; what it came with is no field."""
    return tuple(name for name in TRACKED[:-1] if name in (before or {}))
