"""Files of the city's own general rules: of a duty, for the whole city."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cases.actions.general_rules import bring_general, draft_general, end_general_on, save_general
from cases.actions.looking import one_at_a_time
from cases.actions.responsibility import RULES_LOCK
from cases.actions.rule_files import Act, Key, Plan, RuleFile, Wish, text_in
from cases.models import Responsibility
from cases.selectors import Replay, city_rules, general_rules, general_told, organisation_kinds, replay_brought_general
from core import clock
from core.scope import Actor
from core.versions import version_of
from core.written import listed
from exchange.contracts import Row

LEVELS = {"市": "city", "区": "district", "街道": "street", "社区": "community"}


class GeneralRules(RuleFile[Responsibility]):
    """One file of general rules of the city being taken; what packs say is not in such files."""

    names = ("duty",)
    fields = {
        "responsibility.bad_duty": "duty", "responsibility.unknown_level": "level",
        "responsibility.unknown_kind": "kind", "responsibility.needs_names": "name",
        "class.unknown_duty": "cooperating",
        "responsibility.helps_itself": "cooperating", "case.needs_reason": "reason", "case.text_too_long": "reason",
        "case.bad_text": "reason", "responsibility.in_the_past": "valid_from",
        "responsibility.ends_before_it_begins": "valid_until",
    }  # fmt: skip
    fallback, follows, crossed = "duty", "responsibility.general_follows", "responsibility.general_rows_overlap"
    ended, held_then = "responsibility.general_ends_in_the_past", "responsibility.general_held_then"

    def __init__(self, options: Mapping[str, str], *, actor: Actor) -> None:
        self._kinds = {name: code for code, names in organisation_kinds().items() for name in names.values()}
        super().__init__(options, actor=actor)

    def _standing(self) -> Iterable[Responsibility]:
        return city_rules()

    def _place(self, rule: Responsibility) -> Key:
        return (rule.duty,)

    def _key(self, row: Row) -> Key:
        return (text_in(row, "duty"),)

    def _words(self, row: Row) -> dict[str, Any]:
        kind, level = text_in(row, "kind"), text_in(row, "level")
        return {
            "names": {"zh": text_in(row, "name"), "en": text_in(row, "name_en")},
            "kind": self._kinds.get(kind, kind),
            "by": LEVELS.get(level, level),
            "cooperating": list(dict.fromkeys(listed(text_in(row, "cooperating")))),
            "arbiter": list(dict.fromkeys(self._kinds.get(one, one) for one in listed(text_in(row, "arbiter")))),
            "reason": text_in(row, "reason"),
        }

    def _said(self, rule: Responsibility) -> Mapping[str, Any]:
        return {
            "names": rule.names, "kind": rule.kind, "by": rule.by, "cooperating": list(rule.cooperating),
            "arbiter": list(rule.arbiter), "reason": rule.reason,
        }  # fmt: skip

    def _draft(self, wish: Wish, *, begins: datetime | None, brought: bool) -> tuple[Responsibility, Replay]:
        [duty] = wish.key
        draft = draft_general(
            actor=self.actor, duty=duty, valid_from=begins or clock.now(), valid_until=wish.ends, brought=brought,
            along={known for (known,) in self._by_key}, **wish.words,
        )  # fmt: skip
        return draft, replay_brought_general(draft)

    def _carry_out(self, plan: Plan[Responsibility]) -> None:
        one_at_a_time(RULES_LOCK)
        draft, held = plan.draft, plan.held
        if held:
            end_general_on(held.pk, until=plan.until, actor=self.actor, reason=self.reason)
        elif draft and plan.act is Act.BRING:
            bring_general(draft, actor=self.actor)
        elif draft:
            entry = next(iter(general_rules(draft.duty)), None)
            version = version_of(general_told(entry.newest)) if entry else None
            save_general(draft, actor=self.actor, seen=None, version=version)
