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


@dataclass(frozen=True)
class SchemeChanged:
    """A scheme has a new version, which counts from a day on (ISO 8601); why stands in the table."""

    scheme: str
    version: int
    valid_from: str


@dataclass(frozen=True)
class PointsGiven:
    """A line of a board was given points for what nobody can count; why and by whom stands in the table."""

    scheme: str
    level: str
    key: str
    component: str
    points: float
    since: str
    until: str


@dataclass(frozen=True)
class PublishedNews:
    """A period was published, from its first to its last day (ISO 8601), within a region or ("") the city."""

    publication: int
    scheme: str
    level: str
    within: str
    since: str
    last: str


@dataclass(frozen=True)
class AppealNews:
    """A case was appealed, or an appeal decided or withdrawn (`state`); the words stand in the table."""

    appeal: int
    number: str
    state: str


SCHEME_CHANGED = "evaluation.scheme_changed.v1"
POINTS_GIVEN = "evaluation.points_given.v1"
PUBLISHED = "evaluation.published.v1"
APPEALED = "evaluation.appealed.v1"
APPEAL_DECIDED = "evaluation.appeal_decided.v1"
register_kind(SCHEME_CHANGED, SchemeChanged, audience=BY_AREA)
register_kind(POINTS_GIVEN, PointsGiven, audience=BY_AREA)
register_kind(PUBLISHED, PublishedNews, audience=BY_AREA)
register_kind(APPEALED, AppealNews, audience=BY_AREA | BY_ORG)
register_kind(APPEAL_DECIDED, AppealNews, audience=BY_AREA | BY_ORG)
