"""The sections of packs that assets understands: types of components, their codes, the rules of a census."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from assets import actions, selectors
from assets.contracts import ComponentPlan, Refusal
from assets.rules import component_plan_of, rules_problems, type_columns, type_problems
from assets.sentences import SENTENCES
from core.moves import faults
from core.scope import Actor
from core.sentences import say
from core.touched import Touched
from packs.contracts import TOUCHES, Change, Lifted, Problem, register_section


class AssetTypes:
    """Types of components with their standard class codes; a type that a pack no longer names is retired."""

    section = "asset_types"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Faults in codes, class numbers, names and schemas, and a type given twice anywhere in the library."""
        written = pack.get(self.section) or ()
        everywhere = Counter(kind.get("code") for other in library.values() for kind in other.get(self.section) or ())
        found = []
        for index, given in enumerate(written):
            path = f"{self.section}/{index}"
            found += [Problem(p.code, str(SENTENCES[p.code]) % dict(p.params), path) for p in type_problems(given)]
            found += [
                Problem("assets.type_moves", sentence, f"{path}/moves/{at}")
                for at, sentence in faults(given.get("moves") or (), given.get("attributes") or {})
            ]
            if everywhere[given.get("code")] > 1:
                sentence = str(SENTENCES["assets.type_twice"]) % {"type": given.get("code")}
                found.append(Problem("assets.type_twice", sentence, path))
        return found

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Types that are new, read otherwise than the tables, or are no longer named by this pack."""
        stored = selectors.type_rows()
        mine = {"pack": str(pack.get("code", ""))}  # a type that moves from one pack to another is the new one's
        written = {given["code"]: {**type_columns(given), **mine} for given in pack.get(self.section) or ()}
        changes = []
        for code, wanted in written.items():
            if code not in stored:
                changes.append(Change(self.section, "add", code))
                continue
            fields = {name: (stored[code][name], wanted[name]) for name in wanted if stored[code][name] != wanted[name]}
            if fields:
                notes = tuple(map(_touches, selectors.touched(code, stored[code], wanted)))
                changes.append(Change(self.section, "change", code, fields, notes))
        gone = [code for code, row in stored.items() if row["pack"] == pack.get("code") and code not in written]
        return [*changes, *(Change(self.section, "retire", code) for code in gone)]

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """Every type of the pack is stored, and those it dropped are retired."""
        changes = self.diff(pack)
        changed = {change.code for change in changes if change.what != "retire"}
        for given in pack.get(self.section) or ():
            if given["code"] in changed:
                actions.save_type(given, actor=actor, pack=str(pack.get("code", "")))
        actions.retire_types([change.code for change in changes if change.what == "retire"], actor=actor)

    def lift(self, actor: Actor) -> list[Lifted]:
        """Components whose type has moves of attributes that they have not gone through obey its schema as it is."""
        return actions.lift_components(actor=actor)

    def settle(self, actor: Actor) -> tuple[list[str], list[str]]:
        """The indexes that the lists of types need."""
        return actions.keep_indexes(actor=actor)


class Census:
    """What a census looks at, and how much of it is looked at again; one pack gives it."""

    section = "census"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Grounds once each; no other pack gives a census."""
        given = pack.get(self.section)
        if not given:
            return []
        found = [Problem("assets.census_rules", sentence, self.section) for sentence in rules_problems(given)]
        others = [code for code, other in library.items() if code != pack.get("code") and other.get(self.section)]
        if others:
            found.append(Problem("assets.census_rules", f"The pack {others[0]} has a census too.", self.section))
        return found

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Whether the rules are new or read otherwise than the tables."""
        given, held = pack.get(self.section), selectors.census_rules_of(str(pack.get("code")))
        if not given:
            return []
        wanted = {"grounds": list(given["grounds"]), "sampling": dict(given["sampling"])}
        if held is None:
            return [Change(self.section, "add", "census")]
        fields = {name: (held[name], wanted[name]) for name in wanted if held[name] != wanted[name]}
        return [Change(self.section, "change", "census", fields)] if fields else []

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """New censuses follow the rules; those that exist keep theirs."""
        if self.diff(pack):
            actions.save_census_rules(pack[self.section], pack=str(pack["code"]))


class ComponentCodes:
    """How component codes are built; the plan of a city's own pack goes before the default one."""

    section = "component_codes"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Digits that leave a number, by the districts of the library's plan of codes, and a second plan of a rank."""
        given = pack.get(self.section)
        if not given:
            return []
        fault = component_plan_of(given, _district(pack, library))
        found = [Problem(fault.reason, _said(fault), self.section)] if isinstance(fault, Refusal) else []
        for code, other in library.items():
            theirs = other.get(self.section)
            if code != pack.get("code") and theirs and bool(theirs.get("default")) == bool(given.get("default")):
                twice = Refusal(0, "", "assets.code_plan_twice", {"pack": code})
                found.append(Problem(twice.reason, _said(twice), self.section))
        return found

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Whether the plan is new, reads otherwise than the table, or is no longer given."""
        given, held = pack.get(self.section), selectors.component_plan_of_pack(str(pack.get("code", "")))
        if not given:
            return [Change(self.section, "retire", self.section)] if held else []
        if held is None:
            return [Change(self.section, "add", self.section)]
        wanted = {
            "default": bool(given.get("default")),
            **{name: given.get(name) for name in held if name != "default"},
        }
        fields = {name: (held[name], wanted[name]) for name in held if held[name] != wanted[name]}
        return [Change(self.section, "change", self.section, fields)] if fields else []

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """The plan of the pack is stored, or gone with it."""
        code = str(pack.get("code", ""))
        for change in self.diff(pack):
            if change.what == "retire":
                actions.drop_component_plan(actor=actor, pack=code)
            else:
                actions.save_component_plan(pack[self.section], actor=actor, pack=code)


def _touches(one: Touched) -> str:
    """A sentence on one attribute that reads otherwise."""
    difference, rows = one
    return say(TOUCHES[difference.kind], {"name": difference.name, "to": difference.to, "rows": rows})


def _said(fault: Refusal) -> str:
    return str(SENTENCES[fault.reason]) % dict(fault.params)


def _district(pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> int:
    """How many digits a district has where this pack holds: by its own plan, else by that of the library."""
    plans = [one.get("code_plan") for one in (pack, *library.values())]
    given = sorted((plan for plan in plans if plan), key=lambda plan: bool(plan.get("default")))
    return int(given[0]["district"]) if given else ComponentPlan().district


register_section(AssetTypes())
register_section(ComponentCodes())
register_section(Census())
