"""How cases that belong together are shown: duplicates and what looks alike, a whole and its parts."""

from collections.abc import Iterable, Mapping
from typing import Any

from cases import selectors
from cases.contracts import ENDS, OpenStep, Source
from cases.models import Case, words
from cases.pages import showing
from core.scope import Actor
from exchange import selectors as exchange

PARTS_AT_ONCE = 4
OWN_FORMS = ("merge", "split")
"""Steps whose forms stand in a section of their own and not among the next steps."""


def context(
    found: Case, actor: Actor, steps: Iterable[OpenStep], names: Mapping[str, str], kept: Mapping[str, Any]
) -> dict[str, Any]:
    """What the pane of a case shows of its ties; candidates are looked for where somebody may merge."""
    own = {step.verb: step for step in steps if step.verb in OWN_FORMS}
    merging, splitting = (verb in own and own[verb].allowed for verb in OWN_FORMS)
    parts = [showing.row_of(row, names) for row in selectors.parts(found)]
    duplicates = selectors.duplicates(found)
    told = [row.number for row in (found, *duplicates) if row.source == Source.HOTLINE]
    return {
        "tickets": exchange.tickets_about(told) if told else [],
        "sees_tickets": exchange.sees_tickets(actor),
        "duplicates": [_duplicate(row) for row in duplicates],
        "parts": parts,
        "parts_done": sum(row["case"].stage in ENDS for row in parts),
        "may_merge": merging,
        "alike": [alike_row(one) for one in selectors.alike(found, actor)] if merging else [],
        "may_split": splitting,
        "part_rows": _part_rows(kept if kept.get("at") == "split" else {}) if splitting else [],
        "part_holders": showing.departments_for(found) if splitting else [],
    }


def _duplicate(row: Case) -> dict[str, Any]:
    return {"case": row, "title": showing.title_of(row), "place": showing.place_of(row)}


def alike_row(one: selectors.Alike) -> dict[str, Any]:
    """A candidate as a line: what it is, how like it is, and why."""
    grounds = [str(words.LIKENESS_LINES[code]) % params for code, params in one.likeness.grounds]
    return {**_duplicate(one.case), "score": one.likeness.score, "grounds": grounds}


def _part_rows(typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"place": place, "department": typed.get(f"department_{place}", ""), "task": typed.get(f"task_{place}", "")}
        for place in range(1, PARTS_AT_ONCE + 1)
    ]
