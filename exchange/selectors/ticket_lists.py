"""Tickets of partners, what was refused of them, and what was sent, as people take them away."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from core.languages import pick
from core.scope import Actor
from core.sentences import say
from exchange.contracts.hotline import desk
from exchange.contracts.sendings import SendingState
from exchange.models import Endpoint, Partner, PartnerTicket, Sending, TicketRefusal
from exchange.selectors.hotline import may_see_tickets, tickets_by
from exchange.selectors.lists import QueryList
from exchange.selectors.sendings import sendings_by

OF_PARTNER: Mapping[str, Any] = {
    "partner": "partner__code", "partner_zh": "partner__names__zh", "partner_en": "partner__names__en",
}  # fmt: skip


class TicketList(QueryList):
    """The tickets that the page lists, with how ours stand."""

    name = "tickets"
    names: Mapping[str, str] = {"zh": "热线工单", "en": "Hotline tickets"}
    fields: Mapping[str, Any] = {
        "ticket": "ticket", **OF_PARTNER, "given_class": "given_class", "state": "state", "problem": "troubled",
        "urged": "urged", "case": "subject", "told": "told", "their_deadline": "deadline", "score": "score",
        "scored_at": "scored_at", "first_at": "first_at", "changed_at": "changed_at",
    }  # fmt: skip
    told = ("our_deadline", "late")
    asked: Mapping[str, Any] = {"only": _("Show"), "partner": _("Partner"), "q": _("Number of ticket or case")}
    typed = frozenset({"q"})

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[PartnerTicket]:
        """Narrowed as the page is."""
        return tickets_by(actor, **{name: options.get(name, "") for name in self.asked})

    def finish(self, every: Sequence[dict[str, Any]]) -> None:
        """Our deadline, and whether it has passed, for all of them at once."""
        standings = desk().standings([told["case"] for told in every if told["case"]])
        for told in every:
            ours = standings.get(told["case"])
            told |= {"our_deadline": ours.due_at if ours else None, "late": ours.late if ours else None}

    def words(self, every: Sequence[Mapping[str, str]]) -> Mapping[str, Mapping[str, Any]]:
        """What the page calls its choices, and partners by name."""
        return {"only": SHOWN, "partner": _partners() if any("partner" in one for one in every) else {}}


SHOWN: Mapping[str, Any] = {
    "": _("All tickets"), "waiting": _("Waiting for a person"), "troubled": _("With problems"),
    "open": _("Open tickets"), "done": _("Ended tickets"),
}  # fmt: skip


def _partners() -> dict[str, str]:
    return {code: pick(names) for code, names in Partner.objects.values_list("code", "names")}


class RefusalList(QueryList):
    """What partners sent and was refused, as it began with what is personal masked."""

    name = "ticket_refusals"
    names: Mapping[str, str] = {"zh": "被拒收的工单消息", "en": "Messages about tickets that were refused"}
    fields: Mapping[str, Any] = {
        **OF_PARTNER, "code": "code", "times": "times", "first_at": "first_at", "last_at": "last_at",
        "excerpt": "excerpt",
    }  # fmt: skip

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[TicketRefusal]:
        """All of them."""
        may_see_tickets(actor)
        return TicketRefusal.objects.order_by("-pk")


CALLED = Coalesce(NullIf("user__label", Value("")), "user__username")
"""What others see somebody called."""


class SendingList(QueryList):
    """What was sent and is to be: to whom, how far it is and why not; never what it said."""

    name = "sendings"
    names: Mapping[str, str] = {"zh": "发送记录", "en": "What was sent"}
    fields: Mapping[str, Any] = {
        "uid": "uid", "what": "kind", "subject": "subject", "endpoint": "endpoint__name",
        "channel": "endpoint__channel", "to": CALLED, "address": "address",
        "state": "state", "attempts": "attempts", "status": "status", "failure": "failure__code", "urgent": "urgent",
        "made_at": "made_at", "due_at": "due_at", "ended_at": "ended_at",
    }  # fmt: skip
    asked: Mapping[str, Any] = {"state": _("State"), "endpoint": _("Endpoint"), "subject": _("Case or subject")}
    typed = frozenset({"subject"})

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[Sending]:
        """Narrowed as the page is."""
        return sendings_by(actor, options)

    def finish(self, every: Sequence[dict[str, Any]]) -> None:
        """A file knows no identifiers but text."""
        for told in every:
            told["uid"] = str(told["uid"])

    def words(self, every: Sequence[Mapping[str, str]]) -> Mapping[str, Mapping[str, Any]]:
        """States in words, endpoints by name."""
        asked = any("endpoint" in one for one in every)
        endpoints = {str(uid): name for uid, name in Endpoint.objects.values_list("uid", "name")} if asked else {}
        return {"state": {state: say(f"sending.state.{state}", {}) for state in SendingState}, "endpoint": endpoints}
