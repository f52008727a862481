"""Rows of a file of working calendars: a weekday, a day of rest, a day worked to make up for one. Pure."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from core.written import day_of, flag_of
from grid.rules.hours import Spans, spans

WEEKLY, CLOSED, EXTRA = "weekly", "closed", "extra"
KINDS = {
    "weekly": WEEKLY, "每周": WEEKLY, "星期": WEEKLY, "平日": WEEKLY, "weekday": WEEKLY,
    "closed": CLOSED, "休息日": CLOSED, "休": CLOSED, "节假日": CLOSED, "放假": CLOSED, "假日": CLOSED,
    "holiday": CLOSED, "day of rest": CLOSED,
    "extra": EXTRA, "补班": EXTRA, "班": EXTRA, "补班日": EXTRA, "调休上班": EXTRA, "make-up": EXTRA,
    "make-up day": EXTRA,
}  # fmt: skip
WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "1 mon monday 周一 星期一 礼拜一", "2 tue tuesday 周二 星期二 礼拜二", "3 wed wednesday 周三 星期三 礼拜三",
            "4 thu thursday 周四 星期四 礼拜四", "5 fri friday 周五 星期五 礼拜五", "6 sat saturday 周六 星期六 礼拜六",
            "7 sun sunday 周日 周天 星期日 星期天 礼拜日 礼拜天",
        )
    )
    for word in words.split()
}  # fmt: skip
HEAD = ("name", "name_en", "tz", "round_the_clock")
_DASH = re.compile(r"\s*[-–—－~～至到]\s*")
_BETWEEN = re.compile(r"[;；、，,\s]+")

Flaw = tuple[str, str, Mapping[str, Any]]


class Day(NamedTuple):
    """What a row says: of a weekday (its number from Monday, 0) or of a date, with the hours worked on it."""

    kind: str
    day: str
    spans: Spans = ()


def text_of(values: Mapping[str, Any], name: str) -> str:
    """A cell as text without blanks around it; a whole number without its point."""
    value = values.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def read_day(values: Mapping[str, Any]) -> Day | Flaw:
    """What a row says, or the first thing that is wrong with it."""
    written = text_of(values, "kind")
    kind = KINDS.get(written.casefold())
    if kind is None:
        return "kind", "grid.day_kind", {"given": written[:20]}
    day = _day(kind, text_of(values, "day"))
    if day is None:
        code = "grid.weekday_unread" if kind == WEEKLY else "grid.date_unread"
        return "day", code, {"given": text_of(values, "day")[:20]}
    hours = text_of(values, "hours")
    if kind == CLOSED:
        return ("hours", "grid.rest_with_hours", {"day": day}) if hours else Day(kind, day)
    if kind == EXTRA and not hours:
        return "hours", "grid.work_without_hours", {"day": day}
    found, why = _spans(hours)
    return ("hours", why, {"given": hours[:60]}) if why else Day(kind, day, found)


def _day(kind: str, text: str) -> str | None:
    if kind == WEEKLY:
        number = WEEKDAYS.get(text.casefold())
        return None if number is None else str(number)
    day = day_of(text)
    return day.isoformat() if day else None


def _spans(text: str) -> tuple[Spans, str]:
    """The hours of a day in order, and why they cannot be read ("" when they can)."""
    parts = [part for part in _BETWEEN.split(_DASH.sub("-", text.replace("：", ":"))) if part]
    try:
        found = sorted(span for part in parts for span in spans([part]))
    except ValueError:
        return (), "grid.hours_unread"
    try:
        return spans(found), ""
    except ValueError:
        return (), "grid.hours_overlap"


def written_flag(values: Mapping[str, Any], name: str) -> str:
    """A cell that says yes or no as "yes" or "no"; as it is written where it says neither."""
    text = text_of(values, name)
    flag = flag_of(text)
    return text if flag is None else ("yes" if flag else "no")
