"""How a guard says no: with a code, the article it stands on, and whether the file or what was given is the matter."""

from collections.abc import Callable, Mapping
from typing import Any

from core.steps import Ground, Refusal
from enforcement.rules.facts import DossierFacts, Given, World

Guard = Callable[[DossierFacts, Given, World], Refusal | None]
Article = Mapping[str, str]


def barred(code: str, article: Article, **params: Any) -> Refusal:
    """A no because of how the file stands."""
    return Refusal(code, {**params, "article": article}, Ground.STATE)


def wrong(code: str, article: Article, **params: Any) -> Refusal:
    """A no because of what was given or not given."""
    return Refusal(code, {**params, "article": article}, Ground.INPUT)


def word(name: str, code: str, article: Article) -> Guard:
    """The guard that wants something said."""

    def guard(facts: DossierFacts, given: Given, world: World) -> Refusal | None:
        return None if str(given.get(name) or "").strip() else wrong(code, article)

    return guard
