"""Control areas: which hold in a cell now, and which an actor may see, ask for and decide on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet

from accounts import selectors as accounts
from cases.models import Case, ControlArea, ControlledCell
from cases.rules import CONTROL_ASKERS, Control
from core import clock
from core.errors import NotFound
from core.scope import Actor, Duty, under
from exchange.selectors import QueryList

MOST_CONTROLS = 300
# Asked with every registering, so it is a statement that Django need not compile.
_AT = """
    SELECT held.* FROM cases_controlarea held
      JOIN cases_controlledcell mine ON mine.control_id = held.id
     WHERE mine.cell = %(cell)s AND held.state = 'approved' AND held.valid_from <= %(at)s
       AND (held.valid_until IS NULL OR held.valid_until > %(at)s)
     ORDER BY held.id
"""


def controls_at(cell: str) -> tuple[Control, ...]:
    """The control areas that hold in a cell now, for whatever class."""
    if not cell:
        return ()
    return tuple(_control(row) for row in ControlArea.objects.raw(_AT, {"cell": cell, "at": clock.now()}))


def controls_at_each(cells: Iterable[str]) -> Mapping[str, tuple[Control, ...]]:
    """The same of many cells, in one query."""
    now, found = clock.now(), defaultdict(list)
    rows = ControlledCell.objects.filter(cell__in=set(cells), control__state="approved", control__valid_from__lte=now)
    for row in rows.exclude(control__valid_until__lte=now).select_related("control").order_by("control_id"):
        found[row.cell].append(_control(row.control))
    return {cell: tuple(held) for cell, held in found.items()}


def _control(row: ControlArea) -> Control:
    return Control(row.pk, row.name, frozenset(row.classes), row.grade, row.blocks, row.valid_until, row.reason)


def control_area(pk: int, actor: Actor) -> ControlArea:
    """The control area of that number; NotFound where the actor may see none such."""
    found = ControlArea.objects.filter(pk=pk).first()
    if found is None or not _sees(actor, found):
        raise NotFound("control.unknown")
    return found


def control_areas(actor: Actor) -> list[ControlArea]:
    """Those that the actor may see, the newest first, each with the number of its `size` cells."""
    rows = ControlArea.objects.annotate(size=Count("cells")).order_by("-pk")
    return [row for row in rows[:MOST_CONTROLS] if _sees(actor, row)]


def controlled_cells(row: ControlArea) -> list[str]:
    """The codes of its cells."""
    return list(row.cells.values_list("cell", flat=True))


def _sees(actor: Actor, row: ControlArea) -> bool:
    """Who sees cases of that ground or of some of it, or of the organisation that asked; and whoever asked."""
    ours = bool(row.asked_org) and actor.may("case.see", org=row.asked_org, area=row.area)
    there = actor.may("case.see", area=row.area) or actor.may("admin", area=row.area)
    within = any(not one.org and under(one.area, row.area) for one in actor.scope("case.see").grounds)
    return row.asked_by == actor.key or ours or there or within


def may_ask_control(actor: Actor, area: str) -> bool:
    """Whether the actor may ask for one there: on duty there, for an organisation that serves that ground."""
    if not any(actor.may(duty, org=actor.org, area=area) for duty in CONTROL_ASKERS):
        return False
    return not actor.org or under(area, accounts.organisation(actor.org.rpartition(".")[2]).area)


def may_decide_control(actor: Actor, row: ControlArea) -> bool:
    """Whether the actor may approve or refuse it: who supervises there, and did not ask for it."""
    return row.asked_by != actor.key and actor.may(Duty.SUPERVISE, area=row.area)


def may_end_control(actor: Actor, row: ControlArea) -> bool:
    """Whether the actor may end it before its time: who supervises there, and who asked for it."""
    return row.asked_by == actor.key or actor.may(Duty.SUPERVISE, area=row.area)


def registered_lately(cells: Iterable[str], classes: Iterable[str], days: int = 30) -> int:
    """How many cases of these classes (none: all) were registered in these cells in the last days: what is at stake."""
    since = clock.now() - timedelta(days=days)
    rows: Any = Case.objects.filter(cell__in=list(cells), registered_at__gte=since)
    named = list(classes)
    return int((rows.filter(category__code__in=named) if named else rows).count())


class ControlList(QueryList):
    """The control areas that somebody may see, with what they do, who asked and who decided."""

    name = "control_areas"
    names: Mapping[str, str] = {"zh": "管控区", "en": "Control areas"}
    fields: Mapping[str, Any] = {
        "name": "name", "area": "area", "classes": "classes", "grade": "grade", "blocks": "blocks", "reason": "reason",
        "valid_from": "valid_from", "valid_until": "valid_until", "state": "state", "asked_by": "asked_label",
        "asked_organisation": "asked_org", "asked_at": "asked_at", "decided_by": "decided_label",
        "decided_at": "decided_at", "answer": "answer", "ended_by": "ended_label", "ended_at": "ended_at",
        "ended_why": "ended_why",
    }  # fmt: skip
    offices = ("asked_organisation",)

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[ControlArea]:
        """Those of the page."""
        return ControlArea.objects.filter(pk__in=[row.pk for row in control_areas(actor)])

    def finish(self, every: Sequence[dict[str, Any]]) -> None:
        """Classes as a line of codes."""
        for told in every:
            told["classes"] = ", ".join(told["classes"])
