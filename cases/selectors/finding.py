"""Finding cases: what an actor may see, and the queues, counts and neighbourhoods of that."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any

from django.contrib.gis.geos import Polygon
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, F, OrderBy, OuterRef, Q, QuerySet

from cases.contracts import ENDS, Source, Stage
from cases.models import Case, Clue, Move, Order
from cases.rules import stages_for
from cases.selectors.reading import is_late, news_of
from core import clock
from core.errors import NotFound
from core.geo import haversine_m
from core.querying import NOTHING, Joined, scope_q
from core.scope import Actor, Duty

OPEN = ~Q(stage__in=sorted(ENDS))
CLOSED_FOR = timedelta(days=30)
_CLASSED = Joined(Case.category)
_TASKED = {Duty.HANDLE: "handler", Duty.COLLECT: "collector"}


def visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases this actor may see: by area or by organisation, as granted; and own reports with no place yet."""
    scope = actor.scope("case.see")
    seen = scope_q(scope) | (Q(reported_by=actor.key, area="") if scope else NOTHING)
    if scope and all(ground.org for ground in scope.grounds):
        seen &= Q(area="") | ~Q(org="")  # says nothing new, but leads to the index `case_with_org`
    return Case.objects.filter(seen).select_related("category")


def case(number: str, actor: Actor) -> Case:
    """The case of this number, if the actor may see it; else NotFound("case.unknown"), whether it exists or not."""
    found = case_of_number(number)
    if found is None or not sees(actor, found):
        raise NotFound("case.unknown", number=number)
    return found


def sees(actor: Actor, found: Case) -> bool:
    """The same rule as `visible_to`, of a case that was read."""
    own = found.reported_by == actor.key and found.area == "" and actor.holds("case.see")
    return own or actor.may("case.see", org=found.org, area=found.area)


def case_of_number(number: str, *, lock: bool = False) -> Case | None:
    """The case of this number with its class, locked until the transaction ends where asked, whoever may see it."""
    if not is_number(number):
        return None
    return next(_CLASSED.rows("WHERE mine.number = %(number)s", {"number": number}, lock=lock), None)


def in_order(rows: QuerySet[Case], most: int) -> list[Case]:
    """The first of these cases, each with its class; Django compiles only which they are.

    An array keeps the order of its question, and its places are numbered: no plan of a join can lose the order.
    """
    try:
        keys, params = rows.values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return []
    which = f"JOIN unnest(ARRAY({keys})) WITH ORDINALITY AS chosen (pk, place) ON chosen.pk = mine.id"
    return list(_CLASSED.rows(f"{which} ORDER BY chosen.place", params))


def open_under(path: str) -> int:
    """How many open cases organisations at or below a path have."""
    return Case.objects.filter(OPEN & (Q(org=path) | Q(org__startswith=path + "."))).count()


def is_number(text: str) -> bool:
    """Whether this can be a case number: 20 digits."""
    return re.fullmatch(r"[0-9]{20}", text) is not None


def late(now: datetime) -> Q:
    """The same as `CaseView.late`, as a condition: the handling limit was broken, or the clock that runs is past."""
    return Q(handled_late=True) | (OPEN & Q(due_at__lt=now))


def waiting_for(actor: Actor) -> Q:
    """Cases that wait for this actor: a step of the stage needs a duty held there, and the task is theirs."""
    answer = NOTHING
    for duty in Duty:
        stages = stages_for(duty)
        if stages and actor.holds(duty):
            mine = Q(**{_TASKED[duty]: actor.key}) if duty in _TASKED else Q()
            answer |= Q(stage__in=sorted(stages)) & mine & scope_q(actor.scope(duty))
    return _whole_waits(actor, answer)


def _whole_waits(actor: Actor, answer: Q) -> Q:
    """A whole waits for nobody before its parts, then for who closes it; for who commands where all were voided."""
    whole, parts = Q(stage=Stage.IN_PARTS), Case.objects.filter(parent=OuterRef("number"))
    done = Q(Exists(parts.filter(stage=Stage.CLOSED)))
    answer &= ~whole | done
    if actor.holds(Duty.COMMAND_CITY):
        answer |= whole & ~done & scope_q(actor.scope(Duty.COMMAND_CITY))
    return answer & ~(whole & Q(Exists(parts.filter(OPEN))))


def _queue_mine(actor: Actor, now: datetime) -> Q:
    return waiting_for(actor)


def _queue_open(actor: Actor, now: datetime) -> Q:
    return OPEN


def _queue_soon(actor: Actor, now: datetime) -> Q:
    return OPEN & Q(warn_at__lte=now, due_at__gte=now)


def _queue_overdue(actor: Actor, now: datetime) -> Q:
    return OPEN & Q(due_at__lt=now)


def _queue_unlocated(actor: Actor, now: datetime) -> Q:
    return OPEN & Q(area="")


def _queue_unclassified(actor: Actor, now: datetime) -> Q:
    return OPEN & Q(category=None)


def _queue_coordination(actor: Actor, now: datetime) -> Q:
    return OPEN & ~Q(coordination="")


def _queue_pressed(actor: Actor, now: datetime) -> Q:
    return OPEN & Q(pk__in=Order.objects.filter(replied_at=None).order_by().values("case"))


def _queue_held(actor: Actor, now: datetime) -> Q:
    return OPEN & Q(held_until__isnull=False)


def _queue_closed(actor: Actor, now: datetime) -> Q:
    return Q(stage=Stage.CLOSED)


