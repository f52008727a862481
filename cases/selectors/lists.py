"""Lists beside that of cases, as people take them away: requests, what rules dispatched, what was passed around."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import selectors as accounts
from cases.contracts import Shirking
from cases.models import AutoDispatch, Case, DispatchRule, Request, words
from cases.rules import MOST_TYPED
from cases.selectors.dispatching import auto_dispatches
from cases.selectors.filter_words import Said
from cases.selectors.requests import USUAL_QUEUE, request_queue
from cases.selectors.shirking import RECENT_DAYS, facts_about, shirked_lately
from core import clock
from core.errors import Forbidden, Invalid
from core.languages import pick
from core.scope import Actor
from core.written import plain
from exchange.contracts.exports import ListRow
from exchange.selectors import QueryList

BY, AT_ONCE, PLACES = "organisation", 2_000, 1_000
"""No case is returned by so many organisations: a key is that of its case with a place behind it."""


class RequestList(QueryList):
    """The requests of a queue of the page, with what was asked, by whom, and what became of it."""

    name = "requests"
    names: Mapping[str, str] = {"zh": "申请", "en": "Requests"}
    fields: Mapping[str, Any] = {
        "case": "case__number", "class": "case__category__code", "class_zh": "case__category__names__zh",
        "class_en": "case__category__names__en", "district": "case__district", "area": "case__area",
        "organisation": "case__org", "kind": "kind", "ground": "ground", "ground_zh": "ground_names__zh",
        "ground_en": "ground_names__en", "reason": "reason", "minutes": "minutes", "until": "until", "state": "state",
        "asked_by": "asked_label", "asked_organisation": "asked_org", "asked_at": "asked_at", "signed": "signed",
        "signatures": "chain", "next_duty": "next_duty", "decided_by": "decided_label", "decided_at": "decided_at",
        "answer": "answer", "used_at": "used_at",
    }  # fmt: skip
    offices = ("organisation", "asked_organisation")
    shape = "case__point"
    asked: Mapping[str, Any] = {"queue": words.FILTER_NAMES["queue"]}

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[Request]:
        """Without a queue it is the first of the page: what waits for one's own signature."""
        if not actor.holds("case.see"):
            raise Forbidden("case.no_page")
        return request_queue(actor, options.get("queue", USUAL_QUEUE))

    def finish(self, every: Sequence[dict[str, Any]]) -> None:
        """Of the chain how many must sign."""
        for told in every:
            told["signatures"] = len(told["signatures"])

    def words(self, every: Sequence[Mapping[str, str]]) -> Mapping[str, Mapping[str, Any]]:
        """The queues as the page calls them."""
        return {"queue": words.REQUEST_QUEUE_NAMES}


class AutoDispatchList(QueryList):
    """What the rules of automatic dispatch did in the days of the page: sent, came back, or left to people and why."""

    name = "automatic_dispatches"
    names: Mapping[str, str] = {"zh": "自动派遣记录", "en": "What the rules of dispatch did"}
    fields: Mapping[str, Any] = {
        "case": "case__number", "class": "case__category__code", "district": "case__district", "area": "case__area",
        "organisation": "organisation", "rule": "rule__name", "reason": "rule__reason", "code": "code",
        "came_back": "back", "at": "at",
    }  # fmt: skip
    asked: Mapping[str, Any] = {"kind": pgettext_lazy("filter", "What happened"), "rule": _("Rule")}

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[AutoDispatch]:
        """Of one kind, or by one rule, or all."""
        if not actor.holds("case.see"):
            raise Forbidden("case.no_page")
        kind, rule = options.get("kind", ""), options.get("rule", "")
        if kind not in ("", *words.DISPATCH_KINDS):
            raise Invalid("case.bad_filter", filter="kind", value=kind[:60])
        if rule and not (rule.isascii() and rule.isdigit() and len(rule) < 19):
            raise Invalid("case.bad_filter", filter="rule", value=rule[:60])
        return auto_dispatches(actor, RECENT_DAYS, kind, int(rule) if rule else None)

    def words(self, every: Sequence[Mapping[str, str]]) -> Mapping[str, Mapping[str, Any]]:
        """The kinds as the page calls them, and the rules by name."""
        asked = {int(one["rule"]) for one in every if one.get("rule")}
        rules = DispatchRule.objects.filter(pk__in=asked) if asked else ()
        return {"kind": words.DISPATCH_KINDS, "rule": {str(row.pk): row.name for row in rules}}


