"""Cases as evaluation counts them: many at once, in as many questions as one takes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q

from cases.contracts import CaseRecord, ClockKind, OrderRecord, RequestKind, RequestState, Stage, Work, WorkDone
from cases.models import Case, Clock, Hold, Move, Order, Request, Untaken
from cases.selectors.deadlines import hours_of
from core.worktime import moved

_STAGE_OF: Mapping[Work, tuple[Stage, ...]] = {
    Work.VERIFY: (Stage.VERIFYING,),
    Work.ACCEPT: (Stage.REPORTED,),
    Work.REGISTER: (Stage.ACCEPTED,),
    Work.DISPATCH: (Stage.REGISTERED, Stage.AT_DISTRICT),
    Work.CHECK: (Stage.CHECKING,),
}
_DONE_BY: Mapping[str, Work] = {
    "verify": Work.VERIFY,
    "accept": Work.ACCEPT,
    "reject": Work.ACCEPT,
    "register": Work.REGISTER,
    "refuse": Work.REGISTER,
    "dispatch": Work.DISPATCH,
    "confirm": Work.HANDLE,
    "check_pass": Work.CHECK,
    "check_fail": Work.CHECK,
    "close": Work.CLOSE,
    "force_close": Work.CLOSE,
}
_ONCE = frozenset({Work.DISPATCH})
"""What is judged by the first time: who sends a case a second time does so because the first was wrong."""
_AFTER_REGISTERING = frozenset({Work.DISPATCH, Work.HANDLE, Work.CHECK, Work.CLOSE})
_BY_THE_CLOCK = frozenset({"urgent_hour", "natural_day"})


@dataclass
class _Past:
    """What is known of one case besides its row: its moves, clocks, holds and supervision orders."""

    moves: list[Move] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    untaken: list[Untaken] = field(default_factory=list)
    appeals: list[datetime] = field(default_factory=list)

    def until(self, move: Move) -> "_Past":
        """What was known just before a move."""
        return _Past(
            moves=[one for one in self.moves if one.version < move.version],
            clocks=[one for one in self.clocks if one.started_at < move.at],
            holds=[one for one in self.holds if one.since < move.at],
            orders=[one for one in self.orders if one.issued_at < move.at],
            untaken=[one for one in self.untaken if one.found_at and one.found_at < move.at],
            appeals=[at for at in self.appeals if at < move.at],
        )

    def last(self, *verbs: str) -> Move | None:
        return next((move for move in reversed(self.moves) if move.verb in verbs), None)


def records(numbers: Iterable[str]) -> list[CaseRecord]:
    """These cases as they stand; those that came here closed, and those that are unknown, are left out."""
    cases = list(Case.objects.select_related("category").filter(number__in=list(numbers)).order_by("pk"))
    pasts: dict[int, _Past] = defaultdict(_Past)
    keys = [case.pk for case in cases]
    for move in Move.objects.filter(case__in=keys).order_by("case", "version"):
        pasts[move.case_id].moves.append(move)
    for timer in Clock.objects.filter(case__in=keys).order_by("case", "started_at", "id"):
        pasts[timer.case_id].clocks.append(timer)
    for hold in Hold.objects.filter(case__in=keys).order_by("case", "since"):
        pasts[hold.case_id].holds.append(hold)
    for order in Order.objects.filter(case__in=keys).order_by("case", "issued_at", "id"):
        pasts[order.case_id].orders.append(order)
    for row in Untaken.objects.filter(case__in=keys).exclude(found_at=None):
        pasts[row.case_id].untaken.append(row)
    again = [case.pk for case in cases if pasts[case.pk].last("reopen")]
    granted = Request.objects.filter(case__in=again, kind=RequestKind.APPEAL, state=RequestState.APPROVED)
    for key, at in granted.exclude(used_at=None).values_list("case", "used_at") if again else ():
        pasts[key].appeals += [at] if at else []
    return [
        replace(_record(case, pasts[case.pk]), earlier=tuple(_earlier(case, pasts[case.pk])))
        for case in cases
        if pasts[case.pk].last("archive") is None
    ]


def reported_before(numbers: Iterable[str], moment: datetime, area: str = "") -> list[str]:
    """Those of the cases that were reported before a moment, and lie in this area or nowhere."""
    here = Q(area="") | Q(area=area) | Q(area__startswith=f"{area}.") if area else Q()
    found = Case.objects.filter(here, number__in=list(numbers), reported_at__lt=moment)
    return sorted(found.values_list("number", flat=True))


def _earlier(case: Case, past: _Past) -> Iterator[CaseRecord]:
    """How a case stood each time it was opened again after: read from what was known until then, the first first."""
    for move in past.moves:
        if move.verb == "reopen":
            then = past.until(move)
            yield replace(_record(_as_it_stood(case, then), then), stood_until=move.at)


def _as_it_stood(case: Case, past: _Past) -> Case:
    """The closed case as its row said it when that was all that was known; never to be saved."""
    was, closing, begun = copy(case), past.moves[-1], past.last("reopen")
    for move in past.moves:
        if move.after == Stage.CLOSED:
            closing = move
    handed = past.last("assign")
    was.stage, was.org, was.closed_at = Stage.CLOSED, closing.org, closing.at
    was.duplicate_of_id, was.held_until, was.forced = None, None, closing.verb == "force_close"
    was.handler = str(handed.given.get("handler", "")) if handed else ""
    was.rework_count = sum(move.verb in ("check_fail", "refuse_feedback") for move in past.moves)
    was.return_count = sum(move.verb == "send_back" for move in past.moves)
    was.extension_count = sum(move.verb == "approve" and move.given.get("request") == "extension"
                              for move in past.moves)  # fmt: skip
    handling = _since([row for row in past.clocks if row.kind == ClockKind.HANDLING], begun.at if begun else None)
    was.handled_late = any(row.due_at and row.stopped_at and row.due_at < row.stopped_at for row in handling)
    was.exempt = any(at >= (begun.at if begun else at) for at in past.appeals)
    was.shirked_at = case.shirked_at if case.shirked_at and case.shirked_at <= closing.at else None
    said = next((move.given["satisfaction"] for move in reversed(past.moves) if move.given.get("satisfaction")), "")
    was.satisfaction = str(said)
    return was


def _record(case: Case, past: _Past) -> CaseRecord:
    returned, ended, reopened = past.last("send_back"), past.last("void", "merge"), past.last("reopen")
    voided = ended if ended is not None and ended.verb == "void" and case.stage == Stage.VOIDED else None
    visited = next((move for move in reversed(past.moves) if move.given.get("satisfaction")), None)
    open_hold = next((hold for hold in past.holds if hold.ended_at is None), None)
    return CaseRecord(
        number=case.number,
        stage=case.stage,
        source=case.source,
        category=case.category_code,
        area=case.area,
        org=case.org,
        reported_at=case.reported_at,
        reported_by=case.reported_by,
        registered=case.registered_at is not None,
        settled=past.last("settle") is not None and case.stage == Stage.CLOSED,
        merged=case.duplicate_of_id is not None,
        part=case.parent_id is not None,
        split=case.stage == Stage.IN_PARTS or (case.parts > 0 and not case.org),
        urgent=str(case.promise.get("limit", {}).get("unit", "")) in _BY_THE_CLOCK,
        exempt=case.exempt,
        works=_works(case, past),
        refused=past.last("refuse") is not None,
        reworks=case.rework_count,
        returns=case.return_count,
        extensions=case.extension_count,
        held_since=open_hold.since if open_hold else None,
        deferred_at=past.holds[-1].since if past.holds else None,
        returned_at=returned.at if returned else None,
        left=_left(past, returned),
        shirked_at=case.shirked_at,
        shirkers=_shirkers(case, past),
        voided_at=voided.at if voided else None,
        voided_by=voided.actor if voided else "",
        satisfaction=case.satisfaction,
        visited_at=visited.at if visited else None,
        orders=tuple(OrderRecord(one.pk, one.org, one.issued_at, one.due_at, one.replied_at) for one in past.orders),
        reopened_at=reopened.at if reopened else None,
        forced_at=_forced_at(case, past),
    )


def _forced_at(case: Case, past: _Past) -> datetime | None:
    forced = past.last("force_close")
    return forced.at if forced is not None and case.forced else None


def _left(past: _Past, returned: Move | None) -> str:
    """The path of the organisation that sent the case back: the last that had it before."""
    if returned is None:
        return ""
    before = past.moves[: past.moves.index(returned)]
    return next((move.org for move in reversed(before) if move.org), "")


def _shirkers(case: Case, past: _Past) -> dict[str, datetime]:
    """The paths of all that shirked a case, each with when first: `selectors.shirking` tells the same with reasons."""
    found: dict[str, None] = {}
    holder = ""
    for move in past.moves if case.shirked_at else ():
        if move.verb == "reopen":
            found = {}
        elif move.verb == "send_back" and holder:
            found.setdefault(holder)
        if move.verb in ("send_back", "reopen") and case.shirked_at and move.at >= case.shirked_at:
            break
        holder = move.org or holder
    told = {row.org: row.found_at for row in past.untaken if row.found_at}
    return told | {org: min(case.shirked_at, told.get(org, case.shirked_at)) for org in found if case.shirked_at}


def _works(case: Case, past: _Past) -> dict[Work, WorkDone]:
    """What came up for each post. What followed the registration counts since the case was last reopened."""
    reopened = past.last("reopen")
    since = reopened.at if reopened else None
    found: dict[Work, WorkDone] = {}
    for work, stages in _STAGE_OF.items():
        rows = [row for row in past.clocks if row.kind == ClockKind.STAGE and row.stage in stages]
        _put(found, work, case, past, rows, since)
    handling = _since([row for row in past.clocks if row.kind == ClockKind.HANDLING], since)
    _put(found, Work.HANDLE, case, past, handling[-1:], since)
    if Work.HANDLE in found:
        _handled(found, case, handling)
    total = _since([row for row in past.clocks if row.kind == ClockKind.TOTAL], since)
    _put(found, Work.CLOSE, case, past, [row for row in total if row.due_at] or handling[-1:], since)
    if Work.CLOSE in found and found[Work.CLOSE].at is not None:
        _closed(found, case, total)
    return found


def _since(rows: Sequence[Clock], since: datetime | None) -> list[Clock]:
    return [row for row in rows if since is None or row.started_at >= since]


def _put(
    found: dict[Work, WorkDone], work: Work, case: Case, past: _Past, rows: Sequence[Clock], since: datetime | None
) -> None:
    after = since if work in _AFTER_REGISTERING else None
    moves = [move for move in past.moves if _DONE_BY.get(move.verb) == work and (after is None or move.at >= after)]
    done = (moves[0] if work in _ONCE else moves[-1]) if moves else None
    begun = _begun(work, case, past, after)
    rows = _since(rows, after)
    if work in _ONCE and done is not None:
        rows = [row for row in rows if row.started_at < done.at] or rows[:1]
    limited = [row for row in rows if row.due_at is not None]
    owed = _due(case, past, limited[-1]) if limited else begun
    if owed is None:
        return
    late = any(row.due_at is not None and row.stopped_at is not None and row.due_at < row.stopped_at for row in rows)
    at, by = (done.at, done.actor) if done is not None and _stands(work, case, rows, done) else (None, "")
    found[work] = WorkDone(owed, at, by or _told_to(work, case), late)


def _due(case: Case, past: _Past, row: Clock) -> datetime | None:
    """When a clock ends; while the case stands still, when it will end if the hold lasts as long as was granted.

    So a case on hold is owed in a period to come, and a period that is over reads the same after the hold.
    """
    hold = next((one for one in past.holds if one.ended_at is None), None)
    if hold is None or row.due_at is None or row.paused_at is None:
        return row.due_at
    return moved(hours_of(row.calendar, case.area), row.due_at, row.paused_at, hold.until)


def _stands(work: Work, case: Case, rows: Sequence[Clock], done: Move) -> bool:
    """Whether the work is done and has not begun anew since."""
    if work in _ONCE:
        return True
    again = any(row.started_at > done.at or (row.stopped_at is None and row.started_at >= done.at) for row in rows)
    return not again and (work != Work.CLOSE or case.stage == Stage.CLOSED)


def _begun(work: Work, case: Case, past: _Past, since: datetime | None) -> datetime | None:
    """When a post first had the case, for a post without a limit."""
    if work == Work.ACCEPT:
        return None if case.parent_id else case.reported_at
    if work in (Work.HANDLE, Work.CLOSE):
        return None
    came = [move.at for move in past.moves if move.after in _STAGE_OF[work] and (since is None or move.at >= since)]
    return came[0] if came else None


def _told_to(work: Work, case: Case) -> str:
    return {Work.VERIFY: case.collector, Work.CHECK: case.collector, Work.HANDLE: case.handler}.get(work, "")


def _handled(found: dict[Work, WorkDone], case: Case, handling: Sequence[Clock]) -> None:
    """Handling is the handler's, whoever of the desk stood by it, and late where any of its rounds was."""
    work = found[Work.HANDLE]
    found[Work.HANDLE] = WorkDone(work.owed_at, work.at, case.handler or work.by, work.late or case.handled_late)


def _closed(found: dict[Work, WorkDone], case: Case, total: Sequence[Clock]) -> None:
    """Closed in time is handled in time and within the limit of the whole, where there is one."""
    work = found[Work.CLOSE]
    late = any(row.due_at and row.stopped_at and row.due_at < row.stopped_at for row in total)
    found[Work.CLOSE] = WorkDone(work.owed_at, work.at, work.by, late or case.handled_late)
