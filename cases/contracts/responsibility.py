"""Rules of responsibility: what the journal tells of the special ones and of the city's own general ones."""

from dataclasses import dataclass

OVERRIDDEN = "responsibility.overridden.v1"
OVERRIDE_ENDED = "responsibility.override_ended.v1"


@dataclass(frozen=True)
class OverrideNews:
    """A special rule for a class in an area began or ended; `moved` of `replayed` cases would have gone elsewhere."""

    override_id: int
    category: str
    area: str
    before: dict[str, str]
    after: dict[str, str]
    valid_from: str
    valid_until: str
    reason: str
    replayed: int
    moved: int


GENERAL_CHANGED = "responsibility.general_changed.v1"
GENERAL_ENDED = "responsibility.general_ended.v1"


@dataclass(frozen=True)
class GeneralRuleNews:
    """The city's own general rule of a duty began or ended, and what counts before and after; as of a special rule."""

    rule_id: int
    duty: str
    before: dict[str, str]
    after: dict[str, str]
    valid_from: str
    valid_until: str
    reason: str
    replayed: int
    moved: int
