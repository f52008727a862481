"""The section of packs that registers understand."""

from collections.abc import Mapping
from typing import Any

from core.scope import Actor
from core.sentences import say
from core.touched import Touched
from packs.contracts import TOUCHES, Change, Lifted, Problem, register_section
from registers import actions, selectors
from registers.rules import calendar_faults, declared_faults

Pack = Mapping[str, Any]


class Registers:
    """Kinds of records; a register that changed is a new version, one that a pack no longer declares is retired."""

    section = "registers"

    def check(self, pack: Pack, library: Mapping[str, Pack]) -> list[Problem]:
        """Faults of states, steps, checks, links and reactions, over this pack and those it needs."""
        reach = list(_reach(pack, library).values())
        known = {one["code"]: one for other in reach for one in other.get(self.section) or ()}
        classes = frozenset(one["code"] for other in reach for one in other.get("categories") or ())
        types = {
            one["code"]: f"C{one['major']}{one['minor']}" if one.get("major") else ""
            for other in reach
            for one in other.get("asset_types") or ()
        }
        calendars = frozenset(one["code"] for other in reach for one in other.get("calendars") or ())
        return [
            Problem("registers.declared", sentence, f"{self.section}/{index}/{at}")
            for index, given in enumerate(pack.get(self.section) or ())
            for at, sentence in (
                *declared_faults(given, known, classes, types), *calendar_faults(given, calendars)
            )
        ]  # fmt: skip

    def diff(self, pack: Pack) -> list[Change]:
        """Registers that are new, read otherwise than the tables, or are no longer declared by this pack."""
        code = str(pack["code"])
        stored = selectors.documents()
        wanted = {given["code"]: {**given, "pack": code} for given in pack.get(self.section) or ()}
        changes = []
        for name, given in wanted.items():
            if name not in stored:
                changes.append(Change(self.section, "add", name))
                continue
            held = stored[name]
            keys = [key for key in {**held, **given} if held.get(key) != given.get(key)]
            if keys:
                fields = {key: (_short(held.get(key)), _short(given.get(key))) for key in keys}
                notes = tuple(map(_touches, selectors.touched(name, held, given)))
                changes.append(Change(self.section, "change", name, fields, notes))
        gone = [name for name, held in stored.items() if held["pack"] == code and name not in wanted]
        return [*changes, *(Change(self.section, "retire", name) for name in gone)]

    def apply(self, pack: Pack, actor: Actor) -> None:
        """Every register of the pack is declared, and those it dropped are retired."""
        changes = self.diff(pack)
        changed = {change.code for change in changes if change.what != "retire"}
        for given in pack.get(self.section) or ():
            if given["code"] in changed:
                actions.declare(given, actor=actor, pack=str(pack["code"]))
        actions.retire([change.code for change in changes if change.what == "retire"], actor=actor)

    def lift(self, actor: Actor) -> list[Lifted]:
        """Records whose register has moves of attributes that they have not gone through obey it as it is now."""
        return actions.lift_records(actor=actor)

    def settle(self, actor: Actor) -> tuple[list[str], list[str]]:
        """The indexes that its lists need."""
        return actions.keep_indexes(actor=actor)


def _reach(pack: Pack, library: Mapping[str, Pack]) -> dict[str, Pack]:
    """The pack and every pack that it needs, however far, by code."""
    found: dict[str, Pack] = {}
    waiting = [pack]
    while waiting:
        one = waiting.pop()
        if str(one["code"]) not in found:
            found[str(one["code"])] = one
            waiting += [library[code] for code in one.get("needs") or () if code in library]
    return found


def _touches(one: Touched) -> str:
    """A sentence on one attribute that reads otherwise."""
    difference, rows = one
    return say(TOUCHES[difference.kind], {"name": difference.name, "to": difference.to, "rows": rows})


def _short(value: Any) -> Any:
    """A value as `packs diff` tells it: of long ones that there are so many parts."""
    return f"{len(value)} parts" if isinstance(value, list | dict) and len(value) > 2 else value


register_section(Registers())
