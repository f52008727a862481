"""The systems of the city, each a pack in force, as somebody sees them who may use some of what it brings."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from assets import selectors as assets
from cases import selectors as cases
from core.errors import NotFound
from core.scope import Actor
from dashboard import rules
from dashboard.contracts import Panel, System
from packs import selectors as packs
from registers import selectors as registers
from registers.contracts import Declared

_PARTS = {
    "classes": "$.categories[*].code",
    "raised": "$.registers[*].reactions[*].category",
    "shown": "$.panels[*].classes[*]",
    "registers": "$.registers[*].code",
    "types": "$.asset_types[*].code",
}


class SystemPage(NamedTuple):
    """A system with what its page shows: panels, registers and how their records stand, types and how many stand."""

    system: System
    panels: list[Panel]
    registers: list[tuple[Declared, registers.Standing]]
    types: list[tuple[str, Mapping[str, str], int]]


def systems(actor: Actor) -> list[System]:
    """The systems of which the actor may use something, by code, with what waits in them; five queries for all."""
    if not actor.areas():
        return []
    seen = {one.code: one for _version, one in registers.registers_for(actor)}
    found = [_outlined(one, seen) for one in packs.outlines(_PARTS)]
    return _counts([one for one in found if _usable(one, actor)], seen, actor)


def system(code: str, actor: Actor) -> SystemPage:
    """A system that the actor may use, with its panels, the registers of which they see records, and its types.

    NotFound where there is no such system, and where they may use nothing of it.
    """
    release = packs.release(code) if actor.areas() else None
    if release is None:
        raise NotFound("systems.none", system=code[:40].replace("\0", ""))
    seen = {one.code: one for _version, one in registers.registers_for(actor)}
    document = release.manifest
    panels = rules.panels_of(document)
    classes = tuple(dict.fromkeys([*rules.classes_of(document), *(name for one in panels for name in one.classes)]))
    kept = [one["code"] for one in document.get("registers") or ()]
    types = tuple(rules.types_of(document))
    found = _seen(code, document["names"], document.get("about") or {}, classes, kept, types, seen)
    if not _usable(found, actor):
        raise NotFound("systems.none", system=code[:40])
    held = [seen[name] for name in found.registers]
    standing = registers.standing(held, actor) if held else {}
    many = {one.type: one.count for one in assets.counts(actor=actor)} if types else {}
    urgent = rules.usual_panels(classes, panels) if actor.holds("case.see") else []
    return SystemPage(
        _counted(found, standing, cases.open_by_class(actor) if _has_cases(found, actor) else None, many),
        [*panels, *urgent],
        [(one, standing.get(one.code, registers.Standing())) for one in held],
        [(row.code, row.names, many.get(row.code, 0)) for row in assets.types_named(types)] if types else [],
    )


def _counts(found: Sequence[System], seen: Mapping[str, Declared], actor: Actor) -> list[System]:
    held = [seen[name] for one in found for name in one.registers]
    standing = registers.standing(held, actor) if held else {}
    open_cases = cases.open_by_class(actor) if any(_has_cases(one, actor) for one in found) else None
    types = {one.type: one.count for one in assets.counts(actor=actor)} if any(one.types for one in found) else {}
    return [_counted(one, standing, open_cases, types) for one in found]


def _has_cases(one: System, actor: Actor) -> bool:
    return bool(one.classes) and actor.holds("case.see")


def _counted(
    one: System, standing: Mapping[str, registers.Standing], open_cases: Mapping[str, int] | None,
    types: Mapping[str, int],
) -> System:  # fmt: skip
    held = [standing.get(name, registers.Standing()) for name in one.registers]
    return System(
        one.code, one.names, one.about, one.classes, one.registers, one.types,
        open=sum(open_cases.get(code, 0) for code in one.classes) if one.classes and open_cases is not None else None,
        waiting=sum(row.waiting for row in held) if held else None,
        ending=sum(row.ending for row in held) if held else None,
        components=sum(types.get(code, 0) for code in one.types) if one.types else None,
    )  # fmt: skip


def _outlined(one: Any, seen: Mapping[str, Declared]) -> System:
    classes = dict.fromkeys([*one.values["classes"], *one.values["raised"], *one.values["shown"]])
    return _seen(
        one.code, one.names, one.about, tuple(classes), one.values["registers"], tuple(one.values["types"]), seen
    )


def _seen(
    code: str, names: Mapping[str, str], about: Mapping[str, str], classes: tuple[str, ...], kept: Sequence[str],
    types: tuple[str, ...], seen: Mapping[str, Declared],
) -> System:  # fmt: skip
    return System(code, names, about, classes, tuple(name for name in kept if name in seen), types)


def _usable(one: System, actor: Actor) -> bool:
    return bool(one.registers or one.types or _has_cases(one, actor))
