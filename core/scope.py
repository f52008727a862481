"""Who may do what, and on which ground: the one rule that objects, querysets and feeds share.

A path is a chain of codes joined by dots (`449900.449901.449901001`); *under* means equal, or prefix plus a dot.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Duty(StrEnum):
    """What a person is there for. Command is split by level, so that a table of steps can name the level."""

    COLLECT = "collect"
    ACCEPT = "accept"
    SUPERVISE = "supervise"
    COMMAND_CITY = "command.city"
    COMMAND_DISTRICT = "command.district"
    DESK = "desk"
    HANDLE = "handle"
    EVALUATE = "evaluate"


def under(path: str, root: str) -> bool:
    """Whether `path` is `root` or lies below it; everything is under the empty root."""
    return not root or path == root or path.startswith(root + ".")


@dataclass(frozen=True, slots=True)
class Ground:
    """A subtree of organisations and a subtree of areas; an empty path does not limit."""

    org: str = ""
    area: str = ""

    def covers(self, org: str, area: str) -> bool:
        """Whether a thing of this organisation in this area lies on the ground.

        A thing without an area (an unlocated case) belongs to the city centre: only grounds of the whole city
        (no area, or a path of one code) cover it.
        """
        here = under(area, self.area) or (not area and "." not in self.area)
        return here and under(org, self.org)


EVERYWHERE = (Ground(),)


@dataclass(frozen=True, slots=True)
class Scope:
    """The grounds on which one right holds; an empty scope is false and covers nothing."""

    grounds: tuple[Ground, ...] = ()

    def covers(self, org: str, area: str) -> bool:
        """Whether any of the grounds covers the thing."""
        return any(ground.covers(org, area) for ground in self.grounds)

    def __bool__(self) -> bool:
        return bool(self.grounds)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person or a machine, with every right they hold and the grounds it holds on.

    `org` is the path of the organisation that a person works for, `level` the level of it.
    """

    key: str
    label: str
    rights: Mapping[str, tuple[Ground, ...]] = field(hash=False)
    user_id: int | None = None
    org: str = ""
    level: str = ""

    def scope(self, right: str) -> Scope:
        """The grounds on which the actor holds the right."""
        return Scope(tuple(self.rights.get(right, ())))

    def holds(self, right: str) -> bool:
        """Whether the actor holds the right anywhere at all."""
        return bool(self.rights.get(right))

    def may(self, right: str, *, org: str = "", area: str = "") -> bool:
        """Whether the actor holds the right over a thing of this organisation in this area."""
        return self.scope(right).covers(org, area)

    def areas(self) -> tuple[str, ...]:
        """The area paths beneath which the actor holds any right at all, shortest cover first; ("",) is everywhere."""
        held = sorted({ground.area for grounds in self.rights.values() for ground in grounds}, key=len)
        cover: list[str] = []
        for area in held:
            if not any(under(area, root) for root in cover):
                cover.append(area)
        return tuple(cover)

    def duties(self, org: str = "", area: str = "") -> frozenset[Duty]:
        """The duties the actor has over a thing of this organisation in this area."""
        return frozenset(duty for duty in Duty if self.may(duty, org=org, area=area))


NOBODY = Actor(key="nobody", label="", rights={})


def machine(key: str, *rights: str, label: str = "") -> Actor:
    """A machine that holds these rights everywhere: machines are actors too."""
    return Actor(key=key, label=label or key, rights={str(right): EVERYWHERE for right in rights})
