"""The content of single cells: codes that a spreadsheet may have spoilt, texts that no table can keep."""

import math
import re

MANGLED = re.compile(r"[+-]?\d+([.,]\d+)?[eE]\+?\d+")
WHOLE = re.compile(r"(\d+)\.0+")
DIGITS_OF_A_NUMBER = 15
FORMULA = re.compile(r"'*[=+\-@\t\r]")
SHIELDED = re.compile(r"'+[=+\-@\t\r]")


def code_of(value: object) -> tuple[str, str]:
    """An official code as text, and why it cannot be trusted ("" when it can).

    A spreadsheet keeps 15 digits of a number: a longer code that was a number has lost its end, and one written like
    4.40103E+11 has lost most of it.
    """
    if isinstance(value, bool):
        return str(value), "exchange.code_not_text"
    if isinstance(value, int | float):
        if isinstance(value, float) and not (math.isfinite(value) and value.is_integer()):
            return str(value), "exchange.code_mangled"
        text = str(int(value))
        return text, "exchange.code_mangled" if len(text) > DIGITS_OF_A_NUMBER else ""
    text = str(value or "").strip().removeprefix("'").strip()
    if MANGLED.fullmatch(text):
        return text[:40], "exchange.code_mangled"
    whole = WHOLE.fullmatch(text)
    return (whole.group(1) if whole else text[:60]), ""


def text_problem(value: object, longest: int) -> str:
    """Why a value cannot be kept as text; "" when it can."""
    if isinstance(value, float) and not math.isfinite(value):
        return "exchange.not_a_number"
    if not isinstance(value, str):
        return ""
    if "\x00" in value:
        return "exchange.nul"
    if "\ufffd" in value:
        return "exchange.undecodable"
    if len(value) > longest:
        return "exchange.text_too_long"
    return "exchange.undecodable" if any("\ud800" <= letter <= "\udfff" for letter in value) else ""


def number_of(value: object) -> float | None:
    """A number as people write it; None for what is none or not finite."""
    try:
        found = float(str(value).strip().replace("，", ",").rstrip("°"))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def shielded(value: object) -> object:
    """A text that a spreadsheet would run as a formula, behind an apostrophe (OWASP, CSV injection); others as is."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def unshielded(value: str) -> str:
    """The text without the apostrophe that `shielded` gave it."""
    return value[1:] if SHIELDED.match(value) else value
