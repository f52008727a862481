"""Messages: how long texts may be, what may stand in them, when somebody is not to be disturbed. Pure."""

from collections.abc import Iterable, Mapping
from datetime import time, timedelta
from typing import NamedTuple

from core.placeholders import filled, strange
from exchange.contracts.messages import Occasion, Words

LANGUAGES = ("zh", "en")
LONGEST_TITLE = 120
LONGEST_BODY = 600
TOO_OLD = timedelta(days=3)
KEEP_READ = timedelta(days=30)
KEEP_UNREAD = timedelta(days=180)


class Fault(NamedTuple):
    """Why a template cannot be saved: a code of `sentences` with its parameters."""

    code: str
    params: Mapping[str, object]


def template_faults(occasion: Occasion, titles: Words, bodies: Words) -> list[Fault]:
    """Everything that is wrong with the texts of an occasion; both languages are needed."""
    found: list[Fault] = []
    for texts, longest in ((titles, LONGEST_TITLE), (bodies, LONGEST_BODY)):
        for language in LANGUAGES:
            text = texts.get(language, "").strip()
            if not text or len(text) > longest:
                found.append(Fault("message.length", {"most": longest}))
            if names := strange(text, occasion.place_names):
                known = " ".join(f"{{{name}}}" for name in occasion.place_names)
                found.append(Fault("message.strange_place", {"names": " ".join(names), "known": known}))
    return found


def written(texts: Words, values: Mapping[str, Words]) -> dict[str, str]:
    """A text in every language, its places filled in that language, else in Chinese."""
    return {
        language: filled(text, {name: told.get(language) or told.get("zh", "") for name, told in values.items()})
        for language, text in texts.items()
    }


def is_quiet(now: time, begins: time | None, ends: time | None) -> bool:
    """Whether a time of the day lies in the quiet hours, which may go past midnight; the end is not in them."""
    if begins is None or ends is None or begins == ends:
        return False
    if begins < ends:
        return begins <= now < ends
    return now >= begins or now < ends


class Difference(NamedTuple):
    """A text that two versions of a template have differently; `before` is empty in the first version."""

    part: str
    language: str
    before: str
    after: str


def differences(before: Mapping[str, Words], after: Mapping[str, Words]) -> list[Difference]:
    """What reads otherwise, titles before bodies."""
    return [
        Difference(part, language, old, new)
        for part in ("titles", "bodies")
        for language in LANGUAGES
        if (old := before.get(part, {}).get(language, "")) != (new := after.get(part, {}).get(language, ""))
    ]


def unknown(codes: Iterable[str], known: Iterable[str]) -> list[str]:
    """The codes that nothing is known by."""
    return sorted(set(codes) - set(known))
