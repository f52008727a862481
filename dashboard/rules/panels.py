"""What a panel of a pack may ask, and what is wrong with one that asks otherwise: paths and plain sentences. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dashboard.contracts import BY_DAY, IN_GROUPS, ROW_BY_ROW, Panel, View
from registers.contracts import COMPONENT

Fault = tuple[str, str]
Known = Mapping[str, Mapping[str, Mapping[str, Any]]]

COUNTS: Mapping[str, tuple[str, ...]] = {
    "cases": ("open", "late", "reported", "closed", "on_time"),
    "records": ("standing", "entered", "ending", "over"),
    "components": ("standing",),
}
"""What may be counted of what; the first is meant where a panel says nothing."""
DAILY = {"cases": ("reported", "closed"), "records": ("entered",), "components": ()}
LISTED = {"cases": ("open", "late"), "records": ("standing", "ending", "over"), "components": ("standing",)}
GROUPS = {
    "cases": ("class", "district", "stage"),
    "records": ("state", "district"),
    "components": ("type", "state", "district"),
}
NAMED_BY = {"cases": "classes", "records": "register", "components": "types"}
UNTOLD = ("array", "object")


def panels_of(document: Mapping[str, Any]) -> list[Panel]:
    """The panels of a pack, as it declares them, with what it leaves unsaid."""
    return [_panel(given, document) for given in document.get("panels") or ()]


def _panel(given: Mapping[str, Any], document: Mapping[str, Any]) -> Panel:
    view, of, where, target = View(given["view"]), given["of"], given.get("where") or {}, given.get("target") or {}
    return Panel(
        code=given["code"], names=given["names"], about=given.get("about") or {}, view=view, of=of,
        count=given.get("count") or _usual(view, of), by=given.get("by", ""),
        classes=tuple(given.get("classes") or classes_of(document)) if of == "cases" else (),
        register=given.get("register", ""),
        types=tuple(given.get("types") or types_of(document)) if of == "components" else (),
        states=tuple(where.get("states") or ()), attributes=where.get("attributes") or {},
        days=given.get("days", 30), most=given.get("most", 10), target=target.get("value"),
        keep=target.get("keep", "least"),
    )  # fmt: skip


def _usual(view: View, of: str) -> str:
    if view in BY_DAY:
        return next(iter(DAILY[of]), "")
    return "ending" if view is View.EXPIRING else COUNTS[of][0]


def classes_of(document: Mapping[str, Any]) -> list[str]:
    """The classes that a pack brings, and those that its registers name for the cases they raise."""
    raised = [one["category"] for kept in document.get("registers") or () for one in kept.get("reactions") or ()]
    named = [code for code in raised if code != COMPONENT]
    return list(dict.fromkeys([*(one["code"] for one in document.get("categories") or ()), *named]))


def types_of(document: Mapping[str, Any]) -> list[str]:
    """The types of components that a pack brings."""
    return [one["code"] for one in document.get("asset_types") or ()]


def usual_panels(classes: Sequence[str], declared: Sequence[Panel]) -> list[Panel]:
    """What every system with classes shows beside its own panels: the cases due first, and which class has most."""
    if not classes:
        return []
    said = {(one.view, one.of) for one in declared}
    found = []
    if not declared and len(classes) > 1:
        names = {"zh": "各类在办案件", "en": "Open cases by class"}
        found.append(Panel("_classes", names, {}, View.RANKING, "cases", "open", by="class", classes=tuple(classes)))
    if (View.TABLE, "cases") not in said:
        names = {"zh": "最先到期的在办案件", "en": "Open cases due first"}
        found.append(Panel("_urgent", names, {}, View.TABLE, "cases", "open", classes=tuple(classes)))
    return found


def panel_faults(document: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    """Every fault of the panels of a pack; `known` holds by code what it and the packs it needs bring, by section."""
    seen: set[str] = set()
    for index, given in enumerate(document.get("panels") or ()):
        if given["code"] in seen:
            yield f"{index}/code", f"The panel {given['code']} is written twice."
        seen.add(given["code"])
        one = _panel(given, document)
        for at, sentence in (*_drawn(one, given), *_asked(one, given, known)):
            yield f"{index}/{at}", f"{given['code']}: {sentence}"


def _drawn(one: Panel, given: Mapping[str, Any]) -> Iterator[Fault]:
    """How it is drawn fits what it counts."""
    if one.view in IN_GROUPS and not one.by:
        yield "view", f"{one.view} needs by, which tells its groups apart."
    if one.view not in IN_GROUPS and one.by:
        yield "by", f"{one.view} has no groups, so by says nothing."
    if one.target is not None and one.view is not View.NUMBER:
        yield "target", "only a number has a target."
    if one.view is View.EXPIRING and one.of != "records":
        yield "of", "only records have terms that expire."
        return
    fitting = DAILY if one.view in BY_DAY else LISTED if one.view in ROW_BY_ROW else COUNTS
    if one.count not in fitting[one.of]:
        allowed = ", ".join(fitting[one.of]) or "nothing"
        yield "count" if given.get("count") else "view", f"{one.view} of {one.of} counts {allowed}."
    for of, name in NAMED_BY.items():
        if of != one.of and given.get(name):
            yield name, f"{name} is said of {of}, and this is of {one.of}."
    if one.by and not one.by.startswith("attr.") and one.by not in GROUPS[one.of]:
        yield "by", f"{one.of} are told apart by {', '.join(GROUPS[one.of])}, not by {one.by}."
    if one.of == "cases" and (given.get("where") or one.by.startswith("attr.")):
        yield "where" if given.get("where") else "by", "cases are narrowed by their classes alone."


def _asked(one: Panel, given: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    """What it names is there."""
    if one.of == "cases":
        yield from _named("classes", one.classes, known["categories"], given)
    elif one.of == "components":
        yield from _named("types", one.types, known["asset_types"], given)
        if one.states:
            yield "where/states", "only the states of records are chosen."
        kinds = [known["asset_types"][code] for code in one.types if code in known["asset_types"]]
        yield from _attributes(one, kinds, ())
    elif one.register not in known["registers"]:
        told = one.register or "no register"
        yield (
            "register" if one.register else "of",
            f"{told} is not among the registers of this pack and those it needs.",
        )
    else:
        yield from _of_register(one, known["registers"][one.register])


def _named(name: str, codes: Sequence[str], there: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[Fault]:
    if not codes:
        yield "of", f"the pack brings none, so the panel says {name}."
    for place, code in enumerate(codes):
        if code not in there:
            at = f"{name}/{place}" if given.get(name) else "of"
            yield at, f"{code} is not among the {name} of this pack and those it needs."


def _of_register(one: Panel, register: Mapping[str, Any]) -> Iterator[Fault]:
    states = {state["code"] for state in register["states"]}
    for place, code in enumerate(one.states):
        if code not in states:
            yield f"where/states/{place}", f"{one.register} has no state {code}."
    if (one.view is View.EXPIRING or one.count in ("ending", "over")) and not register.get("term"):
        yield "register", f"{one.register} has no term, so nothing expires."
    if one.view is View.MAP and register.get("place", "none") == "none":
        yield "register", f"{one.register} has no place, so there is no map of it."
    yield from _attributes(one, [register], register.get("personal") or ())


def _attributes(one: Panel, kinds: Sequence[Mapping[str, Any]], personal: Sequence[str]) -> Iterator[Fault]:
    asked = [(f"where/attributes/{name}", name) for name in one.attributes]
    if one.by.startswith("attr."):
        asked.append(("by", one.by.removeprefix("attr.")))
    for at, name in asked:
        rules = [((kind.get("attributes") or {}).get("properties") or {}).get(name) for kind in kinds]
        if not all(rules):
            yield at, f"{name} is not among the attributes."
        elif name in personal:
            yield at, f"{name} is personal, and nothing personal is counted or shown."
        elif at == "by" and any(rule.get("type") in UNTOLD for rule in rules if rule):
            yield at, f"{name} holds lists, which tell nothing apart."
