"""What may be drawn on a picture: arrows, boxes, circles and words, in shares of its sides. Pure."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cases.contracts.evidence import MarkKind
from core.schema import validate

MOST_MARKS, MOST_DRAWINGS, LONGEST_WORDS = 30, 50, 40
LEAST_SHARE = 0.005
HEAD_SHARE, HEAD_ANGLE = 0.03, math.radians(28)
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
MARKS: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "array",
    "minItems": 1,
    "maxItems": MOST_MARKS,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind", "x1", "y1", "x2", "y2"],
        "properties": {
            "kind": {"enum": [str(kind) for kind in MarkKind]},
            "x1": _SHARE, "y1": _SHARE, "x2": _SHARE, "y2": _SHARE,
            "text": {"type": "string", "maxLength": LONGEST_WORDS},
        },
    },
}  # fmt: skip
"""The shape in which drawings are sent and kept; x from the left, y from the top; words stand at (x1, y1)."""

Point = tuple[float, float]


class Fault(NamedTuple):
    """Why a drawing is none: a code of a sentence and its parameters."""

    code: str
    params: Mapping[str, Any]


def marks_fault(given: object) -> Fault | None:
    """The first thing that is wrong with a drawing, or None."""
    if isinstance(given, list) and len(given) > MOST_MARKS:
        return Fault("annotation.too_many_marks", {"most": MOST_MARKS})
    if validate(MARKS, given) or not isinstance(given, list):
        return Fault("annotation.bad_marks", {"most": LONGEST_WORDS})
    for number, mark in enumerate(given, 1):
        if not all(math.isfinite(mark[side]) for side in ("x1", "y1", "x2", "y2")):
            return Fault("annotation.bad_marks", {"most": LONGEST_WORDS})
        if code := _flaw(mark):
            return Fault(code, {"number": number})
    return None


def _flaw(mark: Mapping[str, Any]) -> str:
    words = str(mark.get("text", ""))
    if any(not letter.isprintable() for letter in words):
        return "annotation.bad_words"
    if mark["kind"] == MarkKind.TEXT:
        return "" if words.strip() else "annotation.no_words"
    wide, high = abs(mark["x2"] - mark["x1"]), abs(mark["y2"] - mark["y1"])
    small = max(wide, high) if mark["kind"] == MarkKind.ARROW else min(wide, high)
    return "annotation.too_small" if small < LEAST_SHARE else ""


def kept_mark(mark: Mapping[str, Any]) -> dict[str, Any]:
    """The mark as it is kept: a box and a circle from their upper left corner, no finer than can be seen."""
    x1, y1, x2, y2 = (round(float(mark[side]), 4) for side in ("x1", "y1", "x2", "y2"))
    kind = MarkKind(mark["kind"])
    if kind in (MarkKind.BOX, MarkKind.CIRCLE):
        x1, x2, y1, y2 = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    if kind == MarkKind.TEXT:
        x2, y2 = x1, y1
    return {"kind": str(kind), "x1": x1, "y1": y1, "x2": x2, "y2": y2, "text": str(mark.get("text", "")).strip()}


def arrow_head(tail: Point, tip: Point, length: float) -> Sequence[Point]:
    """The two ends of the barbs of an arrow and its tip between them, in the measure of the two points."""
    turn = math.atan2(tip[1] - tail[1], tip[0] - tail[0])
    ends = [
        (tip[0] - length * math.cos(turn + side * HEAD_ANGLE), tip[1] - length * math.sin(turn + side * HEAD_ANGLE))
        for side in (-1, 1)
    ]
    return [ends[0], tip, ends[1]]


def where(mark: Mapping[str, Any]) -> tuple[str, str]:
    """The part of the picture that the middle of a mark lies in: which third from the top, and from the left."""
    x, y = (mark["x1"] + mark["x2"]) / 2, (mark["y1"] + mark["y2"]) / 2
    return ("top", "middle", "bottom")[min(2, int(y * 3))], ("left", "centre", "right")[min(2, int(x * 3))]
