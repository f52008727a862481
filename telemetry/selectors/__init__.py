"""Questions about devices and what they tell."""

from telemetry.selectors.devices import (
    KINDS,
    Credential,
    counters,
    counts_by_kind,
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
    "KINDS", "Credential", "counters", "counts_by_kind", "credential", "device", "devices", "devices_under",
    "devices_waiting", "downlinks", "enabled_of",
    "io_maps", "made", "visible_to",
]  # fmt: skip
