"""Files of cases that ended elsewhere: each row tells of one, with its moments, and becomes a case with its whole way.

What no case can have been is refused by row and column. A case that is here already stays as it is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from accounts import selectors as accounts
from cases.actions.history import OldCases
from cases.actions.intake import kept_whole
from cases.actions.ticket_files import classes_told, zone_told
from cases.contracts import Stage
from cases.contracts.history import OldCase
from cases.models import Category
from cases.rules.old_ways import END_WORDS, MOMENTS, SOURCE_WORDS, End, Told, moment_faults, steps_of
from cases.rules.tickets import class_words, plain
from cases.selectors import ends_known
from core import clock
from core.errors import Invalid
from core.scope import Actor
from core.written import moment_of
from exchange.contracts import Fault, Outcome, Row, Suspicion, Verdict
from grid import selectors as grid

Word = TypeVar("Word")
MOST = {"case": 120, "address": 300}
TEXTS = ("case", "text", "address", "result")
STAGES = {End.CLOSED: Stage.CLOSED, End.SETTLED: Stage.CLOSED, End.REJECTED: Stage.REJECTED, End.VOIDED: Stage.VOIDED}


class OldCaseFile:
    """One file being taken: known cases stay as they are, new ones come in once."""

    def __init__(self, options: Mapping[str, str], *, actor: Actor) -> None:
        self.system = (options.get("system") or "").strip()[:40] or "old"
        self.book = OldCases(actor=actor, system=self.system)
        self.zone = zone_told(options.get("zone") or "Asia/Shanghai")
        kinds = self.book.kinds
        self._names = {plain(name): row.code for row in kinds.values() for name in row.names.values()}
        self._names |= {plain(code): code for code in kinds}
        self._names |= classes_told(class_words(options.get("classes") or ""), kinds)
        self._organisations = _organisations()
        self._seen: dict[str, int] = {}
        self._unchecked = self._taken = 0

    def look(self, rows: Sequence[Row]) -> None:
        """Nothing must be known before."""

    def suspicions(self) -> list[Suspicion]:
        """How many were closed without a moment of their check."""
        if not self._unchecked:
            return []
        return [Suspicion("old.many_unchecked", {"count": self._unchecked}, grave=False)]

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each old case; nothing is stored."""
        for row in rows:
            _look_at_texts(row)
        known = ends_known(self._ref(row) for row in rows if not row.faults)
        points = self._points(rows)
        return [self._judge(row, known, points.get(row.number)) for row in rows]

    def _ref(self, row: Row) -> str:
        return f"{self.system}:{_text(row, 'case')}"

    def _points(self, rows: Sequence[Row]) -> dict[int, tuple[float, float]]:
        """Where the rows lie that lie inside the grid."""
        drawn = {row.number: row.geometry for row in rows}
        told = {number: (one.x, one.y) for number, one in drawn.items() if one and one.geom_type == "Point"}
        hits = zip(told.items(), grid.places_at(list(told.values())), strict=True)
        return {number: at for (number, at), hit in hits if hit and self.book.place(hit[0])}

    def _judge(
        self, row: Row, known: Mapping[str, tuple[str, datetime]], point: tuple[float, float] | None
    ) -> Verdict:  # fmt: skip
        told, code = self._told(row), _text(row, "case")
        if code and self._seen.setdefault(code, row.line) != row.line:
            row.refuse("case", "old.twice", line=self._seen[code])
        if point is None and row.geometry is not None:
            row.refuse("lon", "case.outside_grid")
        if told is None or point is None or row.faults:
            return Verdict(row, Outcome.REFUSE, code)
        if (there := known.get(self._ref(row))) is not None:
            if there != (STAGES[told.end], told.moments["closed"]):
                row.faults.append(Fault(row.line, row.columns.get("closed", "closed"), "old.otherwise_here"))
            return Verdict(row, Outcome.SAME, code)
        self._unchecked += told.end == End.CLOSED and "checked" not in told.moments
        return Verdict(row, Outcome.ADD, code, self._case(row, told, point))

    def _told(self, row: Row) -> Told | None:
        """What the row tells of the way; None where that cannot be read, with the faults in the row."""
        end = _word(row, "outcome", END_WORDS, "old.unknown_outcome")
        source = _word(row, "source", SOURCE_WORDS, "old.unknown_source")
        kind, moments = self._kind(row), self._moments(row)
        if end is None or source is None or kind is None:
            return None
        for name, fault in moment_faults(end, moments).items():
            if name in moments or not _text(row, name):
                row.refuse(name, fault)
        organisation, path = self._organisation(row, bool(_text(row, "dispatched")))
        condition = self._condition(row, kind, bool(_text(row, "registered")))
        return Told(end, moments, source, kind.code, condition, organisation, path, _text(row, "result"))

    def _kind(self, row: Row) -> Category | None:
        word = _text(row, "class")
        found = self.book.kinds.get(self._names.get(plain(word), ""))
        if found is None and word:
            row.refuse("class", "case.unknown_category", given=word[:40])
        return found

    def _condition(self, row: Row, kind: Category, registered: bool) -> str:
        letters = [str(one["code"]) for one in kind.conditions]
        letter = _text(row, "condition").casefold()
        if not registered and letter:
            row.refuse("condition", "old.not_of_outcome")
        letter = letter or letters[0]
        if letter not in letters:
            row.refuse("condition", "case.unknown_condition", given=letter[:20])
        return letter

    def _moments(self, row: Row) -> dict[str, datetime]:
        found = {}
        for name in MOMENTS:
            text = _text(row, name)
            moment = moment_of(text, self.zone) if text else None
            if moment is not None and moment <= clock.now():
                found[name] = moment
            elif text:
                row.refuse(name, "ticket.bad_moment", given=text[:40])
        return found

    def _organisation(self, row: Row, sent: bool) -> tuple[str, str]:
        """Code and path of who had it; nobody where it went to nobody."""
        word = _text(row, "organisation")
        if not word and not sent:
            return "", ""
        if not sent or not word:
            row.refuse("organisation", "old.not_of_outcome" if word else "old.needs_organisation")
            return "", ""
        found = self._organisations.get(plain(word), [])
        if len(found) != 1:
            row.refuse(
                "organisation", "old.two_organisations" if found else "old.unknown_organisation", given=word[:60]
            )
            return "", ""
        return found[0]

    def _case(self, row: Row, told: Told, point: tuple[float, float]) -> OldCase:
        return OldCase(
            source=told.source, source_ref=self._ref(row), category=told.category, condition=told.condition,
            description=_text(row, "text"), address=_text(row, "address"), lon=point[0], lat=point[1],
            steps=steps_of(told, f"old:{self.system}", self.system),
        )  # fmt: skip

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The new ones are here, each with its whole way."""
        self._taken += self.book.take([one.item for one in verdicts if one.outcome == Outcome.ADD])

    def finish(self) -> Mapping[str, Any]:
        """How many came in."""
        return {"cases": self._taken}


def _text(row: Row, name: str) -> str:
    return str(row.values.get(name) or "").strip()


def _word(row: Row, name: str, words: Mapping[str, Word], fault: str) -> Word | None:
    text = _text(row, name)
    found = words.get(plain(text))
    if found is None and text:
        row.refuse(name, fault, given=text[:40])
    return found


def _look_at_texts(row: Row) -> None:
    for name in TEXTS:
        text = _text(row, name)
        try:
            kept_whole(text)
        except Invalid as error:
            row.refuse(name, error.code, **error.params)
            continue
        if len(text) > MOST.get(name, len(text)):
            row.refuse(name, "case.text_too_long", most=MOST[name])


def _organisations() -> dict[str, list[tuple[str, str]]]:
    """Code and path of the organisations of now, by what they are called: their code before any name."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows = list(accounts.organisations())
    for row in rows:
        for word in {plain(name) for name in row.names.values()}:
            found.setdefault(word, []).append((row.code, row.path))
    return found | {plain(row.code): [(row.code, row.path)] for row in rows}
