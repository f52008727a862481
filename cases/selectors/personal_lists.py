"""Who looked at personal data, and whose is to be erased, as overseers take it away: never a value of anybody."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from cases.contracts.personal import ERASE
from cases.models import PersonalAct, Reporter
from cases.selectors.personal import erasable_rows, looks_of
from core.scope import Actor
from exchange.selectors import QueryList

OF_CASE: Mapping[str, Any] = {
    "case": "case__number", "class": "case__category__code", "district": "case__district", "area": "case__area",
    "organisation": "case__org", "stage": "case__stage",
}  # fmt: skip


class LookList(QueryList):
    """Who looked at what and why, on the ground that the actor oversees."""

    name = "looks"
    names: Mapping[str, str] = {"zh": "个人信息查看记录", "en": "Looks at personal data"}
    fields: Mapping[str, Any] = {
        "at": "at", "who": "actor_label", "key": "actor", "ground": "ground", "reason": "note", **OF_CASE,
    }  # fmt: skip
    offices = ("organisation",)
    asked: Mapping[str, Any] = {"who": pgettext_lazy("looks", "Person")}
    typed = frozenset({"who"})

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[PersonalAct]:
        """Narrowed to a person by key, or by a part of the name."""
        return looks_of(actor, options.get("who", ""))


class ErasableList(QueryList):
    """The cases whose personal data the next run would erase."""

    name = "erasable"
    names: Mapping[str, str] = {"zh": "待清除个人信息的案件", "en": "Cases whose personal data is to be erased"}
    fields: Mapping[str, Any] = {**OF_CASE, "ended_at": "case__stage_since"}
    offices = ("organisation",)

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[Reporter]:
        """The whole of the trial run."""
        return erasable_rows(actor, ERASE)
