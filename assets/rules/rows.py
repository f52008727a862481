"""Whether a row of a census may be taken: code, class, district, place, state, attributes."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assets.contracts import ComponentPlan, Geometry, Refusal, State
from assets.rules.codes import class_of, is_component_code
from assets.rules.shapes import anchor, hex_of, shape_fault, shape_of, tidy
from core.schema import schema_problems

STATE_WORDS = {
    "完好": State.INTACT.value, "破损": State.DAMAGED.value, "丢失": State.LOST.value, "废弃": State.ABANDONED.value,
    "移除": State.REMOVED.value, "已移除": State.REMOVED.value, **{state.value: state.value for state in State},
}  # fmt: skip
TEXTS = ("authority", "owner", "maintainer")
LONGEST_TEXT = 120


@dataclass(frozen=True, slots=True)
class TypeFacts:
    """What a row is held against: the type's number, its class code, and its compiled schema's verdict."""

    pk: int
    code: str
    class_code: str
    geometry: str = Geometry.POINT
    schema_number: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be stored once its place is known; `shape` is the hex of a line's or an area's WKB, else ""."""

    number: int
    code: str
    type_pk: int
    lon: float
    lat: float
    names: dict[str, str]
    state: str
    authority: str
    owner: str
    maintainer: str
    accuracy: str
    source: str
    attributes: dict[str, Any]
    shape: str = ""
    schema_number: int = 1
    """The schema that the attributes were written under; one before that of the type is not judged anew."""


def read(number: int, given: Mapping[str, Any], types: Mapping[str, TypeFacts], plan: ComponentPlan) -> Row | Refusal:
    """The row, or why it is not taken; the type may be left out, its class stands in the code."""
    code = str(given.get("code") or "")

    def refuse(reason: str, **params: object) -> Refusal:
        return Refusal(number, code[:40], reason, {"row": number, "code": code[:40], **params})

    if not is_component_code(code, plan):
        return refuse("assets.bad_code", digits=plan.digits, standard=f"{plan.standard}-{plan.edition}")
    kind = types.get(str(given.get("type") or class_of(code, plan)))
    if kind is None:
        return refuse("assets.unknown_type", type=str(given.get("type") or class_of(code, plan))[:60])
    if kind.class_code and kind.class_code != class_of(code, plan):
        return refuse("assets.class_differs", type=kind.code)
    found = _shape(given, kind.geometry)
    if isinstance(found, str):
        return refuse(found, type=kind.code)
    state = str(given.get("state") or State.INTACT)
    state = STATE_WORDS.get(state.lower(), state)
    if state not in set(State):
        return refuse("assets.bad_state", state=state[:20])
    if str(given.get("accuracy") or "") not in ("", "A", "B", "C"):
        return refuse("assets.bad_accuracy")
    texts = {name: str(given.get(name) or "") for name in TEXTS}
    names, attributes = given.get("names") or {}, given.get("attributes") or {}
    source = str(given.get("source") or "")[:20]
    if any(len(text) > LONGEST_TEXT for text in texts.values()) or not storable([texts, names, attributes, source]):
        return refuse("assets.bad_text")
    if not isinstance(names, Mapping) or not isinstance(attributes, Mapping):
        return refuse("assets.bad_text")
    return Row(
        number=number, code=code, type_pk=kind.pk, lon=found[0], lat=found[1], shape=found[2], state=state,
        names=dict(names), accuracy=str(given.get("accuracy") or ""),
        source=source, attributes=dict(attributes), **texts,
        schema_number=kind.schema_number,
    )  # fmt: skip


def unpacked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes, with the object that an export wrote into one column `attributes` put in its place."""
    told = dict(given)
    try:
        packed = json.loads(told["attributes"])
    except (KeyError, TypeError, ValueError):
        return told
    if not isinstance(packed, dict):
        return told
    del told["attributes"]
    return {**packed, **told}


def storable(value: object) -> bool:
    """Whether the database can keep the value as JSON: no NUL, no lone surrogate, no number that is none."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError):
        return False
    return "\\u0000" not in text


def _shape(given: Mapping[str, Any], kind: str) -> tuple[float, float, str] | str:
    """The point that stands for the component with the hex of its shape ("" for a point), or the code of a refusal."""
    if given.get("geometry") is None:
        point = _point(given)
        if point is None:
            return "assets.bad_place"
        return (*point, "") if kind == Geometry.POINT else "assets.wrong_shape"
    shape = shape_of(given["geometry"])
    fault = shape_fault(shape, kind)
    if fault or shape is None:
        return fault
    kept = tidy(shape)
    return (*anchor(kept), "" if kind == Geometry.POINT else hex_of(kept))


def _point(given: Mapping[str, Any]) -> tuple[float, float] | None:
    try:
        lon, lat = float(given["lon"]), float(given["lat"])
    except (KeyError, TypeError, ValueError):
        return None
    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    return lon, lat


@dataclass(frozen=True, slots=True)
class TypeProblem:
    """Why a written type cannot be used: a code of `assets.sentences` and its parameters."""

    code: str
    params: Mapping[str, object]


def type_columns(given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a type as they are stored."""
    return {
        "names": dict(given.get("names") or given.get("name") or {}),
        "major": str(given.get("major") or ""),
        "minor": str(given.get("minor") or ""),
        "geometry": str(given.get("geometry") or Geometry.POINT),
        "schema": dict(given.get("attributes") or {}),
        "moves": list(given.get("moves") or ()),
        "min_zoom": int(given.get("min_zoom") or 15),
    }


def type_problems(given: Mapping[str, Any]) -> list[TypeProblem]:
    """Why a type as a pack writes it cannot be used; empty when it can."""
    code = str(given.get("code") or "")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,59}", code):
        return [TypeProblem("assets.type_code", {"type": code})]
    if not isinstance(given.get("attributes") or {}, Mapping):
        return [TypeProblem("assets.type_schema", {"type": code, "what": str(given.get("attributes"))})]
    columns = type_columns(given)
    found = [
        TypeProblem("assets.type_name", {"type": code, "language": language})
        for language in ("zh", "en")
        if not columns["names"].get(language)
    ]
    numbers = (columns["major"], columns["minor"])
    if any(numbers) and not all(re.fullmatch(r"[0-9]{2}", number) for number in numbers):
        found.append(TypeProblem("assets.type_class", {"type": code}))
    if columns["geometry"] not in set(Geometry):
        found.append(TypeProblem("assets.type_geometry", {"type": code, "geometry": columns["geometry"]}))
    for problem in schema_problems(columns["schema"]):
        found.append(TypeProblem("assets.type_schema", {"type": code, "what": problem.detail or problem.path}))
    return found
