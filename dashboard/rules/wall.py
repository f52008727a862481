"""How entries become tiles, cases on the wall, and figures. Pure; `frontend/live/fold.js` says the same in the browser.

A *case in mind* is a dict: the fields of `CaseNews` worth showing, plus `since` (when its stage began), `started` and
`deadline` of the running handling clock, and `missed` (that clock's miss has been counted).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from cases.contracts import ENDS, Stage
from dashboard.contracts import HISTORY_DAYS, HOURLY, TREND_HOURS, WINDOW_DAYS, Level, Measure

Memory = dict[str, Any]
Counts = Counter[tuple[str, str]]

LOCAL = timezone(timedelta(hours=8))
QUICK_SECONDS = 30 * 60
SERIOUS_SECONDS = 30 * 60
CAUTION_SECONDS = 2 * 60 * 60
SMOOTH_HOURS = 6
"""An hour of a small city holds few cases: the line of a rate shows the six hours that end with each hour."""

FIELDS = (
    "number", "stage", "version", "category", "kind", "source", "lon", "lat", "cell", "place", "organisation",
    "district", "due_at", "late", "priority", "reported_at", "photo", "incident",
)  # fmt: skip
WAITING = frozenset({Stage.REPORTED, Stage.VERIFYING, Stage.ACCEPTED})

STARTS = frozenset({"case.sent_to_district.v1", "case.dispatched.v1"})
RESTARTS = frozenset({"case.check_failed.v1", "case.feedback_refused.v1"})
ONCE: Mapping[str, Measure] = {
    "case.reported.v1": Measure.REPORTED,
    "case.registered.v1": Measure.REGISTERED,
    "case.closed.v1": Measure.CLOSED,
    "case.check_passed.v1": Measure.VERDICT,
}
UNTOLD = frozenset({
    "case.annotated.v1", "case.annotation_withdrawn.v1", "case.due_soon.v1", "case.erasure_swept.v1",
    "case.filter_changed.v1", "case.history_taken.v1", "case.organisation_followed.v1", "case.person_erased.v1",
    "case.person_kept.v1", "case.person_released.v1", "case.picture_doubted.v1", "case.text_changed.v1",
})  # fmt: skip
"""What the wall shows otherwise, what is not of one case and so has neither class nor place, what concerns a reporter.
"""


@dataclass(frozen=True)
class Fold:
    """What an entry did: the case in mind after it (None when the case has ended), and what to add to which day."""

    case: Memory | None
    counts: Counts = field(default_factory=Counter)


def local(at: datetime) -> datetime:
    """The time on the city's wall clock."""
    return at.astimezone(LOCAL)


