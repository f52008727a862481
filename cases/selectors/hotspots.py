"""Hotspots of what an actor may see: cells, hours of the week, places where a class comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay

from cases.contracts.hotspots import USUAL_DAYS
from cases.contracts.questions import Question
from cases.models import Case
from cases.rules.hotspots import HotCell, HotHour, Repeat, Telling, hot_cells, hot_hours, repeats
from cases.rules.questions import FIRST_YEAR, list_of, question_from
from cases.selectors.questions import asked_rows, today
from cases.selectors.reading import LAT, LON
from core.scope import Actor
from grid import selectors as grid

MOST_TELLINGS = 60_000
SHOWN = 50


@dataclass(frozen=True)
class Hotspots:
    """What was found; `cells` and `places` are None where there is too little, or too much, to tell."""

    question: Question
    reported: int
    ground: int
    cells: list[HotCell] | None
    counts: Mapping[str, int]
    spots: Mapping[str, tuple[float, float]]
    week: Mapping[tuple[int, int], int]
    hours: list[HotHour]
    places: list[Repeat] | None
    metres: float
    addresses: Mapping[int, str] = field(default_factory=dict)


def question_here(given: Mapping[str, str], days: int = USUAL_DAYS) -> Question:
    """The question of an address; about so many last days where it names no first one."""
    return question_from({**_usual_since(given, days), **given}, today())


def _usual_since(given: Mapping[str, str], days: int) -> dict[str, str]:
    try:
        until = date.fromisoformat(given.get("until", "") or today().isoformat())
    except ValueError:
        return {}
    return {"since": (until - timedelta(days=days - 1)).isoformat()} if until.year > FIRST_YEAR else {}


def repeat_list(found: "Hotspots", place: Repeat) -> dict[str, str]:
    """The filters of the list that holds exactly the cases of a repeat place."""
    middle = place.middle
    near = f"{middle.lon!r},{middle.lat!r},{found.metres:.0f}"
    return {**list_of(found.question), "category": middle.category, "near": near}


def hotspots(question: Question, actor: Actor, *, around: float, metres: float, times: int) -> Hotspots:
    """Clusters of cells `around` metres wide, hours that stand out, and what came back `times` within `metres`."""
    rows = asked_rows(question, actor)
    counted: Any = rows.exclude(cell="").values_list("cell", "area").annotate(n=Count("pk"))
    found = [(cell, area, n) for cell, area, n in counted]
    counts: dict[str, int] = {}
    for cell, _area, n in found:
        counts[cell] = counts.get(cell, 0) + n
    spots = grid.spots_beneath(_ground(question, actor, {area for _cell, area, _n in found}))
    week = _week(rows)
    total = sum(week.values())
    places = _places(rows, metres, times) if total <= MOST_TELLINGS else None
    shown = places[:SHOWN] if places is not None else None
    return Hotspots(
        question=question,
        reported=total,
        ground=len(spots),
        cells=hot_cells(counts, spots, around),
        counts=counts,
        spots=spots,
        week=week,
        hours=hot_hours(week),
        places=shown,
        metres=metres,
        addresses=_addresses([one.middle.key for one in shown or ()]),
    )


def _ground(question: Question, actor: Actor, areas: set[str]) -> set[str]:
    """The ground that is looked at: the area that was asked for, else one's own, else the districts with a case."""
    asked = question.filters.get("area") or question.filters.get("district")
    if asked:
        return {one.path for one in grid.region_names() if one.code == asked}
    own = {ground.area for ground in actor.scope("case.see").grounds}
    if own and "" not in own:
        return own
    return {".".join(area.split(".")[:2]) for area in areas}


def _week(rows: Any) -> dict[tuple[int, int], int]:
    day, hour = ExtractIsoWeekDay("reported_at"), ExtractHour("reported_at")
    counted = rows.annotate(day=day, at_hour=hour).values_list("day", "at_hour").annotate(n=Count("pk"))
    return {(weekday, at_hour): n for weekday, at_hour, n in counted}


def _places(rows: Any, metres: float, times: int) -> list[Repeat]:
    held = rows.filter(category__isnull=False, point__isnull=False)
    told = [Telling(*row) for row in held.values_list("pk", "category__code", LON, LAT)]
    return repeats(told, metres, times)


def _addresses(keys: list[int]) -> dict[int, str]:
    """What people call the middles of the places: the address of the case, never who reported it."""
    return dict(Case.objects.filter(pk__in=keys).values_list("pk", "address")) if keys else {}
