"""The sections of packs that assets understands: types of components, and the rules of a census."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from assets import actions, selectors
from assets.rules import rules_problems, type_columns, type_problems
from assets.sentences import SENTENCES
from core.scope import Actor
from packs.contracts import Change, Problem, register_section


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
                changes.append(Change(self.section, "change", code, fields))
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


register_section(AssetTypes())
register_section(Census())
