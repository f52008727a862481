"""The public words of cases: stages, sources, what others are told and what they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from cases.contracts.bulk import BulkLine as BulkLine
from cases.contracts.catalogue import CLASS_CHANGED as CLASS_CHANGED
from cases.contracts.catalogue import CLASS_SWITCHED as CLASS_SWITCHED
from cases.contracts.catalogue import CLASS_WITHDRAWN as CLASS_WITHDRAWN
from cases.contracts.catalogue import ClassNews as ClassNews
from cases.contracts.catalogue import SwitchNews as SwitchNews
from cases.contracts.clocks import DUE_SOON as DUE_SOON
from cases.contracts.clocks import ESCALATED as ESCALATED
from cases.contracts.clocks import LADDER_CHANGED as LADDER_CHANGED
from cases.contracts.clocks import OVERDUE as OVERDUE
from cases.contracts.clocks import ClockKind as ClockKind
from cases.contracts.clocks import EscalationNews as EscalationNews
from cases.contracts.clocks import LadderNews as LadderNews
from cases.contracts.controls import ControlState as ControlState
from cases.contracts.dispatching import DISPATCH_RULE_BEGUN as DISPATCH_RULE_BEGUN
from cases.contracts.dispatching import DISPATCH_RULE_ENDED as DISPATCH_RULE_ENDED
from cases.contracts.dispatching import DISPATCHING_CAUGHT_UP as DISPATCHING_CAUGHT_UP
from cases.contracts.dispatching import DISPATCHING_SWITCHED as DISPATCHING_SWITCHED
from cases.contracts.dispatching import CaughtUp as CaughtUp
from cases.contracts.dispatching import DispatchingCaughtUp as DispatchingCaughtUp
from cases.contracts.dispatching import DispatchingSwitched as DispatchingSwitched
from cases.contracts.dispatching import DispatchRuleNews as DispatchRuleNews
from cases.contracts.limits import GRADES_CHANGED as GRADES_CHANGED
from cases.contracts.limits import GradesNews as GradesNews
from cases.contracts.occasions import CASE_ESCALATED as CASE_ESCALATED
from cases.contracts.occasions import OCCASIONS as OCCASIONS
from cases.contracts.occasions import PAPER_OCCASIONS as PAPER_OCCASIONS
from cases.contracts.occasions import TO_COORDINATE as TO_COORDINATE
from cases.contracts.occasions import UNASSIGNED as UNASSIGNED
from cases.contracts.orders import ORDER_KINDS as ORDER_KINDS
from cases.contracts.orders import ORDER_OVERDUE as ORDER_OVERDUE
from cases.contracts.orders import OrderKind as OrderKind
from cases.contracts.orders import OrderNews as OrderNews
from cases.contracts.orders import Shirking as Shirking
from cases.contracts.personal import PERSON_ERASED as PERSON_ERASED
from cases.contracts.records import CaseRecord as CaseRecord
from cases.contracts.records import OrderRecord as OrderRecord
from cases.contracts.records import Satisfaction as Satisfaction
from cases.contracts.records import Work as Work
from cases.contracts.records import WorkDone as WorkDone
from cases.contracts.requests import LAPSED as LAPSED
from cases.contracts.requests import REQUEST_KINDS as REQUEST_KINDS
from cases.contracts.requests import RequestKind as RequestKind
from cases.contracts.requests import RequestNews as RequestNews
from cases.contracts.requests import RequestState as RequestState
from cases.contracts.responsibility import GENERAL_CHANGED as GENERAL_CHANGED
from cases.contracts.responsibility import GENERAL_ENDED as GENERAL_ENDED
from cases.contracts.responsibility import OVERRIDDEN as OVERRIDDEN
from cases.contracts.responsibility import OVERRIDE_ENDED as OVERRIDE_ENDED
from cases.contracts.responsibility import GeneralRuleNews as GeneralRuleNews
from cases.contracts.responsibility import OverrideNews as OverrideNews
from journal.contracts import BY_AREA, BY_ORG, PERSONAL, register_kind


class Stage(StrEnum):
    """Where a case stands in the supervised workflow."""

    REPORTED = "reported"
    VERIFYING = "verifying"
    ACCEPTED = "accepted"
    REGISTERED = "registered"
    IN_PARTS = "in_parts"
    AT_DISTRICT = "at_district"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    HANDLED = "handled"
    FED_BACK = "fed_back"
    CHECKING = "checking"
    CHECKED = "checked"
    REWORK = "rework"
    RETURNED = "returned"
    CLOSED = "closed"
    REJECTED = "rejected"
    VOIDED = "voided"


ENDS = frozenset({Stage.CLOSED, Stage.REJECTED, Stage.VOIDED})


class Source(StrEnum):
    """Who or what told us."""

    COLLECTOR = "collector"
    CITIZEN = "citizen"
    PHONE = "phone"
    HOTLINE = "hotline12345"
    CAMERA = "camera"
    SENSOR = "sensor"
    VEHICLE = "vehicle"
    LEADER = "leader"
    DEPARTMENT = "department"
    OPINION = "opinion"


MACHINE_SOURCES = frozenset({Source.CAMERA, Source.SENSOR, Source.VEHICLE})
OUTSIDE_SOURCES = frozenset({Source.CITIZEN, Source.PHONE, Source.HOTLINE, Source.OPINION})
"""People who tell us and are none of ours: what their pictures say of them is theirs."""
OUTSIDE_MACHINE = "machine:"
"""How the key of a machine outside begins: unlike our own it passes on what people wrote."""


class Phase(StrEnum):
    """What a picture shows: the problem as reported, as verified, after handling, at the check."""

    REPORT = "report"
    VERIFY = "verify"
    HANDLE = "handle"
    CHECK = "check"


@dataclass(frozen=True)
class CaseNews:
    """What an entry says about a case: ids and facts, no personal data. Times are ISO 8601 in UTC.

    `district` is the region code; `organisation` the code of the organisation that has the case ("" without one);
    `late` says that the promise in force (handling limit, before dispatch the limit of the stage) was or is broken;
    `clock` names the clock of a due_soon or overdue entry.
    """

    number: str
    verb: str
    stage: str
    version: int
    category: str
    kind: str
    source: str
    lon: float | None
    lat: float | None
    cell: str
    place: dict[str, str]
    organisation: str
    district: str
    due_at: str | None
    late: bool
    priority: int
    reported_at: str
    photo: bool
    incident: str = ""
    clock: str = ""


@dataclass(frozen=True)
class EvidenceRead:
    """Somebody opened a sealed original, which may show faces and plates."""

    number: str
    evidence: int


@dataclass(frozen=True)
class ReporterRead:
    """Somebody read the name and the phone of the person who reported."""

    number: str


KIND_OF_VERB: Mapping[str, str] = {
    "report": "case.reported.v1",
    "send_verify": "case.sent_to_verify.v1",
    "verify": "case.verified.v1",
    "accept": "case.accepted.v1",
    "reject": "case.rejected.v1",
    "register": "case.registered.v1",
    "refuse": "case.refused.v1",
    "dispatch_district": "case.sent_to_district.v1",
    "dispatch": "case.dispatched.v1",
    "assign": "case.assigned.v1",
    "revoke": "case.unassigned.v1",
    "submit": "case.submitted.v1",
    "redo": "case.redone.v1",
    "confirm": "case.confirmed.v1",
    "send_back": "case.sent_back.v1",
    "send_check": "case.sent_to_check.v1",
    "check_pass": "case.check_passed.v1",
    "check_fail": "case.check_failed.v1",
    "refuse_feedback": "case.feedback_refused.v1",
    "rework": "case.reworked.v1",
    "close": "case.closed.v1",
    "reopen": "case.reopened.v1",
    "force_close": "case.force_closed.v1",
    "void": "case.voided.v1",
    "settle": "case.settled.v1",
    "merge": "case.merged.v1",
    "unmerge": "case.unmerged.v1",
    "split": "case.split.v1",
    "unite": "case.united.v1",
}
KIND_OF_PART: Mapping[str, str] = {
    "report": "case.part_begun.v1",
    "register": "case.part_registered.v1",
    "close": "case.part_closed.v1",
}
"""What a part of a case is told by instead: it is no report of its own, and whoever counts reports counts none here."""
BESIDE: Mapping[str, str] = {
    "ask": "request.asked.v1",
    "sign": "request.signed.v1",
    "approve": "request.approved.v1",
    "decline": "request.refused.v1",
    "withdraw": "request.withdrawn.v1",
    "resume": "case.resumed.v1",
    "order": "order.issued.v1",
    "reply": "order.replied.v1",
    "coordinate": "case.coordinated.v1",
    "reschedule": "case.rescheduled.v1",
    "absorb": "case.absorbed.v1",
    "release": "case.released.v1",
    "visit": "case.visited.v1",
    "not_taken": "case.not_taken.v1",
    "flag": "case.flagged.v1",
    "unflag": "case.unflagged.v1",
}
"""What happens to a case beside its steps: its stage stays, its version grows, the history and the journal tell."""
HELD, EXTENDED = "case.held.v1", "case.extended.v1"
SHIRKED = "case.shirked.v1"
FOLLOWED = "case.organisation_followed.v1"
CLUE_ATTACHED = "case.clue_attached.v1"
LOCATED = "case.located.v1"
EVIDENCE_READ = "case.evidence_read.v1"
REPORTER_READ = "case.reporter_read.v1"

_OF_CASES = (
    BESIDE[verb]
    for verb in (
        "resume", "coordinate", "reschedule", "absorb", "release", "visit", "not_taken", "flag", "unflag",
    )
)  # fmt: skip
_BESIDE = (DUE_SOON, OVERDUE, CLUE_ATTACHED, LOCATED, HELD, EXTENDED, SHIRKED, *_OF_CASES)
for _kind in (*KIND_OF_VERB.values(), *KIND_OF_PART.values(), *_BESIDE):
    register_kind(_kind, CaseNews, BY_AREA | BY_ORG)
for _kind in REQUEST_KINDS:
    register_kind(_kind, RequestNews, BY_AREA | BY_ORG)
for _kind in ORDER_KINDS:
    register_kind(_kind, OrderNews, BY_AREA | BY_ORG)
register_kind(ESCALATED, EscalationNews, BY_AREA | BY_ORG)
register_kind(LADDER_CHANGED, LadderNews, BY_AREA)
register_kind(EVIDENCE_READ, EvidenceRead, PERSONAL)
register_kind(REPORTER_READ, ReporterRead, PERSONAL)
register_kind(OVERRIDDEN, OverrideNews, BY_AREA)
register_kind(OVERRIDE_ENDED, OverrideNews, BY_AREA)
register_kind(GENERAL_CHANGED, GeneralRuleNews, BY_AREA)
register_kind(GENERAL_ENDED, GeneralRuleNews, BY_AREA)
register_kind(DISPATCH_RULE_BEGUN, DispatchRuleNews, BY_AREA)
register_kind(DISPATCH_RULE_ENDED, DispatchRuleNews, BY_AREA)
register_kind(DISPATCHING_CAUGHT_UP, DispatchingCaughtUp, BY_AREA)
register_kind(DISPATCHING_SWITCHED, DispatchingSwitched, BY_AREA)


@dataclass(frozen=True)
class Photo:
    """A picture as it came in: nothing about it is believed, not even its name."""

    content: bytes
    filename: str = ""


@dataclass(frozen=True)
class CaseView:
    """A case as it stands; area and org are dotted paths, organisation and district are codes."""

    number: str
    version: int
    stage: str
    kind: str
    category: str
    category_names: Mapping[str, str]
    description: str
    source: str
    source_ref: str
    lon: float | None
    lat: float | None
    address: str
    cell: str
    area: str
    district: str
    place: Mapping[str, str]
    org: str
    organisation: str
    handler: str
    collector: str
    due_at: datetime | None
    late: bool
    priority: int
    reported_at: datetime
    registered_at: datetime | None
    closed_at: datetime | None
    condition: str
    rework_count: int
    photo: bool
    incident: str
    trace: str
    held_until: datetime | None = None
    returned_by: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    component: str = ""
    duplicate_of: str = ""
    absorbed: int = 0
    parent: str = ""
    parts: int = 0
    repeated: bool = False
    satisfaction: str = ""
    flags: tuple[str, ...] = ()

    @property
    def located(self) -> bool:
        """Whether the place lies inside the grid; if not, the case waits in the unlocated queue."""
        return self.area != ""


@dataclass(frozen=True)
class OpenStep:
    """A step of the case's stage as this actor sees it; `code` and `params` say why it is not allowed now."""

    verb: str
    target: str
    allowed: bool
    code: str
    params: Mapping[str, Any]
    needs: tuple[str, ...]


