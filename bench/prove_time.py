"""./run prove time: the time engine against a count of every minute, on 100,000 random calendars and pauses.

The engine (`core/worktime.py`) leaps from window to window. The count below was written apart from it and shares
nothing with it but the calendar's data: it lays out one byte for every minute of some weeks, one where people work and
nobody has stopped the clock, and walks along it. Both must name the same minute for the end of a limit, before and
after pauses and extensions, and the same number of minutes between two moments.
"""

import argparse
import sys
import time as stopwatch
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import compress, islice
from random import Random

from bench.result import Result
from core.worktime import Calendar, Window, days, due, moved, worked

FIRST = datetime(2026, 9, 14, tzinfo=UTC)
DAYS = 75
ZONES = {"Asia/Shanghai": 480, "UTC": 0, "Asia/Kathmandu": 345}
MINUTE = timedelta(minutes=1)
MOST_TOO_LONG = 0.05


@dataclass(frozen=True)
class Story:
    """A limit that starts somewhere, with what happens to it: ("pause", from, until) and ("extend", when, minutes)."""

    calendar: Calendar
    start: int
    minutes: int
    events: tuple[tuple[str, int, int], ...]


def stories(many: int, number: int) -> Iterator[Story]:
    """So many stories, the same ones for the same number."""
    chance = Random(number)
    for _ in range(many):
        yield _story(chance)


def _story(chance: Random) -> Story:
    local = FIRST.date()
    odd = [local + timedelta(days=chance.randrange(1, 40)) for _ in range(chance.randrange(6))]
    calendar = Calendar(
        weekly=_week(chance),
        closed=frozenset(odd[::2]),
        extra={day: _hours(chance) for day in odd[1::2]},
        tz=chance.choice(sorted(ZONES)),
        round_the_clock=chance.random() < 0.15,
    )
    events, at = [], chance.randrange(2 * 1440)
    start = at
    for _ in range(chance.randrange(4)):
        at += chance.randrange(1, 1800)
        if chance.random() < 0.7:
            length = chance.randrange(1, 4000)
            events.append(("pause", at, at + length))
            at += length
        else:
            events.append(("extend", at, chance.randrange(1, 600)))
    return Story(calendar, start, chance.randrange(1, 1500), tuple(events))


def _week(chance: Random) -> tuple[tuple[Window, ...], ...]:
    """Mostly office hours, sometimes anything; some day of the week always works at least two hours."""
    if chance.random() < 0.5:
        office: tuple[Window, ...] = ((480, 720), (840, 1080))
        return (office,) * 5 + ((), ())
    week = [_hours(chance) if chance.random() < 0.8 else () for _ in range(7)]
    week[chance.randrange(7)] = ((540, 660), (661, 1000))
    return tuple(week)


def _hours(chance: Random) -> tuple[Window, ...]:
    edges = sorted(chance.sample(range(0, 1441, chance.choice((1, 30))), chance.choice((2, 4, 6))))
    return tuple(zip(edges[::2], edges[1::2], strict=True))


class Count:
    """Every minute from FIRST on, in UTC: 1 where it counts."""

    def __init__(self, calendar: Calendar) -> None:
        shift, self.line = ZONES[calendar.tz], bytearray(DAYS * 1440)
        for number in range(-1, DAYS + 1):
            day = FIRST.date() + timedelta(days=number)
            for opens, closes in self._open(calendar, day):
                a, b = (min(max(number * 1440 + edge - shift, 0), len(self.line)) for edge in (opens, closes))
                self.line[a:b] = b"\x01" * (b - a)

    @staticmethod
    def _open(calendar: Calendar, day: date) -> tuple[Window, ...]:
        if calendar.round_the_clock:
            return ((0, 1440),)
        if day in calendar.extra:
            return calendar.extra[day]
        return () if day in calendar.closed else calendar.weekly[day.isoweekday() - 1]

    def between(self, a: int, b: int) -> int:
        """How many minutes count between two."""
        return self.line[a:b].count(1)

    def end(self, start: int, minutes: int) -> int:
        """The minute after the one in which so many have been counted; -1 where the line is too short."""
        places = compress(range(start, len(self.line)), self.line[start:])
        last = next(islice(places, minutes - 1, None), None)
        return -1 if last is None else last + 1

    def stand_still(self, a: int, b: int) -> None:
        """Nothing counts between these two."""
        self.line[a:b] = bytes(max(0, min(b, len(self.line)) - a))


def at(minute: int) -> datetime:
    """The moment of a minute of the line."""
    return FIRST + minute * MINUTE


@dataclass
class Tally:
    """What was compared, and what differed."""

    stories: int = 0
    ends: int = 0
    pauses: int = 0
    extensions: int = 0
    spans: int = 0
    too_long: int = 0
    differences: int = 0
    example: str = ""

    def same(self, engine: object, count: object, story: Story, what: str) -> None:
        """Both say the same; else it is a difference, the first of which is kept."""
        if engine != count:
            self.differences += 1
            self.example = self.example or f"{what}: engine {engine}, count {count}, {story}"


def compare(story: Story, tally: Tally) -> None:
    """The engine and the count live through one story side by side."""
    hours, count = story.calendar, Count(story.calendar)
    minutes, until = story.minutes, due(story.calendar, at(story.start), story.minutes)
    tally.stories += 1
    if not _agree(count, story, minutes, until, tally):
        return
    for what, when, value in story.events:
        if at(when) >= until:
            break
        if what == "pause":
            _spans(count, story, when, value, tally)
            until = moved(hours, until, at(when), at(value))
            count.stand_still(when, value)
            tally.pauses += 1
        else:
            minutes, until = minutes + value, due(hours, until, value)
            tally.extensions += 1
        if not _agree(count, story, minutes, until, tally):
            return


def _agree(count: Count, story: Story, minutes: int, until: datetime, tally: Tally) -> bool:
    end = count.end(story.start, minutes)
    if end < 0:
        tally.too_long += 1
        return False
    tally.ends += 1
    tally.same(until, at(end), story, f"the end of {minutes} minutes")
    return True


def _spans(count: Count, story: Story, a: int, b: int, tally: Tally) -> None:
    """The minutes between two moments, and the same day by day."""
    tally.spans += 1
    expected = count.between(a, b)
    tally.same(worked(story.calendar, at(a), at(b)), expected, story, "the minutes between")
    tally.same(sum(day.minutes for day in days(story.calendar, at(a), at(b))), expected, story, "its days")


def main() -> int:
    """Exit status 0 where nothing differed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    tally, began = Tally(), stopwatch.monotonic()
    for story in stories(options.stories, options.seed):
        compare(story, tally)
    result = Result("prove_time")
    for name in ("stories", "ends", "spans"):
        result.add(name, getattr(tally, name))
    result.expect("pauses", tally.pauses, at_least=1)
    result.expect("extensions", tally.extensions, at_least=1)
    result.expect("share too long to be counted", tally.too_long / max(1, tally.stories), at_most=MOST_TOO_LONG)
    result.add("seconds", stopwatch.monotonic() - began, "s")
    result.expect("differences", tally.differences, at_most=0)
    result.expect("ends compared for each story", tally.ends / max(1, tally.stories), at_least=1)
    if tally.example:
        result.note(tally.example)
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
