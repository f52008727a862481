"""Devices are registered and changed; their terminals register themselves, by a code that is kept only as a hash."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import transaction

from accounts import selectors as accounts
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Actor
from journal import actions as journal
from telemetry.contracts import DeviceNews, NewDevice, Protocol
from telemetry.models import Device, Terminal, TerminalModel
from telemetry.rules.devices import same_plate, same_word

OK, VEHICLE_TAKEN, NO_VEHICLE, TERMINAL_TAKEN, NO_TERMINAL = range(5)
"""The results of 0x8100."""
UNKNOWN_PLATES = frozenset({"", "0"})


class Registered(NamedTuple):
    """What a terminal that registers is answered; the code only with the result 0."""

    result: int
    code: str = ""
    device: str = ""


def hash_of(code: str) -> str:
    """What is kept of a code."""
    return sha256(code.encode()).hexdigest()


def record(kind: str, device: Device, actor: Actor, detail: str = "") -> None:
    """The journal tells it to those who look after the place."""
    protocol = device.terminal.protocol
    news = DeviceNews(device=device.code, kind=device.kind, protocol=protocol, detail=detail)
    journal.record(kind, subject=device.code, actor=actor, org=device.organisation, area=device.area, data=news)


@transaction.atomic
def add_device(wish: NewDevice, *, actor: Actor) -> Device:
    """The device stands in the register, and a terminal that calls itself so may register for it.

    Forbidden without the right `admin` over its place; Conflict for a code or an address in use.
    """
    organisation = accounts.organisation(wish.organisation).path if wish.organisation else ""
    if not actor.may("admin", org=organisation, area=wish.area):
        raise Forbidden("telemetry.not_device_keeper")
    if Device.objects.filter(code=wish.code).exists():
        raise Conflict("telemetry.device_exists", device=wish.code)
    if Terminal.objects.filter(protocol=wish.protocol, address=wish.address).exists():
        raise Conflict("telemetry.address_taken", address=wish.address)
    device = Device.objects.create(
        code=wish.code, names=dict(wish.names), kind=wish.kind, organisation=organisation, area=wish.area,
        interval_s=wish.interval_s, enabled_from=wish.enabled_from, enabled_until=wish.enabled_until,
        created_at=clock.now(), created_by=actor.key,
    )  # fmt: skip
    Terminal.objects.create(
        device=device, protocol=wish.protocol, address=wish.address, model=_model(wish.model), plate=wish.plate,
        plate_colour=wish.plate_colour, terminal_id=wish.terminal_id,
    )  # fmt: skip
    record("telemetry.device_added.v1", device, actor)
    return device


def _model(code: str) -> TerminalModel | None:
    if not code:
        return None
    found = TerminalModel.objects.filter(code=code).first()
    if found is None:
        raise Invalid("telemetry.no_model", model=code)
    return found


@transaction.atomic
def switch_device(code: str, *, enabled: bool, actor: Actor) -> Device:
    """The device may report from now on, or may not any more; its terminal is then refused at its next word."""
    device = Device.objects.select_for_update().filter(code=code).first()
    if device is None or not actor.may("admin", org=device.organisation, area=device.area):
        raise NotFound("telemetry.no_device", device=code)
    now = clock.now()
    if enabled:
        device.enabled_until = None
        device.enabled_from = min(device.enabled_from, now) if device.enabled_from else None
    elif device.enabled_from and device.enabled_from >= now:
        device.enabled_from, device.enabled_until = None, now
    else:
        device.enabled_until = now
    device.save(update_fields=["enabled_from", "enabled_until"])
    record("telemetry.device_changed.v1", device, actor, "switched_on" if enabled else "switched_off")
    return device


@transaction.atomic
def put_model(code: str, *, vendor: str, io_map: Mapping[str, Any], actor: Actor) -> TerminalModel:
    """What the bits and vendor items of a model of terminal mean stands as given."""
    if not actor.may("admin"):
        raise Forbidden("telemetry.not_device_keeper")
    model, _made = TerminalModel.objects.update_or_create(
        code=code, defaults={"vendor": vendor, "io_map": dict(io_map)}
    )
    return model


@transaction.atomic
def follow_organisations() -> int:
    """Devices stand under the present paths of their organisations; answers how many had to follow."""
    return sum(
        Device.objects.filter(organisation=before).update(organisation=after)
        for before, after in accounts.moved_paths().items()
    )


@transaction.atomic
def register_terminal(
    addresses: Sequence[str], *, plate: str, terminal_id: str, now: datetime, actor: Actor
) -> Registered:
    """The terminal that calls itself so has a new random code, where phone, plate and id are those of the register.

    A register without an id takes the one that the terminal tells first.
    """
    rows = Terminal.objects.select_for_update(of=("self",)).select_related("device")
    found = rows.filter(protocol=Protocol.JT808, address__in=addresses).first()
    if found is None or not enabled(found.device, now):
        return Registered(NO_TERMINAL)
    if found.plate and plate not in UNKNOWN_PLATES and not same_plate(plate, found.plate):
        return Registered(NO_VEHICLE)
    if found.plate and plate in UNKNOWN_PLATES:
        return Registered(NO_VEHICLE)
    if found.terminal_id and not same_word(terminal_id, found.terminal_id):
        return Registered(VEHICLE_TAKEN if found.secret_hash else NO_TERMINAL)
    code = secrets.token_urlsafe(24)
    found.terminal_id = found.terminal_id or terminal_id[:40]
    found.secret_hash, found.registered_at = hash_of(code), now
    found.save(update_fields=["terminal_id", "secret_hash", "registered_at"])
    record("telemetry.device_registered.v1", found.device, actor)
    return Registered(OK, code, found.device.code)


def enabled(device: Device, now: datetime) -> bool:
    """Whether the device may report at that moment."""
    begun = device.enabled_from is None or device.enabled_from <= now
    return begun and (device.enabled_until is None or now < device.enabled_until)
