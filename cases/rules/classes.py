"""What a class of cases must say, how two versions differ, and what a class is called for short. Pure.

A class is given in the shape of a manifest: code, kind, major, minor, names, conditions and so on.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cases.contracts import Phase
from cases.contracts.evidence import Filming
from core.pinyin import named_so
from core.worktime import Unit

Given = Mapping[str, Any]
LANGUAGES = ("zh", "en")
LETTER: Mapping[str, str] = {"event": "E", "component": "C"}
MOST_CONDITIONS = 26
LONGEST_NAME = 80
LONGEST_TEXT = 400
LONGEST_STANDARD = 60
LONGEST_LIMIT = 3650
GRADES = ("1", "2", "3", "4")
QUICK_HOURS = 0.5
FLAGS = ("quick", "auto_register", "settle", "default")
_CODE = re.compile(r"[CE][0-9]{4,5}")
_PART = re.compile(r"[0-9]{2,3}")
_ICON = re.compile(r"([a-z][a-z0-9_-]{0,39})?")


class ClassFault(NamedTuple):
    """What is wrong with one field of a class, of one of its conditions where `row` counts from 0."""

    field: str
    row: int | None
    code: str
    params: Mapping[str, Any]


class Difference(NamedTuple):
    """A field that two versions say otherwise; `condition` is the letter, "" for the class itself. None: not there."""

    field: str
    condition: str
    before: Any
    after: Any


def class_faults(given: Given, duties: Iterable[str]) -> list[ClassFault]:
    """Everything that is wrong with a class, in reading order."""
    return [*_head_faults(given, frozenset(duties)), *_condition_faults(given.get("conditions") or ())]


def _head_faults(given: Given, duties: frozenset[str]) -> Iterator[ClassFault]:
    code, kind = str(given.get("code", "")), str(given.get("kind", ""))
    if not _CODE.fullmatch(code):
        yield ClassFault("code", None, "class.bad_code", {"given": code[:20]})
    elif kind not in LETTER or code != f"{LETTER[kind]}{given.get('major', '')}{given.get('minor', '')}":
        yield ClassFault("code", None, "class.code_differs", {"given": code})
    for part in ("major", "minor"):
        if not _PART.fullmatch(str(given.get(part, ""))):
            yield ClassFault(part, None, "class.bad_part", {"given": str(given.get(part, ""))[:20]})
    yield from _words(given.get("names"), "names", None, LONGEST_NAME)
    if bad := _text_fault(str(given.get("standard", "")), LONGEST_STANDARD):
        yield ClassFault("standard", None, *bad)
    if not _ICON.fullmatch(str(given.get("icon", ""))):
        yield ClassFault("icon", None, "class.bad_icon", {"given": str(given["icon"])[:40]})
    yield from _evidence_faults(given)
    duty = str((given.get("department") or {}).get("duty", ""))
    if duty not in duties:
        yield ClassFault("duty", None, "class.unknown_duty", {"given": duty[:60]})
    if given.get("quick") and not all(map(_is_quick, _every_limit(given.get("conditions") or ()))):
        yield ClassFault("quick", None, "class.not_quick", {})


def _evidence_faults(given: Given) -> Iterator[ClassFault]:
    strange = [phase for phase in given.get("needs_photo", ()) if phase not in set(Phase)]
    if strange:
        yield ClassFault("needs_photo", None, "case.unknown_phase", {"given": ", ".join(map(str, strange))[:80]})
    if str(given.get("video", Filming.ALLOWED)) not in set(Filming):
        yield ClassFault("video", None, "class.bad_video", {"given": str(given["video"])[:20]})


def _condition_faults(rows: Sequence[Given]) -> Iterator[ClassFault]:
    if not rows:
        yield ClassFault("conditions", None, "class.needs_condition", {})
    if len(rows) > MOST_CONDITIONS:
        yield ClassFault("conditions", None, "class.too_many_conditions", {"most": MOST_CONDITIONS})
    seen = ""
    for index, row in enumerate(rows):
        letter = str(row.get("code", ""))
        if not re.fullmatch(r"[a-z]", letter):
            yield ClassFault("condition", index, "class.bad_letter", {"given": letter[:20]})
        elif letter <= seen:
            yield ClassFault("condition", index, "class.letters_disordered", {"given": letter})
        seen = max(seen, letter[:1])
        yield from _words(row.get("text"), "text", index, LONGEST_TEXT)
        yield from _limit_faults(row.get("limit") or {}, index)
        yield from _grade_faults(row.get("grades") or {}, index)
        yield from _words(row.get("closing"), "closing", index, LONGEST_TEXT)


def _words(words: Any, field: str, row: int | None, most: int) -> Iterator[ClassFault]:
    for language in LANGUAGES:
        text = str((words or {}).get(language, ""))
        if not text.strip():
            yield ClassFault(f"{field}_{language}", row, "class.needs_words", {})
        elif bad := _text_fault(text, most):
            yield ClassFault(f"{field}_{language}", row, *bad)


def _text_fault(text: str, most: int) -> tuple[str, Mapping[str, Any]] | None:
    if any(not (letter.isprintable() or letter in "\u3000\u00a0") for letter in text):
        return "case.bad_text", {}
    return ("case.text_too_long", {"most": most}) if len(text) > most else None


def _limit_faults(limit: Given, row: int) -> Iterator[ClassFault]:
    if not _is_length(limit.get("value")):
        yield ClassFault("limit", row, *_bad_length(limit.get("value")))
    if limit.get("unit") not in set(Unit):
        yield ClassFault("unit", row, "class.bad_unit", {"given": str(limit.get("unit", ""))[:20]})


def _grade_faults(grades: Given, row: int) -> Iterator[ClassFault]:
    for grade, value in grades.items():
        if grade not in GRADES:
            yield ClassFault("grades", row, "class.bad_grade", {"given": str(grade)[:20]})
        elif not _is_length(value):
            yield ClassFault(f"grade_{grade}", row, *_bad_length(value))


def _is_length(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return bool(number and 0 < float(value) <= LONGEST_LIMIT)


def _bad_length(value: Any) -> tuple[str, Mapping[str, Any]]:
    return "class.bad_limit", {"given": str(value)[:20], "most": LONGEST_LIMIT}


def limit_fault(limit: Given) -> ClassFault | None:
    """What is wrong with a limit that stands by itself; None where nothing is."""
    return next(_limit_faults(limit, 0), None)


def _every_limit(rows: Sequence[Given]) -> Iterator[Given]:
    """The limits of the conditions, those for single grades of the ground too."""
    for row in rows:
        limit = row.get("limit") or {}
        yield limit
        yield from ({**limit, "value": value} for value in (row.get("grades") or {}).values())


def _is_quick(limit: Given) -> bool:
    value = limit.get("value")
    return limit.get("unit") == Unit.URGENT_HOUR and isinstance(value, int | float) and value <= QUICK_HOURS


def whole(value: float) -> float:
    """A number without a fraction as an integer, so that 2 and 2.0 are one limit."""
    return int(value) if float(value).is_integer() else value


HEAD = (
    "standard", "names", "icon", "needs_photo", "video", "department", "quick", "auto_register", "settle", "default",
    "retired",
)  # fmt: skip
ROW = ("text", "limit", "grades", "closing", "default")


def differences(before: Given | None, after: Given | None) -> list[Difference]:
    """What the second version says otherwise than the first, the class first, then its conditions by letter."""
    old, new = before or {}, after or {}
    found = [
        Difference(field, "", old.get(field), new.get(field))
        for field in HEAD
        if _plain(field, old.get(field)) != _plain(field, new.get(field))
    ]
    rows = [{str(row["code"]): row for row in side.get("conditions") or ()} for side in (old, new)]
    for letter in sorted(rows[0].keys() | rows[1].keys()):
        one, two = rows[0].get(letter), rows[1].get(letter)
        if one is None or two is None:
            found.append(Difference("condition", letter, one, two))
            continue
        found += [
            Difference(field, letter, one.get(field), two.get(field))
            for field in ROW
            if _plain(field, one.get(field)) != _plain(field, two.get(field))
        ]
    return found


def _plain(field: str, value: Any) -> Any:
    """What counts as the same: absent flags are false, the order of pictures means nothing."""
    if field == "needs_photo":
        return sorted(value or ())
    return value or None


def found_by(text: str, *, code: str, names: Mapping[str, str], more: str = "") -> bool:
    """Whether every word of the text stands in the code, a name, or the initials of the Chinese name."""
    return named_so(text, code, *names.values(), more)
