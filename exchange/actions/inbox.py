"""The inbox: entries become messages for those they concern; people read them and say what they want to be told."""

from collections.abc import Collection, Iterable, Mapping
from datetime import time
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import selectors as accounts
from core import clock
from core.errors import Forbidden, Invalid, NotFound
from core.scope import Actor, machine
from exchange import selectors
from exchange.actions.posting import send_message
from exchange.contracts.messages import (
    INBOX_PREFERRED,
    MESSAGE_ARRIVED,
    MESSAGES_READ,
    InboxPreferred,
    MessageArrived,
    MessagesRead,
    Tidings,
    occasions,
    tidings_of,
)
from exchange.contracts.sendings import PERSONAL
from exchange.models import Delivery, InboxPreference, Message, MessageTemplate
from exchange.rules.messages import KEEP_READ, KEEP_UNREAD, TOO_OLD, is_quiet, unknown, written
from journal import actions as journal
from journal.contracts import EntryView

POSTMAN = machine("rule:messages")
FORGET_AT_ONCE = 5000


@transaction.atomic
def tell_people(entry: EntryView) -> int:
    """Whoever the entry concerns has one message of it, however often it is brought; answers how many are new.

    News of days ago is told to nobody: it would only be noise.
    """
    if clock.now() - entry.at > TOO_OLD:
        return 0
    return sum(_tell(entry, tidings) for tidings in tidings_of(entry))


def _tell(entry: EntryView, tidings: Tidings) -> int:
    template = selectors.template_in_force(tidings.occasion)
    if template is None:
        return 0
    people = _who(entry, tidings)
    if not people:
        return 0
    message = _message(entry, tidings, template)
    now = clock.now()
    hour = timezone.localtime(now).time()
    preferred = selectors.preferences(people)
    rows = [
        Delivery(
            message=message,
            entry=entry.id,
            user_id=one,
            delivered_at=now,
            silent=not template.urgent and _silent(preferred.get(one), hour),
        )
        for one in people
        if one not in preferred or tidings.occasion not in preferred[one].muted
    ]
    Delivery.objects.bulk_create(rows)
    send_message(message, entry, [row.user_id for row in rows], preferred, urgent=template.urgent)
    for silent in (False, True):
        heard = [row.user_id for row in rows if row.silent is silent]
        if heard:
            news = MessageArrived(message.pk, tidings.occasion, silent)
            journal.record(MESSAGE_ARRIVED, subject=f"message:{message.pk}", actor=POSTMAN, data=news, user_ids=heard)
    return len(rows)


def _who(entry: EntryView, tidings: Tidings) -> list[int]:
    """Those it concerns who work here, may see what it is about, did not do it themselves and were not told yet."""
    told = set(Delivery.objects.filter(entry=entry.id).values_list("user_id", flat=True))
    actors = accounts.actors(set(tidings.people) - told)
    return sorted(one for one, actor in actors.items() if actor.key != entry.actor and tidings.sees(actor))


def _message(entry: EntryView, tidings: Tidings, template: MessageTemplate) -> Message:
    message, _made = Message.objects.get_or_create(
        entry=entry.id,
        occasion=tidings.occasion,
        key=tidings.key,
        defaults={
            "version": template.version,
            "subject": entry.subject,
            "titles": written(template.titles, tidings.values),
            "bodies": written(template.bodies, tidings.values),
            "href": tidings.href,
            "at": entry.at,
        },
    )
    return message


def _silent(preferred: InboxPreference | None, hour: time) -> bool:
    return preferred is not None and is_quiet(hour, preferred.quiet_from, preferred.quiet_until)


@transaction.atomic
def read_message(pk: int, *, actor: Actor) -> Delivery:
    """The actor has read this message of theirs; NotFound for anybody else's."""
    row = selectors.inbox(actor).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise NotFound("message.none", number=pk)
    if row.read_at is None:
        row.read_at = clock.now()
        row.save(update_fields=["read_at"])
        _tell_read(actor, 1)
    return row


@transaction.atomic
def read_all(*, actor: Actor, occasion: str = "", up_to: int = 0) -> int:
    """The actor has read everything, or everything of one occasion; `up_to` spares what came after that message."""
    rows = Delivery.objects.filter(user_id=actor.user_id or 0, read_at=None)
    if occasion:
        rows = rows.filter(message__occasion=occasion)
    if up_to:
        rows = rows.filter(pk__lte=up_to)
    locked = list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=locked).update(read_at=clock.now())
    if locked:
        _tell_read(actor, len(locked))
    return len(locked)


def _tell_read(actor: Actor, count: int) -> None:
    news = MessagesRead(count, selectors.unread(actor))
    journal.record(MESSAGES_READ, subject=f"inbox:{actor.user_id}", actor=actor, data=news, user_id=actor.user_id)


@transaction.atomic
def prefer(
    *, actor: Actor, muted: Collection[str] = (), quiet_from: time | None = None, quiet_until: time | None = None,
    channels: Mapping[str, Collection[str]] | None = None,
) -> InboxPreference:  # fmt: skip
    """The actor is told of everything but these occasions, silently between these times, and by these channels too.

    `channels` names for each occasion what it goes out by besides the inbox; None leaves that as it was.
    """
    if actor.user_id is None:
        raise Forbidden("message.no_inbox")
    if strange := unknown(muted, occasions()):
        raise Invalid("message.no_occasion", code=strange[0][:60])
    if (quiet_from is None) != (quiet_until is None) or (quiet_from is not None and quiet_from == quiet_until):
        raise Invalid("message.quiet_half")
    wanted: dict[str, Any] = {"muted": sorted(set(muted)), "quiet_from": quiet_from, "quiet_until": quiet_until}
    if channels is not None:
        wanted["channels"] = _channels(channels)
    row, _made = InboxPreference.objects.update_or_create(user_id=actor.user_id, defaults=wanted)
    news = InboxPreferred(tuple(row.muted), _hour(quiet_from), _hour(quiet_until))
    journal.record(INBOX_PREFERRED, subject=f"inbox:{actor.user_id}", actor=actor, data=news, user_id=actor.user_id)
    return row


def _channels(given: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    if strange := unknown(given, occasions()):
        raise Invalid("message.no_occasion", code=strange[0][:60])
    if strange := unknown({one for chosen in given.values() for one in chosen}, PERSONAL):
        raise Invalid("endpoint.no_channel", channel=strange[0][:20])
    return {occasion: sorted(set(chosen)) for occasion, chosen in given.items() if chosen}


def _hour(when: time | None) -> str:
    return when.strftime("%H:%M") if when else ""


@transaction.atomic
def forget_messages(limit: int = FORGET_AT_ONCE) -> int:
    """Messages read long ago, and those that nobody read for very long, are gone; answers how many deliveries."""
    now = clock.now()
    old = Q(read_at__lt=now - KEEP_READ) | Q(delivered_at__lt=now - KEEP_UNREAD)
    gone = list(Delivery.objects.filter(old).order_by("pk").values_list("pk", "message_id")[:limit])
    Delivery.objects.filter(pk__in=[pk for pk, _message in gone]).delete()
    _forget_empty({message for _pk, message in gone})
    return len(gone)


def _forget_empty(messages: Iterable[int]) -> None:
    Message.objects.filter(pk__in=list(messages), deliveries=None).delete()
