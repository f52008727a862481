"""A register of a manifest as `Declared`. Pure."""

from collections.abc import Mapping
from typing import Any

from core.schema import Hot, kind_of
from registers.contracts import (
    KEEP,
    ORDER,
    SEE,
    Check,
    Declared,
    Link,
    Placing,
    Reaction,
    Rounds,
    State,
    Step,
    Term,
)

FILTER = "x-filter"
FORMS = ("if", "among", "window", "inside")


def declared(given: Mapping[str, Any]) -> Declared:
    """The register that a pack gives, which its JSON Schema and `declared_faults` have passed."""
    return Declared(
        code=given["code"],
        names=given["names"],
        one=given["one"],
        about=given.get("about") or {},
        number=given["number"],
        schema=_ordered(given),
        placing=Placing(given.get("place", "none")),
        assets=tuple(given.get("assets") or ()),
        titles=tuple(given.get("titles") or ()),
        columns=tuple(given.get("columns") or ()),
        personal=frozenset(given.get("personal") or ()),
        unique=tuple(given.get("unique") or ()),
        see=(SEE, *(given.get("see") or ())),
        keep=(KEEP, *(given.get("keep") or ())),
        states=tuple(_state(one) for one in given["states"]),
        steps=tuple(_step(one) for one in given.get("steps") or ()),
        term=_term(given.get("term")),
        links=tuple(
            Link(one["code"], one["names"], one["to"], one.get("most", 0), one.get("needed", False))
            for one in given.get("links") or ()
        ),
        reactions=tuple(Reaction(one["on"], one["category"], one["text"]) for one in given.get("reactions") or ()),
        rounds=_rounds(given.get("rounds")),
    )


def hot(one: Declared) -> tuple[Hot, ...]:
    """The attributes that the list narrows by and has an index for: its columns, and those with `x-filter`."""
    rows: Mapping[str, Any] = one.schema.get("properties") or {}
    return tuple(
        Hot(name, kind_of(rule))
        for name, rule in rows.items()
        if name not in one.personal and (name in one.columns or rule.get(FILTER))
    )


def _ordered(given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema with its attributes in the order in which the pack wrote them."""
    schema: Mapping[str, Any] = given.get("attributes") or {}
    known = schema.get("properties") or {}
    order = [name for name in given.get(ORDER) or known if name in known]
    return {**schema, "properties": {name: known[name] for name in order}} if known else schema


def _state(one: Mapping[str, Any]) -> State:
    return State(one["code"], one["names"], one.get("level", "info"), one.get("end", False), one.get("within") or {})


def _step(one: Mapping[str, Any]) -> Step:
    return Step(
        code=one["code"],
        names=one["names"],
        sources=tuple(one["from"]),
        target=one["to"],
        by=tuple(one["by"]),
        needs=tuple(one.get("needs") or ()),
        asks=tuple(one.get("asks") or ()),
        place=one.get("place", False),
        reason=one.get("reason", False),
        term=one.get("term", ""),
        checks=tuple(_check(check) for check in one.get("checks") or ()),
    )


def _check(one: Mapping[str, Any]) -> Check:
    form = next(name for name in FORMS if name in one)
    return Check(one["code"], form, one[form], one["says"], one.get("else", "refuse") == "refuse")


def _rounds(given: Mapping[str, Any] | None) -> Rounds | None:
    if not given:
        return None
    stops, words = tuple(given.get("stops") or ()), given.get("given") or {}
    return Rounds(given["each"], given["at"], given.get("workdays", False), given.get("duty", ""), stops, words)


def _term(given: Mapping[str, Any] | None) -> Term | None:
    if not given:
        return None
    lapse = given.get("lapse") or {}
    return Term(
        given["for"]["value"],
        given["for"]["unit"],
        tuple(sorted(given.get("remind") or (), reverse=True)),
        tuple(lapse.get("from") or ()),
        lapse.get("to", ""),
    )
