"""Files of working calendars, a row for each day: what would become of each, and then exactly that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.scope import Actor
from exchange.contracts import Outcome, Row, Suspicion, Verdict
from grid import selectors
from grid.actions.calendars import save_calendar
from grid.actions.cell_takings import TAKE_OUT
from grid.models import Calendar
from grid.rules import hours
from grid.rules.calendar_days import CLOSED, EXTRA, HEAD, WEEKLY, Day, Flaw, read_day, text_of, written_flag

Key = tuple[str, str]
FIELDS = {
    "grid.calendar_unknown_zone": "tz",
    "grid.calendar_without_hours": "hours",
    "grid.calendar_without_code": "calendar",
}
AGAIN = {True: "grid.calendar_day_again", False: "grid.day_both"}


class Looked(NamedTuple):
    """A row of a calendar: where it stands, what it says of the calendar, its day or what is wrong with that."""

    number: int
    line: int
    head: Mapping[str, str]
    read: Day | Flaw | None


@dataclass(slots=True)
class Judged:
    """What would become of a calendar and of each of its rows, by their numbers."""

    written: dict[str, Any]
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    flaws: dict[int, list[Flaw]] = field(default_factory=dict)
    broken: bool = False
    dropped: list[str] = field(default_factory=list)

    def refuse(self, number: int, name: str, code: str, /, **params: Any) -> None:
        """A row is refused for the value of a field, and with it the calendar."""
        self.flaws.setdefault(number, []).append((name, code, params))
        self.broken = True


class Calendars:
    """One file being taken: the rows of a calendar stand or fall together, and make one new edition of it."""

    def __init__(self, options: Mapping[str, str], *, actor: Actor) -> None:
        self.actor = actor
        self.drops = options.get("left_out") == TAKE_OUT
        self._held = {(row.code, row.area): row for row in selectors.calendars()}
        names = selectors.region_names()
        self._areas = {one.path for one in names}
        self._paths = {one.code: one.path for one in names}
        self._rows: dict[Key, list[Looked]] = {}
        self._judged: dict[Key, Judged] = {}
        self._saved: set[Key] = set()

    def look(self, rows: Sequence[Row]) -> None:
        """The rows of each calendar are gathered."""
        for row in rows:
            head = {name: text_of(row.values, name) for name in HEAD} if not row.faults else {}
            if head.get("round_the_clock"):
                head["round_the_clock"] = written_flag(row.values, "round_the_clock")
            read = None if row.faults else read_day(row.values)
            self._rows.setdefault(self._key(row), []).append(Looked(row.number, row.line, head, read))

    def _key(self, row: Row) -> Key:
        area = text_of(row.values, "area")
        return text_of(row.values, "calendar"), area if area in self._areas else self._paths.get(area, area)

    def suspicions(self) -> list[Suspicion]:
        """Days that would go because the file leaves them out."""
        gone = sum(len(judged.dropped) for judged in self._all())
        return [Suspicion("grid.calendar_days_left_out", {"count": gone})] if gone else []

    def _all(self) -> Iterable[Judged]:
        return [judged for judged in map(self._of, self._rows) if not judged.broken]

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row; where one is faulty, no row of its calendar is taken."""
        found = []
        for row in rows:
            key = self._key(row)
            judged = self._of(key)
            for name, code, params in judged.flaws.get(row.number, ()):
                row.refuse(name, code, **params)
            if judged.broken and not row.faults:
                row.refuse("calendar", "grid.calendar_other_rows", calendar=key[0])
            outcome = Outcome.REFUSE if row.faults else judged.outcomes[row.number]
            found.append(Verdict(row, outcome, _label(key, text_of(row.values, "day")), key))
        return found

    def left_out(self) -> list[Verdict]:
        """The days of rest and make-up days that go because the file leaves them out."""
        return [
            Verdict(Row(number=0, line=0, values={}), Outcome.RETIRE, _label(key, day), key)
            for key in self._rows
            for day in (() if self._of(key).broken else self._of(key).dropped)
        ]

    def _of(self, key: Key) -> Judged:
        if key not in self._judged:
            self._judged[key] = self._judge(key, self._rows[key])
        return self._judged[key]

    def _judge(self, key: Key, rows: Sequence[Looked]) -> Judged:
        held = self._held.get(key)
        judged = Judged(_begun(key, held))
        first = rows[0].number
        judged.broken = any(row.read is None for row in rows)
        self._place(judged, key, first)
        _say_head(judged, rows)
        before = _days(held)
        days = _said(judged, rows)
        if not judged.broken:
            _write(judged, days, drops=self.drops)
            for problem in hours.problems(judged.written):
                judged.refuse(first, _field(problem), problem.code, **problem.params)
        same = held is not None and all(judged.written[name] == held.columns()[name] for name in _HEAD_COLUMNS)
        for day, number in days.items():
            judged.outcomes[number] = _outcome(held, before, day, same=same)
        return judged

    def _place(self, judged: Judged, key: Key, number: int) -> None:
        """A calendar of an area is of one on the map, and of a code that the city has."""
        code, area = key
        if not area or key in self._held:
            return
        base = self._held.get((code, ""))
        if area not in self._areas:
            judged.refuse(number, "area", "grid.calendar_unknown_area", area=area)
        elif base is None and (code, "") not in self._rows:
            judged.refuse(number, "calendar", "grid.calendar_of_no_city", calendar=code)
        elif base is not None and base.round_the_clock:
            judged.refuse(number, "calendar", "grid.calendar_round_the_clock", calendar=code)

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """Each calendar that the batch touches is saved whole, once."""
        for verdict in verdicts:
            key = verdict.item
            if verdict.outcome is not Outcome.REFUSE and key not in self._saved:
                self._saved.add(key)
                save_calendar(self._of(key).written, actor=self.actor)

    def finish(self) -> Mapping[str, Any]:
        """Nothing is left to do."""
        return {}


