"""Questions of the insights: counted in the database over exactly the rows that the list of cases shows.

One covering index on the day of the report holds all that is counted, so that no case itself is read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import (
    Coalesce,
    ExtractHour,
    ExtractIsoWeekDay,
    TruncDay,
    TruncMonth,
    TruncWeek,
)
from django.utils.timezone import localtime

from cases.contracts import Stage
from cases.contracts.questions import IN_TIME, Counts, Group, Measure, Question
from cases.models import Case
from cases.rules.questions import OF_MEASURE, compared, list_of
from cases.selectors.filters import filtered
from core import clock
from core.scope import Actor

MOST_GROUPS = 400


class _Median(Aggregate):
    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


_CLOSED = Q(closed_at__isnull=False)
_REGISTERED = Q(registered_at__isnull=False)
_COUNTED: Mapping[str, Aggregate] = {
    "n_reported": Count("pk"),
    "n_registered": Count("pk", filter=_REGISTERED),
    "n_closed": Count("pk", filter=_CLOSED),
    "n_on_time": Count("pk", filter=_CLOSED & Q(handled_late=False)),
    "n_reworked": Count("pk", filter=_REGISTERED & Q(rework_count__gt=0)),
    "n_returned": Count("pk", filter=_REGISTERED & Q(return_count__gt=0)),
    "n_untrue": Count("pk", filter=Q(stage__in=[Stage.REJECTED, Stage.VOIDED])),
}
_TOOK = _Median(ExpressionWrapper(F("closed_at") - F("reported_at"), output_field=DurationField()))


def split_area(part: int) -> Func:
    """A part of the path of an area: the third is the street."""
    return Func(F("area"), Value("."), Value(part), function="split_part", output_field=TextField())


_LAST_CODE = Func(F("org"), Value("[^.]*$"), function="substring", output_field=TextField())
KEYS: Mapping[Group, Any] = {
    Group.SOURCE: F("source"),
    Group.DISTRICT: F("district"),
    Group.STREET: split_area(3),
    Group.CELL: F("cell"),
    Group.ORG: _LAST_CODE,
    Group.CATEGORY: Coalesce(F("category__code"), Value("")),
    Group.MONTH: TruncMonth("reported_at"),
    Group.WEEK: TruncWeek("reported_at"),
    Group.DAY: TruncDay("reported_at"),
    Group.WEEKDAY: ExtractIsoWeekDay("reported_at"),
    Group.HOUR: ExtractHour("reported_at"),
}


@dataclass(frozen=True)
class GroupCounts:
    """One group of an answer: its key, what was counted, and the filters of the list that holds its cases."""

    key: str
    counts: Counts
    cases: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What a question is answered, to this actor: the whole, its groups, and what it was held against."""

    question: Question
    total: Counts
    groups: tuple[GroupCounts, ...]
    more_groups: int
    before: Counts | None
    before_asked: Question | None

    def cases(self) -> dict[str, str]:
        """The filters of the list that holds all its cases."""
        return list_of(plain(self.question))

    def lists(self, group: GroupCounts | None = None) -> tuple[dict[str, str], dict[str, str] | None]:
        """The filters of the lists behind numerator and denominator."""
        return lists_of(dict(group.cases) if group else self.cases(), self.question.measure)

    def before_lists(self) -> tuple[dict[str, str], dict[str, str], dict[str, str] | None] | None:
        """The same of what it is held against, behind the list of all; None where it is held against nothing."""
        if self.before_asked is None:
            return None
        cases = list_of(self.before_asked)
        return cases, *lists_of(cases, self.question.measure)


def plain(question: Question) -> Question:
    """The question without what its cases are told apart by."""
    return Question(question.since, question.until, question.measure, filters=question.filters)


def lists_of(cases: dict[str, str], measure: Measure) -> tuple[dict[str, str], dict[str, str] | None]:
    """The filters of the lists behind a measure of these cases: of its numerator and of its denominator."""
    top, below = OF_MEASURE[measure]
    return {**cases, **top}, {**cases, **below} if below is not None else None


def asked_rows(question: Question, actor: Actor) -> QuerySet[Case]:
    """The cases that the question is about, of those that the actor may see."""
    return filtered(list_of(plain(question)), actor).select_related(None).order_by()


def answer(question: Question, actor: Actor) -> Answer:
    """The answer to a question: one query for its groups, or the whole, and one for what it is held against.

    A median has to sort all it is of, which takes as long as everything else: it is asked where it was asked for, and
    the whole of groups is asked again only then.
    """
    rows, earlier = asked_rows(question, actor), compared(question)
    found = _groups(question, rows) if question.by is not Group.NONE else []
    summed = question.by is not Group.NONE and question.measure is not Measure.MINUTES
    return Answer(
        question=question,
        total=_sum(one.counts for one in found) if summed else _whole(question, rows),
        groups=tuple(found[:MOST_GROUPS]),
        more_groups=max(0, len(found) - MOST_GROUPS),
        before=_whole(earlier, asked_rows(earlier, actor)) if earlier else None,
        before_asked=earlier,
    )


def _aggregates(question: Question) -> dict[str, Aggregate]:
    return {**_COUNTED, "took": _TOOK} if question.measure is Measure.MINUTES else dict(_COUNTED)


def _whole(question: Question, rows: QuerySet[Case]) -> Counts:
    return _counts(rows.aggregate(**_aggregates(question)))


def _sum(counts: Iterable[Counts]) -> Counts:
    held = list(counts)
    names = [name.removeprefix("n_") for name in _COUNTED]
    return Counts(**{name: sum(getattr(one, name) for one in held) for name in names})


def _groups(question: Question, rows: QuerySet[Case]) -> list[GroupCounts]:
    counted: Any = rows.annotate(key=KEYS[question.by]).values("key").annotate(**_aggregates(question))
    found = [(_key(row["key"]), _counts(row)) for row in counted]
    groups = [GroupCounts(key, counts, list_of(question, key)) for key, counts in found]
    if question.by in IN_TIME:
        return sorted(groups, key=_in_order)
    return sorted(groups, key=lambda one: (-_weight(one.counts, question.measure), -one.counts.reported, one.key))


def _in_order(group: GroupCounts) -> int:
    return int(group.key) if group.key.isdigit() else date.fromisoformat(group.key).toordinal()


def _weight(counts: Counts, measure: Measure) -> float:
    value = counts.value(measure)
    return -1.0 if value is None else value


def _key(value: Any) -> str:
    return localtime(value).date().isoformat() if isinstance(value, datetime) else str(value)


def _counts(row: Mapping[str, Any]) -> Counts:
    took = row.get("took")
    return Counts(
        **{name.removeprefix("n_"): row[name] for name in _COUNTED},
        minutes=None if took is None else took.total_seconds() / 60,
    )


def today() -> date:
    """The day it is in the city."""
    return localtime(clock.now()).date()


def first_day(actor: Actor) -> date | None:
    """The day of the first report that the actor may see; None where there is none."""
    first = filtered({"whole": "true"}, actor).order_by("reported_at").values_list("reported_at", flat=True).first()
    return localtime(first).date() if first else None
