"""The public words of telemetry: devices, their positions, readings and alarms, and the entries it records."""

from telemetry.contracts.devices import (
    SEE,
    DeviceKind,
    DeviceNews,
    DownlinkNews,
    DownlinkState,
    Fix,
    NewDevice,
    Protocol,
    Quality,
)

__all__ = [
    "SEE", "DeviceKind", "DeviceNews", "DownlinkNews", "DownlinkState", "Fix", "NewDevice", "Protocol", "Quality",
]  # fmt: skip
