"""The filters of a list of cases as its URL says them: the same for programs, people and files."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.db.models import BooleanField, F, Func, Max, QuerySet, Value
from django.utils import timezone

from cases.contracts import ENDS, Source, Stage
from cases.contracts.questions import NONE
from cases.models import Case, CaseWords
from cases.rules import MOST_TYPED, as_asked, begins_a_number, looked_for, stretches
from cases.selectors.finding import QUEUES, late, visible_to
from cases.selectors.narrowing import NARROWING, Filter
from cases.selectors.reading import Lately, Near
from core import clock
from core.errors import Invalid
from core.scope import Actor

COUNTED = 1000


def _stage(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(stage__in=[Stage(word) for word in value.split(",")])


def _source(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(source__in=[Source(word) for word in value.split(",")])


def _district(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(district=_digits(value, 12))


def _category(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    if value == NONE:
        return rows.filter(category=None)
    if not re.fullmatch(r"[A-Z]\d{2,8}", value):
        raise ValueError(value)
    return rows.filter(category__code=value)


def _late(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    wanted = {"true": True, "false": False}[value]
    is_late = late(clock.now())
    return rows.filter(is_late) if wanted else rows.exclude(is_late)


def _open(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    ended = sorted(ENDS)
    return {"true": rows.exclude(stage__in=ended), "false": rows.filter(stage__in=ended)}[value]


def _queue(rows: QuerySet[Case], value: str, actor: Actor) -> QuerySet[Case]:
    return rows.filter(QUEUES[value](actor, clock.now()))


def _since(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(reported_at__gte=_midnight(value))


def _until(rows: QuerySet[Case], value: str, _actor: Actor) -> QuerySet[Case]:
    return rows.filter(reported_at__lt=_midnight(value) + timedelta(days=1))


def _search(rows: QuerySet[Case], value: str, _actor: Actor, near: str = "") -> QuerySet[Case]:
    """Every word of the text is among the words of the case, or one that begins so, or its number begins so.

    `near` are stretches of keys, the only ones whose words are looked at.
    """
    if "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(value)
    if len(value) > MOST_TYPED:
        raise Invalid("case.search_too_long", most=MOST_TYPED)
    if not value.strip():
        return rows
    wanted = looked_for(value)
    if not wanted:
        raise Invalid("case.search_nothing")
    numbers = [word for word in wanted if begins_a_number(word)]
    for word in numbers:
        numbered = Case.objects.order_by().filter(number__startswith=word).values("pk")
        rows = rows.filter(pk__in=_holding([word], near).union(numbered, all=True))
    rest = [word for word in wanted if word not in numbers]
    return rows.filter(pk__in=_holding(rest, near)) if rest else rows


def _holding(words: list[str], near: str) -> QuerySet[CaseWords, Any]:
    """The keys of the cases that hold all of these words."""
    asked = [as_asked(word) for word in words]
    held = Func(
        F("words"),
        Value(" & ".join([*asked, near] if near else asked)),
        template="(%(expressions)s::tsquery)",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )
    return CaseWords.objects.filter(held).values("case_id")


FILTERS: Mapping[str, Filter] = {
    "queue": _queue,
    "stage": _stage,
    "source": _source,
    "district": _district,
    "category": _category,
    "late": _late,
    "open": _open,
    "since": _since,
    "until": _until,
    "q": _search,
    **NARROWING,
}


def filtered(given: Mapping[str, Any], actor: Actor, rows: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """What the actor may see and passes every filter; one that is unknown or makes no sense is Invalid, by name."""
    rows = visible_to(actor) if rows is None else rows
    for name, value in given.items():
        if name not in FILTERS:
            raise Invalid("case.unknown_filter", filter=name[:60])
        try:
            rows = FILTERS[name](rows, str(value), actor)
        except (ValueError, KeyError, OverflowError) as error:
            raise Invalid("case.bad_filter", filter=name, value=str(value)[:60]) from error
    return rows


def lately(given: Mapping[str, Any], actor: Actor) -> Lately | None:
    """Where words are looked for: how to ask for the newest of the cases that `filtered` has; else None.

    Of a word that is in fifty thousand of a million cases the index gives all fifty thousand, though a page shows
    fifty. So the newest stretches of keys are asked first, and everything only where they do not fill the page.
    """
    if not given.get("q"):
        return None
    return partial(_lately, given, actor)


def _lately(given: Mapping[str, Any], actor: Actor, below: int | None) -> Near:
    top = (Case.objects.aggregate(newest=Max("pk"))["newest"] or 0) if below is None else below
    begin, near = stretches(top)
    others = {name: value for name, value in given.items() if name != "q"}
    rows = filtered(others, actor).filter(pk__gte=begin)
    rows = rows.filter(pk__lte=top) if below is None else rows.filter(pk__lt=below)
    return Near(_search(rows, str(given["q"]), actor, near), begin == 0)


def count_up_to(rows: QuerySet[Case], lately: Lately | None = None, most: int | None = None) -> int:
    """How many there are; counting stops at one more than `most` (COUNTED), perhaps among the newest already."""
    enough = (COUNTED if most is None else most) + 1
    if lately is not None:
        near = lately(None)
        counted = near.rows.order_by()[:enough].count()
        if near.whole or counted == enough:
            return counted
    return rows.order_by()[:enough].count()


def _digits(value: str, most: int) -> str:
    if not re.fullmatch(rf"[0-9]{{1,{most}}}", value):
        raise ValueError(value)
    return value


def _midnight(value: str) -> datetime:
    if not re.fullmatch(r"[12]\d{3}-\d\d-\d\d", value):
        raise ValueError(value)
    return timezone.make_aware(datetime.combine(date.fromisoformat(value), time.min))
