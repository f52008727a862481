"""Cells of a file as a register wants them: attributes by their schema, states by their names, terms. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from core.written import day_of, flag_of, moment_of
from registers.contracts import Declared, Term
from registers.rules.terms import months_later, term_end

NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,12})?")
LISTED = re.compile(r"[;；、，,\n]+")
RECORD_NUMBER = re.compile(r"\w[^\s/\\?#%&\"'<>]{0,59}")
"""What stands in the address of its page: no space, no slash, nothing that an address or a page would read."""


def number_of_record(text: str) -> bool:
    """Whether a record of an old book may keep this number."""
    return RECORD_NUMBER.fullmatch(text) is not None and text.isprintable() and text != "new"


def attribute_of(rule: Mapping[str, Any], value: Any) -> Any:
    """A cell as its attribute wants it; what cannot be one stays as it is, so that the schema says why not."""
    text = text_of_cell(value)
    if "enum" in rule:
        return _chosen(rule, text)
    kind = rule.get("type")
    if kind == "boolean":
        told = flag_of(text)
        return text if told is None else told
    if kind in ("integer", "number"):
        return _number(text, whole=kind == "integer")
    if kind == "array":
        return listed(text)
    if rule.get("format") == "date":
        day = day_of(text)
        return day.isoformat() if day else text
    return text


def text_of_cell(value: Any) -> str:
    """What stands in a cell, as a text: a workbook makes a number of a code of digits."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def listed(text: str) -> list[str]:
    """The words of a list; a space does not part them: plates and names have some."""
    return [word.strip() for word in LISTED.split(text) if word.strip()]


def _chosen(rule: Mapping[str, Any], text: str) -> Any:
    named: Mapping[str, Mapping[str, str]] = rule.get("x-choices") or {}
    for choice in rule["enum"]:
        words = (str(choice), *(named.get(str(choice)) or {}).values())
        if text.casefold() in {word.casefold() for word in words}:
            return choice
    return text


def _number(text: str, *, whole: bool) -> Any:
    if not NUMBER.fullmatch(text):
        return text
    number = float(text)
    return int(text.partition(".")[0]) if number.is_integer() and (whole or "." not in text) else number


def state_of_word(declared: Declared, word: str) -> str:
    """The state that is called so, by its code or one of its names; "" where none is."""
    for state in declared.states:
        if word.casefold() in {one.casefold() for one in (state.code, *state.names.values())}:
            return state.code
    return ""


def moment_told(text: str, zone: tzinfo, *, end: bool) -> datetime | None:
    """The moment that a cell tells: of a day its first second, or its last where something ends with it."""
    moment = moment_of(text, zone)
    return moment + timedelta(days=1, seconds=-1) if moment is not None and end and day_of(text) else moment


def whole_term(
    term: Term | None, since: datetime | None, until: datetime | None, zone: tzinfo
) -> tuple[datetime | None, datetime | None]:
    """Both ends of a term of which one may be missing; what cannot be reckoned stays None."""
    if term is None or (since is not None and until is not None):
        return since, until
    if since is not None:
        return since, term_end(term, since, zone)
    if until is None:
        return None, None
    here = until.astimezone(zone)
    if term.unit == "day":
        return here - timedelta(days=term.value), until
    return months_later(here, -term.value * (12 if term.unit == "year" else 1)), until


def hint_of(rule: Mapping[str, Any], words: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What may stand in a cell of this attribute, in both languages."""
    named: Mapping[str, Mapping[str, str]] = rule.get("x-choices") or {}
    help_text: Mapping[str, str] = rule.get("x-help") or {}
    found = {}
    for at, language in enumerate(("zh", "en")):
        between = ("、", ", ")[at]
        choices = between.join((named.get(str(one)) or {}).get(language, str(one)) for one in rule.get("enum") or ())
        kind = words.get("date" if rule.get("format") == "date" else str(rule.get("type")), ("", ""))[at]
        parts = (choices or kind, str(rule.get("x-unit") or ""), help_text.get(language, ""))
        found[language] = ("；", "; ")[at].join(part for part in parts if part)
    return found
