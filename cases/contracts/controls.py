"""Control areas 管控区: what is asked for an area and a time, how far it has come, and what the journal tells of it."""

from dataclasses import dataclass
from enum import StrEnum

from journal.contracts import BY_AREA, register_kind


class ControlState(StrEnum):
    """How far a control area has come; an approved one holds from its beginning to its end."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class ControlNews:
    """A control area of so many cells was asked for, decided on, withdrawn or ended; without `classes` it is for all.

    `grade` is the management grade that its ground has meanwhile (0: as the map says), `blocks` whether its classes
    are not registered there. Moments are ISO 8601 in UTC, `valid_until` is "" for good.
    """

    control: int
    state: str
    cells: int
    classes: list[str]
    grade: int
    blocks: bool
    valid_from: str
    valid_until: str


CONTROL_ASKED = "control_area.asked.v1"
CONTROL_DECIDED = "control_area.decided.v1"
CONTROL_WITHDRAWN = "control_area.withdrawn.v1"
CONTROL_ENDED = "control_area.ended.v1"
for _kind in (CONTROL_ASKED, CONTROL_DECIDED, CONTROL_WITHDRAWN, CONTROL_ENDED):
    register_kind(_kind, ControlNews, BY_AREA)
