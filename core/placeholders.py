"""Texts with places in braces (`{number}`) that something fills: what stands in them, and how they are filled. Pure."""

import re
from collections.abc import Collection, Mapping

_PLACE = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")


def strange(text: str, known: Collection[str]) -> list[str]:
    """What stands in braces and is no place that anything fills, and braces without a partner."""
    named = [name for name in _PLACE.findall(text) if name not in known]
    return list(dict.fromkeys([*named, *_BRACE.findall(_PLACE.sub("", text))]))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; a place without a value is a dash."""
    return _PLACE.sub(lambda match: values.get(match[1]) or "—", text)


def listed(names: Collection[str]) -> str:
    """Places as people write them: {number} {place}."""
    return " ".join(f"{{{name}}}" for name in names)
