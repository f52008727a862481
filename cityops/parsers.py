"""JSON from outside, bounded: what would break further in is refused here with a code and a sentence."""

import json
from typing import IO, Any

from rest_framework.parsers import BaseParser

from core.errors import Invalid

MAX_DEPTH = 32
MAX_BYTES = 2 * 1024 * 1024
MAX_DIGITS = 400


def _refuse_constant(name: str) -> None:
    raise Invalid("json.not_a_number", value=name)


def _bounded_int(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise Invalid("json.number_too_long", limit=MAX_DIGITS)
    return int(text)


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Invalid("json.not_a_number", value=text[:40])
    return value


def depth_of(text: str) -> int:
    """The deepest nesting of brackets outside strings; linear, no recursion."""
    deepest = level = 0
    inside = escaped = False
    for char in text:
        if inside:
            inside = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            inside = True
        elif char in "[{":
            level += 1
            deepest = max(deepest, level)
        elif char in "]}":
            level -= 1
    return deepest


def _refuse_text(text: str) -> None:
    if "\x00" in text:
        raise Invalid("json.nul")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Invalid("json.surrogate") from error


def check_texts(value: Any) -> None:
    """Every string and key can be stored by PostgreSQL: no NUL, no half of a surrogate pair."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            _refuse_text(item)
        elif isinstance(item, dict):
            pending.extend(item.keys())
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)


def load(raw: bytes) -> Any:
    """The value of a JSON document; Invalid with a code where it is malformed, too deep, too big or unstorable."""
    if len(raw) > MAX_BYTES:
        raise Invalid("json.too_big", limit=MAX_BYTES)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid("json.not_utf8") from error
    if depth_of(text) > MAX_DEPTH:
        raise Invalid("json.too_deep", limit=MAX_DEPTH)
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_int=_bounded_int, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise Invalid("json.malformed", line=error.lineno, column=error.colno) from error
    check_texts(value)
    return value


class BoundedJSONParser(BaseParser):
    """The API's JSON parser."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """What `request.data` becomes."""
        return load(stream.read(MAX_BYTES + 1))
