"""What is told to terminals: queued, sent by the gateway, and over with the terminal's own answer, or in time."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from core import clock
from core.errors import Forbidden, Invalid, NotFound
from core.scope import Actor, machine
from journal import actions as journal
from telemetry.contracts import DownlinkNews, DownlinkState, Protocol
from telemetry.models import Device, Downlink
from telemetry.selectors.devices import visible_to

GATEWAY: Actor = machine("telemetry:gateway", "admin", label="Gateway")
TEXT, PARAMETERS, WHERE, TRACK = 0x8300, 0x8103, 0x8201, 0x8202
OPEN = (DownlinkState.QUEUED, DownlinkState.SENT)
LONGEST_TEXT, MOST_PARAMETERS = 499, 50
COMMANDING = ("admin", "desk", "command.city", "command.district")
AGAIN_AFTER, MOST_TRIES = timedelta(seconds=60), 5


class ToSend(NamedTuple):
    """One thing to be told to a terminal that is connected."""

    id: int
    device_id: int
    message: int
    body: Mapping[str, Any]


@transaction.atomic
def tell(
    code: str, *, message: int, body: Mapping[str, Any], key: str, actor: Actor, lifetime_s: int = 3600
) -> Downlink:
    """The terminal of the device is told it as soon as it is connected; the same key tells it once.

    NotFound for a device that the actor may not see, Forbidden without a duty to command over its place.
    """
    device = visible_to(actor).select_related("terminal").filter(code=code).first()
    if device is None:
        raise NotFound("telemetry.no_device", device=code)
    if not any(actor.may(right, org=device.organisation, area=device.area) for right in COMMANDING):
        raise Forbidden("telemetry.not_commander")
    if device.terminal.protocol != Protocol.JT808:
        raise Invalid("telemetry.cannot_be_told", device=code)
    now = clock.now()
    row, made = Downlink.objects.get_or_create(
        key=f"{device.pk}:{key}"[:80],
        defaults={
            "device": device, "message": message, "body": _checked(message, body), "queued_at": now,
            "queued_by": actor.key, "expires_at": now + timedelta(seconds=lifetime_s),
        },
    )  # fmt: skip
    if made:
        _record("telemetry.downlink_queued.v1", row, device, actor)
    return row


def _checked(message: int, body: Mapping[str, Any]) -> dict[str, Any]:
    if message == TEXT:
        text, flags = str(body.get("text", "")).strip(), body.get("flags", 0b1100)
        told = all(letter.isprintable() or letter == "\n" for letter in text)
        if not told or not 0 < len(text.encode("gb18030", "replace")) <= LONGEST_TEXT or flags not in range(256):
            raise Invalid("telemetry.bad_downlink_text", most=LONGEST_TEXT)
        return {"text": text, "flags": flags}
    if message == PARAMETERS:
        return _parameters(body)
    if any(not isinstance(value, int) or value not in range(2**31) for value in body.values()):
        raise Invalid("telemetry.bad_parameters")
    return dict(body)


def _parameters(body: Mapping[str, Any]) -> dict[str, Any]:
    """Values by id, both in hex."""
    if not 0 < len(body) <= MOST_PARAMETERS:
        raise Invalid("telemetry.bad_parameters")
    values = {}
    for name, value in body.items():
        if not re.fullmatch("[0-9a-f]{1,8}", str(name)) or not re.fullmatch("([0-9a-f]{2}){0,255}", str(value)):
            raise Invalid("telemetry.bad_parameters")
        values[str(name)] = str(value)
    return values


def _record(kind: str, row: Downlink, device: Device, actor: Actor) -> None:
    news = DownlinkNews(device=device.code, downlink=row.pk, message=f"{row.message:04x}", state=row.state)
    journal.record(kind, subject=device.code, actor=actor, org=device.organisation, area=device.area, data=news)


@transaction.atomic
def take_downlinks(device_ids: Iterable[int], *, now: datetime) -> list[ToSend]:
    """What waits for these devices counts as sent; what was sent and not answered is taken again, so often."""
    rows = Downlink.objects.select_for_update(skip_locked=True).filter(device__in=list(device_ids), state__in=OPEN)
    taken = []
    for row in rows.filter(expires_at__gt=now).order_by("id"):
        if row.state == DownlinkState.SENT and row.sent_at is not None and row.sent_at > now - AGAIN_AFTER:
            continue
        if row.tries >= MOST_TRIES:
            continue
        row.state, row.sent_at, row.tries = DownlinkState.SENT, now, row.tries + 1
        row.save(update_fields=["state", "sent_at", "tries"])
        taken.append(ToSend(row.pk, row.device_id, row.message, row.body))
    return taken


@transaction.atomic
def end_downlink(pk: int, *, state: DownlinkState, now: datetime) -> None:
    """The terminal has answered for it; an end that is known stays."""
    row = Downlink.objects.select_for_update(of=("self",)).select_related("device").filter(pk=pk).first()
    if row is None or row.state not in OPEN:
        return
    row.state, row.ended_at = state, now
    row.save(update_fields=["state", "ended_at"])
    _record("telemetry.downlink_ended.v1", row, row.device, GATEWAY)


@transaction.atomic
def expire_downlinks(*, now: datetime) -> int:
    """What nobody answered in its time is over; answers how many."""
    rows = Downlink.objects.select_for_update(skip_locked=True, of=("self",)).select_related("device")
    late = list(rows.filter(state__in=OPEN, expires_at__lte=now).order_by("id")[:500])
    for row in late:
        row.state, row.ended_at = DownlinkState.EXPIRED, now
        row.save(update_fields=["state", "ended_at"])
        _record("telemetry.downlink_ended.v1", row, row.device, GATEWAY)
    return len(late)
