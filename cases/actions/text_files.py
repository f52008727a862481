"""Files of standard texts, a row for each: what would become of each, and then exactly that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from cases.actions.rule_files import text_in
from cases.actions.texts import check_text, retire_text, save_text
from cases.models import StandardText, words
from cases.selectors import standard_texts
from core.errors import DomainError, Invalid
from core.scope import Actor
from core.written import flag_of
from exchange.contracts import Outcome, Row, Suspicion, Verdict

Key = tuple[str, str, str]
FIELDS = {
    "text.unknown_step": "step", "text.bad_class": "class", "text.flag_unread": "active", "text.length": "text",
    "text.strange_place": "text", "text.twice": "text",
}  # fmt: skip


@dataclass(slots=True)
class Plan:
    """What a row asks for: step, class and Chinese text, the English one, and the text that says so already."""

    key: Key
    english: str
    held: StandardText | None


class StandardTexts:
    """One file being taken. A text is known by its step, class and Chinese words; one that is left out stays."""

    def __init__(self, *, actor: Actor) -> None:
        self.actor = actor
        self._steps = {code: code for code in words.VERB_NAMES}
        for language in ("zh-hans", "en"):
            with override(language):
                self._steps |= {str(name): code for code, name in words.VERB_NAMES.items()}
        self._held = {(row.verb, row.category, row.texts.get("zh", "")): row for row in standard_texts()}
        self._told: dict[Key, tuple[int, str, bool]] = {}

    def look(self, rows: Sequence[Row]) -> None:
        """One pass is enough."""

    def suspicions(self) -> list[Suspicion]:
        """Nothing looks wrong about texts as a whole."""
        return []

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row."""
        return [self._judged(row) for row in rows]

    def _judged(self, row: Row) -> Verdict:
        called = " ".join(filter(None, (text_in(row, "step"), text_in(row, "class"))))
        if row.faults:
            return Verdict(row, Outcome.REFUSE, called)
        try:
            return self._plan(row, called)
        except DomainError as error:
            row.refuse(FIELDS.get(error.code, "text"), error.code, **error.params)
            return Verdict(row, Outcome.REFUSE, called)

    def _plan(self, row: Row, called: str) -> Verdict:
        step, flag = text_in(row, "step"), text_in(row, "active")
        key = self._steps.get(step, step), text_in(row, "class").upper(), text_in(row, "text")
        plan, active = Plan(key, text_in(row, "text_en"), self._held.get(key)), flag_of(flag) if flag else True
        if active is None:
            raise Invalid("text.flag_unread", given=flag[:20])
        line, english, stands = self._told.setdefault(key, (row.line, plan.english, active))
        if (english, stands) != (plan.english, active):
            raise Invalid("text.twice", line=line)
        if not active:
            return Verdict(row, Outcome.RETIRE if plan.held else Outcome.LEAVE, called, plan)
        check_text(verb=key[0], category=key[1], zh=key[2], en=plan.english)
        if plan.held is None:
            return Verdict(row, Outcome.ADD if line == row.line else Outcome.SAME, called, plan)
        same = plan.held.texts.get("en", "") == plan.english
        return Verdict(row, Outcome.SAME if same else Outcome.CHANGE, called, plan)

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The texts read as the rows say; those that are out of use are offered no more."""
        for one in verdicts:
            if one.outcome is Outcome.RETIRE and one.item.held:
                retire_text(one.item.held.pk, actor=self.actor)
            elif one.outcome in (Outcome.ADD, Outcome.CHANGE):
                verb, category, chinese = one.item.key
                number = one.item.held.pk if one.item.held else None
                save_text(
                    actor=self.actor, verb=verb, category=category, zh=chinese, en=one.item.english, text_id=number
                )

    def finish(self) -> Mapping[str, Any]:
        """Nothing is left to do."""
        return {}
