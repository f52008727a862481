"""What each step asks for, and how it is read from what a form or a program says. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from core.errors import Invalid
from core.errors import Names as Said
from enforcement.contracts import MeasureKind, Names, Penalty
from enforcement.contracts.words import GROUNDS, MEASURES, PENALTIES, PLEAS, REMEDIES, WAYS

MOST_MONEY = Decimal(1_000_000_000)
MOST_LINES = 60


@dataclass(frozen=True)
class Field:
    """A field: its name, what kind of value it holds, its label, and the choices there are."""

    name: str
    kind: str
    names: Names
    choices: Mapping[str, Names] | None = None
    most: int = 2000


def _f(name: str, kind: str, zh: str, en: str, choices: Mapping[str, Names] | None = None, most: int = 2000) -> Field:
    return Field(name, kind, {"zh": zh, "en": en}, choices, most)


_SEIZURES: Mapping[str, Names] = {kind: MEASURES[kind] for kind in (MeasureKind.SEAL, MeasureKind.DETAIN)}
FIELDS: Mapping[str, Field] = {
    one.name: one
    for one in (
        _f("officers", "people", "执法人员", "Officers"), _f("officer", "person", "回避人员", "Who steps back"),
        _f("reason", "text", "理由", "Reason"), _f("title", "text", "证据名称", "What the evidence is", most=200),
        _f("electronic", "flag", "电子监控或录像", "Electronic record"),
        _f("things", "text", "财物清单", "What is held, one a line"),
        _f("kind", "choice", "措施", "Measure", _SEIZURES),
        _f("list_signed", "flag", "清单一式二份，当事人已签收", "List in two copies, one handed to the party"),
        _f("measure", "number", "措施序号", "Number of the measure"),
        _f("summary", "text", "查明的事实", "What was found", most=4000),
        _f("complex", "flag", "案情复杂或重大违法", "Complex or serious"),
        _f("public_interest", "flag", "涉及重大公共利益", "Of great public interest"),
        _f("kinds", "choices", "处罚种类", "Penalties", PENALTIES), _f("fine", "money", "罚款（元）", "Fine (yuan)"),
        _f("band", "band", "裁量档次", "Band of discretion"),
        _f("order", "text", "责令改正的内容和期限", "What to correct, and by when", most=400),
        _f("told", "flag", "已告知事实、依据和权利", "Facts, basis and rights were told"),
        _f("said", "text", "当事人意见", "What the party said"),
        _f("rechecked", "text", "复核情况", "How it was checked again"),
        _f("how", "choice", "陈述申辩情况", "The plea", PLEAS),
        _f("receipt", "text", "回证或凭据编号", "Receipt", most=200),
        _f("on", "date", "日期", "Day"), _f("chair", "person", "听证主持人", "Chair"),
        _f("place", "text", "地点", "Place", most=200), _f("record", "text", "笔录", "Record", most=4000),
        _f("opinion", "text", "审核意见", "Opinion"), _f("members", "people", "参加人员", "Who took part"),
        _f("minutes", "text", "讨论记录", "Minutes", most=4000),
        _f("ground", "choice", "法定情形", "Ground", GROUNDS), _f("way", "choice", "送达方式", "How", WAYS),
        _f("consent", "flag", "当事人已签署电子送达确认书", "The party has signed for electronic service"),
        _f("witness", "text", "见证人", "Witness", most=100),
        _f("amount", "money", "金额（元）", "Amount (yuan)"), _f("cash", "flag", "当场收缴现金", "Cash on the spot"),
        _f("why_cash", "text", "当场收缴理由", "Why it could not be collected later", most=200),
        _f("plan", "plan", "分期计划（每行：日期 金额）", "Plan (a day and an amount on each line)"),
        _f("of", "choice", "复议或诉讼", "Which remedy", REMEDIES),
        _f("urgent", "flag", "情况紧急", "Emergency"),
    )
}  # fmt: skip
_PENALTY = ("kinds", "fine", "band")
ASKS: Mapping[str, tuple[str, ...]] = {
    "assign": ("officers",), "recuse": ("officer", "reason"), "dismiss": ("reason",), "file": ("reason",),
    "decide_on_spot": (*_PENALTY, "order", "told", "said"), "gather": ("title", "electronic"), "examine": ("reason",),
    "preserve": ("things",), "seize": ("kind", "things", "list_signed"), "prolong": ("measure", "reason"),
    "release": ("measure", "reason"), "conclude": ("summary", "complex", "public_interest"), "extend": ("reason",),
    "notify": (*_PENALTY, "order", "told", "receipt"), "ask_hearing": (), "call_hearing": ("on", "chair", "place"),
    "hold_hearing": ("record",), "forgo_hearing": ("reason",), "hear_plea": ("how", "said", "rechecked", "receipt"),
    "review": ("opinion",), "discuss": ("members", "minutes"), "decide": (*_PENALTY, "order"),
    "spare": ("ground", "reason"), "reinvestigate": ("reason",), "drop": ("reason",), "transfer": ("reason",),
    "serve": ("way", "on", "receipt", "consent", "witness"), "lodge": (),
    "pay": ("amount", "receipt", "cash", "why_cash"), "instal": ("plan", "reason"), "challenge": ("of", "reason"),
    "uphold": ("of", "reason"), "annul": ("reason",), "perform": ("reason",), "urge": ("receipt",),
    "hear_urged": ("said",), "enforce": ("reason",), "carry_out": ("reason", "urgent"), "apply_court": ("reason",),
    "court_done": ("reason",), "cease": ("reason",), "fulfil": (), "close": ("reason",),
}  # fmt: skip
FREE = frozenset({
    "said", "summary", "record", "things", "reason", "title", "rechecked", "opinion", "minutes", "order", "receipt",
    "place", "witness", "why_cash",
})  # fmt: skip
"""What people write freely: personal data is masked in it."""


def read(verb: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, typed; Invalid for a field that the step does not ask for, or a value that is none."""
    asked = ASKS.get(verb, ())
    given: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in asked:
            raise Invalid("enforcement.unknown_field", field=str(name)[:40].replace("\0", ""))
        if value in (None, "", [], ()):
            continue
        try:
            given[name] = _READERS[FIELDS[name].kind](FIELDS[name], value)
        except (ValueError, TypeError, InvalidOperation, ArithmeticError) as error:
            raise Invalid("enforcement.bad_field", field=name, label=Said(FIELDS[name].names)) from error
    if Penalty.FINE in given.get("kinds", ()) or "fine" not in given or given["fine"]:
        return given
    return {name: value for name, value in given.items() if name != "fine"}


