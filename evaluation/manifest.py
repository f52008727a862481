"""The sections of packs that evaluation understands: formulas, and the rule of appeals."""

from collections.abc import Mapping
from typing import Any

from core.errors import Invalid
from core.scope import Actor
from evaluation import actions, rules, selectors
from packs.contracts import Change, Problem, register_section


class Schemes:
    """Evaluation schemes: terms over metrics whose points add up, and levels."""

    section = "schemes"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Schemes whose points do not add up, whose metrics are unknown or whose levels do not fall to zero."""
        problems = []
        for index, document in enumerate(pack.get(self.section, [])):
            try:
                rules.formula_from(document)
            except Invalid as refused:
                sentence = f"Scheme {document.get('code')}: {refused.params['problem']}."
                problems.append(Problem(refused.code, sentence, f"{self.section}/{index}"))
        return problems

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Schemes that would be added, changed or retired."""
        before = selectors.schemes_of(str(pack["code"]))
        after = {d["code"]: dict(d) for d in pack.get(self.section, [])}
        changes = [Change(self.section, "add", code) for code in after if code not in before]
        changes += [
            Change(self.section, "change", code, {"document": (before[code], after[code])})
            for code in after
            if code in before and before[code] != after[code]
        ]
        return changes + [Change(self.section, "retire", code) for code in before if code not in after]

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """The pack's schemes are in force; those it no longer names are not."""
        documents = pack.get(self.section, [])
        for document in documents:
            actions.save_scheme(document, pack=str(pack["code"]))
        actions.retire_schemes(pack=str(pack["code"]), keep=[d["code"] for d in documents])


class Appeals:
    """Of which cases a department may appeal, and how many people must grant it. Its shape says everything."""

    section = "appeals"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Nothing is wrong that the shape lets through."""
        return []

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """What would be otherwise."""
        held = selectors.appeal_rule()
        given = pack.get(self.section, {})
        fields = {name: (getattr(held, name), value) for name, value in given.items() if getattr(held, name) != value}
        return [Change(self.section, "change", self.section, fields)] if fields else []

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """It is as the pack says; a pack that says nothing leaves it as it is."""
        if pack.get(self.section):
            actions.save_appeal_rule(pack[self.section], pack=str(pack["code"]))


register_section(Schemes())
register_section(Appeals())
