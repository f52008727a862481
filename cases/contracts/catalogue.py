"""What the journal tells of the catalogue and of the matrix: classes and special rules that changed."""

from dataclasses import dataclass

from journal.contracts import BY_AREA, register_kind

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


CLASS_CHANGED = "class.changed.v1"
CLASS_WITHDRAWN = "class.withdrawn.v1"
CLASS_SWITCHED = "class.switched.v1"


@dataclass(frozen=True)
class ClassNews:
    """A version of a class was made, or one to come was withdrawn; `what` is add, change, retire or revive."""

    code: str
    version: int
    what: str
    fields: list[str]
    valid_from: str
    reason: str


@dataclass(frozen=True)
class SwitchNews:
    """New cases may, or may no longer, be of a class."""

    code: str
    enabled: bool
    reason: str


register_kind(OVERRIDDEN, OverrideNews, BY_AREA)
register_kind(OVERRIDE_ENDED, OverrideNews, BY_AREA)
register_kind(CLASS_CHANGED, ClassNews, BY_AREA)
register_kind(CLASS_WITHDRAWN, ClassNews, BY_AREA)
register_kind(CLASS_SWITCHED, SwitchNews, BY_AREA)
