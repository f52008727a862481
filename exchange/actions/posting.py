"""What is to leave the house becomes rows, in the transaction of whatever brought it; Redis only wakes who sends."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from core import clock
from core.languages import short
from exchange.adapters import queue
from exchange.contracts.sendings import PERSONAL, Channel, SendingState
from exchange.models import Contact, Endpoint, InboxPreference, Message, Sending
from exchange.rules.sendings import covers, offered_kinds, quiet_until, told_of
from journal.contracts import EntryView


@transaction.atomic
def send_entry(entry: EntryView) -> int:
    """Every webhook that asked for this kind, on whose ground it lies, has it on its way, once; answers how many."""
    if entry.kind not in offered_kinds():
        return 0
    wanted = Endpoint.objects.filter(channel=Channel.WEBHOOK, enabled=True, kinds__contains=[entry.kind])
    return put([for_entry(one, entry) for one in wanted if covers(one.org, one.area, entry)])


def for_entry(endpoint: Endpoint, entry: EntryView) -> Sending:
    """The entry on its way to a webhook."""
    return Sending(
        endpoint=endpoint, key=f"entry:{entry.id}", entry=entry.id, kind=entry.kind, subject=entry.subject[:120],
        payload=told_of(entry, thin=endpoint.settings.get("payload") == "thin"), due_at=clock.now(),
    )  # fmt: skip


def send_message(
    message: Message, entry: EntryView, told: Collection[int], preferred: Mapping[int, InboxPreference], *, urgent: bool
) -> None:
    """Robots that write of this occasion, and those of the people told who want it so, have it on its way too."""
    robots = Q(channel=Channel.ROBOT, kinds__contains=[message.occasion])
    used = list(Endpoint.objects.filter(robots | Q(channel__in=PERSONAL), enabled=True))
    rows = [
        _sending(one, message, "zh", urgent=urgent)
        for one in used
        if one.channel == Channel.ROBOT and covers(one.org, one.area, entry)
    ]
    by_channel = {one.channel: one for one in used if one.channel in PERSONAL}
    wants = {
        one: {channel for channel in preferred[one].channels.get(message.occasion, ()) if channel in by_channel}
        for one in told
        if one in preferred
    }
    if any(wants.values()):
        rows += _to_people(by_channel, message, wants, preferred, urgent=urgent)
    put(rows)


def _to_people(
    by_channel: Mapping[str, Endpoint], message: Message, wants: Mapping[int, set[str]],
    preferred: Mapping[int, InboxPreference], *, urgent: bool,
) -> list[Sending]:  # fmt: skip
    people = [one for one, channels in wants.items() if channels]
    verified = Contact.objects.filter(user_id__in=people, verified_at__isnull=False).select_related("user")
    rows = []
    for contact in verified.order_by("pk"):
        if contact.channel not in wants[contact.user_id]:
            continue
        told = short(contact.user.language)
        row = _sending(by_channel[contact.channel], message, told, urgent=urgent, user_id=contact.user_id)
        hold(row, None if urgent else preferred[contact.user_id])
        rows.append(row)
    return rows


def _sending(
    endpoint: Endpoint, message: Message, language: str, *, urgent: bool, user_id: int | None = None
) -> Sending:
    payload = {
        "title": message.titles.get(language, ""),
        "body": message.bodies.get(language, ""),
        "link": f"{settings.PUBLIC_URL.rstrip('/')}{message.href}" if settings.PUBLIC_URL else "",
    }
    return Sending(
        endpoint=endpoint, key=f"message:{message.pk}:{user_id or ''}", entry=message.entry, kind=message.occasion,
        subject=message.subject, message=message, user_id=user_id, payload=payload, urgent=urgent, due_at=clock.now(),
    )  # fmt: skip


def hold(row: Sending, preferred: InboxPreference | None) -> None:
    """A sending that would disturb somebody waits for the end of their quiet hours, by the clock of the city."""
    until = quiet_end(row.due_at, preferred)
    if until is not None:
        row.state, row.due_at = SendingState.HELD, until


def quiet_end(moment: datetime, preferred: InboxPreference | None) -> datetime | None:
    """When the quiet hours end that hold at a moment; None where they do not hold, or nobody asked for any."""
    if preferred is None:
        return None
    return quiet_until(timezone.localtime(moment), preferred.quiet_from, preferred.quiet_until)


def put(rows: Iterable[Sending]) -> int:
    """The rows are there, each once however often it is brought; whoever sends is woken when they can be read."""
    made = list(rows)
    if not made:
        return 0
    before = _count(made)
    Sending.objects.bulk_create(made, ignore_conflicts=True)
    wake()
    return _count(made) - before


def _count(rows: list[Sending]) -> int:
    """How many stand already by these endpoints and keys, in one query however many endpoints there are."""
    endpoints, keys = {row.endpoint_id for row in rows}, {row.key for row in rows}
    return Sending.objects.filter(endpoint__in=endpoints, key__in=keys).count()


def wake() -> None:
    """Whoever sends looks now, once this is committed; where Redis is away they look by themselves, seconds later."""
    if not any(hook[1] is queue.wake_senders for hook in connection.run_on_commit):
        transaction.on_commit(queue.wake_senders, robust=True)


def plain(endpoint: Endpoint, kind: str, key: str, payload: Mapping[str, Any], **more: Any) -> Sending:
    """A sending of nothing that happened in the city: a ping, a code."""
    return Sending(endpoint=endpoint, key=key, kind=kind, payload=dict(payload), due_at=clock.now(), **more)