class Responsible(NamedTuple):
    """The organisation whose duty this is, by its code ("" when nobody's), and the facts that say why."""

    organisation: str
    why: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """How a closed case went, for those who judge it; `organisation` and `area` are dotted paths.

    `handle_minutes` are the minutes that passed over all rounds, nights too: what the city waited. None when nobody
    handled it.
    """

    number: str
    organisation: str
    area: str
    district: str
    category: str
    handled_on_time: bool
    closed_on_time: bool
    reworks: int
    returns: int
    extensions: int
    handle_minutes: int | None
    closed_at: datetime


TEXT_CHANGED = "case.text_changed.v1"


@dataclass(frozen=True)
class TextNews:
    """A standard text was written, changed or retired; its words stand in the table."""

    text_id: int
    verb: str
    category: str
    retired: bool


register_kind(TEXT_CHANGED, TextNews, BY_AREA)


@dataclass(frozen=True)
class OrganisationFollowed:
    """Cases stand under the present path of their organisation, because it moved."""

    organisation: str
    before: str
    after: str
    cases: int


register_kind(FOLLOWED, OrganisationFollowed, BY_ORG)

MODEL_CHOSEN = "steps_model.chosen.v1"


@dataclass(frozen=True)
class StepsModelChosen:
    """An administrator chose another model of steps, by their codes; why stands in the table."""

    before: str
    after: str


register_kind(MODEL_CHOSEN, StepsModelChosen, BY_AREA)
