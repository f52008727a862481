"""Questions about devices and what they tell."""

from telemetry.adapters.counting import counted
from telemetry.selectors.devices import (
    KINDS,
    Credential,
    age_of,
    codes_there,
    counters,
    credential,
    device,
    devices,
    devices_under,
    devices_waiting,
    downlinks,
    enabled_of,
    io_maps,
    made,
    visible_to,
)

__all__ = [
    "KINDS", "Credential", "age_of", "counted", "counters", "codes_there", "credential", "device", "devices",
    "devices_under", "devices_waiting", "downlinks", "enabled_of", "io_maps", "made", "visible_to",
]  # fmt: skip
