"""Files of supervision areas, a row for each: what would become of it, and then exactly that. Who collects stays."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import DomainError
from core.scope import Actor
from exchange.contracts import Outcome, Row, Suspicion, Verdict
from grid.actions.supervision import draft_supervision_area, save_supervision_area

NAMES = {"zh": "name", "en": "name_en"}
FIELDS = {"grid.supervision_name": "name", "grid.supervision_name_long": "name"}
OF_CODE = "grid.supervision_code", "grid.supervision_dissolved", "grid.supervision_not_yours"


class SupervisionAreas:
    """One file being taken; of two rows with one code the second is refused."""

    def __init__(self, *, actor: Actor) -> None:
        self.actor = actor
        self._first: dict[str, int] = {}

    def look(self, rows: Sequence[Row]) -> None:
        """Which row of each code comes first."""
        for row in rows:
            self._first.setdefault(_text(row, "code"), row.number)

    def suspicions(self) -> list[Suspicion]:
        """Nothing looks wrong about a list of areas as a whole."""
        return []

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row."""
        return [Verdict(row, self._judged(row), _text(row, "code")) for row in rows]

    def _judged(self, row: Row) -> Outcome:
        code = _text(row, "code")
        if self._first.get(code, row.number) != row.number:
            row.refuse("code", "grid.supervision_twice", code=code)
        if row.faults:
            return Outcome.REFUSE
        try:
            draft = draft_supervision_area(code, actor=self.actor, **_given(row))
        except DomainError as error:
            field = "code" if error.code in OF_CODE else FIELDS.get(error.code, "cells")
            told = {"line": row.line} if "line" in error.params else {}
            row.refuse(field, error.code, **{**error.params, **told})
            return Outcome.REFUSE
        if draft.new:
            return Outcome.ADD
        return Outcome.CHANGE if draft.changes else Outcome.SAME

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The areas have these names and cells."""
        for verdict in verdicts:
            if verdict.outcome in (Outcome.ADD, Outcome.CHANGE):
                save_supervision_area(verdict.code, actor=self.actor, **_given(verdict.row))

    def finish(self) -> Mapping[str, Any]:
        """Nothing is left to do."""
        return {}


def _text(row: Row, name: str) -> str:
    return str(row.values.get(name) or "").strip()


def _given(row: Row) -> dict[str, Any]:
    """The names that the file has a column for, and the cells as a pasted list.

    It begins with an empty line, because the first may be a heading, and a heading in a row would be a mistake.
    """
    return {
        "names": {language: _text(row, name) for language, name in NAMES.items() if name in row.columns},
        "cells": "\n" + _text(row, "cells"),
    }
