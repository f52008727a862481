"""What evaluation tells the other apps, and the words it uses."""

from dataclasses import dataclass

from journal.contracts import BY_AREA, BY_ORG, register_kind


@dataclass(frozen=True)
class MarkNews:
    """A closed case has been marked. `score` has one decimal; times are ISO 8601; no personal data."""

    number: str
    organisation: str
    district: str
    scheme: str
    score: float
    level: str
    handled_on_time: bool
    closed_on_time: bool
    reworks: int
    closed_at: str


@dataclass(frozen=True)
class MarkWithdrawn:
    """The mark of a case no longer counts, because the case was reopened."""

    number: str
    organisation: str
    district: str


MARKED = "evaluation.marked.v1"
WITHDRAWN = "evaluation.withdrawn.v1"
register_kind(MARKED, MarkNews, audience=BY_AREA | BY_ORG)
register_kind(WITHDRAWN, MarkWithdrawn, audience=BY_AREA | BY_ORG)
