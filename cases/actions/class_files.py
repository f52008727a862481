"""Files of classes, a row for each registration condition: what would become of each, and then exactly that."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.timezone import get_current_timezone

from cases import rules
from cases.actions.classes import draft_class, retire_class, save_class, switch_classes
from cases.contracts import Phase
from cases.selectors import category_given, duties, full, newest_versions, switch_rows, told
from core import clock
from core.errors import DomainError, Invalid
from core.scope import Actor
from exchange.contracts import Outcome, Row, Suspicion, Verdict

YES = frozenset({"是", "yes", "true", "1", "y", "√"})
NO = frozenset({"否", "no", "false", "0", "n", ""})
UNITS = {
    "u": "urgent_hour", "urgent_hour": "urgent_hour", "紧急工作时": "urgent_hour", "urgent hours": "urgent_hour",
    "ud": "natural_day", "natural_day": "natural_day", "紧急工作日": "natural_day", "natural days": "natural_day",
    "h": "work_hour", "work_hour": "work_hour", "工作时": "work_hour", "working hours": "work_hour",
    "d": "work_day", "work_day": "work_day", "工作日": "work_day", "working days": "work_day",
}  # fmt: skip
UNIT_WORDS = {"urgent_hour": "紧急工作时", "natural_day": "紧急工作日", "work_hour": "工作时", "work_day": "工作日"}
PHASES = {"report": "上报", "verify": "核实", "handle": "处置", "check": "核查"}
VIDEOS = {"allowed": "可收", "after": "处置后必收", "both": "处置前后必收", "none": "不收"}
STATES = {"在用": False, "in use": False, "": False, "废止": True, "retired": True}
HEAD = (
    "name", "name_en", "standard", "duty", "photos", "video", "quick", "auto_register", "settle", "proposed", "icon",
    "state", "enabled",
)  # fmt: skip
FIELDS = {
    "names_zh": "name", "names_en": "name_en", "needs_photo": "photos", "text_zh": "text", "closing_zh": "closing",
}  # fmt: skip
_LIMIT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(UD|U|H|D)?", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LISTED = 12


Flaw = tuple[str, str, Mapping[str, Any]]


class Judged(NamedTuple):
    """What would become of the rows of one class, and the faults of each by its number in the file."""

    outcome: Outcome
    given: Mapping[str, Any]
    retired: bool
    enabled: bool
    faults: Mapping[int, list[Flaw]]


class Classes:
    """One file being taken: the rows of a class stand or fall together, and make one new version of it."""

    def __init__(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> None:
        self.actor = actor
        self.reason = options.get("reason") or "导入表格 Imported from a spreadsheet"
        self.begins = _begins(options.get("valid_from") or "")
        self.retires = options.get("missing") == "retire"
        self.duties = duties()
        self._held = {row.code: row for row in newest_versions()}
        self._off = {code for code, row in switch_rows().items() if not row.enabled}
        self._rows: dict[str, list[tuple[int, int, dict[str, Any]]]] = {}
        self._judged: dict[str, Judged] = {}

    def look(self, rows: Sequence[Row]) -> None:
        """The rows of each class are gathered."""
        for row in rows:
            self._rows.setdefault(_code(row), []).append((row.number, row.line, dict(row.values)))

    def suspicions(self) -> list[Suspicion]:
        """Classes that the file does not speak of, and a day to come."""
        found = []
        absent = self._absent()
        if absent and self.retires:
            names = ", ".join(absent[:LISTED]) + (" …" if len(absent) > LISTED else "")
            found.append(Suspicion("class.absent", {"count": len(absent), "codes": names}))
        elif absent:
            found.append(Suspicion("class.kept", {"count": len(absent)}, grave=False))
        if self.begins is not None:
            found.append(Suspicion("class.begins_later", {"begins": self.begins.date().isoformat()}, grave=False))
        return found

    def _absent(self) -> list[str]:
        return [code for code, row in self._held.items() if not row.retired and code not in self._rows]

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row: that of its class; where one row is faulty, no row of the class is taken."""
        found = []
        for row in rows:
            code = _code(row)
            if code not in self._judged:
                self._judged[code] = self._judge(code)
            judged = self._judged[code]
            for field, fault, params in judged.faults.get(row.number, ()):
                row.refuse(field, fault, **params)
            if judged.faults and not row.faults:
                row.refuse("code", "class.other_rows", given=code)
            found.append(Verdict(row, Outcome.REFUSE if row.faults else judged.outcome, code, judged))
        return found

    def _judge(self, code: str) -> Judged:
        rows = self._rows[code]
        faults: dict[int, list[Flaw]] = {}
        head = _Head(rows[0][2])
        given = {**head.given(code), "conditions": [_condition(values) for _number, _line, values in rows]}
        for number, _line, values in rows:
            _differs(faults.setdefault(number, []), values, rows[0])
        faults[rows[0][0]] += head.faults
        outcome = self._outcome(code, given, head)
        unchanged = outcome in (Outcome.SAME, Outcome.RETIRE)
        for fault in () if unchanged else rules.class_faults(given, self.duties):
            number = rows[fault.row or 0][0]
            faults[number].append((FIELDS.get(fault.field, fault.field), fault.code, fault.params))
        faults = {number: found for number, found in faults.items() if found}
        outcome = Outcome.REFUSE if faults else outcome
        if outcome in (Outcome.ADD, Outcome.CHANGE) and not faults:
            faults = self._refusal(given, head, rows[0][0])
        return Judged(Outcome.REFUSE if faults else outcome, given, head.retired, head.enabled, faults)

    def _outcome(self, code: str, given: Mapping[str, Any], head: "_Head") -> Outcome:
        held = self._held.get(code)
        if held is None:
            return Outcome.ADD
        if head.retired and not held.retired:
            return Outcome.RETIRE
        same = not rules.differences(told(held), {**given, "retired": head.retired})
        return Outcome.SAME if same and (code not in self._off) == head.enabled else Outcome.CHANGE

    def _refusal(self, given: Mapping[str, Any], head: "_Head", number: int) -> dict[int, list[Flaw]]:
        held = self._held.get(str(given["code"]))
        try:
            draft_class(
                given, actor=self.actor, seen=held.version if held else 0, valid_from=self.begins, retired=head.retired
            )
        except DomainError as error:
            return {number: [("code", error.code, error.params)]}
        return {}

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """Each class that the batch begins is saved whole."""
        for verdict in verdicts:
            if verdict.outcome not in (Outcome.REFUSE, Outcome.SAME) and self._first(verdict):
                self._save(verdict.code, verdict.item)

    def _first(self, verdict: Verdict) -> bool:
        return self._rows[verdict.code][0][0] == verdict.row.number

    def _save(self, code: str, judged: Judged) -> None:
        held = self._held.get(code)
        seen = held.version if held else 0
        if judged.outcome == Outcome.RETIRE:
            retire_class(code, actor=self.actor, seen=seen, reason=self.reason, valid_from=self.begins)
        elif held is None or rules.differences(told(held), {**judged.given, "retired": judged.retired}):
            save_class(judged.given, actor=self.actor, seen=seen, reason=self.reason, valid_from=self.begins)
        switch_classes([code], enabled=judged.enabled, actor=self.actor, reason=self.reason)

    def finish(self) -> Mapping[str, Any]:
        """Classes that are not in the file are retired where that was asked."""
        gone = self._absent() if self.retires else []
        for code in gone:
            seen = self._held[code].version
            retire_class(code, actor=self.actor, seen=seen, reason=self.reason, valid_from=self.begins)
        return {"retired": len(gone)}


