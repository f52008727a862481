"""The form of a scheme: as it is shown, as it was typed, and the document that it says."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import QueryDict

from core.errors import Invalid
from evaluation import rules
from evaluation.rules import Component, Formula, Step

MOST_PARTS, STEPS, GRADES, SPARE = 30, 2, 6, 2
SORTS = ("share", "steps", "each", "given")
TEXTS = ("code", "zh", "en", "sort", "points", "each", "cap", "double")
STEP = ("measure", "slice", "below", "per_point")
TICKS = ("inverse", "bonus")
LONGEST, LONGEST_NAME = 2000, 200
Given = Mapping[str, Any]


def shown(formula: Formula) -> dict[str, Any]:
    """The form of a scheme as it stands, with room for more parts."""
    parts = [_part(part) for part in formula.components]
    grades = [{"level": name, "at_least": _plain(least)} for name, least in formula.grades]
    return {
        "zh": formula.names["zh"],
        "en": formula.names["en"],
        "full": _plain(formula.full),
        "source": formula.source,
        "subjects": list(formula.subjects or rules.JUDGED),
        "grades": [*grades, *({"level": "", "at_least": ""} for _ in range(GRADES - len(grades)))],
        "parts": [*parts, *(_empty() for _ in range(SPARE))],
    }


def typed(post: QueryDict) -> dict[str, Any]:
    """The same form as somebody typed it, whatever that is."""
    parts = []
    for number in range(MOST_PARTS):
        if f"p{number}-code" not in post:
            break
        parts.append(_typed_part(post, f"p{number}"))
    grades = [{name: _text(post, f"g{number}-{name}") for name in ("level", "at_least")} for number in range(GRADES)]
    told: dict[str, Any] = {name: _text(post, name) for name in ("zh", "en", "full", "source")}
    return {**told, "subjects": post.getlist("subjects")[:9], "grades": grades, "parts": parts}


def document_of(given: Given) -> dict[str, Any]:
    """What the form says, as the document of a scheme; Invalid, with a sentence, where it makes none."""
    names = {lang: given[lang].strip() for lang in ("zh", "en")}
    if not all(0 < len(name) <= LONGEST_NAME for name in names.values()):
        raise Invalid("evaluation.scheme_names")
    subjects = [one for one in given["subjects"] if one in rules.JUDGED]
    if not subjects:
        raise Invalid("evaluation.scheme_subjects")
    parts = [_read_part(part) for part in given["parts"] if part["code"] or part["zh"] or part["en"]]
    full = _number(given["full"], "100")
    base = sum(part["points"] for part in parts if part["sort"] != "each" and not part.get("bonus"))
    if not parts or abs(base - full) > 1e-9:
        raise Invalid("evaluation.scheme_sum", sum=f"{base:g}", full=f"{full:g}")
    document = {
        "names": names, "source": given["source"].strip(), "subjects": subjects, "period": "month", "full": full,
        "levels": _grades(given["grades"]), "components": parts,
    }  # fmt: skip
    rules.formula_from({**document, "code": "draft"})
    return document


def when_of(text: str) -> date:
    """A day as forms have it."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise Invalid("evaluation.scheme_day")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("evaluation.scheme_day") from error


def _plain(number: float) -> str:
    return f"{number:g}"


def _empty() -> dict[str, Any]:
    blank = dict.fromkeys(TEXTS, "")
    return {**blank, "sort": "share", "inverse": False, "bonus": False, "steps": _steps(())}


def _steps(steps: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    blank = dict.fromkeys(STEP, "")
    return [*steps, *(blank for _ in range(STEPS - len(steps)))]


def _part(part: Component) -> dict[str, Any]:
    numbers = {name: _plain(getattr(part, name)) if getattr(part, name) else "" for name in ("points", "each", "cap")}
    steps = [_shown_step(one) for one in part.steps]
    return {
        "code": part.code, "zh": part.names["zh"], "en": part.names["en"], "sort": part.sort, "double": part.double,
        "inverse": part.inverse, "bonus": part.bonus, "steps": _steps(steps), **numbers,
    }  # fmt: skip


def _shown_step(step: Step) -> dict[str, str]:
    measure, _at, part = step.measure.partition("@")
    return {"measure": measure, "slice": part, "below": _plain(step.below), "per_point": _plain(step.per_point)}


def _typed_part(post: QueryDict, prefix: str) -> dict[str, Any]:
    told: dict[str, Any] = {name: _text(post, f"{prefix}-{name}") for name in TEXTS}
    told |= {name: f"{prefix}-{name}" in post for name in TICKS}
    told["steps"] = [{name: _text(post, f"{prefix}-{name}{number}") for name in STEP} for number in range(STEPS)]
    return told


def _text(post: QueryDict, name: str) -> str:
    return post.get(name, "").replace("\x00", "")[:LONGEST]


def _read_part(part: Given) -> dict[str, Any]:
    """One part; its code names it in the sentence of what is wrong."""
    code = part["code"].strip()
    names = {lang: part[lang].strip() for lang in ("zh", "en")}
    if not re.fullmatch(r"[a-z0-9_]{1,60}", code) or not all(0 < len(name) <= LONGEST_NAME for name in names.values()):
        raise Invalid("evaluation.scheme_part", given=code[:40] or "—")
    told: dict[str, Any] = {"code": code, "names": names, "sort": part["sort"], "points": _number(part["points"])}
    told |= {name: _number(part[name]) for name in ("each", "cap")}
    told |= {name: True for name in TICKS if part[name]}
    if part["double"]:
        told["double"] = part["double"]
    steps = [_step(one) for one in part["steps"] if one["measure"]]
    fits = rules.COUNTS if part["sort"] == "each" else rules.RATES
    right = {"given": not steps, "steps": bool(steps)}.get(part["sort"], len(steps) == 1)
    if part["sort"] not in SORTS or not right or not all(one["measure"].partition("@")[0] in fits for one in steps):
        raise Invalid("evaluation.scheme_measure", part=code)
    return {**told, "steps": steps} if steps else told


def _step(given: Given) -> dict[str, Any]:
    if given["slice"] not in ("", *rules.SLICES):
        raise Invalid("evaluation.measure", given=given["slice"][:40])
    return {
        "measure": f"{given['measure']}@{given['slice']}" if given["slice"] else given["measure"],
        "below": _number(given["below"], "100"),
        "per_point": _number(given["per_point"]),
    }


def _number(text: str, otherwise: str = "0") -> float:
    text = text.strip() or otherwise
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", text) or float(text) > 1000:
        raise Invalid("evaluation.scheme_number", given=text[:20])
    return float(text)


def _grades(rows: Sequence[Given]) -> list[dict[str, Any]]:
    told = [{"level": row["level"].strip(), "at_least": _number(row["at_least"])} for row in rows if row["level"]]
    least = [row["at_least"] for row in told]
    if not told or least != sorted(least, reverse=True) or least[-1] != 0 or any(len(r["level"]) > 10 for r in told):
        raise Invalid("evaluation.scheme_grades")
    return told
