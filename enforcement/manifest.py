"""The sections of packs that enforcement understands: the power list, and what the law leaves to the city."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from core.errors import DomainError
from core.scope import Actor
from enforcement import actions, selectors
from enforcement.rules import Local
from packs.contracts import Change, Problem, register_section

Pack = Mapping[str, Any]


class PowerList:
    """Clauses by code and first day; one that a pack no longer declares ends, and files of its time keep it."""

    section = "power_list"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Days in order, bands that rise, one row for each code and day."""
        problems, seen = [], set()
        for index, given in enumerate(pack.get(self.section) or ()):
            at = f"{self.section}/{index}"
            if (given["code"], given["since"]) in seen:
                problems.append(Problem("enforcement.cause_twice", f"{given['code']} begins twice on one day.", at))
            seen.add((given["code"], given["since"]))
            if "until" in given and date.fromisoformat(given["until"]) < date.fromisoformat(given["since"]):
                problems.append(Problem("enforcement.cause_days", "The clause ends before it begins.", f"{at}/until"))
            for place, band in enumerate(given.get("bands") or ()):
                if band["low"] > band["high"]:
                    problems.append(
                        Problem("enforcement.band_falls", "The band ends below its beginning.", f"{at}/bands/{place}")
                    )
            if "fine" in given["penalties"] and not given.get("bands"):
                problems.append(Problem("enforcement.no_band", "A clause with a fine has bands of discretion.", at))
        return problems

    def diff(self, pack: Pack) -> list[Change]:
        """Clauses that are new, read otherwise, or are no longer declared."""
        held = selectors.cause_documents(str(pack["code"]))
        wanted = {(one["code"], one["since"]): dict(one) for one in pack.get(self.section) or ()}
        changes = []
        for key, given in wanted.items():
            name = " ".join(key)
            if key not in held:
                changes.append(Change(self.section, "add", name))
            elif held[key] != given:
                names = [one for one in {**held[key], **given} if held[key].get(one) != given.get(one)]
                told = {one: (str(held[key].get(one))[:60], str(given.get(one))[:60]) for one in names}
                changes.append(Change(self.section, "change", name, told))
        gone = [key for key, told in held.items() if key not in wanted and "until" not in told]
        return [*changes, *(Change(self.section, "retire", " ".join(key)) for key in gone)]

    def apply(self, pack: Pack, actor: Actor) -> None:
        """Every clause is as the pack says, and those it dropped end."""
        changes = self.diff(pack)
        touched = {change.code for change in changes if change.what != "retire"}
        for given in pack.get(self.section) or ():
            if f"{given['code']} {given['since']}" in touched:
                actions.save_cause(given, actor=actor, pack=str(pack["code"]))
        for change in changes:
            if change.what == "retire":
                code, since = change.code.split(" ")
                actions.end_cause(code, since=since, actor=actor)


class CityLimits:
    """What the law leaves to the city; what it says itself is no setting."""

    section = "enforcement_limits"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Limits that make sense."""
        given = pack.get(self.section)
        if not given:
            return []
        try:
            Local(**given)
        except (DomainError, TypeError):
            return [Problem("enforcement.bad_limits", "These limits make no sense together.", self.section)]
        return []

    def diff(self, pack: Pack) -> list[Change]:
        """Whether they read otherwise than they are kept."""
        given, held = pack.get(self.section), selectors.limits_document(str(pack["code"]))
        if not given or held == given:
            return []
        known = [one.name for one in fields(Local)]
        told = {name: ((held or {}).get(name), given.get(name)) for name in known if given.get(name) is not None}
        return [Change(self.section, "change" if held else "add", self.section, told)]

    def apply(self, pack: Pack, actor: Actor) -> None:
        """They are as the pack says."""
        if self.diff(pack):
            actions.save_limits(pack[self.section], actor=actor, pack=str(pack["code"]))


register_section(PowerList())
register_section(CityLimits())
