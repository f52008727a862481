"""Standard texts: written, changed and retired by administrators."""

import re

from django.db import transaction

from cases.contracts import TEXT_CHANGED, TextNews
from cases.models import StandardText, words
from cases.rules.texts import LONGEST_TEXT, PLACES, strange_places
from cases.selectors import text_told
from core import clock
from core.errors import Forbidden, Invalid, NotFound
from core.scope import Actor
from core.versions import refuse_stale
from journal import actions as journal

CLASS = re.compile(r"[A-Za-z0-9_-]{0,20}")


@transaction.atomic
def save_text(
    *,
    actor: Actor,
    verb: str,
    zh: str,
    en: str,
    category: str = "",
    text_id: int | None = None,
    seen: str | None = None,
) -> StandardText:
    """The text is offered with this step from now on; Invalid where nothing could fill one of its places.

    Stale where the text of that number says something else than was `seen`.
    """
    _may(actor)
    texts = check_text(verb=verb, category=category, zh=zh, en=en)
    row = _locked(text_id, seen) if text_id else StandardText()
    row.verb, row.category, row.texts = verb, category.strip(), texts
    return _save(row, actor)


def check_text(*, verb: str, category: str, zh: str, en: str) -> dict[str, str]:
    """The words of a text as they are kept; Invalid where they could not be."""
    if verb not in words.VERB_NAMES:
        raise Invalid("text.unknown_step", verb=verb[:60])
    if not CLASS.fullmatch(category.strip()):
        raise Invalid("text.bad_class", given=category[:60])
    texts = {"zh": zh.strip(), "en": en.strip()}
    for text in texts.values():
        if not text or len(text) > LONGEST_TEXT:
            raise Invalid("text.length", most=LONGEST_TEXT)
        if strange := strange_places(text):
            raise Invalid("text.strange_place", names=" ".join(strange), known=" ".join(f"{{{one}}}" for one in PLACES))
    return texts


@transaction.atomic
def retire_text(text_id: int, *, actor: Actor, seen: str | None = None) -> StandardText:
    """The text is offered no more; what was said with it stays as it was said."""
    _may(actor)
    row = _locked(text_id, seen)
    row.retired = True
    return _save(row, actor)


def _may(actor: Actor) -> None:
    if not actor.may("admin"):
        raise Forbidden("text.not_admin")


def _locked(text_id: int, seen: str | None) -> StandardText:
    found = StandardText.objects.select_for_update().filter(pk=text_id, retired=False).first()
    if found is None:
        raise NotFound("text.unknown", text_id=text_id)
    refuse_stale(seen, text_told(found))
    return found


def _save(row: StandardText, actor: Actor) -> StandardText:
    row.changed_by, row.changed_at = actor.key, clock.now()
    row.save()
    news = TextNews(row.pk, row.verb, row.category, row.retired)
    journal.record(TEXT_CHANGED, subject=f"text:{row.pk}", actor=actor, data=news)
    return row
