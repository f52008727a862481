"""What is wrong with a register that its JSON Schema cannot see: pairs of a path and a plain sentence. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core import moves
from core.conditions import problems
from core.scope import Duty
from registers.contracts import CASE, COMPONENT, KEEP, OFFICE_HOURS, SEE
from registers.rules.numbers import number_fault
from registers.rules.reading import FILTER, FORMS
from registers.rules.terms import WORKING

Fault = tuple[str, str]
RIGHTS = frozenset({str(duty) for duty in Duty} | {SEE, KEEP, "admin"})
FACTS = ("attributes", "days", "links", "state", "valid", "placed")


def declared_faults(
    given: Mapping[str, Any],
    registers: Mapping[str, Mapping[str, Any]],
    classes: frozenset[str],
    types: Mapping[str, str] | None = None,
) -> Iterator[Fault]:
    """Every fault of a register; registers, classes and types of components are those within its reach.

    `types` says of each type the class of cases about it, "" where it has none.
    """
    yield from _attributes(given)
    yield from ((f"moves/{at}", sentence) for at, sentence in moves.faults(given.get("moves") or (), _schema(given)))
    yield from _states(given)
    yield from _steps(given, registers)
    yield from _term(given)
    yield from _links(given, registers)
    yield from _assets(given, types or {})
    yield from _reactions(given, classes, types or {})
    yield from _rounds(given)


def _schema(given: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = given.get("attributes") or {}
    return found


def _attributes(given: Mapping[str, Any]) -> Iterator[Fault]:
    schema = _schema(given)
    known = schema.get("properties") or {}
    for name, rule in known.items():
        spoken = rule.get("x-names") or {}
        missing = [language for language in ("zh", "en") if not spoken.get(language)]
        if missing:
            yield f"attributes/properties/{name}", f"The attribute {name} has no name in {' and '.join(missing)}."
        if rule.get(FILTER) and name in (given.get("personal") or ()):
            yield f"attributes/properties/{name}", f"{name} is personal, so no list narrows by it; leave x-filter out."
    for field in ("titles", "columns", "personal", "unique"):
        for index, name in enumerate(given.get(field) or ()):
            if name not in known:
                yield f"{field}/{index}", f"{name} is not among the attributes of {given['code']}."
    fault = number_fault(given["number"])
    if fault:
        yield "number", fault


def _states(given: Mapping[str, Any]) -> Iterator[Fault]:
    states, steps = given["states"], given.get("steps") or ()
    codes = [one["code"] for one in states]
    for code, times in Counter(codes).items():
        if times > 1:
            yield f"states/{codes.index(code)}/code", f"The state {code} is written twice."
    reached = {codes[0]} | {step["to"] for step in steps} | {_lapse(given).get("to")}
    for index, one in enumerate(states):
        if one["code"] not in reached:
            yield f"states/{index}", f"No step leads to the state {one['code']}."
        leaves = any(one["code"] in step["from"] for step in steps)
        if one.get("end") and leaves:
            yield f"states/{index}/end", f"{one['code']} is an end, but a step leaves it."
        if not one.get("end") and not leaves:
            yield f"states/{index}", f"No step leaves the state {one['code']}, and it is no end."
        if one.get("end") and one.get("within"):
            yield f"states/{index}/within", f"{one['code']} is an end, and an end is never overdue."


def calendar_faults(given: Mapping[str, Any], calendars: frozenset[str]) -> Iterator[Fault]:
    """States and rounds that count working days, where no pack within reach says which days those are."""
    there = OFFICE_HOURS in calendars
    if given.get("rounds") and not there:
        yield "rounds", f"Rounds follow the calendar {OFFICE_HOURS}, but no pack within reach has it."
    for index, one in enumerate(given["states"]):
        if (one.get("within") or {}).get("unit") in WORKING and not there:
            yield (
                f"states/{index}/within",
                f"{one['code']} counts working time, but no pack within reach has the calendar {OFFICE_HOURS}.",
            )


def _lapse(given: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (given.get("term") or {}).get("lapse") or {}
    return found


def _steps(given: Mapping[str, Any], registers: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    steps = given.get("steps") or ()
    twice = Counter(one["code"] for one in steps)
    for index, step in enumerate(steps):
        path = f"steps/{index}"
        if twice[step["code"]] > 1:
            yield f"{path}/code", f"The step {step['code']} is written twice."
        yield from _named(step, path, given)
        if step.get("place") and given.get("place", "none") == "none":
            yield f"{path}/place", f"{given['code']} has no place, so {step['code']} cannot ask for one."
        if step.get("term") and not given.get("term"):
            yield f"{path}/term", f"{given['code']} has no term that {step['code']} could {step['term']}."
        for place, check in enumerate(step.get("checks") or ()):
            yield from _check(check, f"{path}/checks/{place}", given, registers)


def _named(step: Mapping[str, Any], path: str, given: Mapping[str, Any]) -> Iterator[Fault]:
    """States, rights and attributes that a step names and that are not there."""
    codes = [one["code"] for one in given["states"]]
    known = (given.get("attributes") or {}).get("properties") or {}
    states = [*((f"from/{index}", one) for index, one in enumerate(step["from"])), ("to", step["to"])]
    yield from ((f"{path}/{at}", f"{given['code']} has no state {code}.") for at, code in states if code not in codes)
    for index, right in enumerate(step["by"]):
        if right not in RIGHTS:
            yield f"{path}/by/{index}", f"{right} is neither a duty nor a right of registers."
    asked = [(field, index, name) for field in ("needs", "asks") for index, name in enumerate(step.get(field) or ())]
    for field, index, name in asked:
        if name not in known:
            yield f"{path}/{field}/{index}", f"{name} is not among the attributes of {given['code']}."


def _check(
    check: Mapping[str, Any], path: str, given: Mapping[str, Any], registers: Mapping[str, Mapping[str, Any]]
) -> Iterator[Fault]:
    forms = [form for form in FORMS if form in check]
    if len(forms) != 1:
        yield path, f"The check {check['code']} has one form: {', '.join(FORMS)}."
        return
    form, what = forms[0], check[forms[0]]
    where = f"{path}/{form}"
    if form == "if":
        yield from (
            (f"{where}{at}", f"The condition of {check['code']} is wrong: {code}.") for at, code in problems(what)
        )
        paths = _asked(what)
    else:
        paths = list(what) if form == "among" else [what]
    for one in paths:
        fault = _path_fault(one, given, registers, place=form == "inside")
        if fault:
            yield where, fault


def _asked(condition: Mapping[str, Any]) -> list[str]:
    parts = condition.get("and") or condition.get("or") if isinstance(condition, Mapping) else None
    if isinstance(parts, list):
        return [one for part in parts if isinstance(part, Mapping) for one in _asked(part)]
    return [str(condition["attr"])] if isinstance(condition, Mapping) and condition.get("attr") else []


def _path_fault(path: str, given: Mapping[str, Any], registers: Mapping[str, Mapping[str, Any]], *, place: bool) -> str:
    """Why a path leads nowhere: `attributes.plate`, `links.permit.attributes.plates`, `links.permit.links.site`."""
    steps, here = path.split("."), given
    while len(steps) >= 2 and steps[0] == "links":
        link = next((one for one in here.get("links") or () if one["code"] == steps[1]), None)
        if link is None:
            return f"{here['code']} has no link {steps[1]}."
        if link["to"] == CASE or link["to"] not in registers:
            return f"The link {steps[1]} does not lead to a register whose facts are known."
        if link.get("most") != 1:
            return f"The link {steps[1]} may lead to several; only of one (most: 1) can facts be asked."
        here, steps = registers[link["to"]], steps[2:]
    if place:
        return "" if not steps and here.get("place") == "area" else f"{path} is not a link to a register of areas."
    known = (here.get("attributes") or {}).get("properties") or {}
    if len(steps) == 1 and steps[0] in ("state", "valid", "placed"):
        return ""
    if len(steps) == 2 and steps[0] in ("attributes", "days") and steps[1] in known:
        return ""
    return f"{path} names no fact: {', '.join(FACTS)}."


def _term(given: Mapping[str, Any]) -> Iterator[Fault]:
    term, steps = given.get("term"), given.get("steps") or ()
    if not term:
        return
    if not any(step.get("term") == "start" for step in steps):
        yield "term", f"{given['code']} has a term, but no step starts it."
    codes = [one["code"] for one in given["states"]]
    lapse = _lapse(given)
    for place, code in (
        *((f"from/{i}", one) for i, one in enumerate(lapse.get("from") or ())),
        ("to", lapse.get("to")),
    ):
        if lapse and code not in codes:
            yield f"term/lapse/{place}", f"{given['code']} has no state {code}."


def _links(given: Mapping[str, Any], registers: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    twice = Counter(one["code"] for one in given.get("links") or ())
    for index, link in enumerate(given.get("links") or ()):
        if twice[link["code"]] > 1:
            yield f"links/{index}/code", f"The link {link['code']} is written twice."
        if link["to"] != CASE and link["to"] not in registers:
            yield f"links/{index}/to", f"{link['to']} is no register of this pack or of those it needs."


def _assets(given: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[Fault]:
    for index, code in enumerate(given.get("assets") or ()):
        if code not in types:
            yield f"assets/{index}", f"{code} is no type of component of this pack or of those it needs."


def _reactions(given: Mapping[str, Any], classes: frozenset[str], types: Mapping[str, str]) -> Iterator[Fault]:
    for index, one in enumerate(given.get("reactions") or ()):
        if one["on"] not in occasions(given):
            yield f"reactions/{index}/on", f"Nothing of {given['code']} is called {one['on']}."
        if one["category"] == COMPONENT:
            fault = _no_component(given, classes, types)
            if fault:
                yield f"reactions/{index}/category", fault
        elif one["category"] not in classes:
            yield f"reactions/{index}/category", f"{one['category']} is no class of this pack or of those it needs."


def _rounds(given: Mapping[str, Any]) -> Iterator[Fault]:
    """Rounds that could not begin, or that nobody would hear of where nothing is done."""
    rounds, states = given.get("rounds"), given["states"]
    if not rounds:
        return
    if not given.get("assets") or given.get("place", "none") != "none":
        yield "rounds", f"Rounds of {given['code']} are about components: name assets, and no place."
    if not states[0].get("within"):
        yield "states/0", f"A round begins in {states[0]['code']}; say `within` what it is to be done there."
    needed = set((given.get("attributes") or {}).get("required") or ()) - set(rounds.get("given") or ())
    if needed:
        yield "rounds", f"Rounds begin without a person, so they need `given` for {', '.join(sorted(needed))}."
    if any(link.get("needed") for link in given.get("links") or ()):
        yield "rounds", f"A record of {given['code']} must name another one at once, which a round cannot."
    ends = {one["code"] for one in states if one.get("end")}
    for index, code in enumerate(rounds.get("stops") or ()):
        if code not in ends:
            yield f"rounds/stops/{index}", f"{code} is no end of {given['code']}."


def _no_component(given: Mapping[str, Any], classes: frozenset[str], types: Mapping[str, str]) -> str:
    """Why a reaction cannot take the class of the component: not every record has one, or one has no class."""
    if not given.get("assets") or given.get("place", "none") != "none":
        return f"Not every record of {given['code']} is about a component: name assets, and no place."
    bare = [code for code in given["assets"] if types.get(code) not in classes]
    return f"The type {bare[0]} has no class of this pack or of those it needs." if bare else ""


def occasions(given: Mapping[str, Any]) -> Sequence[str]:
    """What a reaction may wait for: lapses, overdue states, flags of checks."""
    found = ["lapsed"] if _lapse(given) else []
    if any(state.get("within") for state in given["states"]):
        found.append("overdue")
    checks = [check for step in given.get("steps") or () for check in step.get("checks") or ()]
    return [*found, *(check["code"] for check in checks if check.get("else") == "flag")]
