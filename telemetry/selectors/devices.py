"""Questions about devices: which there are on the actor's ground, where they were last, whose terminal calls."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from core.errors import NotFound
from core.querying import scope_q
from core.scope import Actor
from telemetry.adapters.counting import Counted, counted
from telemetry.contracts import SEE, DeviceKind, DownlinkState
from telemetry.models import Device, Downlink, Terminal

KINDS = tuple(kind.value for kind in DeviceKind)


class Credential(NamedTuple):
    """Whose terminal calls, and what it must know."""

    device_id: int
    code: str
    secret_hash: str
    area: str
    interval_s: int


def visible_to(actor: Actor) -> QuerySet[Device]:
    """The devices on the actor's ground; none for nobody."""
    return Device.objects.filter(scope_q(actor.scope(SEE), org_field="organisation"))


def devices(actor: Actor, *, words: str = "", kind: str = "") -> QuerySet[Device]:
    """The same with their terminals and where they were last, in one query, narrowed by words and kind."""
    found = visible_to(actor).select_related("terminal", "terminal__model", "latest").order_by("code")
    if kind:
        found = found.filter(kind=kind)
    if words:
        found = found.filter(
            Q(code__istartswith=words) | Q(names__zh__icontains=words) | Q(names__en__icontains=words)
            | Q(terminal__plate__icontains=words) | Q(terminal__address=words.lstrip("0"))
        )  # fmt: skip
    return found


def device(code: str, actor: Actor) -> Device:
    """One device; NotFound `telemetry.no_device` also when it is not the actor's to see."""
    found = devices(actor).filter(code=code).first()
    if found is None:
        raise NotFound("telemetry.no_device", device=code)
    return found


def made(code: str) -> Device:
    """A device for whoever has just made or changed it, under the right that let them."""
    return Device.objects.select_related("terminal", "terminal__model", "latest").get(code=code)


def downlinks(found: Device) -> list[Downlink]:
    """What the device was told lately, newest first."""
    return list(found.downlinks.order_by("-id")[:20])


def devices_under(path: str) -> int:
    """How many devices organisations at or below a path have."""
    return Device.objects.filter(Q(organisation=path) | Q(organisation__startswith=path + ".")).count()


def credential(protocol: str, addresses: Sequence[str], now: datetime) -> Credential | None:
    """The terminal that calls itself so and may report now; None for any other."""
    allowed = Q(device__enabled_from__isnull=True) | Q(device__enabled_from__lte=now)
    running = Q(device__enabled_until__isnull=True) | Q(device__enabled_until__gt=now)
    rows = Terminal.objects.filter(allowed, running, protocol=protocol, address__in=addresses)
    row = rows.values_list(
        "device_id", "device__code", "secret_hash", "device__area", "device__interval_s"
    ).first()  # fmt: skip
    return Credential(*row) if row else None


def enabled_of(device_ids: Sequence[int], now: datetime) -> set[int]:
    """Those of the devices that may report now."""
    begun = Q(enabled_from__isnull=True) | Q(enabled_from__lte=now)
    running = Q(enabled_until__isnull=True) | Q(enabled_until__gt=now)
    return set(Device.objects.filter(begun, running, pk__in=device_ids).values_list("pk", flat=True))


def devices_waiting() -> set[int]:
    """The devices that something is to be told to."""
    open_states = [DownlinkState.QUEUED, DownlinkState.SENT]
    return set(Downlink.objects.filter(state__in=open_states).order_by().values_list("device_id", flat=True))


def io_maps() -> Mapping[int, Mapping[str, Any]]:
    """What the bits of each device's terminal mean, for those whose model says so."""
    rows = Terminal.objects.filter(model__isnull=False).values_list("device_id", "model__io_map")
    return dict(rows)


def codes_there() -> list[str]:
    """The codes of all devices, for whoever sets some up."""
    return list(Device.objects.order_by("code").values_list("code", flat=True))


def age_of(process: str, now: datetime) -> float | None:
    """Seconds since the gateway or the store was last at work; None where it never was."""
    seen = counted().seen.get(process)
    return None if seen is None else max(0.0, now.timestamp() - seen)


def counters(actor: Actor) -> Counted | None:
    """What gateway and consumers counted, for whoever looks after the whole; it says nothing of a single device."""
    return counted() if actor.may("admin") else None