def _text(field: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) > field.most or "\0" in value:
        raise ValueError(field.name)
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(field.name)
    return value.strip()


def _money(field: Field, value: Any) -> Decimal:
    if isinstance(value, bool | float):
        value = str(value)
    amount = Decimal(value if isinstance(value, int) else str(value).strip())
    if not amount.is_finite() or not 0 <= amount <= MOST_MONEY or amount != amount.quantize(Decimal("0.01")):
        raise ValueError(field.name)
    return amount


def _date(field: Field, value: Any) -> date:
    found = value if isinstance(value, date) else date.fromisoformat(str(value))
    if not date(2000, 1, 1) <= found <= date(2100, 1, 1):
        raise ValueError(field.name)
    return found


def _flag(field: Field, value: Any) -> bool:
    known = {True: True, False: False, "true": True, "on": True, "false": False}
    if not isinstance(value, bool | str) or value not in known:
        raise ValueError(field.name)
    return known[value]


def _number(field: Field, value: Any) -> int:
    if isinstance(value, bool) or len(str(value)) > 6:
        raise ValueError(field.name)
    return int(value)


def _choice(field: Field, value: Any) -> str:
    if not isinstance(value, str) or value not in (field.choices or {}):
        raise ValueError(field.name)
    return value


def _choices(field: Field, value: Any) -> list[str]:
    return [_choice(field, one) for one in _many(field, value)]


def _person(field: Field, value: Any) -> str:
    if not isinstance(value, str) or len(value) > 60 or not value.isprintable():
        raise ValueError(field.name)
    return value


def _people(field: Field, value: Any) -> list[str]:
    return [_person(field, one) for one in _many(field, value)]


def _many(field: Field, value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple) or len(value) > MOST_LINES:
        raise ValueError(field.name)
    return value


def _plan(field: Field, value: Any) -> list[tuple[date, Decimal]]:
    lines = [line.split() for line in value.splitlines() if line.strip()] if isinstance(value, str) else value
    rows = [tuple(line) for line in _many(field, lines)]
    return [(_date(field, day), _money(field, amount)) for day, amount in rows]


_READERS: Mapping[str, Any] = {
    "text": _text, "money": _money, "date": _date, "flag": _flag, "number": _number, "choice": _choice,
    "choices": _choices, "person": _person, "people": _people, "plan": _plan, "band": _person,
}  # fmt: skip
