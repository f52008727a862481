"""An answer about causes as people take it away: the whole, each stated reason, then where it happened most."""

from collections.abc import Mapping, Sequence
from typing import Any

from cases.rules.questions import cause_from
from cases.rules.series import USUAL_DAYS
from cases.selectors.answers import names_known
from cases.selectors.causes import Share, causes
from cases.selectors.filter_words import Said, filters_said
from cases.selectors.hotspots import question_here
from core.errors import Forbidden
from core.scope import Actor
from exchange.contracts.exports import ListRow


class CauseList:
    """Why cases went wrong, by the question of an address, as far as somebody may see it."""

    name = "causes"
    names: Mapping[str, str] = {"zh": "原因分析", "en": "Causes"}
    columns: tuple[str, ...] = ("told_by", "key", "name_zh", "name_en", "cases", "of", "share")
    typed: frozenset[str] = frozenset()

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """Who sees cases may take figures of them away; the question makes sense."""
        if not actor.holds("case.see"):
            raise Forbidden("case.no_page")
        self._rows(options, actor)

    def said(self, every: Sequence[Mapping[str, str]]) -> list[Said]:
        """The questions in the words of the reader."""
        return filters_said(every)

    def count(self, options: Mapping[str, str], *, actor: Actor) -> int:
        """The whole and what it is told apart by."""
        return len(self._rows(options, actor))

    def batch(self, options: Mapping[str, str], *, actor: Actor, below: int | None, most: int) -> list[ListRow]:
        """In the order of the page; an answer has few rows and is asked anew."""
        rows = self._rows(options, actor)
        return [row for row in rows if below is None or row.key < below][:most]

    def _rows(self, options: Mapping[str, str], actor: Actor) -> list[ListRow]:
        asked = dict(options)
        cause = cause_from(asked.pop("why", ""))
        found, names = causes(question_here(asked, USUAL_DAYS), cause, actor), names_known()
        rows = [_row("total", found.whole, {}), *(_row("reason", one, {}) for one in found.reasons)]
        for by, held in found.apart.items():
            known = names[str(by)] if str(by) in names else names["region"]
            rows += [_row(str(by), one, known.get(one.key, {})) for one in held]
        return [ListRow(len(rows) - place, row, None) for place, row in enumerate(rows)]


def _row(by: str, one: Share, called: Mapping[str, str]) -> dict[str, Any]:
    return {
        "told_by": by, "key": one.key, "name_zh": called.get("zh", ""), "name_en": called.get("en", ""),
        "cases": one.found, "of": one.of, "share": one.share,
    }  # fmt: skip
