"""What evaluation tells the other apps, and the words it uses."""

from dataclasses import dataclass

from exchange.contracts.messages import Occasion, place, register_occasion
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
    """A case was appealed, or an appeal granted by a first of two, decided or withdrawn (`state`)."""

    appeal: int
    number: str
    state: str


SCHEME_CHANGED = "evaluation.scheme_changed.v1"
POINTS_GIVEN = "evaluation.points_given.v1"
PUBLISHED = "evaluation.published.v1"
APPEALED = "evaluation.appealed.v1"
APPEAL_SIGNED = "evaluation.appeal_signed.v1"
APPEAL_DECIDED = "evaluation.appeal_decided.v1"
register_kind(SCHEME_CHANGED, SchemeChanged, audience=BY_AREA)
register_kind(POINTS_GIVEN, PointsGiven, audience=BY_AREA)
register_kind(PUBLISHED, PublishedNews, audience=BY_AREA)
register_kind(APPEALED, AppealNews, audience=BY_AREA | BY_ORG)
register_kind(APPEAL_SIGNED, AppealNews, audience=BY_AREA | BY_ORG)
register_kind(APPEAL_DECIDED, AppealNews, audience=BY_AREA | BY_ORG)


@dataclass(frozen=True)
class ReportPlanned:
    """A board comes by itself from now on, each week or month, in these formats; or comes no more (`ended`)."""

    plan: int
    level: str
    within: str
    every: str
    formats: tuple[str, ...]
    ended: bool


@dataclass(frozen=True)
class ReportMade:
    """The report of a period was made (`state` made), or was not, and why (`code`)."""

    plan: int
    run: int
    since: str
    last: str
    state: str
    code: str


@dataclass(frozen=True)
class ReportFetched:
    """Somebody fetched a file of a report; `sha256` names its bytes."""

    run: int
    format: str
    sha256: str


REPORT_PLANNED = "evaluation.report_planned.v1"
REPORT_MADE = "evaluation.report_made.v1"
REPORT_FETCHED = "evaluation.report_fetched.v1"
register_kind(REPORT_PLANNED, ReportPlanned, audience=BY_AREA)
register_kind(REPORT_MADE, ReportMade, audience=BY_AREA)
register_kind(REPORT_FETCHED, ReportFetched, audience=BY_AREA)
REPORT_READY = "report.ready"
register_occasion(
    Occasion(
        REPORT_READY, {"zh": "定期考评报表已生成", "en": "A report that comes by itself is ready"}, (REPORT_MADE,),
        (
            place("report", "报表", "report", "考评：区", "Scores: districts"),
            place("period", "周期", "period", "2026-11-01 – 2026-11-30"),
            place("state", "结果", "state", "已生成", "made"),
        ),
    )
)  # fmt: skip
