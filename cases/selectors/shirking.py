"""Shirking 推诿 as raw facts: who passed a case on that was passed around, or did not take one after all; and why."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from cases.contracts import RequestKind, RequestState, Shirking
from cases.models import Case, Move, Request, Untaken
from cases.selectors.finding import is_number, visible_to
from core import clock
from core.scope import Actor

MOST_CASES = 2_000
RECENT_DAYS = 30
"""How far back the lists of shirked cases and of automatic dispatch go."""


def shirked_by(number: str) -> list[Shirking]:
    """Every organisation that shirked this case, for whoever marks them: by its return, or by not taking it at last.

    An appeal, a coordination or the end of the case takes nothing away: `exempt` says how the case counts.
    """
    if not is_number(number):
        return []
    return facts_about(list(Case.objects.filter(number=number).select_related("category")))


def shirkings(actor: Actor, days: int, organisation: str = "") -> list[Shirking]:
    """The same of all cases the actor may see that were found shirked in the last days, the newest case first."""
    since, seen = clock.now() - timedelta(days=days), visible_to(actor)
    passed = seen.filter(shirked_at__gte=since).select_related("category").order_by("-shirked_at", "-pk")
    left = Untaken.objects.filter(found_at__gte=since, case__in=seen.order_by().values("pk"))
    found = _passed(list(passed[:MOST_CASES])) + _not_taken(left.order_by("-found_at", "-pk")[:MOST_CASES])
    found.sort(key=lambda one: one.shirked_at, reverse=True)
    return [one for one in found if organisation in ("", one.organisation)]


def shirked_lately(actor: Actor, days: int) -> QuerySet[Case]:
    """The cases the actor may see that were found shirked in the last days, by whichever way."""
    since = clock.now() - timedelta(days=days)
    left = Untaken.objects.filter(found_at__gte=since).values("case")
    return visible_to(actor).filter(Q(shirked_at__gte=since) | Q(pk__in=left)).select_related("category")


def shirk_counts(found: Iterable[Shirking]) -> dict[str, int]:
    """How many cases each organisation shirked, by its code, the most first."""
    pairs = {(one.organisation, one.number) for one in found}
    counted = Counter(organisation for organisation, _number in pairs)
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def facts_about(cases: Sequence[Case], since: datetime | None = None) -> list[Shirking]:
    """Who shirked these cases (since then) and why, case by case in their order; in three queries."""
    passed = [case for case in cases if case.shirked_at and (since is None or case.shirked_at >= since)]
    left = Untaken.objects.filter(case__in=[case.pk for case in cases], found_at__isnull=False)
    told: dict[str, list[Shirking]] = {}
    for fact in (*_passed(passed), *_not_taken(left if since is None else left.filter(found_at__gte=since))):
        told.setdefault(fact.number, []).append(fact)
    return [fact for case in cases for fact in told.get(case.number, ())]


def _not_taken(rows: QuerySet[Untaken]) -> list[Shirking]:
    return [
        Shirking(
            number=row.case.number, organisation=row.org.rpartition(".")[2], area=row.case.area,
            district=row.case.district, category=row.case.category_code, returned_at=row.refused_at,
            reason=row.request.reason, shirked_at=row.found_at or row.due_at, exempt=row.case.exempt, kind="not_taken",
        )
        for row in rows.select_related("case__category", "request")
    ]  # fmt: skip


def _passed(cases: Sequence[Case]) -> list[Shirking]:
    """The returns that made these cases shirked ones, with their reasons."""
    keys = [case.pk for case in cases]
    moves: dict[int, list[Move]] = {}
    for move in Move.objects.filter(Q(verb="send_back") | Q(verb="reopen"), case__in=keys).order_by("case", "version"):
        moves.setdefault(move.case_id, []).append(move)
    reasons = _reasons(keys)
    return [fact for case in cases for fact in _of(case, moves.get(case.pk, ()), reasons.get(case.pk, ()))]


def _of(case: Case, moves: Iterable[Move], asked: Iterable[Request]) -> list[Shirking]:
    """One fact for each organisation, of its first return since the case was opened last before it was shirked.

    The return that made it so is written just after that moment; what came later has nothing to do with it.
    """
    returns: dict[str, Move] = {}
    for move in moves:
        if move.verb == "reopen":
            returns = {}
        else:
            returns.setdefault(str(move.given.get("left", "")), move)
        if case.shirked_at is None or move.at >= case.shirked_at:
            break
    papers = list(asked)
    return [_told(case, code, move, papers) for code, move in returns.items() if code]


def _told(case: Case, code: str, move: Move, papers: Sequence[Request]) -> Shirking:
    """The reason is that of the request the return used: it is marked as used just after the step."""
    paper = next((one for one in papers if one.used_at is not None and one.used_at >= move.at), None)
    return Shirking(
        number=case.number, organisation=code, area=case.area, district=case.district, category=case.category_code,
        returned_at=move.at, reason=paper.reason if paper else str(move.given.get("note", "")),
        shirked_at=case.shirked_at or move.at, exempt=case.exempt,
    )  # fmt: skip


def _reasons(keys: Iterable[int]) -> dict[int, list[Request]]:
    found: dict[int, list[Request]] = {}
    granted = Request.objects.filter(case__in=list(keys), kind=RequestKind.RETURN, state=RequestState.APPROVED)
    for row in granted.exclude(used_at=None).order_by("used_at"):
        found.setdefault(row.case_id, []).append(row)
    return found
