"""The `calendars` and `code_plan` sections of packs."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.scope import Actor
from grid import actions, selectors
from grid.contracts import Problem as Fault
from grid.rules import hours
from grid.rules.codes import plan_of
from grid.sentences import SENTENCES, told
from packs.contracts import Change, Problem, register_section


class Calendars:
    """Working hours by code and area; a calendar that a pack no longer names stays, because promises lean on it."""

    section = "calendars"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Faults in hours, dates, zones and names, and a code given twice."""
        found = []
        seen: set[tuple[str, str]] = set()
        for index, calendar in enumerate(pack.get(self.section) or ()):
            path = f"{self.section}/{index}"
            found += [Problem(p.code, told(p), path) for p in hours.problems(calendar)]
            key = (calendar.get("code", ""), calendar.get("area", ""))
            if key in seen:
                sentence = str(SENTENCES["grid.calendar_twice"]) % {"calendar": key[0]}
                found.append(Problem("grid.calendar_twice", sentence, path))
            seen.add(key)
        return found

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Calendars that are new or read otherwise than the tables."""
        return [change for change in map(self._change, pack.get(self.section) or ()) if change]

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """Every calendar of the pack is stored."""
        for calendar in pack.get(self.section) or ():
            if self._change(calendar):
                actions.save_calendar(calendar, actor=actor, pack=str(pack.get("code", "")))

    def _change(self, calendar: Mapping[str, Any]) -> Change | None:
        stored = selectors.calendar_row(calendar["code"], calendar.get("area", ""))
        wanted = hours.readable(calendar)
        if stored is None:
            return Change(self.section, "add", calendar["code"])
        fields = {name: (stored[name], wanted[name]) for name in wanted if stored[name] != wanted[name]}
        return Change(self.section, "change", calendar["code"], fields) if fields else None


class CodePlans:
    """How codes of regions and cells are built; the plan of a city's own pack goes before the default one."""

    section = "code_plan"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Faults in the widths, and a second plan of the same rank."""
        given = pack.get(self.section)
        if not given:
            return []
        fault = plan_of(given)
        found = [Problem(fault.code, told(fault), self.section)] if isinstance(fault, Fault) else []
        for code, other in library.items():
            theirs = other.get(self.section)
            if code != pack.get("code") and theirs and bool(theirs.get("default")) == bool(given.get("default")):
                sentence = str(SENTENCES["grid.code_plan_twice"]) % {"pack": code}
                found.append(Problem("grid.code_plan_twice", sentence, self.section))
        return found

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Whether the plan is new, reads otherwise than the table, or is no longer given."""
        given, held = pack.get(self.section), selectors.plan_of_pack(str(pack.get("code", "")))
        if not given:
            return [Change(self.section, "retire", self.section)] if held else []
        wanted = plan_of(given)
        if held is None or isinstance(wanted, Fault):
            return [Change(self.section, "add", self.section)]
        before = {**asdict(held[0]), "default": held[1]}
        after = {**asdict(wanted), "default": bool(given.get("default"))}
        fields = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
        return [Change(self.section, "change", self.section, fields)] if fields else []

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """The plan of the pack is stored, or gone with it."""
        code = str(pack.get("code", ""))
        for change in self.diff(pack):
            if change.what == "retire":
                actions.drop_code_plan(actor=actor, pack=code)
            else:
                actions.save_code_plan(pack[self.section], actor=actor, pack=code)


register_section(Calendars())
register_section(CodePlans())
