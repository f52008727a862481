"""All that a guard may look at: the file as it stands, and the world in which somebody acts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from core.worktime import ROUND_THE_CLOCK, Calendar
from enforcement.contracts import Cause, MeasureKind, Officer, PartyKind, Penalty, Plea, Procedure, Stage
from enforcement.rules.money import Debt, debt
from enforcement.rules.periods import Local

Given = Mapping[str, Any]
GRAVE = frozenset({Penalty.CONFISCATION, Penalty.LICENCE, Penalty.SHUTDOWN})
"""Kinds with a right to a hearing, whatever they cost (行政处罚法 63)."""


class Exhibit(NamedTuple):
    """A piece of evidence; an electronic record counts only once it was examined (行政处罚法 41)."""

    title: str
    electronic: bool = False
    examined: bool = False


class Held(NamedTuple):
    """A measure: what is held, since when and until when at most, prolonged or not, given back when."""

    number: int
    kind: MeasureKind
    begun: date
    until: date
    prolonged: bool = False
    released: date | None = None


@dataclass(frozen=True)
class DossierFacts:
    """A file as it stands. Days are those of the ground's calendar; None is: not yet."""

    stage: Stage = Stage.OPENED
    procedure: Procedure = Procedure.ORDINARY
    party: PartyKind = PartyKind.CITIZEN
    act_on: date = date.min
    harm: bool = False
    cause: Cause | None = None
    officers: tuple[Officer, ...] = ()
    recused: frozenset[str] = frozenset()
    exhibits: tuple[Exhibit, ...] = ()
    measures: tuple[Held, ...] = ()
    complex: bool = False
    public_interest: bool = False
    filed_on: date | None = None
    decide_until: date | None = None
    extended: int = 0
    kinds: frozenset[Penalty] = frozenset()
    fine: Decimal = Decimal(0)
    band: str = ""
    noticed_on: date | None = None
    noticed_fine: Decimal = Decimal(0)
    noticed_kinds: frozenset[Penalty] = frozenset()
    plea_until: date | None = None
    hearing_until: date | None = None
    plea: Plea | None = None
    hearing_asked_on: date | None = None
    hearing_on: date | None = None
    hearing_chair: str = ""
    heard_on: date | None = None
    reviewed_on: date | None = None
    discussed_on: date | None = None
    decided_on: date | None = None
    serve_until: date | None = None
    served_on: date | None = None
    parts: tuple[tuple[date, Decimal], ...] = ()
    payments: tuple[tuple[date, Decimal], ...] = ()
    pauses: tuple[tuple[date, date | None], ...] = ()
    reconsider_until: date | None = None
    suit_until: date | None = None
    performed_on: date | None = None
    lodged_on: date | None = None
    urged_on: date | None = None
    urge_until: date | None = None
    urge_heard: bool = False
    court_until: date | None = None

    @property
    def challenged(self) -> bool:
        """Whether a review or suit is on."""
        return any(over is None for _begun, over in self.pauses)

    @property
    def simple(self) -> bool:
        """Whether it is decided on the spot."""
        return self.procedure is Procedure.SIMPLE

    @property
    def to_be_performed(self) -> bool:
        """Whether the decision asks for an act beside money that has not been done."""
        return bool(self.kinds - {Penalty.FINE, Penalty.WARNING}) and self.performed_on is None

    def held(self) -> tuple[Held, ...]:
        """The measures that are on."""
        return tuple(one for one in self.measures if one.released is None)

    def owed(self, today: date) -> Debt:
        """What is owed on that day."""
        return debt(self.fine if self.decided_on else Decimal(0), self.parts, self.payments, today, self.pauses)

    def in_default(self, today: date) -> bool:
        """Whether something is due and has not been paid or done."""
        due = any(day < today for day, _amount in self.parts) and self.owed(today).total > 0
        latest = max((day for day, _amount in self.parts), default=None)
        return due or (self.to_be_performed and latest is not None and latest < today)

    def hearing_right(self, local: Local) -> bool:
        """Whether the penalty that was told gives a right to a hearing (行政处罚法 63); what is big is the city's."""
        big = local.hearing_citizen if self.party is PartyKind.CITIZEN else local.hearing_organisation
        return bool((self.noticed_kinds | self.kinds) & GRAVE) or max(self.noticed_fine, self.fine) >= big

    def review_due(self) -> bool:
        """Whether nothing is decided without a legal review (行政处罚法 58)."""
        return self.public_interest or self.complex or self.heard_on is not None

    def discussion_due(self, local: Local) -> bool:
        """Whether the heads discuss it together (行政处罚法 57): complex, or as grave as a hearing asks [I]."""
        return self.complex or self.hearing_right(local)


@dataclass(frozen=True)
class World:
    """Who acts, when, on whose calendar, and what the city has laid down."""

    actor: str
    now: datetime
    calendar: Calendar = ROUND_THE_CLOCK
    local: Local = field(default_factory=Local)
    credentials: Mapping[str, Officer] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The local day; `now` is local."""
        return self.now.date()
