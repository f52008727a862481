"""The section of packs that telemetry understands: what is measured, and which rules raise alarms over it."""

from collections.abc import Mapping
from typing import Any

from core.schema import validate
from core.scope import Actor
from packs.contracts import Change, Problem, register_section
from telemetry import actions, selectors
from telemetry.rules.rule_data import RULE, fault_of

Pack = Mapping[str, Any]


class Indicators:
    """Indicators, each with its rules; a rule that the city has made its own stays as the city has it."""

    section = "indicators"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Rules that are none, types and classes that no pack brings, codes given twice."""
        every = list(library.values())
        types = {one["code"] for other in every for one in other.get("asset_types") or ()}
        classes = {one["code"] for other in every for one in other.get("categories") or ()}
        problems, seen = [], set()
        for place, given in enumerate(pack.get(self.section) or ()):
            path = f"{self.section}/{place}"
            for name in ("of", "at"):
                if given.get(name) and given[name] not in types:
                    problems.append(Problem("telemetry.no_type", f"There is no asset type {given[name]}.", path))
            for index, rule in enumerate(given.get("rules") or ()):
                at, code = f"{path}/rules/{index}", rule.get("code", "")
                problems += [Problem("telemetry.rule", one, at) for one in _faults(given, rule, classes)]
                if code in seen:
                    problems.append(Problem("telemetry.twice", f"Two rules are called {code}.", at))
                seen.add(code)
        return problems

    def diff(self, pack: Pack) -> list[Change]:
        """Indicators and rules that are new, read otherwise, or are no longer declared by this pack."""
        code = str(pack["code"])
        kept, rules = selectors.indicator_documents(code), selectors.rule_documents(code)
        changes = []
        wanted = {given["code"]: _document(given) for given in pack.get(self.section) or ()}
        said = {one["code"]: _rule(given, one) for given in pack.get(self.section) or () for one in given["rules"]}
        for held, new in ((kept, wanted), (rules, said)):
            for name, document in new.items():
                if name not in held:
                    changes.append(Change(self.section, "add", name))
                elif held[name] is not None and held[name] != document:
                    changes.append(Change(self.section, "change", name, {"says": ("otherwise", "anew")}))
            changes += [Change(self.section, "retire", name) for name in held if name not in new]
        return changes

    def apply(self, pack: Pack, actor: Actor) -> None:
        """What the pack declares is in force, and what it dropped is retired."""
        changes, code = self.diff(pack), str(pack["code"])
        for given in pack.get(self.section) or ():
            actions.declare_indicator(given, pack=code)
            for one in given["rules"]:
                actions.declare_rule(one["code"], actor=actor, document=_rule(given, one), pack=code)
        gone = [change.code for change in changes if change.what == "retire"]
        actions.retire_indicators(gone)
        for name in set(gone) & set(selectors.rule_documents(code)):
            actions.retire_rule(name, actor=actor)


def _document(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in ("code", "rules")}


def _rule(given: Mapping[str, Any], rule: Mapping[str, Any]) -> dict[str, Any]:
    """The rule of an indicator as it is kept: it looks at that metric, with its bands where it says none."""
    told = {"metric": given["code"], **{name: value for name, value in rule.items() if name != "code"}}
    if told.get("kind") == "level" and "bands" not in told:
        told["bands"] = given.get("bands") or []
    return told


def _faults(given: Mapping[str, Any], rule: Mapping[str, Any], classes: set[str]) -> list[str]:
    told = _rule(given, rule)
    wrong = [f"The rule {rule.get('code')} has a fault at {one.path or '/'}." for one in validate(RULE, told)[:1]]
    if not wrong and (fault := fault_of(told)):
        wrong = [f"The rule {rule.get('code')} is refused: {fault}."]
    category = (told.get("case") or {}).get("category")
    if category and category not in classes:
        wrong.append(f"There is no class {category}.")
    return wrong


register_section(Indicators())
