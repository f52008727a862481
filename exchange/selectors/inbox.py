"""Somebody's inbox: their messages and no one else's; and how far the messages about a subject have come."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from core.errors import Invalid
from core.scope import Actor
from exchange.contracts.messages import Reached, Sent, Told
from exchange.contracts.sendings import CHANNEL_NAMES, Channel
from exchange.models import Delivery, InboxPreference, Message, Sending

MOST = 100
_CURSOR = re.compile(r"([ur])([1-9][0-9]{0,17})")


class InboxPage(NamedTuple):
    """A page of an inbox, and the key of the next one, "" after the last."""

    rows: list[Delivery]
    after: str


def inbox(actor: Actor) -> QuerySet[Delivery]:
    """The messages of the actor; a machine and nobody have none."""
    return Delivery.objects.filter(user_id=actor.user_id or 0).select_related("message")


def unread(actor: Actor) -> int:
    """How many messages the actor has not read."""
    return Delivery.objects.filter(user_id=actor.user_id or 0, read_at=None).count()


def inbox_page(
    actor: Actor, *, occasion: str = "", only_unread: bool = False, after: str = "", limit: int = 30
) -> InboxPage:
    """The unread messages, newest first, and then the read ones; `after` is what the page before answered."""
    found = inbox(actor).order_by("-id")
    if occasion:
        found = found.filter(message__occasion=occasion)
    state, below = _place(after)
    rows: list[Delivery] = []
    if state == "u":
        waiting = found.filter(read_at=None)
        rows = list((waiting.filter(pk__lt=below) if below else waiting)[: limit + 1])
    if len(rows) <= limit and not only_unread:
        read = found.exclude(read_at=None)
        if state == "r" and below:
            read = read.filter(pk__lt=below)
        rows += list(read[: limit + 1 - len(rows)])
    more = len(rows) > limit
    return InboxPage(rows[:limit], _key(rows[limit - 1]) if more else "")


def _place(after: str) -> tuple[str, int]:
    if not after:
        return "u", 0
    found = _CURSOR.fullmatch(after)
    if found is None:
        raise Invalid("message.bad_filter", filter="after", value=after[:40])
    return found[1], int(found[2])


def _key(row: Delivery) -> str:
    return f"{'r' if row.read_at else 'u'}{row.pk}"


def preferences(user_ids: Iterable[int]) -> dict[int, InboxPreference]:
    """What these people prefer, as far as they ever said."""
    return {row.user_id: row for row in InboxPreference.objects.filter(user_id__in=list(user_ids))}


def preference(actor: Actor) -> InboxPreference:
    """What the actor prefers; unsaved where they never said: everything, at any hour."""
    user_id = actor.user_id or 0
    return preferences([user_id]).get(user_id) or InboxPreference(user_id=user_id)


def told_about(subject: str, limit: int = 50) -> list[Told]:
    """The newest messages about a subject and whom they reached; the caller knows that the reader may see it."""
    rows = Message.objects.filter(subject=subject).order_by("-id").prefetch_related("deliveries__user")
    told = list(rows[:limit])
    sent: dict[int, list[Sent]] = {}
    left = Sending.objects.filter(subject=subject, message__in=[row.pk for row in told])
    for one in left.select_related("endpoint", "user").order_by("pk"):
        sent.setdefault(one.message_id or 0, []).append(_sent(one))
    return [
        Told(row.occasion, row.titles, row.at, tuple(map(_reached, row.deliveries.all())), tuple(sent.get(row.pk, ())))
        for row in told
    ]


def partners_told(subject: str, limit: int = 50) -> list[Sent]:
    """What partners were sent about a subject, newest first; the caller knows that the reader may see it."""
    rows = Sending.objects.filter(subject=subject, endpoint__channel=Channel.WEBHOOK).select_related("endpoint", "user")
    return [_sent(row) for row in rows.order_by("-pk")[:limit]]


def _sent(row: Sending) -> Sent:
    to = row.user.get_full_name() if row.user else row.endpoint.name
    code, params = row.failure.get("code", ""), row.failure.get("params", {})
    names = CHANNEL_NAMES[Channel(row.endpoint.channel)]
    return Sent(row.endpoint.channel, names, to, row.state, row.ended_at or row.due_at, code, params)


def _reached(row: Delivery) -> Reached:
    return Reached(row.user.get_full_name(), row.delivered_at, row.read_at, row.silent)