def _code(row: Row) -> str:
    return str(row.values.get("code") or "").strip().upper()


def _begins(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip()) if _DAY.fullmatch(text.strip()) else None
    except ValueError:
        day = None
    if day is None:
        raise Invalid("class.bad_date", given=text[:20])
    begins = datetime(day.year, day.month, day.day, tzinfo=get_current_timezone())
    return begins if begins > clock.now() else None


class _Head:
    """What the first row of a class says of the class itself, and what of it cannot be read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.faults: list[Flaw] = []
        self.retired = self._retired()
        self.enabled = self._flag("enabled", default=True)

    def _text(self, name: str) -> str:
        return str(self.values.get(name) or "").strip()

    def _flag(self, name: str, *, default: bool = False) -> bool:
        text = self._text(name).casefold()
        if not text:
            return default
        if text not in YES | NO:
            self.faults.append((name, "class.bad_flag", {"given": text[:20]}))
        return text in YES

    def _retired(self) -> bool:
        text = self._text("state").casefold()
        if text not in STATES:
            self.faults.append(("state", "class.bad_state", {"given": text[:20]}))
        return STATES.get(text, False)

    def _photos(self) -> list[str]:
        found = []
        for word in re.split(r"[,，、;；\s]+", self._text("photos")):
            phase = next((one for one in Phase if word in (str(one), PHASES[one])), None)
            if word and phase is None:
                self.faults.append(("photos", "class.bad_photos", {"given": word[:20]}))
            elif phase is not None:
                found.append(str(phase))
        return found

    def _video(self) -> str:
        """The word of the file, or of programs; what is neither is left for the rules to refuse."""
        text = self._text("video")
        return next((word for word, name in VIDEOS.items() if text in (word, name)), text or "allowed")

    def given(self, code: str) -> dict[str, Any]:
        """The class in the shape of a manifest, but for its conditions."""
        return {
            "code": code,
            "standard": self._text("standard"),
            "kind": {"E": "event", "C": "component"}.get(code[:1], ""),
            "major": code[1:3],
            "minor": code[3:],
            "names": {"zh": self._text("name"), "en": self._text("name_en")},
            "icon": self._text("icon"),
            "default": self._flag("proposed"),
            "auto_register": self._flag("auto_register"),
            "quick": self._flag("quick"),
            "settle": self._flag("settle"),
            "needs_photo": self._photos(),
            "video": self._video(),
            "department": {"by": "area", "duty": self._text("duty")},
        }


def _differs(
    faults: list[Flaw],
    values: Mapping[str, Any],
    first: tuple[int, int, Mapping[str, Any]],
) -> None:
    """Later rows of a class may leave its own columns empty, or repeat them; they may not contradict."""
    for name in HEAD:
        said, before = str(values.get(name) or "").strip(), str(first[2].get(name) or "").strip()
        if said and said != before:
            faults.append((name, "class.head_differs", {"line": first[1]}))


def _condition(values: Mapping[str, Any]) -> dict[str, Any]:
    def text(name: str) -> str:
        return str(values.get(name) or "").strip()

    found = _LIMIT.fullmatch(text("limit"))
    unit = UNITS.get((found.group(2) or "").casefold(), "") if found else ""
    made: dict[str, Any] = {
        "code": text("condition").lower(),
        "text": {"zh": text("text"), "en": text("text_en")},
        "limit": {
            "value": rules.whole(float(found.group(1))) if found else text("limit"),
            "unit": unit or UNITS.get(text("unit").casefold(), text("unit")),
        },
        "closing": {"zh": text("closing"), "en": text("closing_en")},
    }
    grades = {grade: _length(text(f"grade_{grade}")) for grade in rules.GRADES if text(f"grade_{grade}")}
    made |= {"grades": grades} if grades else {}
    return made | ({"default": True} if text("wording").casefold() in YES else {})


def _length(text: str) -> Any:
    """A number where it is one; what is none is left for the rules to refuse."""
    return rules.whole(float(text)) if _NUMBER.fullmatch(text) else text


def class_rows() -> list[dict[str, Any]]:
    """The last word on every class as rows of such a file, one for each condition."""
    off = {code for code, row in switch_rows().items() if not row.enabled}
    return [
        {**_head_row(full(category_given(row)), retired=row.retired, on=row.code not in off), **_condition_row(one)}
        for row in newest_versions()
        for one in row.conditions
    ]


def _head_row(given: Mapping[str, Any], *, retired: bool, on: bool) -> dict[str, Any]:
    def flag(value: object) -> str:
        return "是" if value else "否"

    return {
        "code": given["code"],
        "name": given["names"].get("zh", ""),
        "name_en": given["names"].get("en", ""),
        "standard": given["standard"],
        "duty": given["department"].get("duty", ""),
        "photos": "、".join(PHASES[phase] for phase in given["needs_photo"]),
        "video": VIDEOS[given["video"]],
        **{name: flag(given[name]) for name in ("quick", "auto_register", "settle")},
        "proposed": flag(given["default"]),
        "icon": given["icon"],
        "state": "废止" if retired else "在用",
        "enabled": flag(on),
    }


def _condition_row(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "condition": one["code"],
        "text": one["text"].get("zh", ""),
        "text_en": one["text"].get("en", ""),
        "limit": one["limit"]["value"],
        "unit": UNIT_WORDS[one["limit"]["unit"]],
        **{f"grade_{grade}": (one.get("grades") or {}).get(grade, "") for grade in rules.GRADES},
        "closing": one.get("closing", {}).get("zh", ""),
        "closing_en": one.get("closing", {}).get("en", ""),
        "wording": "是" if one.get("default") else "否",
    }
