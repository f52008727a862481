"""The sections `organisation_model`, `roles` and `shifts` of packs."""

from collections.abc import Mapping
from typing import Any

from accounts import actions, rules, selectors
from accounts.rules import GrantFacts
from core import clock
from core.scope import Actor, Ground
from packs.contracts import Change, Problem, register_section


class OrganisationModel:
    """Kinds of organisations and the levels at which they may stand."""

    section = "organisation_model"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Everything there is to see the schema sees."""
        return []

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Kinds that are new, changed or no longer named."""
        stored = selectors.kinds_of(str(pack["code"]))
        wanted = {
            kind["code"]: {"names": kind["names"], "levels": kind["levels"]} for kind in _items(pack, self.section)
        }
        return _changes(self.section, stored, wanted)

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """Organisations are of these kinds from now on."""
        kinds = {kind["code"]: kind for kind in _items(pack, self.section)}
        actions.adopt_model(kinds, pack=str(pack["code"]), actor=actor)


class Roles:
    """Named sets of permissions. What administrators change stays theirs; `/roles/` shows the difference."""

    section = "roles"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Permissions nobody asks for, and roles that judge their own work."""
        found = []
        for index, role in enumerate(_items(pack, self.section)):
            path = f"{self.section}/{index}/permissions"
            strange = rules.unknown_permissions(role["permissions"])
            if strange:
                sentence = f"No part of the platform asks for {', '.join(strange)}."
                found.append(Problem("accounts.unknown_permission", sentence, path))
            for clash in rules.conflicts([_facts(role)]):
                sentence = f"The role {role['code']} would judge the work it does."
                found.append(Problem(clash.code, sentence, path))
        return found

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Roles that are new, changed or no longer named."""
        stored = selectors.roles_of(str(pack["code"]))
        wanted = {
            role["code"]: {"names": role["names"], "permissions": sorted(role["permissions"])}
            for role in _items(pack, self.section)
        }
        return _changes(self.section, stored, wanted)

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """The roles hold these permissions; those no longer named are retired."""
        for change in self.diff(pack):
            if change.what == "retire":
                actions.retire_role(change.code, actor=actor)
        for role in _items(pack, self.section):
            actions.upsert_role(
                code=role["code"],
                names=role["names"],
                permissions=role["permissions"],
                pack=str(pack["code"]),
                actor=actor,
            )


class Shifts:
    """Parts of the day for rosters, named with their hours; one may end the next morning."""

    section = "shifts"

    def check(self, pack: Mapping[str, Any], library: Mapping[str, Mapping[str, Any]]) -> list[Problem]:
        """Hours that there are not, and a shift without length."""
        found = []
        for index, shift in enumerate(_items(pack, self.section)):
            begins, _, ends = str(shift["hours"]).partition("-")
            if begins == ends or max(begins, ends) > "23:59":
                sentence = f"The hours {shift['hours']} of the shift {shift['code']} are no part of a day."
                found.append(Problem("accounts.bad_shift", sentence, f"{self.section}/{index}/hours"))
        return found

    def diff(self, pack: Mapping[str, Any]) -> list[Change]:
        """Shifts that are new, changed or no longer named."""
        wanted = {row["code"]: {"names": row["names"], "hours": row["hours"]} for row in _items(pack, self.section)}
        return _changes(self.section, selectors.shifts_of(str(pack["code"])), wanted)

    def apply(self, pack: Mapping[str, Any], actor: Actor) -> None:
        """The day has these shifts from now on."""
        given = {row["code"]: row for row in _items(pack, self.section)}
        actions.adopt_shifts(given, pack=str(pack["code"]), actor=actor)


def _items(pack: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    return list(pack.get(section) or ())


def _facts(role: Mapping[str, Any]) -> GrantFacts:
    return GrantFacts(str(role["code"]), frozenset(role["permissions"]), Ground(), clock.now())


def _changes(
    section: str, stored: Mapping[str, Mapping[str, Any]], wanted: Mapping[str, Mapping[str, Any]]
) -> list[Change]:
    found = []
    for code, fields in wanted.items():
        before = stored.get(code)
        if before is None:
            found.append(Change(section, "add", code))
            continue
        told = {name: (before[name], value) for name, value in fields.items() if before[name] != value}
        if before["retired"]:
            found.append(Change(section, "revive", code, told))
        elif told:
            found.append(Change(section, "change", code, told))
    gone = [code for code, row in stored.items() if code not in wanted and not row["retired"]]
    return found + [Change(section, "retire", code) for code in gone]


register_section(OrganisationModel())
register_section(Roles())
register_section(Shifts())