class ShirkingList:
    """Who passed which case on and why, of the cases that were found shirked in the days of the page."""

    name = "shirking"
    names: Mapping[str, str] = {"zh": "推诿案件", "en": "Cases passed around"}
    columns: tuple[str, ...] = (
        "case", "class", "district", "area", "organisation", "organisation_zh", "organisation_en", "reason",
        "returned_at", "shirked_at", "exempt", "kind",
    )  # fmt: skip
    typed: frozenset[str] = frozenset()

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """Who sees cases sees which of them were passed around."""
        if not actor.holds("case.see"):
            raise Forbidden("case.no_page")
        for name, value in options.items():
            if name != BY:
                raise Invalid("case.unknown_filter", filter=name[:60])
            if "\x00" in value or len(value) > MOST_TYPED:
                raise Invalid("case.bad_filter", filter=name, value=value[:60].replace("\x00", ""))

    def said(self, every: Sequence[Mapping[str, str]]) -> list[Said]:
        """Whose returns, in the words of the reader."""
        names = _organisations() if any(every) else {}
        return [[(words.FILTER_NAMES["org"], pick(names.get(code)) or code) for code in one.values()] for one in every]

    def count(self, options: Mapping[str, str], *, actor: Actor) -> int:
        """All returns, read so many cases at a time."""
        found, below = 0, None
        while cases := self._cases(actor, below):
            found, below = found + len(_by(options, facts_about(cases, _since()))), cases[-1].pk
        return found

    def batch(self, options: Mapping[str, str], *, actor: Actor, below: int | None, most: int) -> list[ListRow]:
        """The returns of whole cases, by falling key of the case; so many cases at a time until one has such."""
        last = None if below is None else below // PLACES
        while cases := self._cases(actor, last, most):
            last = cases[-1].pk
            if found := _by(options, facts_about(cases, _since())):
                return _shirked(found, {case.number: case.pk for case in cases})
        return []

    def _cases(self, actor: Actor, below: int | None, most: int = AT_ONCE) -> list[Case]:
        rows = shirked_lately(actor, RECENT_DAYS)
        return list((rows if below is None else rows.filter(pk__lt=below)).order_by("-pk")[:most])


def _since() -> datetime:
    return clock.now() - timedelta(days=RECENT_DAYS)


def _by(options: Mapping[str, str], found: Iterable[Shirking]) -> list[Shirking]:
    return [one for one in found if options.get(BY, "") in ("", one.organisation)]


def _shirked(found: Sequence[Shirking], keys: Mapping[str, int]) -> list[ListRow]:
    zone, names, rows = get_current_timezone(), _organisations(), list[ListRow]()
    left = Counter(one.number for one in found)
    for one in found:
        left[one.number] -= 1
        called = names.get(one.organisation, {})
        told = {
            "case": one.number, "class": one.category, "district": one.district, "area": one.area,
            "organisation": one.organisation, "organisation_zh": called.get("zh", ""),
            "organisation_en": called.get("en", ""), "reason": one.reason, "returned_at": one.returned_at,
            "shirked_at": one.shirked_at, "exempt": one.exempt, "kind": one.kind,
        }  # fmt: skip
        written = {name: plain(value, zone) for name, value in told.items()}
        rows.append(ListRow(keys[one.number] * PLACES + left[one.number], written, None))
    return rows


def _organisations() -> dict[str, Mapping[str, str]]:
    return dict(accounts.organisations().values_list("code", "names"))
