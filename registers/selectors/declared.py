"""Which registers there are, as their packs declare them now, and as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from core import moves
from core.errors import NotFound
from core.querying import NOTHING, scope_q
from core.schema import Hot
from core.scope import Actor
from core.touched import Touched
from core.touched import touched as touching
from registers import rules
from registers.contracts import ORDER, Declared, State
from registers.models import Record, RegisterVersion


def versions_in_force(*, retired: bool = False) -> QuerySet[RegisterVersion]:
    """The newest version of every register; those that are retired only where asked for."""
    newest = RegisterVersion.objects.filter(register=OuterRef("register")).order_by("-number").values("pk")[:1]
    found = RegisterVersion.objects.filter(pk=Subquery(newest)).select_related("register").order_by("register__code")
    return found if retired else found.filter(register__retired=False)


def version_of(code: str) -> RegisterVersion:
    """The newest version of a register, retired or not; NotFound where there is none."""
    found = versions_in_force(retired=True).filter(register__code=code).first() if "\0" not in code else None
    if found is None:
        raise NotFound("registers.no_register", register=code[:40])
    return found


def declared_of(version: RegisterVersion) -> Declared:
    """The register as that version declares it."""
    return replace(rules.declared(version.document), pk=version.register_id)


def documents() -> dict[str, Mapping[str, Any]]:
    """Every register in force by its code, as its pack declared it."""
    kept = {row.register.code: {**row.document, "pack": row.register.pack} for row in versions_in_force()}
    return {code: {key: value for key, value in one.items() if key != ORDER} for code, one in kept.items()}


def as_declared_now(row: Record, newest: RegisterVersion) -> dict[str, Any]:
    """The attributes of a record as they would read under that version: its moves have been gone through."""
    return moves.moved(row.attributes, moves.pending(row.written_under.document, newest.document))


def touched(code: str, held: Mapping[str, Any], given: Mapping[str, Any]) -> list[Touched]:
    """Which attributes of a register would read otherwise, and how many records that have not ended that touches."""
    rows = Record.objects.filter(register__code=code, ended=False)
    before, after = (one.get("attributes") or {} for one in (held, given))
    return touching(rows, before, after, moves.pending(held, given))


def hot_attributes() -> dict[int, tuple[Hot, ...]]:
    """What the list of each register in force narrows by, by the key of the register."""
    return {row.register_id: rules.hot(declared_of(row)) for row in versions_in_force()}


def obeyed(version: RegisterVersion, newest: Declared) -> Declared:
    """The register that a record of that version obeys; what is personal by now is personal of older records too."""
    held = declared_of(version)
    return replace(held, personal=held.personal | newest.personal)


def each_obeyed(rows: Sequence[Record], newest: Declared) -> list[tuple[Record, Declared]]:
    """The records, each with the register that it obeys, which is read once for each version."""
    held = {row.written_under_id: row.written_under for row in rows}
    read = {key: obeyed(version, newest) for key, version in held.items()}
    return [(row, read[row.written_under_id]) for row in rows]


def states_of(registers: Sequence[Declared]) -> dict[str, tuple[State, ...]]:
    """The states of each register, behind them those of its older versions, in which records may still stand."""
    found = {one.code: {state.code: state for state in one.states} for one in registers}
    rows = RegisterVersion.objects.filter(register__code__in=found).select_related("register").order_by("-number")
    for version in rows:
        for state in declared_of(version).states:
            found[version.register.code].setdefault(state.code, state)
    return {code: tuple(states.values()) for code, states in found.items()}


def sees(declared: Declared, actor: Actor) -> bool:
    """Whether the actor may see records of the register anywhere."""
    return any(actor.holds(right) for right in (*declared.see, *declared.keep, "admin"))


def keeps(declared: Declared, actor: Actor, *, org: str = "", area: str = "") -> bool:
    """Whether the actor enters and amends records of that organisation there."""
    return any(actor.may(right, org=org, area=area) for right in (*declared.keep, "admin"))


def keeps_any(declared: Declared, actor: Actor) -> bool:
    """Whether the actor enters records of the register anywhere."""
    return any(actor.holds(right) for right in (*declared.keep, "admin"))


def visible_to(declared: Declared, actor: Actor) -> Q:
    """Exactly the records of a register that the actor may see, by organisation and area."""
    found = NOTHING
    for right in {*declared.see, *declared.keep, "admin"}:
        if actor.holds(right):
            found |= scope_q(actor.scope(right))
    return found


def known(code: str, actor: Actor) -> tuple[RegisterVersion, Declared]:
    """A register that the actor may see; NotFound where there is none."""
    version = version_of(code)
    declared = declared_of(version)
    if not sees(declared, actor):
        raise NotFound("registers.no_register", register=code[:40])
    return version, declared


def entered_under(declared: Declared, actor: Actor) -> list[tuple[Declared, str]]:
    """The registers whose new records name one of this register, where the actor may enter them; with that link."""
    return [
        (other, link.code)
        for _version, other in registers_for(actor)
        for link in other.links
        if link.to == declared.code and link.most == 1 and keeps_any(other, actor)
    ]


def registers_for(actor: Actor) -> list[tuple[RegisterVersion, Declared]]:
    """The registers in force of which the actor may see records, by pack and code."""
    rows = versions_in_force().order_by("register__pack", "register__code")
    found = [(row, declared_of(row)) for row in rows]
    return [(version, declared) for version, declared in found if sees(declared, actor)]
