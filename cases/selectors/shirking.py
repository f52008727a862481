"""Shirking 推诿 as raw facts: which organisation passed which case on, when and why, of cases passed around."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db.models import Q, QuerySet

from cases.contracts import RequestKind, RequestState, Shirking
from cases.models import Case, Move, Request
from cases.selectors.finding import is_number, visible_to
from core import clock
from core.scope import Actor

MOST_CASES = 2_000
RECENT_DAYS = 30
"""How far back the lists of shirked cases and of automatic dispatch go."""


def shirked_by(number: str) -> list[Shirking]:
    """Every organisation whose return made this case a shirked one, for whoever marks them; none where it is not.

    An appeal, a coordination or the end of the case takes nothing away: `exempt` says how the case counts.
    """
    rows = Case.objects.filter(number=number, shirked_at__isnull=False) if is_number(number) else Case.objects.none()
    return facts_about(list(rows.select_related("category")))


def shirkings(actor: Actor, days: int, organisation: str = "") -> list[Shirking]:
    """The same of all cases the actor may see that were found shirked in the last days, the newest case first."""
    rows = shirked_lately(actor, days).order_by("-shirked_at", "-pk")[:MOST_CASES]
    found = facts_about(list(rows))
    return [one for one in found if organisation in ("", one.organisation)]


def shirked_lately(actor: Actor, days: int) -> QuerySet[Case]:
    """The cases the actor may see that were found shirked in the last days."""
    return visible_to(actor).filter(shirked_at__gte=clock.now() - timedelta(days=days))


def shirk_counts(found: Iterable[Shirking]) -> dict[str, int]:
    """How many cases each organisation shirked, by its code, the most first."""
    pairs = {(one.organisation, one.number) for one in found}
    counted = Counter(organisation for organisation, _number in pairs)
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def facts_about(cases: Sequence[Case]) -> list[Shirking]:
    """The returns that made these cases shirked ones, with their reasons; in two queries."""
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
