"""Control areas: what they say of a class in a cell. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.scope import Duty

CONTROL_ASKERS = (Duty.DESK, Duty.COMMAND_DISTRICT, Duty.COMMAND_CITY, Duty.SUPERVISE)
"""Who may ask for one, on their own ground; another person who supervises there approves (domain.md 5, YC)."""


@dataclass(frozen=True)
class Control:
    """A control area in force: its name, for which classes (none: all), and what it does until when, and why."""

    id: int
    name: str
    classes: frozenset[str]
    grade: int
    blocks: bool
    until: datetime | None
    reason: str

    def is_for(self, category: str) -> bool:
        """Whether it speaks of the class."""
        return not self.classes or category in self.classes


def blocking(controls: Iterable[Control], category: str) -> Control | None:
    """The control area, of those that hold in a cell, that keeps the class from being registered; the longest one."""
    found = [one for one in controls if one.blocks and one.is_for(category)]
    return max(found, key=lambda one: (one.until is None, one.until), default=None)


def regrading(controls: Iterable[Control], category: str) -> Control | None:
    """The control area whose grade counts there for the class: the one that watches the ground most closely."""
    found = [one for one in controls if one.grade and one.is_for(category)]
    return min(found, key=lambda one: (one.grade, one.id), default=None)


def control_said(control: Control | None) -> Mapping[str, Any]:
    """What a promise remembers of the control area that changed its limit."""
    if control is None:
        return {}
    return {"control": control.id, "control_name": control.name, "control_because": control.reason}
