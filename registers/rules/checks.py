"""Whether a step may be taken: states, rights, needs, and the checks of the pack over the facts of a record. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from core.conditions import matches
from core.personal import masked_identity, masked_name, masked_phone
from registers.contracts import Check, Declared, Step

Facts = Mapping[str, Any]
IDENTITY, PHONE = re.compile(r"[0-9]{17}[0-9Xx]"), re.compile(r"[0-9+ -]{10,}[0-9]")
"""A number of an identity card, of a telephone; an address of that length would be told apart by so many letters."""
WINDOW = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def days_to(attributes: Mapping[str, Any], today: date) -> dict[str, int]:
    """How many days from today to each attribute that is a day; days that are over count below nought."""
    found = {}
    for name, value in attributes.items():
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            try:
                found[name] = (date.fromisoformat(value) - today).days
            except ValueError:
                continue
    return found


def looked_up(facts: Facts, path: str) -> Any:
    """The fact at a path, None where there is none."""
    held: Any = facts
    for step in path.split("."):
        if not isinstance(held, Mapping):
            return None
        held = held.get(step)
    return held


def in_window(window: Any, minute: int) -> bool:
    """Whether a minute of the day lies in `20:00-23:30`, which may cross midnight; what is no window holds nothing."""
    found = WINDOW.fullmatch(window) if isinstance(window, str) else None
    if found is None:
        return False
    hours = [int(part) for part in found.groups()]
    begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    return begin <= minute < end if begin <= end else minute >= begin or minute < end


def holds(check: Check, facts: Facts, *, minute: int, inside: Callable[[str], bool]) -> bool:
    """Whether the check holds; `inside` says whether the place lies in that of the record a path leads to."""
    if check.form == "if":
        return matches(check.what, facts)
    if check.form == "among":
        one, many = (looked_up(facts, path) for path in check.what)
        if one is None or many is None:
            return False
        return one in many if isinstance(many, list) else bool(one == many)
    if check.form == "window":
        return in_window(looked_up(facts, check.what), minute)
    return inside(check.what)


def missing(step: Step, attributes: Mapping[str, Any]) -> list[str]:
    """The attributes that the step needs and that are not filled in."""
    return [name for name in (*step.needs, *step.asks) if attributes.get(name) in (None, "", [])]


def steps_from(declared: Declared, state: str) -> Sequence[Step]:
    """The steps that leave a state, in the order of the pack."""
    return [step for step in declared.steps if state in step.sources]


def masked(attributes: Mapping[str, Any], personal: frozenset[str]) -> dict[str, Any]:
    """The attributes with what is personal as `core.personal` shows it: a number by its shape, all else as a name."""
    return {name: _mask(value) if name in personal else value for name, value in attributes.items()}


def _mask(value: Any) -> str:
    text = str(value)
    if isinstance(value, bool):
        return "*"
    if IDENTITY.fullmatch(text):
        return masked_identity(text)
    return masked_phone(text) if PHONE.fullmatch(text) else masked_name(text)


def title_of(declared: Declared, attributes: Mapping[str, Any]) -> str:
    """What a record is called: its naming attributes with their units, or nothing."""
    told, rules = masked(attributes, declared.personal), declared.schema.get("properties") or {}
    units = {name: (rules.get(name) or {}).get("x-unit", "") for name in declared.titles}
    named = (f"{told[name]} {units[name]}".strip() for name in declared.titles if told.get(name) not in (None, ""))
    return " · ".join(named)[:200]
