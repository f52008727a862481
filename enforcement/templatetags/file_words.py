"""Words of files: names of stages, steps, penalties and terms in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django import template

from core.languages import pick
from enforcement.contracts import ENDS
from enforcement.contracts.words import (
    MEASURES,
    PARTIES,
    PENALTIES,
    PERIODS,
    PROCEDURES,
    STAGES,
    VERBS,
)

register = template.Library()
WORDS: Mapping[str, Mapping[str, Any]] = {
    "stage": STAGES, "verb": VERBS, "procedure": PROCEDURES, "party": PARTIES, "penalty": PENALTIES,
    "measure": MEASURES, "period": PERIODS,
}  # fmt: skip
LEVELS = {"opened": "caution", "decided": "serious", "served": "serious", "urged": "critical", "enforcing": "critical"}


@register.filter
def called(code: str, kind: str) -> str:
    """What a code is called."""
    return pick(WORDS[kind].get(code, {})) or str(code)


@register.filter
def spoken(names: Mapping[str, str]) -> str:
    """A name in the reader's language."""
    return pick(names)


@register.filter
def stage_level(stage: str) -> str:
    """The colour of a stage's chip."""
    return "off" if stage in ENDS else LEVELS.get(stage, "info")


@register.filter
def at_key(held: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key."""
    return held.get(key)
