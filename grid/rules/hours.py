"""Reading working hours as people write them (a pack's `calendars` section) into minutes of the day."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from grid.contracts import Problem

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Span = tuple[int, int]
Spans = tuple[Span, ...]


def minute_of(text: str) -> int:
    """The minute of the day of "08:30"; "24:00" is the end. ValueError where it is no time."""
    hours, minutes = str(text).split(":")
    value = int(hours) * 60 + int(minutes)
    if not 0 <= int(minutes) < 60 or not 0 <= value <= 1440:
        raise ValueError(text)
    return value


def spans(written: Iterable[object]) -> Spans:
    """Spans of a day, written ["08:30-12:00"] or [["08:30", "12:00"]] or minutes; ValueError if disordered."""
    found = tuple(_span(item) for item in written)
    edges = [edge for span in found for edge in span]
    if edges != sorted(edges) or any(start >= end for start, end in found):
        raise ValueError(written)
    return found


def _span(item: object) -> Span:
    pair = item.split("-") if isinstance(item, str) else item
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        raise ValueError(item)
    start, end = (edge if isinstance(edge, int) else minute_of(str(edge).strip()) for edge in pair)
    if not 0 <= start < end <= 1440:
        raise ValueError(item)
    return start, end


def weekly(written: object) -> tuple[Spans, ...]:
    """Seven days from Monday: a list of seven, or a mapping of day names where an absent day is free."""
    if isinstance(written, Mapping):
        unknown = set(written) - set(DAYS)
        if unknown:
            raise ValueError(sorted(unknown))
        return tuple(spans(written.get(day) or ()) for day in DAYS)
    if isinstance(written, list | tuple) and len(written) == 7:
        return tuple(spans(day or ()) for day in written)
    raise ValueError(written)


def day_of(written: object) -> date:
    """A date, written as one or as "2026-10-01"."""
    return written if isinstance(written, date) else date.fromisoformat(str(written))


def written(spans: Iterable[Iterable[int]]) -> list[str]:
    """Hours as people write them: 08:00-12:00, 14:00-18:00."""
    return [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans]


def told(columns: Mapping[str, Any]) -> dict[str, Any]:
    """A stored calendar by the fields of its form: what `core.versions` compares."""
    return {
        "zh": columns["names"].get("zh", ""),
        "en": columns["names"].get("en", ""),
        "tz": columns["tz"],
        "round_the_clock": columns["round_the_clock"],
        **{f"day{number}": ", ".join(written(day)) for number, day in enumerate(columns["weekly"])},
        "closed": sorted(columns["closed"]),
        "extra": sorted(f"{day} {', '.join(written(hours))}" for day, hours in columns["extra"].items()),
    }


def problems(calendar: Mapping[str, Any]) -> list[Problem]:
    """Why a written calendar cannot be used; empty when it can."""
    code = str(calendar.get("code", ""))
    found = [] if code else [Problem("grid.calendar_without_code")]
    found += [
        Problem("grid.calendar_name_missing", {"code": code, "language": language})
        for language in ("zh", "en")
        if not _names(calendar).get(language)
    ]
    if str(calendar.get("tz", "Asia/Shanghai")) not in available_timezones():
        found.append(Problem("grid.calendar_unknown_zone", {"code": code, "zone": str(calendar.get("tz"))}))
    try:
        columns = readable(calendar)
    except (ValueError, TypeError, AttributeError) as error:
        found.append(Problem("grid.calendar_unreadable", {"code": code, "what": str(error)}))
        return found
    if not calendar.get("round_the_clock") and not any(weekly(calendar.get("weekly") or {})):
        found.append(Problem("grid.calendar_without_hours", {"code": code}))
    both = set(columns["closed"]) & set(columns["extra"])
    found += [Problem("grid.calendar_day_twice", {"code": code, "day": day}) for day in sorted(both)]
    return found


def _names(calendar: Mapping[str, object]) -> Mapping[str, str]:
    names = calendar.get("names") or calendar.get("name")
    return names if isinstance(names, Mapping) else {}


def readable(calendar: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a calendar as they are stored: minutes and ISO dates only."""
    extra = calendar.get("extra") or {}
    if isinstance(extra, list):
        extra = {entry["date"]: entry["hours"] for entry in extra}
    return {
        "names": dict(_names(calendar)),
        "tz": str(calendar.get("tz", "Asia/Shanghai")),
        "round_the_clock": bool(calendar.get("round_the_clock", False)),
        "weekly": [[list(span) for span in day] for day in weekly(calendar.get("weekly") or {})],
        "closed": sorted(day_of(day).isoformat() for day in calendar.get("closed") or ()),
        "extra": {day_of(day).isoformat(): [list(span) for span in spans(hours)] for day, hours in extra.items()},
    }
