"""An answer of the insights as people take it away: one row for the whole and one for each group."""

from collections.abc import Mapping, Sequence
from typing import Any

from accounts import selectors as accounts
from cases.contracts.questions import Counts, Group, Measure
from cases.rules.questions import question_from
from cases.selectors.catalogue import category_names
from cases.selectors.filter_words import Said, filters_said
from cases.selectors.questions import answer, today
from core.errors import Forbidden
from core.scope import Actor
from exchange.contracts.exports import ListRow
from grid import selectors as grid

COLUMNS = (
    "group", "key", "name_zh", "name_en", "reported", "registered", "closed", "on_time", "reworked", "returned",
    "untrue", "share_valid", "share_closed", "share_on_time", "share_untrue", "median_minutes",
)  # fmt: skip


def names_known() -> dict[str, Mapping[str, Mapping[str, str]]]:
    """What classes and regions are called, by code."""
    return {
        "org": dict(accounts.organisations().values_list("code", "names")),
        "category": category_names(),
        "region": {one.code: one.names for one in grid.region_names()},
    }


class AnswerList:
    """The answer to the question of an address, as far as somebody may see it: the whole first, then its groups."""

    name = "insights"
    names: Mapping[str, str] = {"zh": "数据辅助", "en": "Insights"}
    columns: tuple[str, ...] = COLUMNS
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
        """The whole and its groups."""
        return len(self._rows(options, actor))

    def batch(self, options: Mapping[str, str], *, actor: Actor, below: int | None, most: int) -> list[ListRow]:
        """In the order of the page; an answer has few rows and is asked anew."""
        rows = self._rows(options, actor)
        return [row for row in rows if below is None or row.key < below][:most]

    def _rows(self, options: Mapping[str, str], actor: Actor) -> list[ListRow]:
        question = question_from(options, today())
        found = answer(question, actor)
        names = names_known()
        told = [("", found.total), *((one.key, one.counts) for one in found.groups)]
        rows = [_row(question.by, key, counts, names) for key, counts in told]
        rows[0]["group"] = "total"
        return [ListRow(len(rows) - place, row, None) for place, row in enumerate(rows)]


def _row(by: Group, key: str, counts: Counts, names: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[str, Any]:
    called = names[str(by) if by in (Group.CATEGORY, Group.ORG) else "region"].get(key, {})
    return {
        "group": str(by), "key": key, "name_zh": called.get("zh", ""), "name_en": called.get("en", ""),
        "reported": counts.reported, "registered": counts.registered, "closed": counts.closed,
        "on_time": counts.on_time, "reworked": counts.reworked, "returned": counts.returned,
        "untrue": counts.untrue, "share_untrue": counts.value(Measure.UNTRUE),
        "share_valid": counts.value(Measure.VALID), "share_closed": counts.value(Measure.CLOSED),
        "share_on_time": counts.value(Measure.ON_TIME),
        "median_minutes": None if counts.minutes is None else round(counts.minutes, 1),
    }  # fmt: skip
