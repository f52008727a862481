"""The sections of packs: what people are told at which occasion, and partners that exchange tickets."""

from collections.abc import Mapping
from typing import Any

from core.scope import Actor
from core.sentences import say
from exchange import actions, selectors
from exchange.contracts.messages import occasions
from exchange.rules.messages import template_faults
from packs.contracts import Change, Problem, register_section


class MessageTemplates:
    """Titles and bodies by occasion. What administrators change stays theirs; `/message-templates/` shows it."""

    section = "message_templates"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Occasions that no app knows, and places that nothing fills."""
        found = []
        for index, given in enumerate(self._items(pack)):
            path = f"{self.section}/{index}"
            occasion = occasions().get(given["occasion"])
            if occasion is None:
                sentence = f"No app tells of the occasion {given['occasion']}."
                found.append(Problem("message.no_occasion", sentence, f"{path}/occasion"))
                continue
            for fault in template_faults(occasion, given["titles"], given["bodies"]):
                found.append(Problem(fault.code, say(fault.code, fault.params), path))
        return found

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Templates that are new, changed or no longer named."""
        stored = selectors.templates_of(str(pack["code"]))
        wanted = {given["occasion"]: given for given in self._items(pack)}
        found = []
        for code, given in wanted.items():
            before = stored.get(code)
            fields = {} if before is None else _differing(before, given)
            if before is None or before["retired"]:
                found.append(Change(self.section, "revive" if before else "add", code, fields))
            elif fields:
                found.append(Change(self.section, "change", code, fields))
        gone = [code for code, row in stored.items() if code not in wanted and not row["retired"]]
        return found + [Change(self.section, "retire", code) for code in gone]

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """People are told so from now on, where the city has no words of its own."""
        for change in self.diff(pack):
            if change.what == "retire":
                actions.retire_template(change.code, actor=actor)
        for given in self._items(pack):
            told = {"titles": given["titles"], "bodies": given["bodies"], "urgent": given.get("urgent", False)}
            actions.adopt_template(given["occasion"], **told, pack=str(pack["code"]), actor=actor)

    def _items(self, pack: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return list(pack.get(self.section) or ())


def _differing(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    told = {"urgent": False, **given}
    return {name: (before[name], told[name]) for name in ("titles", "bodies", "urgent") if before[name] != told[name]}


class Partners:
    """Partners that exchange tickets. What administrators change stays theirs; `/hotline/partners/` shows it."""

    section = "partners"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Words that are mapped to classes which no pack brings."""
        known = {str(one["code"]) for other in library.values() for one in other.get("categories") or ()}
        return [
            Problem(
                "hotline.no_such_class", say("hotline.no_such_class", {"given": code}), f"{self.section}/{at}/classes"
            )
            for at, given in enumerate(self._items(pack))
            for code in given.get("classes", {}).values()
            if code not in known
        ]

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Partners that are new or said otherwise; one that is named no longer stays, because its tickets do."""
        stored = selectors.partners_of(str(pack["code"]))
        found = []
        for given in self._items(pack):
            told, row = _partner(given), stored.get(str(given["code"]))
            if row is None:
                found.append(Change(self.section, "add", str(given["code"])))
            elif changes := {
                name: (row.said.get(name), told[name]) for name in told if row.said.get(name) != told[name]
            }:
                found.append(Change(self.section, "change", str(given["code"]), changes))
        return found

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """The partners are there, where the city has not made them its own."""
        for given in self._items(pack):
            actions.adopt_partner(str(given["code"]), told=_partner(given), pack=str(pack["code"]), actor=actor)

    def _items(self, pack: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return list(pack.get(self.section) or ())


def _partner(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name != "code"}


register_section(MessageTemplates())
register_section(Partners())
