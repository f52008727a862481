"""Whether what a citizen answered fits what a service asks."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.errors import DomainError, Invalid
from portal.contracts import LISTS, Datatype, Question

LONGEST_ANSWER: Mapping[Datatype, int] = {Datatype.STRING: 255, Datatype.TEXT: 4000}
Given = Mapping[str, Any]


def question(given: Given) -> Question:
    """A question as a pack gives it."""
    return Question(
        code=given["code"],
        datatype=Datatype(given["datatype"]),
        names=given["names"],
        required=given.get("required", False),
        variable=given.get("variable", True),
        hint=given.get("hint"),
        values=tuple((row["key"], row["names"]) for row in given.get("values", ())),
    )


def answers(
    questions: Sequence[Question], given: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], list[DomainError]]:
    """The answers by the code of their question, as they are kept, and everything that is wrong with them."""
    found: dict[str, Any] = {}
    faults: list[DomainError] = [
        Invalid("portal.unknown_attribute", attribute=code[:40])
        for code in sorted(given.keys() - {one.code for one in questions if one.variable})
    ]
    for one in questions:
        told = [text for text in given.get(one.code, ()) if text.strip()]
        if not one.variable:
            continue
        if not told:
            faults += [Invalid("portal.attribute_required", attribute=one.code)] if one.required else []
            continue
        fault = _fault(one, told)
        if fault is not None:
            faults.append(fault)
        else:
            found[one.code] = list(dict.fromkeys(told)) if one.datatype == Datatype.MANY else told[0]
    return found, faults


def _fault(one: Question, told: Sequence[str]) -> DomainError | None:
    if len(told) > 1 and one.datatype != Datatype.MANY:
        return Invalid("portal.attribute_once", attribute=one.code)
    if one.datatype in LISTS:
        keys = {key for key, _names in one.values}
        strange = next((text for text in told if text not in keys), None)
        return None if strange is None else Invalid("portal.attribute_unlisted", attribute=one.code, given=strange[:40])
    if one.datatype == Datatype.NUMBER and not _is_number(told[0]):
        return Invalid("portal.attribute_number", attribute=one.code)
    if one.datatype == Datatype.DATETIME and not _is_moment(told[0]):
        return Invalid("portal.attribute_datetime", attribute=one.code)
    most = LONGEST_ANSWER.get(one.datatype, 255)
    return Invalid("portal.attribute_too_long", attribute=one.code, most=most) if len(told[0]) > most else None


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
