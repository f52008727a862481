"""How far the set-up of a new city has come: each step as the tables say, to be left and resumed anywhere."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from accounts import selectors as accounts
from assets import selectors as assets
from cases import selectors as cases
from core import clock
from core.scope import Actor, Duty
from grid import selectors as grid

LEVELS = ("district", "street", "community")


@dataclass(frozen=True)
class FirstStep:
    """One step: done or not, and the facts that say why."""

    code: str
    done: bool
    facts: dict[str, Any] = field(default_factory=dict)


def first_steps(actor: Actor) -> list[FirstStep]:
    """The steps in their order."""
    state = grid.map_state()
    lacking = {level: state.without_outline[level] for level in ("city", *LEVELS) if state.without_outline[level]}
    organisations = accounts.organisations().count()
    held = accounts.rights_held()
    free = [duty.value for duty in Duty if duty.value not in held]
    known = {level: state.regions[level] for level in LEVELS}
    missing = [level for level in LEVELS if not state.regions[level]]
    return [
        _codes(state.regions["district"] > 0),
        FirstStep("city", bool(state.city), {"code": state.city, "names": state.names}),
        FirstStep("divisions", bool(state.city) and not missing, {"known": known, "missing": missing}),
        FirstStep("boundaries", bool(state.city) and not missing and not lacking, {"lacking": lacking}),
        FirstStep("cells", state.cells > 0, {"cells": state.cells}),
        FirstStep("publish", state.in_force, {"version": state.version}),
        FirstStep("organisations", organisations > 1, {"organisations": organisations}),
        _calendar(),
        _classes(),
        _responsibility(state.in_force),
        _components(actor),
        FirstStep("people", not free, {"free": free}),
        _areas(actor, state.in_force),
    ]


def _codes(used: bool) -> FirstStep:
    """Settled once the city or a pack has said how codes are built, or a map of the built-in plan has been begun."""
    plan, components = grid.code_plan(), assets.component_plan()
    own = grid.plan_of_pack("") is not None
    facts = {"district": plan.district, "street": plan.street, "community": plan.community, "cell": plan.cell,
             "component": components.digits, "standard": f"{plan.standard}-{plan.edition}", "own": own}  # fmt: skip
    return FirstStep("codes", own or used, facts)


def _calendar() -> FirstStep:
    """Working calendars of the whole city need the days of rest of this year, or limits are reckoned without them."""
    working = [row for row in grid.calendars() if not row.area and not row.round_the_clock]
    lacking = []
    for row in working:
        year = clock.now().astimezone(ZoneInfo(row.tz)).year
        if not any(str(day).startswith(f"{year}-") for day in row.closed):
            lacking.append({"code": row.code, "year": year})
    return FirstStep("calendar", bool(working) and not lacking, {"calendars": len(working), "lacking": lacking})


def _classes() -> FirstStep:
    """A city needs classes of both sorts; the preset, if a pack brings one, says how many are usual."""
    kinds = Counter(row.kind for row in cases.categories())
    usual = max((len(preset["classes"]) for preset in cases.class_presets()), default=0)
    return FirstStep("classes", len(kinds) > 1, {"classes": kinds.total(), "kinds": dict(kinds), "usual": usual})


def _responsibility(in_force: bool) -> FirstStep:
    """Every class in force has somebody in every cell, and nobody has to guess between two."""
    if not in_force:
        return FirstStep("responsibility", False, {"holes": 0, "clashes": 0, "waits": True})
    found = cases.faults()
    facts = {"holes": len(found.holes), "clashes": len(found.clashes), "waits": not found.classes}
    return FirstStep("responsibility", bool(found.classes) and not found.holes and not found.clashes, facts)


def _components(actor: Actor) -> FirstStep:
    counted = assets.counts(actor=actor)
    facts = {"components": sum(one.count for one in counted), "types": len(counted)}
    return FirstStep("components", bool(counted), facts)


def _areas(actor: Actor, in_force: bool) -> FirstStep:
    """Every cell lies in a supervision area of one only, and somebody walks in each."""
    if not in_force:
        return FirstStep("areas", False, {"lone": 0, "shared": 0, "unmanned": 0, "waits": True})
    found = grid.supervision(actor)
    facts = {"lone": sum(len(cells) for cells in found.lone.values()), "shared": len(found.shared),
             "unmanned": len(found.unmanned), "waits": False}  # fmt: skip
    return FirstStep("areas", found.cells > 0 and not (facts["lone"] or facts["shared"] or facts["unmanned"]), facts)
