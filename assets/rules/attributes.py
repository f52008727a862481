"""Attributes as files write them, in the words of their type: columns that mean a property, cells that mean a value."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from math import isfinite
from typing import Any

from core.schema import Hot, Question, kind_of, questions
from exchange.contracts import Column

PREFIX = "attributes."
SHORT = 10
YES = frozenset({"true", "yes", "y", "t", "1", "是", "有", "对"})
NO = frozenset({"false", "no", "n", "f", "0", "否", "无", "没有"})
UNITS: Mapping[str, tuple[str, float]] = {
    "mm": ("length", 0.001), "毫米": ("length", 0.001), "cm": ("length", 0.01), "厘米": ("length", 0.01),
    "m": ("length", 1), "米": ("length", 1), "w": ("power", 1), "瓦": ("power", 1), "kw": ("power", 1000),
    "千瓦": ("power", 1000), "m²": ("area", 1), "m2": ("area", 1), "㎡": ("area", 1), "平方米": ("area", 1),
    "l": ("volume", 1), "升": ("volume", 1), "t": ("mass", 1), "吨": ("mass", 1),
}  # fmt: skip
MEASURE = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*(\D\S*)")
RANK = re.compile(r"([一二三四五六七八九\d])[级类等]")
DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?")
CHINESE_DIGITS = {digit: str(number) for number, digit in enumerate("一二三四五六七八九", start=1)}


def attribute_columns(schema: Mapping[str, Any]) -> tuple[Column, ...]:
    """A column for each property of a schema: called as its form calls it, guessed also from a header cut by a DBF."""
    asked = questions(schema)
    taken = Counter(word for question in asked for word in {*_words(question), *_cut(question)})
    columns = []
    for question in asked:
        label = {language: _measured(name, question.unit) for language, name in question.names.items()}
        aliases = (*_words(question), *(word for word in _cut(question) if taken[word] == 1))
        columns.append(Column(PREFIX + question.name, label, aliases=tuple(dict.fromkeys(aliases))))
    return tuple(columns)


def hot_of(schema: Mapping[str, Any]) -> tuple[Hot, ...]:
    """The attributes that the list of a type narrows by: those that its pack gives `x-filter`."""
    rows: Mapping[str, Any] = schema.get("properties") or {}
    return tuple(Hot(name, kind_of(rule)) for name, rule in rows.items() if rule.get("x-filter"))


def is_closed(schema: Mapping[str, Any]) -> bool:
    """Whether nothing but the properties of the schema may stand among the attributes."""
    return schema.get("additionalProperties") is False


def _measured(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name


def _words(question: Question) -> Iterator[str]:
    yield question.name.lower()
    yield from (name.lower() for name in question.names.values())


def _cut(question: Question) -> Iterator[str]:
    """What a DBF leaves of a name: ten bytes, which are five Chinese characters in GBK and three in UTF-8."""
    for word in _words(question):
        yield word[:SHORT]
        for encoding in ("gb18030", "utf-8"):
            yield word.encode(encoding)[:SHORT].decode(encoding, "ignore")


def cast(schema: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as their schema wants them; empty cells are left out, and what is not understood stays as it is."""
    properties = schema.get("properties") or {}
    return {name: _meant(properties.get(name) or {}, value) for name, value in given.items() if value not in ("", None)}


def _meant(rule: Mapping[str, Any], value: Any) -> Any:
    if "enum" in rule:
        return _chosen(rule["enum"], value)
    kind = rule.get("type")
    if kind == "boolean":
        return _yes_or_no(value)
    if kind in ("integer", "number"):
        return _number(value, str(rule.get("x-unit") or ""), whole=kind == "integer")
    if kind == "string":
        text = _text(value)
        return _day(text) if rule.get("format") == "date" else text
    return value


def _text(value: Any) -> Any:
    """A number that stands where a text belongs, as a spreadsheet makes one of a pole's number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return str(int(value)) if float(value).is_integer() else str(value)


def _chosen(choices: list[Any], value: Any) -> Any:
    """The one choice that is written so; `二级` is the second of grades that are numbers."""
    told = str(_text(value)).strip().lower()
    rank = RANK.fullmatch(told)
    words = {told, CHINESE_DIGITS.get(rank.group(1), rank.group(1))} if rank else {told}
    found = [choice for choice in choices if str(choice).lower() in words]
    return found[0] if len(found) == 1 else value


def _yes_or_no(value: Any) -> Any:
    told = str(_text(value)).strip().lower()
    return True if told in YES else False if told in NO else value


def _number(value: Any, unit: str, *, whole: bool) -> Any:
    """The number in the unit of its property; another unit of the same measure is reckoned over."""
    number = _measure(value, unit.lower()) if isinstance(value, str) else value
    if number is None or isinstance(number, bool) or not isfinite(number):
        return value
    return int(number) if whole and float(number).is_integer() else number


def _measure(text: str, unit: str) -> float | None:
    with suppress(ValueError):
        return float(text)
    found = MEASURE.fullmatch(text.strip().lower())
    if not found:
        return None
    number, written = float(found.group(1)), found.group(2)
    if written == unit:
        return number
    (measure, factor), (wanted, each) = UNITS.get(written, ("", 1.0)), UNITS.get(unit, ("-", 1.0))
    return round(number * factor / each, 9) if measure == wanted else None


def _day(text: Any) -> Any:
    """A date as ISO 8601 writes it, also of 2020/3/5 and 2020年3月5日."""
    found = DAY.fullmatch(text.strip()) if isinstance(text, str) else None
    with suppress(ValueError):
        return date(*map(int, found.groups())).isoformat() if found else text
    return text
