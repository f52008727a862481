"""Seasons of what an actor may see: months, days of the week, hours of the day, each against its own mean."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cases.contracts.questions import Group, Question
from cases.rules.questions import list_of
from cases.rules.seasons import Part, grounds, once_only, profile, too_little
from cases.selectors.questions import answer, first_day, plain, today
from core.scope import Actor

SEASONS = (Group.MONTH, Group.WEEKDAY, Group.HOUR)


@dataclass(frozen=True)
class Season:
    """One profile; no parts where there is too little. `lists` are the filters of the list behind each part."""

    by: Group
    parts: list[Part] | None
    once: bool
    lists: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Seasons:
    """The profiles of a question, over the whole days since the first report."""

    question: Question
    cases: int
    found: tuple[Season, ...]


def seasons(question: Question, actor: Actor) -> Seasons:
    """The three profiles of the cases of a question, up to yesterday: today is not over."""
    begun = first_day(actor)
    since = max(question.since, begun or question.since)
    until = min(question.until, date.fromordinal(today().toordinal() - 1))
    if begun is None or since > until:
        return Seasons(question, 0, tuple(Season(by, None, False, {}) for by in SEASONS))
    held = [_season(Question(since, until, by=by, filters=question.filters), actor) for by in SEASONS]
    return Seasons(Question(since, until, filters=question.filters), held[0][0], tuple(one for _n, one in held))


def _season(question: Question, actor: Actor) -> tuple[int, Season]:
    found = answer(question, actor)
    counts: Counter[str] = Counter()
    for one in found.groups:
        counts[str(date.fromisoformat(one.key).month) if question.by is Group.MONTH else one.key] += one.counts.reported
    cases = found.total.reported
    ground = grounds(question.by, question.since, question.until)
    short = too_little(question.by, question.since, question.until, cases)
    return cases, Season(
        question.by,
        None if short else profile(counts, ground),
        once_only(question.by, question.since, question.until),
        {key: {**list_of(plain(question)), str(question.by): key} for key in ground},
    )
