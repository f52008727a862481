"""What the journal tells of the catalogue: classes that changed."""

from dataclasses import dataclass

from journal.contracts import BY_AREA, register_kind

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


register_kind(CLASS_CHANGED, ClassNews, BY_AREA)
register_kind(CLASS_WITHDRAWN, ClassNews, BY_AREA)
register_kind(CLASS_SWITCHED, SwitchNews, BY_AREA)
