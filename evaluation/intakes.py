"""What evaluation gives away: boards and publications as workbooks and papers, cases behind a number, appeals."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases import selectors as cases
from core.errors import DomainError, Forbidden
from core.languages import pick
from core.scope import Actor
from evaluation import rules, selectors
from evaluation.forms import PUBLICATION, SCORE, asked, file_of, language_of, number_of
from exchange.contracts.exports import register_document, register_listing
from exchange.selectors import QueryList


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
        return [(_now("Published"), options[PUBLICATION])]
    try:
        found = asked(options)
    except DomainError:
        return list(options.items())
    period = found.question.period
    return [
        (_now("Level"), pick(rules.LEVELS[found.question.by])),
        (_now("Period of evaluation"), f"{period.since:%Y-%m-%d} – {period.last:%Y-%m-%d}"),
        (_now("Table"), pick(rules.TABLES[found.show][0] if found.show in rules.TABLES else rules.SCORES)),
    ]


COUNTED = ("ref", "key", "raw")
"""What the address of the cases behind a number says besides the board and the period."""


class CasesBehind(QueryList):
    """The cases behind one number of a board, as many as it says."""

    name = "score_cases"
    names: Mapping[str, str] = {"zh": "考评指标对应案件", "en": "Cases behind a number"}
    fields: Mapping[str, Any] = {
        "case": "case", "stage": "stage", "source": "source", "class": "category", "district": "district",
        "street": "street", "community": "community", "organisation": "org", "reported_at": "reported_at",
        "verified_at": "verify_at", "accepted_at": "accepted_at", "registered_at": "registered_at",
        "dispatched_at": "dispatch_at", "handling_due": "handle_owed", "handled_at": "handle_at",
        "handled_late": "handle_late", "checked_at": "check_at", "closed_at": "closed_at",
        "returned_at": "returned_at", "shirked_at": "shirked_at", "reworks": "reworks", "returns": "returns",
        "extensions": "extensions", "exempt": "exempt",
    }  # fmt: skip
    offices = ("organisation",)
    told = ("class_zh", "class_en")
    asked: Mapping[str, Any] = {
        "level": _("Level"), "within": _("Within"), "show": _("Table"), "scheme": _("Scheme"),
        "period": _("Period of evaluation"),
        "on": pgettext_lazy("filter", "Day"), "from": _("From"), "to": _("To"),
        "days": pgettext_lazy("filter", "Days"),
        "ref": pgettext_lazy("filter", "Measure"), "key": _("Line"), "raw": _("with those that were exempted"),
    }  # fmt: skip

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[Any]:
        """Exactly those of the page."""
        if not actor.holds(selectors.RIGHT):
            raise Forbidden("evaluation.no_scores")
        question = asked({**options, "show": "", "scheme": ""}).question
        ref, key, raw = (options.get(name, "") for name in COUNTED)
        return selectors.counted(actor, question, ref, key, raw=raw == "1")

    def finish(self, every: Sequence[dict[str, Any]]) -> None:
        """Classes by name."""
        names = cases.category_names() if every else {}
        for told in every:
            called = names.get(told["class"], {})
            told |= {"class_zh": called.get("zh", ""), "class_en": called.get("en", "")}

    def words(self, every: Sequence[Mapping[str, str]]) -> Mapping[str, Mapping[str, Any]]:
        """Levels and measures by name, also a measure of a part of the cases."""
        return {
            "level": {level: pick(names) for level, names in rules.LEVELS.items()},
            "ref": {ref: _measure(ref) for ref in {one["ref"] for one in every if "ref" in one}},
        }


def _measure(ref: str) -> str:
    """What a measure is called; one that is known no more keeps its code."""
    try:
        return pick(rules.says(ref))
    except KeyError:
        return ref


class AppealList(QueryList):
    """The appeals that somebody decides on, sees the scores of, or has asked for."""

    name = "score_appeals"
    names: Mapping[str, str] = {"zh": "考评申诉", "en": "Appeals about scores"}
    fields: Mapping[str, Any] = {
        "case": "case", "organisation": "org", "area": "area", "state": "state", "reason": "reason",
        "asked_by": "asked_label", "asked_at": "asked_at", "reviewers": "reviewers", "first_granted_by": "first_label",
        "first_answer": "first_answer", "first_at": "first_at", "answer": "answer", "decided_by": "decided_label",
        "decided_at": "decided_at",
    }  # fmt: skip
    offices = ("organisation",)

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[Any]:
        """All of them."""
        if not any(actor.holds(right) for right in selectors.SEE):
            raise Forbidden("evaluation.no_scores")
        return selectors.appeals(actor)


register_document(Scores())
register_listing(AppealList())
register_listing(CasesBehind())