def moment(text: str) -> datetime:
    """An ISO 8601 time of an entry, aware."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def fold_case(before: Memory | None, kind: str, data: Mapping[str, Any], at: datetime) -> Fold:
    """The case in mind and the counts after an entry `case.*.v1`."""
    case: Memory = {name: data.get(name) for name in FIELDS}
    kept = before or {}
    stays = kept.get("stage") == case["stage"] and kind != "case.located.v1"
    case["since"] = kept["since"] if stays else at.isoformat()
    for name in ("started", "deadline"):
        case[name] = kept.get(name)
    case["missed"] = kept.get("missed", False)
    counts: Counts = Counter()
    _count_flow(counts, kind, data, at)
    _count_open(counts, before, case, at)
    _follow_clock(case, counts, kind, data, at)
    return Fold(None if case["stage"] in ENDS else case, counts)


def _count_flow(counts: Counts, kind: str, data: Mapping[str, Any], at: datetime) -> None:
    day, hour = local(at).date().isoformat(), f"{local(at).hour:02d}"
    if kind in ONCE:
        counts[day, ONCE[kind]] += 1
        _count_hour(counts, ONCE[kind], at)
    if kind in RESTARTS:
        for measure in (Measure.VERDICT, Measure.REWORK):
            counts[day, measure] += 1
            _count_hour(counts, measure, at)
    if kind == "case.registered.v1":
        counts[day, f"hour:{hour}"] += 1
        counts[day, f"source:{data['source']}"] += 1
    if kind == "case.overdue.v1":
        counts[day, f"late:{hour}"] += 1


def _count_hour(counts: Counts, measure: Measure, at: datetime, n: int = 1) -> None:
    """The hour in which it happened, of measures whose last 24 hours are drawn."""
    if measure in HOURLY:
        counts[local(at).date().isoformat(), f"{measure}:{local(at).hour:02d}"] += n


def _count_open(counts: Counts, before: Memory | None, case: Memory, at: datetime) -> None:
    """A case is opened when it is registered (again) and ended when it leaves the open stages."""
    day = local(at).date().isoformat()
    was, is_ = before is not None and is_open(before), case["stage"] not in ENDS and is_open(case)
    for measure, happened in ((Measure.OPENED, is_ and not was), (Measure.ENDED, was and not is_)):
        counts[day, measure] += int(happened)
        _count_hour(counts, measure, at, int(happened))


def _follow_clock(case: Memory, counts: Counts, kind: str, data: Mapping[str, Any], at: datetime) -> None:
    """The handling clock runs from the first dispatch to the department's confirmation; a failed check starts it again.

    Each clock is decided once: missed when its deadline passes, kept when confirmed before. It counts on the day of
    its deadline (domain.md 7: 应处置数 counts the deadlines of the period), and in the hour in which it was decided.
    """
    if kind in RESTARTS or (kind in STARTS and not case["started"]):
        case.update(started=at.isoformat(), deadline=None, missed=False)
    confirmed = kind == "case.confirmed.v1"
    if case["started"] and data.get("due_at") and not confirmed:
        case["deadline"] = data["due_at"]
    overdue = kind == "case.overdue.v1" and data.get("clock") == "handling"
    if case["deadline"] and not case["missed"] and (overdue or confirmed):
        _decide(counts, moment(case["started"]), moment(case["deadline"]), at)
        case["missed"] = overdue
    if confirmed:
        case.update(started=None, deadline=None, missed=False)


def _decide(counts: Counts, started: datetime, deadline: datetime, at: datetime) -> None:
    kept = int(at <= deadline)
    told = {Measure.DUE: 1, Measure.KEPT: kept}
    if (deadline - started).total_seconds() <= QUICK_SECONDS:
        told |= {Measure.QUICK: 1, Measure.QUICK_KEPT: kept}
    for measure, n in told.items():
        counts[local(deadline).date().isoformat(), measure] += n
        _count_hour(counts, measure, at, n)


def fold_mark(data: Mapping[str, Any], at: datetime) -> Counts:
    """The counts after `evaluation.marked.v1`: marks given that day, and their sum in tenths."""
    day = local(at).date().isoformat()
    return Counter({(day, Measure.MARKS): 1, (day, Measure.SCORE10): round(data["score"] * 10)})


def first_day(now: datetime) -> date:
    """The oldest day a snapshot carries."""
    return local(now).date() - timedelta(days=HISTORY_DAYS - 1)


def first_day_by_hours(now: datetime) -> date:
    """The oldest day of which a snapshot carries the hours that lines are drawn from."""
    return local(now).date() - timedelta(days=2)


def level_of(case: Memory, now: datetime) -> Level:
    """How urgent a case is: by what is left of its promise, else by whether somebody has yet to decide on it."""
    if case["due_at"]:
        left = (moment(case["due_at"]) - now).total_seconds()
        if left <= 0:
            return Level.CRITICAL
        if left <= SERIOUS_SECONDS:
            return Level.SERIOUS
        if left <= CAUTION_SECONDS:
            return Level.CAUTION
    return Level.INFO if case["stage"] in WAITING else Level.NORMAL


def is_open(case: Memory) -> bool:
    """Registered and not ended (在办)."""
    return case["stage"] not in WAITING


def is_late(case: Memory, now: datetime) -> bool:
    """The promise in force is past."""
    return bool(case["due_at"]) and moment(case["due_at"]) <= now


_ORDER = {level: place for place, level in enumerate(Level)}
FRESH_SECONDS = 180
RAIL = 6
RAIL_FRESH = 2


def _worst(case: Memory, now: datetime) -> tuple[Any, ...]:
    urgency = (_ORDER[level_of(case, now)], -(case["priority"] or 0), case["due_at"] or "9999")
    return (*urgency, case["reported_at"], case["number"])


def rail_of(cases: Iterable[Memory], now: datetime) -> list[Memory]:
    """At most six cases, worst first; up to two that have just come always have a card."""
    ordered = sorted(cases, key=lambda case: _worst(case, now))
    alerting = [case for case in ordered if level_of(case, now) is not Level.NORMAL]
    fresh = sorted(
        (case for case in ordered if (now - moment(case["reported_at"])).total_seconds() < FRESH_SECONDS),
        key=lambda case: (case["reported_at"], case["number"]),
    )[-RAIL_FRESH:]
    shown = {case["number"] for case in fresh}
    for case in alerting:
        if len(shown) >= RAIL:
            break
        shown.add(case["number"])
    return [case for case in ordered if case["number"] in shown]


Days = Mapping[str, Mapping[str, int]]


def figures(cases: Iterable[Memory], days: Days, now: datetime) -> dict[str, Any]:
    """What the tiles of the wall show, from the open cases and the counts of the days (of one scope)."""
    here = local(now)
    today = here.date()
    held = list(cases)
    opened = [case for case in held if is_open(case)]
    week = [today - timedelta(days=back) for back in range(WINDOW_DAYS)]
    before = [today - timedelta(days=back) for back in range(WINDOW_DAYS, 2 * WINDOW_DAYS)]
    return {
        "registered_today": {
            "value": _on(days, today, Measure.REGISTERED),
            "so_far": _until(days, today, here.hour),
            "week_ago": _until(days, today - timedelta(days=7), here.hour),
        },
        "on_time": _rate(days, week, before, Measure.KEPT, Measure.DUE),
        "half_hour": _rate(days, week, before, Measure.QUICK_KEPT, Measure.QUICK),
        "rework": _rate(days, week, before, Measure.REWORK, Measure.VERDICT),
        "open": {"value": len(opened), "median_minutes": _median_age(opened, now)},
        "overdue": {"value": sum(is_late(case, now) for case in held), "of": len(held)},
        "waiting": {"value": len(held) - len(opened)},
        "sources": _sources(days, today),
        "hours": _hourly(days, here, "hour"),
        "late_hours": _hourly(days, here, "late"),
        "stages": dict(sorted(Counter(case["stage"] for case in held).items())),
        "levels": {level: sum(level_of(case, now) is level for case in held) for level in Level},
        "trends": _trends(days, now, len(opened)),
    }


def _on(days: Days, day: date, measure: str) -> int:
    return days.get(day.isoformat(), {}).get(measure, 0)


def _until(days: Days, day: date, hour: int) -> int:
    """Registered on a day before the given hour."""
    return sum(_on(days, day, f"hour:{before:02d}") for before in range(hour))


def _total(days: Days, chosen: Iterable[date], measure: str) -> int:
    return sum(_on(days, day, measure) for day in chosen)


def _rate(days: Days, week: list[date], before: list[date], over: str, under: str) -> dict[str, int]:
    """Numerator and denominator of the last seven days and of the seven before; a zero denominator means n/a."""
    return {
        "num": _total(days, week, over),
        "den": _total(days, week, under),
        "num_before": _total(days, before, over),
        "den_before": _total(days, before, under),
    }


def _median_age(cases: list[Memory], now: datetime) -> int | None:
    ages = sorted((now - moment(case["reported_at"])).total_seconds() for case in cases)
    return int(ages[len(ages) // 2] // 60) if ages else None


def _sources(days: Days, today: date) -> dict[str, int]:
    found = days.get(today.isoformat(), {})
    return {name.partition(":")[2]: found[name] for name in sorted(found) if name.startswith("source:") and found[name]}


def _share(over: int, under: int) -> float | None:
    return int(1000 * over / under + 0.5) / 10 if under else None


def _hourly(days: Days, here: datetime, name: str, many: int = TREND_HOURS) -> list[int]:
    """The last hours, each by its hour on the clock; the last one is still running."""
    hours = [here - timedelta(hours=back) for back in range(many - 1, -1, -1)]
    return [_on(days, at.date(), f"{name}:{at.hour:02d}") for at in hours]


def _trends(days: Days, now: datetime, open_now: int) -> dict[str, list[float | int | None]]:
    """The last 24 hours of every figure: what happened in each hour, what stood at its end, how a rate went."""
    here = local(now)
    return {
        "registered_today": list(_hourly(days, here, "hour")),
        "overdue": list(_hourly(days, here, "late")),
        "on_time": _rates(days, here, Measure.KEPT, Measure.DUE),
        "half_hour": _rates(days, here, Measure.QUICK_KEPT, Measure.QUICK),
        "rework": _rates(days, here, Measure.REWORK, Measure.VERDICT),
        "open": _standing(days, here, open_now),
    }


def _rates(days: Days, here: datetime, over: str, under: str) -> list[float | int | None]:
    many = TREND_HOURS + SMOOTH_HOURS - 1
    above, below = _hourly(days, here, over, many), _hourly(days, here, under, many)
    return [_share(sum(above[at : at + SMOOTH_HOURS]), sum(below[at : at + SMOOTH_HOURS])) for at in range(TREND_HOURS)]


def _standing(days: Days, here: datetime, open_now: int) -> list[float | int | None]:
    """How many were open at the end of each hour, counted back from now."""
    opened, ended = _hourly(days, here, Measure.OPENED), _hourly(days, here, Measure.ENDED)
    found = [open_now]
    for grown, gone in zip(reversed(opened[1:]), reversed(ended[1:]), strict=True):
        found.append(found[-1] - grown + gone)
    return list(reversed(found))


def district_figures(cases: Iterable[Memory], days: Days, now: datetime) -> dict[str, Any]:
    """The row of a district in the list: open, overdue, and the rate kept of the last seven days."""
    held = list(cases)
    week = [local(now).date() - timedelta(days=back) for back in range(WINDOW_DAYS)]
    return {
        "open": sum(map(is_open, held)),
        "overdue": sum(is_late(case, now) for case in held),
        "on_time": {"num": _total(days, week, Measure.KEPT), "den": _total(days, week, Measure.DUE)},
    }


def is_news(kind: str) -> bool:
    """Whether an entry is one that the wall tells in words."""
    return kind.startswith("case.") and kind not in UNTOLD or kind == "evaluation.marked.v1"
