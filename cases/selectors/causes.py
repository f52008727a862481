"""Why cases went other than they should: stated reasons, and where that happened, each with its cases behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from cases.contracts import Stage
from cases.contracts.causes import Cause
from cases.contracts.questions import Group, Question
from cases.models import Case
from cases.rules.questions import list_of
from cases.selectors.questions import KEYS, asked_rows, plain
from cases.selectors.reasons import gone_wrong, reasoned
from core.scope import Actor

MOST = 10
APART = (Group.CATEGORY, Group.ORG, Group.DISTRICT, Group.CELL)


@dataclass(frozen=True)
class Share:
    """So many of the cases with this key went wrong, of so many that could; the filters of both lists."""

    key: str
    found: int
    of: int
    cases: Mapping[str, str]
    of_cases: Mapping[str, str]

    @property
    def share(self) -> float | None:
        """The part of them, from 0 to 1."""
        return self.found / self.of if self.of else None


@dataclass(frozen=True)
class Causes:
    """What a question about a cause is answered: the whole, its reasons, and the places where it happened most."""

    question: Question
    cause: Cause
    whole: Share
    reasons: tuple[Share, ...]
    more_reasons: int
    apart: Mapping[Group, tuple[Share, ...]]


def _could(rows: QuerySet[Case], cause: Cause) -> tuple[QuerySet[Case], dict[str, str]]:
    """Of which cases it is counted, and the filters that say so."""
    if cause in (Cause.LATE, Cause.REOPENED):
        return rows.filter(stage=Stage.CLOSED), {"stage": "closed"}
    if cause in (Cause.REFUSED, Cause.VOIDED):
        return rows, {}
    return rows.filter(registered_at__isnull=False), {"registered": "true"}


def causes(question: Question, cause: Cause, actor: Actor) -> Causes:
    """How often it happened, why as people said, and among which classes, departments, districts and cells most."""
    rows = asked_rows(question, actor)
    of, told = _could(rows, cause)
    wrong = gone_wrong(of, cause)
    base = {**list_of(plain(question)), **told}
    found = wrong.count()
    whole = Share("", found, of.count(), {**base, "why": str(cause)}, base)
    reasons, more = (_late_reasons(wrong, whole), 0) if cause is Cause.LATE else _reasons(of, cause, whole)
    apart = {by: _apart(question, by, cause, (wrong, of), told) for by in APART}
    return Causes(question, cause, whole, reasons, more, apart)


def _reasons(of: QuerySet[Case], cause: Cause, whole: Share) -> tuple[tuple[Share, ...], int]:
    """The most frequent of the stated reasons, and how many more there are; a case may have had several."""
    moves: Any = reasoned(cause)
    counted = moves.filter(case__in=of).values("reason").annotate(n=Count("case", distinct=True))
    most = list(counted.order_by("-n", "reason").values_list("reason", "n")[:MOST])
    more = counted.count() - MOST if len(most) == MOST else 0
    held = (
        Share(reason, n, whole.found, {**whole.cases, "why": f"{cause}:{reason}"}, whole.cases) for reason, n in most
    )
    return tuple(held), more


def _late_reasons(wrong: QuerySet[Case], whole: Share) -> tuple[Share, ...]:
    """Nobody states why a case is late; what else had gone wrong with it is told instead, none of it hiding another."""
    returned, reworked = Q(return_count__gt=0), Q(rework_count__gt=0)
    extended = Q(extension_count__gt=0)
    counted = wrong.aggregate(
        returned=Count("pk", filter=returned),
        reworked=Count("pk", filter=reworked),
        extended=Count("pk", filter=extended),
        straight=Count("pk", filter=~returned & ~reworked & ~extended),
    )
    narrowed = {
        "returned": {"returned": "true"},
        "reworked": {"reworked": "true"},
        "extended": {"extended": "true"},
        "straight": {"returned": "false", "reworked": "false", "extended": "false"},
    }
    held = [Share(key, counted[key], whole.found, {**whole.cases, **narrowed[key]}, whole.cases) for key in narrowed]
    return tuple(sorted(held, key=lambda one: -one.found))


def _apart(
    question: Question, by: Group, cause: Cause, both: tuple[QuerySet[Case], QuerySet[Case]], told: Mapping[str, str]
) -> tuple[Share, ...]:
    wrong, of = (_counted(rows, by) for rows in both)
    asked = Question(question.since, question.until, by=by, filters=question.filters)
    held = []
    for key in sorted(wrong, key=lambda key: (-wrong[key], key))[:MOST]:
        base = {**list_of(asked, key), **told}
        held.append(Share(key, wrong[key], of.get(key, 0), {**base, "why": str(cause)}, base))
    return tuple(held)


def _counted(rows: QuerySet[Case], by: Group) -> dict[str, int]:
    counted: Any = rows.annotate(key=KEYS[by]).values("key").annotate(n=Count("pk")).values_list("key", "n")
    return {str(key): n for key, n in counted}


def merged(question: Question, actor: Actor) -> dict[str, int]:
    """By source, how many of the cases turned out to be told of before: merged into others."""
    rows: Any = asked_rows(question, actor).filter(duplicate_of__isnull=False).values("source").annotate(n=Count("pk"))
    return {row["source"]: row["n"] for row in rows}
