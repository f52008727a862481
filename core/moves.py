"""Moves of attributes: how what was written under an older schema comes to read as a newer one wants it, as data.

A move renames, maps values, fills in a default or drops. A row goes through those that its own schema did not know yet,
each once and in their order.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from core.schema import validate

Move = Mapping[str, Any]
MOVES = "moves"
NARROWER = {
    "minimum": 1, "exclusiveMinimum": 1, "minLength": 1, "minItems": 1,
    "maximum": -1, "exclusiveMaximum": -1, "maxLength": -1, "maxItems": -1,
}  # fmt: skip
"""In which direction a bound of a schema takes values away that were good before."""


class Difference(NamedTuple):
    """One attribute that reads otherwise: added, renamed, removed, dropped (told), mapped, needed or narrowed."""

    kind: str
    name: str
    to: str = ""


def pending(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Move]:
    """The moves that a declaration brings and that an older one did not know yet, in their order."""
    known = {one["code"] for one in before.get(MOVES) or ()}
    return [one for one in after.get(MOVES) or () if one["code"] not in known]


def moved(attributes: Mapping[str, Any], moves: Sequence[Move]) -> dict[str, Any]:
    """The attributes after these moves; what no move names stays as it is."""
    told = dict(attributes)
    for move in moves:
        for name, to in (move.get("rename") or {}).items():
            if name in told:
                told.setdefault(to, told[name])
                del told[name]
        for name, values in (move.get("map") or {}).items():
            if name in told:
                told[name] = _mapped(told[name], values)
        for name, value in (move.get("default") or {}).items():
            told.setdefault(name, value)
        for name in move.get("drop") or ():
            told.pop(name, None)
    return told


def _mapped(value: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [_mapped(one, values) for one in value]
    return values.get(value, value) if isinstance(value, str) else value


def why_of(moves: Sequence[Move]) -> str:
    """Why rows were moved, as their history keeps it."""
    return "；".join(str(one["why"]["zh"]) for one in moves)


def renamed(moves: Sequence[Move]) -> dict[str, str]:
    """What attributes are called in the end, by what they were called before these moves."""
    found: dict[str, str] = {}
    for move in moves:
        for name, to in (move.get("rename") or {}).items():
            first = next((old for old, new in found.items() if new == name), name)
            found[first] = to
    return found


def faults(moves: Sequence[Move], schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the moves of a declaration whose attributes now have this schema: where, and a sentence."""
    known = schema.get("properties") or {}
    twice = Counter(one["code"] for one in moves)
    for index, move in enumerate(moves):
        if twice[move["code"]] > 1:
            yield f"{index}/code", f"The move {move['code']} is written twice."
        if not any(move.get(kind) for kind in ("rename", "map", "default", "drop")):
            yield f"{index}", f"The move {move['code']} does nothing: rename, map, default or drop."
        told = [(kind, *pair) for kind in ("rename", "map", "default") for pair in (move.get(kind) or {}).items()]
        said = (
            (f"{index}/{kind}/{name}", _fault(kind, name, to, known, moves[index + 1 :])) for kind, name, to in told
        )
        yield from ((where, sentence) for where, sentence in said if sentence)
        for place, name in enumerate(move.get("drop") or ()):
            if name in known:
                yield f"{index}/drop/{place}", f"{name} is dropped, but it is still among the attributes."


def _fault(kind: str, name: str, to: Any, known: Mapping[str, Any], later: Sequence[Move]) -> str:
    if kind == "rename" and name in known:
        return f"{name} is renamed, but it is still among the attributes."
    target = to if kind == "rename" else name
    if target not in known:
        gone = any(target in (one.get("rename") or {}) or target in (one.get("drop") or ()) for one in later)
        return "" if gone else f"{target} is not among the attributes."
    values = list(to.values()) if kind == "map" else [to] if kind == "default" else []
    for value in values:
        rule = known[target].get("items") or {} if known[target].get("type") == "array" else known[target]
        if validate(rule, value) and validate(known[target], value):
            return f"{value} is no value of {target}."
    return ""


def compared(before: Mapping[str, Any], after: Mapping[str, Any], moves: Sequence[Move]) -> list[Difference]:
    """Which attributes read otherwise in the newer schema, as far as it takes something away or asks for more."""
    old, new = before.get("properties") or {}, after.get("properties") or {}
    names = {name: to for name, to in renamed(moves).items() if name in old}
    dropped = {name for move in moves for name in move.get("drop") or ()}
    mapped = {name for move in moves for name in move.get("map") or {}}
    needed = set(after.get("required") or ()) - {names.get(name, name) for name in before.get("required") or ()}
    found = [Difference("renamed", name, to) for name, to in names.items()]
    for name in old:
        if name not in new and name not in names:
            found.append(Difference("dropped" if name in dropped else "removed", name))
    for name in new:
        if name not in old and name not in names.values():
            found.append(Difference("added", name))
        if name in mapped:
            found.append(Difference("mapped", name))
        if name in needed:
            found.append(Difference("needed", name))
        earlier = next((one for one, to in names.items() if to == name), name)
        if earlier in old and narrower(old[earlier], new[name]):
            found.append(Difference("narrowed", name))
    return found


def narrower(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a value that was good by the older rule may be none by the newer one."""
    if "enum" in after and ("enum" not in before or any(one not in after["enum"] for one in before["enum"])):
        return True
    if any(after.get(name) not in (None, before.get(name)) for name in ("type", "format", "pattern", "const")):
        return True
    bounds = ((after[name], before.get(name), way) for name, way in NARROWER.items() if name in after)
    return any(held is None or (bound - held) * way > 0 for bound, held, way in bounds)
