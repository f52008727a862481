"""Questions about marks: the scoreboard and the scheme in force."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from accounts import selectors as accounts
from core import clock
from core.errors import Conflict, Invalid
from core.querying import scope_q
from core.scope import Actor
from evaluation import rules
from evaluation.models import Mark, Scheme
from evaluation.selectors.counting import RIGHT
from grid import selectors as grid

LEVELS = ("district", "organisation")


@dataclass(frozen=True)
class Row:
    """One line of the scoreboard: who, and the score with its parts; `minutes` is the median handling time."""

    code: str
    names: dict[str, str]
    score: rules.Score
    cases: int
    minutes: int | None
    reworks: int


@dataclass(frozen=True)
class Board:
    """The scoreboard of a period [since, until) at one level, best first; lines without cases come last."""

    level: str
    since: datetime
    until: datetime
    scheme: rules.SchemeRules
    names: dict[str, str]
    rows: tuple[Row, ...]


def scheme_in_force() -> Scheme:
    """The scheme that marks single cases, one of terms over rates; Conflict("evaluation.no_scheme") without one."""
    found = Scheme.objects.filter(in_force=True, document__has_key="terms").order_by("code").first()
    if found is None:
        raise Conflict("evaluation.no_scheme")
    return found


def schemes_of(pack: str) -> dict[str, dict[str, Any]]:
    """The documents in force that came from a pack, by code."""
    return {s.code: s.document for s in Scheme.objects.filter(pack=pack, in_force=True)}


def marks(actor: Actor) -> QuerySet[Mark]:
    """The marks that count and that the actor may see."""
    return Mark.objects.filter(scope_q(actor.scope(RIGHT), "organisation", "area"), counts=True)


def mark_of(number: str, actor: Actor) -> Mark | None:
    """The mark of one case, or None where it has none or the actor may not see it."""
    return marks(actor).filter(case=number).first()


def scoreboard(actor: Actor, *, level: str = "district", days: int = 30) -> Board:
    """The scoreboard of the last `days` days; raises Invalid for an unknown level or period."""
    if level not in LEVELS:
        raise Invalid("evaluation.level")
    if not 1 <= days <= 366:
        raise Invalid("evaluation.period")
    until = clock.now()
    since = until - timedelta(days=days)
    scheme = scheme_in_force()
    formula = rules.scheme_from(scheme.document)
    found = marks(actor).filter(closed_at__gte=since, closed_at__lt=until)
    groups: dict[str, list[Mark]] = defaultdict(list)
    for mark in found.only("organisation", "area", "facts", "reworks", "handle_minutes"):
        groups[_key(mark, level)].append(mark)
    names = _names(level)
    rows = [
        _row(code, names.get(code, {"zh": code, "en": code}), groups.get(code, []), formula)
        for code in _codes(actor, level, names, groups)
    ]
    rows.sort(key=lambda row: (row.score.value is None, -(row.score.value or 0), row.code))
    return Board(level, since, until, formula, scheme.names, tuple(rows))


def _key(mark: Mark, level: str) -> str:
    if level == "organisation":
        return mark.organisation.rpartition(".")[2]
    parts = mark.area.split(".")
    return parts[1] if len(parts) > 1 else ""


def _names(level: str) -> dict[str, dict[str, str]]:
    if level == "organisation":
        return {o.code: dict(o.names) for o in accounts.organisations()}
    return {r.code: dict(r.names) for r in grid.regions("district")}


def _codes(actor: Actor, level: str, names: Iterable[str], groups: dict[str, list[Mark]]) -> list[str]:
    """Who stands on the board: every district in the actor's sight, else only who has marks."""
    if level == "organisation":
        return sorted(code for code in groups if code)
    seen = actor.scope(RIGHT)
    return sorted(
        {code for code in groups if code} | {r.code for r in grid.regions("district") if seen.covers("", r.path)}
    )


def _row(code: str, names: dict[str, str], group: list[Mark], formula: rules.SchemeRules) -> Row:
    counts = rules.total(rules.Counts(1, {rules.Metric(m): v for m, v in mark.facts.items()}) for mark in group)
    minutes = sorted(m.handle_minutes for m in group if m.handle_minutes is not None)
    median = minutes[len(minutes) // 2] if minutes else None
    return Row(code, names, rules.score(counts, formula), counts.cases, median, sum(m.reworks for m in group))
