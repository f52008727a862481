"""What evaluation gives away: boards and publications, as workbooks and papers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError, Forbidden
from core.languages import pick
from core.scope import Actor
from evaluation import rules, selectors
from evaluation.forms import PUBLICATION, SCORE, asked, file_of, language_of, number_of
from exchange.contracts.exports import register_document


class Scores:
    """A board of scores or measures as its address asks for it, or a publication by its number."""

    name = "scores"
    names: Mapping[str, str] = {"zh": "考评结果", "en": "Scores"}
    formats: tuple[str, ...] = ("xlsx", "pdf")
    typed: frozenset[str] = frozenset()

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """Who sees scores takes away what they see; a publication must be one that they see."""
        if not actor.holds(selectors.RIGHT):
            raise Forbidden("evaluation.no_scores")
        language_of(options)
        if PUBLICATION in options:
            selectors.publication(number_of(options[PUBLICATION]), actor)
            return
        question = asked(options)
        if question.show == SCORE:
            selectors.judging(question.question.by, question.scheme)

    def said(self, every: Sequence[Mapping[str, str]]) -> list[list[tuple[Any, str]]]:
        """Lines, period and table in words."""
        return [_said(options) for options in every]

    def write(self, options: Mapping[str, str], suffix: str, target: Path, *, actor: Actor) -> int:
        """The report is counted anew, with the rights of this moment, and written."""
        content, lines = file_of(options, suffix, actor)
        target.write_bytes(content)
        return lines


def _said(options: Mapping[str, str]) -> list[tuple[Any, str]]:
    """What was asked for; what cannot be read any more is said as it stands."""
    if PUBLICATION in options:
        return [(_("Published"), options[PUBLICATION])]
    try:
        found = asked(options)
    except DomainError:
        return list(options.items())
    period = found.question.period
    return [
        (_("Level"), pick(rules.LEVELS[found.question.by])),
        (_("Period of evaluation"), f"{period.since:%Y-%m-%d} – {period.last:%Y-%m-%d}"),
        (_("Table"), pick(rules.TABLES[found.show][0] if found.show in rules.TABLES else rules.SCORES)),
    ]


register_document(Scores())
