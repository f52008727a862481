"""One sentence per error code, gathered from every app's `sentences.SENTENCES` when Django has started."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec

from core.errors import Code, DomainError, Names
from core.languages import pick

_sentences: dict[str, object] = {}


def register(sentences: Mapping[str, object]) -> None:
    """Each code has this sentence (lazy, with `%(param)s` places); a code that has another one is an error."""
    for code, sentence in sentences.items():
        if _sentences.setdefault(code, sentence) is not sentence:
            raise ValueError(f"two sentences for the code {code}")


def load(apps: Iterable[str]) -> None:
    """The sentences of these apps are known; an app without a `sentences` module has none."""
    for app in apps:
        if find_spec(f"{app}.sentences") is not None:
            register(import_module(f"{app}.sentences").SENTENCES)


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


def sentence_of(error: DomainError) -> str:
    """The sentence of an error, with its parameters."""
    return say(error.code, error.params)
