"""How far the set-up of a new city has come: each step as the tables say, to be left and resumed anywhere."""

from dataclasses import dataclass, field
from typing import Any

from accounts import selectors as accounts
from cases import selectors as cases
from core.scope import Duty
from grid import selectors as grid

LEVELS = ("district", "street", "community")


@dataclass(frozen=True)
class FirstStep:
    """One step: done or not, and the facts that say why."""

    code: str
    done: bool
    facts: dict[str, Any] = field(default_factory=dict)


def first_steps() -> list[FirstStep]:
    """The steps in their order."""
    state = grid.map_state()
    lacking = {level: state.without_outline[level] for level in ("city", *LEVELS) if state.without_outline[level]}
    organisations = accounts.organisations().count()
    classes = len(cases.categories())
    held = accounts.rights_held()
    free = [duty.value for duty in Duty if duty.value not in held]
    known = {level: state.regions[level] for level in LEVELS}
    missing = [level for level in LEVELS if not state.regions[level]]
    return [
        FirstStep("city", bool(state.city), {"code": state.city, "names": state.names}),
        FirstStep("divisions", bool(state.city) and not missing, {"known": known, "missing": missing}),
        FirstStep("boundaries", bool(state.city) and not missing and not lacking, {"lacking": lacking}),
        FirstStep("cells", state.cells > 0, {"cells": state.cells}),
        FirstStep("publish", state.in_force, {"version": state.version}),
        FirstStep("organisations", organisations > 1, {"organisations": organisations}),
        FirstStep("classes", classes > 0, {"classes": classes}),
        FirstStep("people", not free, {"free": free}),
    ]