QUEUES: Mapping[str, Callable[[Actor, datetime], Q]] = {
    "mine": _queue_mine,
    "open": _queue_open,
    "soon": _queue_soon,
    "overdue": _queue_overdue,
    "unlocated": _queue_unlocated,
    "unclassified": _queue_unclassified,
    "coordination": _queue_coordination,
    "pressed": _queue_pressed,
    "held": _queue_held,
    "closed": _queue_closed,
}


def due_order() -> tuple[OrderBy, str]:
    """By time to breach, those without a deadline last, newer first among equals."""
    return F("due_at").asc(nulls_last=True), "-id"


def counts(actor: Actor, area: str = "") -> dict[str, int]:
    """How many cases stand in each queue, in one query; `closed` counts the last 30 days."""
    conditions = _conditions(actor)
    rows = visible_to(actor).filter(OPEN | conditions["closed"])
    if area:
        rows = rows.filter(Q(area=area) | Q(area__startswith=area + "."))
    return rows.aggregate(**{name: Count("id", filter=rule) for name, rule in conditions.items()})


def _conditions(actor: Actor) -> dict[str, Q]:
    now = clock.now()
    conditions = {name: rule(actor, now) for name, rule in QUEUES.items()}
    conditions["closed"] &= Q(closed_at__gte=now - CLOSED_FOR)
    return conditions


def counts_up_to(actor: Actor, most: int) -> dict[str, int]:
    """The same in one query that stops counting each queue at one more than `most`: no badge needs to know further.

    Of a million cases it so reads some thousands where an index leads to a queue, and not all that are open.
    """
    seen = visible_to(actor).order_by()
    asked = {name: _bounded(seen.filter(rule), most) for name, rule in _conditions(actor).items()}
    told = ", ".join(sql for sql, _params in asked.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told}", [one for _sql, params in asked.values() for one in params])
        return dict(zip(asked, cursor.fetchone() or (), strict=True))


def _bounded(rows: QuerySet[Case], most: int) -> tuple[str, tuple[Any, ...]]:
    """The count of these rows as SQL, at most one more than that; nothing to ask where nothing can be among them."""
    try:
        sql, params = rows.values("pk")[: most + 1].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) counted)", params


def history(found: Case) -> list[Move]:
    """The moves of a case the caller was allowed to see, oldest first."""
    return list(Move.objects.filter(case=found))


def reasons(actor: Actor, steps: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What was given as reason, result or note with these steps (case number, version), where the actor may see it."""
    asked = set(steps)
    if not asked:
        return {}
    held = visible_to(actor).filter(number__in={number for number, _version in asked})
    moves = Move.objects.filter(case__in=held, version__in={version for _number, version in asked})
    found = {}
    for number, version, given in moves.values_list("case__number", "version", "given"):
        told = [f"{given['before']} → {given['after']}"] if given.get("before") else []
        told += [str(given[name]) for name in ("reason", "result", "note") if given.get(name)]
        if told and (number, version) in asked:
            found[(number, version)] = " · ".join(told)
    return found


def open_cases_near(lon: float, lat: float, metres: float, category: str = "") -> list[Case]:
    """Open cases within so many metres of a WGS 84 point, nearest first, for machines that look for a case to join."""
    rows = Case.objects.filter(OPEN, point__bboverlaps=box_around(lon, lat, metres)).select_related("category")
    if category:
        rows = rows.filter(category__code=category)
    near = [(haversine_m(lon, lat, row.point.x, row.point.y), row.pk, row) for row in rows if row.point]
    return [row for far, _, row in sorted(near, key=lambda found: found[:2]) if far <= metres]


def tickets_known(source: str, refs: Iterable[str]) -> dict[str, str]:
    """Those of the references of a source that have a case here, with its stage; also as a clue of another case."""
    asked = list(refs)
    found = dict(Case.objects.filter(source=source, source_ref__in=asked).values_list("source_ref", "stage"))
    clues = Clue.objects.filter(source=source, source_ref__in=asked).values_list("source_ref", "case__stage")
    return {**dict(clues), **found}


def ends_known(refs: Iterable[str]) -> dict[str, tuple[str, datetime]]:
    """Those of the references that have a case here, whoever told of it, or hang on one: its stage, and since when."""
    asked, sources = list(refs), list(Source)
    clues = Clue.objects.filter(source__in=sources, source_ref__in=asked)
    cases = Case.objects.filter(source__in=sources, source_ref__in=asked)
    hung = {ref: (stage, at) for ref, stage, at in clues.values_list("source_ref", "case__stage", "case__stage_since")}
    return hung | {ref: (stage, at) for ref, stage, at in cases.values_list("source_ref", "stage", "stage_since")}


def numbers_between(first: str, last: str) -> list[str]:
    """The numbers of the cases that came here from one to another, both included, in that order."""
    ends = dict(Case.objects.filter(number__in=[first, last]).values_list("number", "pk"))
    if len(ends) < len({first, last}):
        return []
    rows = Case.objects.filter(pk__range=(ends[first], ends[last])).order_by("pk")
    return list(rows.values_list("number", flat=True))


def wall_cases(area: str) -> list[dict[str, Any]]:
    """Every open case beneath an area path ("" = all) as the wall reads them, like news, with `open_since`."""
    rows = Case.objects.filter(OPEN).select_related("category")
    if area:
        rows = rows.filter(Q(area=area) | Q(area__startswith=area + "."))
    return [vars(news_of(row, "")) | {"late": is_late(row, clock.now())} for row in rows.order_by("id")]


def box_around(lon: float, lat: float, metres: float) -> Polygon:
    """A box that holds the circle: a degree of latitude is at least 110,574 m on WGS 84."""
    high = metres / 110_574
    wide = high / max(0.01, cos(radians(lat)))
    box = Polygon.from_bbox((lon - wide, lat - high, lon + wide, lat + high))
    box.srid = 4326
    return box
