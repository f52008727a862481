"""How closed cases went, for those who judge them; and which stages cases passed, for everybody."""

from collections.abc import Iterable
from datetime import datetime

from cases.contracts import ClockKind, Outcome, Stage
from cases.models import Case, Clock, Move


def outcome(number: str) -> Outcome | None:
    """How the case went, since it was last registered; None unless it is closed now, and not by force."""
    case = Case.objects.select_related("category").filter(number=number, stage=Stage.CLOSED, forced=False).first()
    if case is None or case.closed_at is None:
        return None
    since = case.dispatched_at or case.closed_at
    rounds = list(Clock.objects.filter(case=case, kind=ClockKind.HANDLING, started_at__gte=since))
    total = Clock.objects.filter(case=case, kind=ClockKind.TOTAL).last()
    return Outcome(
        number=case.number,
        organisation=case.org,
        area=case.area,
        district=case.district,
        category=case.category_code,
        handled_on_time=not case.handled_late,
        closed_on_time=not case.handled_late and not (total and _was_late(total)),
        reworks=case.rework_count,
        returns=case.return_count,
        extensions=case.extension_count,
        handle_minutes=round(sum(_minutes(row) for row in rounds)) if rounds else None,
        closed_at=case.closed_at,
    )


def _was_late(row: Clock) -> bool:
    return row.due_at is not None and row.stopped_at is not None and row.due_at < row.stopped_at


def _minutes(row: Clock) -> float:
    return (row.stopped_at - row.started_at).total_seconds() / 60 if row.stopped_at else 0.0


def stages_passed(case_ids: Iterable[int]) -> dict[int, list[tuple[datetime, str]]]:
    """By case, the stages that it came to and when, oldest first: nothing of who or why, so that all may read it."""
    found: dict[int, list[tuple[datetime, str]]] = {}
    moves = Move.objects.filter(case__in=list(case_ids)).order_by("case", "version")
    for case_id, at, stage in moves.values_list("case_id", "at", "after"):
        held = found.setdefault(case_id, [])
        if not held or held[-1][1] != stage:
            held.append((at, stage))
    return found
