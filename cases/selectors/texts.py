"""Standard texts in use, and those offered with the steps of one case."""

from collections.abc import Iterable
from typing import Any

from cases.models import StandardText
from core.errors import NotFound


def standard_texts() -> list[StandardText]:
    """Every text in use, by step."""
    return list(StandardText.objects.filter(retired=False))


def standard_text(text_id: int) -> StandardText:
    """The text of that number; NotFound where there is none in use."""
    found = StandardText.objects.filter(pk=text_id, retired=False).first()
    if found is None:
        raise NotFound("text.unknown", text_id=text_id)
    return found


def text_told(row: StandardText) -> dict[str, Any]:
    """A text by the fields of its form: what `core.versions` compares."""
    return {"verb": row.verb, "category": row.category, "zh": row.texts.get("zh", ""), "en": row.texts.get("en", "")}


def texts_for(verbs: Iterable[str], category: str) -> dict[str, list[StandardText]]:
    """The texts of these steps for a class, those written for it first, in one query."""
    found: dict[str, list[StandardText]] = {}
    rows = [row for row in StandardText.objects.filter(retired=False, verb__in=list(verbs))
            if category.startswith(row.category)]  # fmt: skip
    for row in sorted(rows, key=lambda row: (-len(row.category), row.pk)):
        found.setdefault(row.verb, []).append(row)
    return found
