"""Trends, forecasts and changes of what an actor may see, over the same rows as every other question."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Func, IntegerField, Value
from django.db.models.functions import Coalesce, TruncDay
from django.utils.timezone import get_current_timezone, localtime

from cases.contracts.questions import Group, Question
from cases.rules.changes import LEAST_WEEKS, WEEKS, Change, changes
from cases.rules.series import AHEAD, Day, Forecast, Usual, filled, forecast, kind_of, trend, usual
from cases.selectors.questions import asked_rows, first_day, split_area, today
from core.errors import NotFound
from core.scope import Actor
from core.worktime import Calendar
from grid import selectors as grid

OFFICE_HOURS = "office_hours"


@dataclass(frozen=True)
class Trends:
    """A count for every whole day of the question, from the first report on; None where there is too little."""

    question: Question
    days: list[Day]
    level: list[float | None]
    usual: Usual | None
    forecast: Forecast | None


def trends(question: Question, actor: Actor) -> Trends:
    """The days of a question up to yesterday, for today is not over, and what is expected of the next two weeks."""
    begun = first_day(actor)
    since, until = max(question.since, begun or question.since), min(question.until, today() - timedelta(days=1))
    if begun is None or since > until:
        return Trends(question, [], [], None, None)
    counted: Any = asked_rows(question, actor).annotate(at_day=TruncDay("reported_at")).values_list("at_day")
    counts = {localtime(day).date(): n for day, n in counted.annotate(n=Count("pk"))}
    ahead = [until + timedelta(days=number) for number in range(1, AHEAD + 1)]
    all_days = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    kinds = _kinds([*all_days, *ahead])
    days = filled(counts, since, until, kinds)
    return Trends(question, days, trend(days), usual(days), forecast(days, [(day, kinds[day]) for day in ahead]))


def _kinds(days: list[date]) -> dict[date, str]:
    """What kind of day each is, by the office hours of the city; by the week alone where it has none."""
    try:
        calendar = grid.calendar(OFFICE_HOURS)
    except NotFound:
        calendar = Calendar()
    return {day: kind_of(day, bool(calendar.hours(day)), bool(calendar.weekly[day.weekday()])) for day in days}


@dataclass(frozen=True)
class Changes:
    """What changed in the seven days of a question; None where the past is too short to expect anything."""

    question: Question
    weeks: int
    found: list[Change] | None


def week_of(question: Question) -> Question:
    """The seven whole days that a question ends with."""
    until = min(question.until, today() - timedelta(days=1))
    return Question(until - timedelta(days=6), until, question.measure, filters=question.filters)


def changed(question: Question, actor: Actor) -> Changes:
    """The last week of a question by source, district, street, class, held against up to twelve weeks before it."""
    week = week_of(question)
    begun = first_day(actor)
    past = min(WEEKS, (week.since - begun).days // 7) if begun else 0
    if past < LEAST_WEEKS:
        return Changes(week, max(0, past), None)
    since = week.since - timedelta(weeks=past)
    rows = asked_rows(Question(since, week.until, filters=week.filters), actor)
    midnight = datetime.combine(since, time.min, get_current_timezone())
    number = Func(F("reported_at"), Value(midnight), template=_WEEK, arg_joiner=" - ", output_field=IntegerField())
    keys = rows.annotate(nth=number, street=split_area(3), code=Coalesce(F("category__code"), Value("")))
    counted: Any = keys.values_list("nth", "source", "district", "street", "code").annotate(n=Count("pk"))
    units: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * (past + 1))
    for nth, source, district, street, code, n in counted:
        named = ((Group.SOURCE, source), (Group.DISTRICT, district), (Group.STREET, street), (Group.CATEGORY, code))
        for by, key in named:
            units[(by, key)][nth] += n
    return Changes(week, past, changes(units))


_WEEK = "(floor(extract(epoch FROM (%(expressions)s)) / 604800))::int"
