"""Days, moments, yes and no, and lists as people write them in tables. Pure."""

import re
from datetime import date, datetime, tzinfo
from typing import Any

YES = frozenset({"是", "有", "对", "在用", "启用", "yes", "true", "1", "y", "t", "√", "in use"})
NO = frozenset({"否", "无", "不", "停用", "废止", "no", "false", "0", "n", "f", "closed", "out of use"})
YEARS = range(1900, 2201)
"""Those that anybody means: a moment far beyond cannot be told in every time zone, and breaks whatever shows it."""
ODD = {number: " " for number in range(32) if chr(number) not in "\t\n\r"}
"""Control characters, which a workbook cannot hold."""
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_TIMED = re.compile(r"(.+?)[T\s]+(\d{1,2})(:\d{2}.*)")
_LIST = re.compile(r"[;；、，,\s]+")


def day_of(text: str) -> date | None:
    """The day of 2026-10-01, 2026/10/1, 2026.10.1 or 2026年10月1日 (midnight may stand behind it); None of another."""
    found = _DAY.fullmatch(text.strip().removesuffix("00:00:00").strip())
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def moment_of(text: str, zone: tzinfo) -> datetime | None:
    """The moment of a day (its first), or of a day and a time; where no offset is written, in the zone."""
    day = day_of(text)
    if day is not None:
        return datetime(day.year, day.month, day.day, tzinfo=zone)
    try:
        found = datetime.fromisoformat(_iso(text.strip()))
    except ValueError:
        return None
    if found.year not in YEARS:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _iso(text: str) -> str:
    """A time behind a day, however that is written, as ISO 8601 writes both; any other text as it is."""
    timed = _TIMED.fullmatch(text)
    day = day_of(timed[1]) if timed else None
    return f"{day}T{timed[2]:0>2}{timed[3]}" if timed and day else text


def flag_of(text: str) -> bool | None:
    """Yes or no; None of a text that is neither."""
    told = text.strip().casefold()
    return True if told in YES else False if told in NO else None


def listed(text: str) -> list[str]:
    """The words of a list, however they are kept apart."""
    return [word for word in _LIST.split(text) if word]


def plain(value: Any, zone: tzinfo) -> Any:
    """A value as a file of a list holds it: moments in the zone, texts without control characters."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    return value.translate(ODD) if isinstance(value, str) else value