_HEAD_COLUMNS = ("names", "tz", "round_the_clock")


def _label(key: Key, day: str) -> str:
    return " ".join(filter(None, (*key, day)))


def _begun(key: Key, held: Calendar | None) -> dict[str, Any]:
    """The calendar as it is, to be changed; a new one is empty."""
    told = held.columns() if held else hours.readable({"names": {}})
    return {"code": key[0], "area": key[1], **told, "names": dict(told["names"])}


def _say_head(judged: Judged, rows: Sequence[Looked]) -> None:
    """What the rows say of the calendar itself: they may leave it empty or repeat it, and may not contradict."""
    said: dict[str, tuple[str, int]] = {}
    for row in rows:
        for name, text in row.head.items():
            before, line = said.setdefault(name, (text, row.line)) if text else (text, 0)
            if text != before:
                judged.refuse(row.number, name, "grid.calendar_head_differs", line=line)
            elif name == "round_the_clock" and text not in ("", "yes", "no"):
                judged.refuse(row.number, name, "grid.flag_unread", given=text[:20])
    written = judged.written
    names = {"zh": said.get("name", ("",))[0], "en": said.get("name_en", ("",))[0]}
    written["names"] |= {language: name for language, name in names.items() if name}
    if "tz" in said:
        written["tz"] = said["tz"][0]
    if "round_the_clock" in said:
        written["round_the_clock"] = said["round_the_clock"][0] == "yes"


def _said(judged: Judged, rows: Sequence[Looked]) -> dict[Day, int]:
    """Each day with the row that says it; a second row of one day is refused."""
    found: dict[Day, int] = {}
    first: dict[tuple[bool, str], tuple[str, int]] = {}
    for row in rows:
        if not isinstance(row.read, Day):
            for name, code, params in [row.read] if row.read else []:
                judged.refuse(row.number, name, code, **params)
            continue
        day = row.read
        kind, line = first.setdefault((day.kind == WEEKLY, day.day), (day.kind, row.line))
        if line != row.line:
            judged.refuse(row.number, "day", AGAIN[kind == day.kind], day=day.day, line=line)
        found[day] = row.number
    return found


def _days(held: Calendar | None) -> dict[tuple[str, str], hours.Spans]:
    """Every day of a calendar by its kind, with its hours."""
    if held is None:
        return {}
    weekly = {(WEEKLY, str(number)): _tuples(spans) for number, spans in enumerate(held.weekly)}
    extra = {(EXTRA, day): _tuples(spans) for day, spans in held.extra.items()}
    return {**weekly, **{(CLOSED, day): () for day in held.closed}, **extra}


def _tuples(spans: Iterable[Sequence[int]]) -> hours.Spans:
    return tuple((start, end) for start, end in spans)


def _write(judged: Judged, days: Iterable[Day], *, drops: bool) -> None:
    """The days are in the calendar; what it said of the same dates before is gone."""
    written = judged.written
    weekly = [list(spans) for spans in written["weekly"]]
    dates = {day.day for day in days if day.kind != WEEKLY}
    kept = {day for day in (*written["closed"], *written["extra"]) if day in dates or not drops}
    judged.dropped = sorted({*written["closed"], *written["extra"]} - kept)
    closed = {day for day in written["closed"] if day in kept - dates}
    extra = {day: spans for day, spans in written["extra"].items() if day in kept - dates}
    for day in days:
        spans = [list(span) for span in day.spans]
        if day.kind == WEEKLY:
            weekly[int(day.day)] = spans
        elif day.kind == CLOSED:
            closed.add(day.day)
        else:
            extra[day.day] = spans
    written |= {"weekly": weekly, "closed": sorted(closed), "extra": dict(sorted(extra.items()))}


def _outcome(held: Calendar | None, before: Mapping[tuple[str, str], hours.Spans], day: Day, *, same: bool) -> Outcome:
    if held is None:
        return Outcome.ADD
    if same and before.get((day.kind, day.day)) == day.spans:
        return Outcome.SAME
    there = {(CLOSED, day.day), (EXTRA, day.day), (day.kind, day.day)} & before.keys()
    return Outcome.CHANGE if there else Outcome.ADD


def _field(problem: Any) -> str:
    if problem.code == "grid.calendar_name_missing":
        return "name" if problem.params["language"] == "zh" else "name_en"
    return FIELDS.get(problem.code, "hours")
