"""JSON Schema (2020-12): what attributes may be, where they are wrong, and the form that asks for them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError


class Problem(NamedTuple):
    """Where (`/a/0/b`; empty for the whole) and why: a message code such as `schema.required`."""

    path: str
    code: str
    detail: str = ""


def _at(*steps: object) -> str:
    return "".join(f"/{step}" for step in steps)


def schema_problems(schema: object) -> list[Problem]:
    """Why this is no JSON Schema; none when it is one."""
    if not isinstance(schema, Mapping):
        return [Problem("", "schema.not_an_object")]
    return list(_faults_of(json.dumps(schema, default=str)))


@lru_cache(maxsize=512)
def _faults_of(text: str) -> tuple[Problem, ...]:
    """Why the text is no JSON Schema; kept, since many types of a library share one schema and each is asked twice."""
    try:
        Draft202012Validator.check_schema(json.loads(text))
    except SchemaError as error:
        return (Problem(_at(*error.absolute_path), "schema.bad_schema", error.message),)
    return ()


def validate(schema: Mapping[str, Any], value: object) -> list[Problem]:
    """What is wrong with the value, in document order; formats (date, email ...) are checked too."""
    found = []
    for error in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(value):
        path = list(error.absolute_path)
        if error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            found += [Problem(_at(*path, name), "schema.required") for name in missing]
            continue
        keyword = error.validator or "forbidden"  # a schema that is `false` has no keyword
        found.append(Problem(_at(*path), f"schema.{keyword}", error.message[:200]))
    return sorted(set(found))


@dataclass(frozen=True)
class Question:
    """One field of the form that a schema describes."""

    name: str
    kind: str
    required: bool
    names: Mapping[str, str]
    choices: tuple[Any, ...] = ()
    unit: str = ""


def questions(schema: Mapping[str, Any]) -> list[Question]:
    """The schema as a form: one question per property, in the order written (`x-names` and `x-unit` are ours)."""
    required = set(schema.get("required", ()))
    return [
        Question(
            name=name,
            kind="choice" if "enum" in rule else str(rule.get("format") or rule.get("type") or "string"),
            required=name in required,
            names=rule.get("x-names") or {"en": rule.get("title", name)},
            choices=tuple(rule.get("enum", ())),
            unit=rule.get("x-unit", ""),
        )
        for name, rule in schema.get("properties", {}).items()
    ]


TEXT, PLAIN, LIST = "text", "plain", "list"


class Hot(NamedTuple):
    """An attribute that lists narrow by, and how its values are compared: texts, plain values, lists."""

    name: str
    kind: str


def kind_of(rule: Mapping[str, Any]) -> str:
    """How the values of an attribute are compared, by its schema."""
    if rule.get("type") == "array":
        return LIST
    if rule.get("type") in ("integer", "number", "boolean"):
        return PLAIN
    return TEXT if all(isinstance(one, str) for one in rule.get("enum") or ()) else PLAIN
