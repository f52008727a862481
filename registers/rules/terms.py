"""Terms and deadlines of records: when they end, and what is to be told before. Pure."""

from calendar import monthrange
from collections.abc import Collection
from datetime import datetime, timedelta, tzinfo

from core import worktime
from registers.contracts import Declared, Notice, State, Term

WORKING = frozenset({worktime.Unit.WORK_HOUR, worktime.Unit.WORK_DAY})


def months_later(moment: datetime, months: int) -> datetime:
    """The same day so many months later; the last of a month that has no such day."""
    index = moment.month - 1 + months
    year, month = moment.year + index // 12, index % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def term_end(term: Term, since: datetime, zone: tzinfo) -> datetime:
    """When a term that begins at that moment ends: so many days, months or years later by the city's clock."""
    here = since.astimezone(zone)
    if term.unit == "day":
        return here + timedelta(days=term.value)
    return months_later(here, term.value * (12 if term.unit == "year" else 1))


def renewed_from(now: datetime, until: datetime | None) -> datetime:
    """A renewal in time goes on where the old term ends; a late one begins now."""
    return until if until is not None and until > now else now


def counts_working_time(state: State) -> bool:
    """Whether the time in the state is counted on office hours, and not by the clock."""
    return state.within.get("unit") in WORKING


def due_of(state: State, since: datetime, hours: worktime.Calendar = worktime.ROUND_THE_CLOCK) -> datetime | None:
    """Until when a record should have left the state; `hours` are the office hours of its place."""
    if not state.within:
        return None
    value, unit = state.within["value"], state.within["unit"]
    if unit in WORKING:
        return worktime.due(hours, since, worktime.minutes_of(value, unit))
    return since + timedelta(**{f"{unit}s": value})


def notices(declared: Declared, *, state: str, valid_until: datetime | None, due_at: datetime | None) -> list[Notice]:
    """Everything that a record in this state is still to be told of, by time."""
    found = []
    term = declared.term
    if term is not None and valid_until is not None and (state in term.sources or not term.lapse):
        found += [Notice(valid_until - timedelta(days=days), "remind", days) for days in term.remind]
        if term.lapse:
            found.append(Notice(valid_until, "lapse"))
    if due_at is not None:
        found.append(Notice(due_at, "overdue"))
    return sorted(found)


def next_notice(found: Collection[Notice], told: Collection[tuple[str, int]]) -> datetime | None:
    """The first moment at which something not yet told is to be told."""
    return min((one.at for one in found if (one.kind, one.days) not in told), default=None)
