"""Words and chips for devices, their states, fixes and what they are told."""

from collections.abc import Mapping
from datetime import timedelta

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from core.languages import pick
from telemetry.contracts import DeviceKind, DownlinkState, Protocol, Quality
from telemetry.models import Device
from telemetry.rules.devices import silent_after_s

register = template.Library()

KINDS: Mapping[str, object] = {
    DeviceKind.VEHICLE: _("Vehicle"),
    DeviceKind.PERSON: pgettext_lazy("device", "Person"),
    DeviceKind.GAUGE: pgettext_lazy("device", "Gauge"),
    DeviceKind.PUMP: _("Pump"),
    DeviceKind.STACK: _("Stack"),
    DeviceKind.SENSOR: _("Sensor"),
}
PROTOCOLS: Mapping[str, object] = {
    Protocol.JT808: "JT/T 808", Protocol.SL651: "SL 651", Protocol.HJ212: "HJ 212", Protocol.MQTT: "MQTT",
    Protocol.HTTP: "HTTP",
}  # fmt: skip
STATES: Mapping[str, tuple[object, str]] = {
    "off": (_("Switched off"), "info"),
    "new": (_("Never registered"), "caution"),
    "mute": (_("No position yet"), "caution"),
    "silent": (_("Silent"), "critical"),
    "live": (pgettext_lazy("device", "Reports"), "positive"),
}
DOWNLINKS: Mapping[str, object] = {
    DownlinkState.QUEUED: pgettext_lazy("downlink", "Waits"),
    DownlinkState.SENT: pgettext_lazy("downlink", "Sent"),
    DownlinkState.DELIVERED: pgettext_lazy("downlink", "Confirmed by the terminal"),
    DownlinkState.REFUSED: pgettext_lazy("downlink", "Refused by the terminal"),
    DownlinkState.EXPIRED: pgettext_lazy("downlink", "Not answered in time"),
}
QUALITIES: Mapping[int, object] = {
    Quality.GOOD: pgettext_lazy("fix", "Good"),
    Quality.NOT_LOCATED: pgettext_lazy("fix", "Not located"),
    Quality.OUT_OF_RANGE: pgettext_lazy("fix", "Out of range"),
    Quality.FUTURE: pgettext_lazy("fix", "From the future"),
    Quality.SPIKE: pgettext_lazy("fix", "Spike"),
    Quality.DRIFT: pgettext_lazy("fix", "Standing"),
    Quality.DUPLICATE: pgettext_lazy("fix", "Same second twice"),
    Quality.LATE: pgettext_lazy("fix", "Came late"),
}


@register.filter
def named(names: Mapping[str, str]) -> str:
    """The name in the active language."""
    return pick(names)


@register.filter
def kind_word(kind: str) -> object:
    """What a kind is called."""
    return KINDS.get(kind, kind)


@register.filter
def protocol_word(protocol: str) -> object:
    """What a protocol is called."""
    return PROTOCOLS.get(protocol, protocol)


@register.filter
def quality_word(quality: int) -> object:
    """What the code of a fix means."""
    return QUALITIES.get(quality, quality)


@register.filter
def downlink_word(state: str) -> object:
    """How far something told has come."""
    return DOWNLINKS.get(state, state)


def state_of(device: Device) -> str:
    """One of STATES."""
    now = clock.now()
    if (device.enabled_until and device.enabled_until <= now) or (device.enabled_from and device.enabled_from > now):
        return "off"
    latest = getattr(device, "latest", None)
    if latest is None:
        return "mute" if device.terminal.registered_at else "new"
    return "silent" if now - latest.received_at > timedelta(seconds=silent_after_s(device.interval_s)) else "live"


@register.filter
def state_word(device: Device) -> object:
    """How the device is."""
    return STATES[state_of(device)][0]


@register.filter
def state_chip(device: Device) -> str:
    """The colour of that."""
    return STATES[state_of(device)][1]
