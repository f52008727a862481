"""Small rules kept as data: `{"attr": "depth", "op": "gt", "value": 27}`, joined by `and` / `or`, eight operators.

A rule about something that is absent, or of another type, does not hold; `negate: true` turns one comparison round.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

MAX_DEPTH = 10
MAX_PATTERN = 200
_ABSENT = object()


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _comparable(a: object, b: object) -> bool:
    return (_number(a) and _number(b)) or (isinstance(a, str) and isinstance(b, str))


def _contains(held: Any, value: Any) -> bool:
    if isinstance(held, str):
        return isinstance(value, str) and value in held
    return isinstance(held, list | tuple | set | frozenset | dict) and value in held


def _equal(a: Any, b: Any) -> bool:
    return bool(a == b) and isinstance(a, bool) == isinstance(b, bool)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": _equal,
    "gt": lambda a, b: _comparable(a, b) and a > b,
    "gte": lambda a, b: _comparable(a, b) and a >= b,
    "lt": lambda a, b: _comparable(a, b) and a < b,
    "lte": lambda a, b: _comparable(a, b) and a <= b,
    "in": lambda a, b: isinstance(b, list | tuple) and any(_equal(a, one) for one in b),
    "contains": _contains,
    "regex": lambda a, b: isinstance(a, str) and re.search(b, a) is not None,
}


def _look_up(facts: Mapping[str, Any], path: str) -> Any:
    held: Any = facts
    for step in path.split("."):
        if not isinstance(held, Mapping) or step not in held:
            return _ABSENT
        held = held[step]
    return held


def matches(condition: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
    """Whether the facts satisfy the condition; an empty condition always holds."""
    if not condition:
        return True
    if "and" in condition:
        return all(matches(part, facts) for part in condition["and"])
    if "or" in condition:
        return any(matches(part, facts) for part in condition["or"])
    held = _look_up(facts, condition["attr"])
    if held is _ABSENT:
        return False
    return OPERATORS[condition.get("op", "eq")](held, condition["value"]) != bool(condition.get("negate", False))


def problems(condition: object, path: str = "", depth: int = 0) -> list[tuple[str, str]]:
    """Where and why this is no condition: pairs of a path and a message code; none when it is sound."""
    if depth > MAX_DEPTH:
        return [(path, "condition.too_deep")]
    if not isinstance(condition, Mapping):
        return [(path, "condition.not_an_object")]
    for joiner in ("and", "or"):
        if joiner in condition:
            return _joined_problems(condition, joiner, path, depth)
    return _comparison_problems(condition, path) if condition else []


def _joined_problems(condition: Mapping[str, Any], joiner: str, path: str, depth: int) -> list[tuple[str, str]]:
    parts = condition[joiner]
    if set(condition) != {joiner}:
        return [(path, "condition.joiner_not_alone")]
    if not isinstance(parts, list) or not parts:
        return [(f"{path}/{joiner}", "condition.empty_joiner")]
    found = [problems(part, f"{path}/{joiner}/{index}", depth + 1) for index, part in enumerate(parts)]
    return [problem for part in found for problem in part]


def _comparison_problems(condition: Mapping[str, Any], path: str) -> list[tuple[str, str]]:
    found = [(f"{path}/{key}", "condition.unknown_key") for key in condition.keys() - {"attr", "op", "value", "negate"}]
    if not isinstance(condition.get("attr"), str) or not condition["attr"]:
        found.append((f"{path}/attr", "condition.no_attribute"))
    if "value" not in condition:
        found.append((f"{path}/value", "condition.no_value"))
    op, value = condition.get("op", "eq"), condition.get("value")
    if op not in OPERATORS:
        found.append((f"{path}/op", "condition.unknown_operator"))
    if op == "in" and not isinstance(value, list | tuple):
        found.append((f"{path}/value", "condition.not_a_list"))
    if op == "regex" and not _sound_pattern(value):
        found.append((f"{path}/value", "condition.bad_pattern"))
    return found


def _sound_pattern(value: object) -> bool:
    if not isinstance(value, str) or len(value) > MAX_PATTERN:
        return False
    try:
        re.compile(value)
    except re.error:
        return False
    return True
