"""The city's limits by the grade of the ground, as the journal tells of them."""

from dataclasses import dataclass

from journal.contracts import BY_AREA, register_kind


@dataclass(frozen=True)
class GradesNews:
    """The shares of the grades are others now; `changed` of `replayed` cases would have had another limit."""

    before: dict[str, float]
    after: dict[str, float]
    reason: str
    replayed: int
    changed: int


GRADES_CHANGED = "grades.changed.v1"
register_kind(GRADES_CHANGED, GradesNews, BY_AREA)
