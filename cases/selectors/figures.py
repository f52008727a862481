"""The city in figures: what is open and late now, and what today brought, by district; of what an actor may see.

What today brought are reports: a part of a case is none of its own, though it is open and may be late.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localtime

from cases.contracts import Stage
from cases.models import Case
from cases.selectors.finding import OPEN
from core import clock
from core.querying import scope_q
from core.scope import Actor

_COUNTED = ("open", "overdue", "registered", "closed", "closed_on_time")


@dataclass
class DistrictFigures:
    """One district: `open` and `overdue` as of now, the others since the day began."""

    district: str
    open: int = 0
    overdue: int = 0
    registered: int = 0
    closed: int = 0
    closed_on_time: int = 0


@dataclass(frozen=True)
class Figures:
    """Every district in which there is something to count, by code, and their sum."""

    as_of: datetime
    since: datetime
    districts: dict[str, DistrictFigures] = field(default_factory=dict)

    def total(self) -> dict[str, int]:
        """The sum of the districts."""
        return {name: sum(getattr(one, name) for one in self.districts.values()) for name in _COUNTED}

    def rows(self) -> list[dict[str, Any]]:
        """The districts in the order of their codes."""
        return [asdict(self.districts[code]) for code in sorted(self.districts)]


def figures(actor: Actor) -> Figures:
    """The live figures, in two queries that read none of the cases that ended before today."""
    now = clock.now()
    since = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Case.objects.filter(scope_q(actor.scope("case.see"))).exclude(district="")
    told = Figures(now, since)
    _count(told, mine.filter(OPEN), open=Q(), overdue=Q(due_at__lt=now))
    closed = Q(stage=Stage.CLOSED, closed_at__gte=since)
    registered = Q(registered_at__gte=since)
    today = mine.filter(closed | registered, parent=None)
    _count(told, today, registered=registered, closed=closed, closed_on_time=closed & Q(handled_late=False))
    return told


def _count(told: Figures, rows: QuerySet[Case], **asked: Q) -> None:
    counted = {f"n_{name}": Count("pk", filter=rule) for name, rule in asked.items()}
    found: Any = rows.order_by().values("district").annotate(**counted)
    for row in found:
        one = told.districts.setdefault(row["district"], DistrictFigures(row["district"]))
        for name in asked:
            setattr(one, name, row[f"n_{name}"])
