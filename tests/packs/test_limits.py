"""Every condition row of the shipped catalogue has the limit of the field's rules, and ends when that limit says."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from core.worktime import ROUND_THE_CLOCK, due, minutes_of, runs_on
from grid.rules.hours import readable
from grid.selectors import worktime_of
from packs.adapters.library import read_library

UNITS = {"U": "urgent_hour", "UD": "natural_day", "H": "work_hour", "D": "work_day"}
SHORT = {unit: letters for letters, unit in UNITS.items()}
STARTS = ("2026-11-16 09:00", "2026-11-20 17:00", "2026-09-30 17:00")
"""A Monday in November, a Friday evening, the evening before National Day (1 to 7 October off, the 10th made up)."""
ENDS = """
0.5U  11-16 09:30  11-20 17:30  09-30 17:30
1U    11-16 10:00  11-20 18:00  09-30 18:00
2U    11-16 11:00  11-20 19:00  09-30 19:00
4U    11-16 13:00  11-20 21:00  09-30 21:00
1UD   11-17 09:00  11-21 17:00  10-01 17:00
2UD   11-18 09:00  11-22 17:00  10-02 17:00
2H    11-16 11:00  11-23 09:00  10-08 09:00
4H    11-16 15:00  11-23 11:00  10-08 11:00
1D    11-17 09:00  11-23 17:00  10-08 17:00
2D    11-18 09:00  11-24 17:00  10-09 17:00
3D    11-19 09:00  11-25 17:00  10-10 17:00
4D    11-20 09:00  11-26 17:00  10-12 17:00
5D    11-23 09:00  11-27 17:00  10-13 17:00
7D    11-25 09:00  12-01 17:00  10-15 17:00
10D   11-30 09:00  12-04 17:00  10-20 17:00
15D   12-07 09:00  12-11 17:00  10-27 17:00
"""


def when(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def promised() -> dict[str, list[datetime]]:
    """The table above: of each limit, when it ends for each of the three starts."""
    rows = [line.split() for line in ENDS.strip().splitlines()]
    return {row[0]: [when(f"2026-{row[n]} {row[n + 1]}") for n in (1, 3, 5)] for row in rows}


def test_every_condition_row_has_its_limit_in_a_week_over_a_weekend_and_over_national_day() -> None:
    packs = read_library().packs
    text = (Path(__file__).parent / "limits.txt").read_text(encoding="utf-8")
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    expected = {code: limits.split("/") for code, limits in zip(words[::2], words[1::2], strict=True)}
    rows = [row for pack in packs.values() for row in pack.document.get("categories", ())]
    office = next(one for one in packs["base"].document["calendars"] if one["code"] == "office_hours")
    hours, ends, tried = worktime_of(readable(office)), promised(), 0
    assert {row["code"] for row in rows} == set(expected)
    for row in rows:
        found = []
        for condition in row["conditions"]:
            limit = condition["limit"]
            short = f"{limit['value']:g}{SHORT[limit['unit']]}"
            calendar = ROUND_THE_CLOCK if runs_on(limit["unit"]) == "round_the_clock" else hours
            minutes = minutes_of(**limit)
            assert [due(calendar, when(start), minutes) for start in STARTS] == ends[short], (row["code"], condition)
            found.append(short)
            tried += 1
        assert list(dict.fromkeys(found)) == expected[row["code"]], row["code"]
    assert tried == 417
