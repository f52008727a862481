"""One sentence per error code, gathered from every app's `sentences.SENTENCES` when Django has started."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.utils.translation import override

from core.errors import Code, DomainError, Names
from core.languages import pick

_sentences: dict[str, object] = {}
_retold: list[object] = []
PLACE = re.compile(r"%\((\w+)\)s")


def register(sentences: Mapping[str, object]) -> None:
    """Each code has this sentence (lazy, with `%(param)s` places); a code that has another one is an error."""
    for code, sentence in sentences.items():
        if _sentences.setdefault(code, sentence) is not sentence:
            raise ValueError(f"two sentences for the code {code}")


def load(apps: Iterable[str]) -> None:
    """The sentences of these apps are known; an app without a `sentences` module has none."""
    for app in apps:
        if find_spec(f"{app}.sentences") is not None:
            module = import_module(f"{app}.sentences")
            register(module.SENTENCES)
            _retold.extend(getattr(module, "RETOLD", ()))


def codes() -> frozenset[str]:
    """Every code that has a sentence."""
    return frozenset(_sentences)


def raw(code: str) -> str:
    """The sentence of a code in the active language, its places not yet filled."""
    return str(_sentences[code])


def say(code: str, params: Mapping[str, object]) -> str:
    """What a person reads, in the active language; the bare code where nobody wrote a sentence."""
    sentence = _sentences.get(code)
    if sentence is None:
        return code
    told = {name: _said(value) for name, value in params.items()}
    try:
        return str(sentence) % told
    except (KeyError, TypeError, ValueError):
        return str(sentence)


def _said(value: object) -> object:
    if isinstance(value, Names):
        return pick(value)
    return say(value, {}) if isinstance(value, Code) else value


def retell(text: str) -> str:
    """A sentence that pure rules made in English, in the active language; itself where nobody wrote it down so.

    What stands in its places is kept as it is. Of several that fit, the one with the most letters of its own counts.
    """
    for pattern, sentence in _patterns(len(_retold)):
        found = pattern.fullmatch(text)
        if found:
            return str(sentence) % found.groupdict()
    return text


@lru_cache(maxsize=4)
def _patterns(_known: int) -> list[tuple[re.Pattern[str], object]]:
    """Every template as a pattern of its English words, those with the most of them first."""
    with override("en"):
        told = [(str(one), one) for one in _retold]
    told.sort(key=lambda pair: -len(PLACE.sub("", pair[0])))
    return [(re.compile(_pattern(english), re.DOTALL), one) for english, one in told]


def _pattern(english: str) -> str:
    parts = PLACE.split(english)
    return "".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))


def sentence_of(error: DomainError) -> str:
    """The sentence of an error, with its parameters."""
    return say(error.code, error.params)
