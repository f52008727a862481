"""Tables of telemetry: devices and their terminals, positions by the day, what is told to terminals."""

from telemetry.models.devices import Device, Downlink, Terminal, TerminalModel
from telemetry.models.positions import FixRow, Latest

__all__ = ["Device", "Downlink", "FixRow", "Latest", "Terminal", "TerminalModel"]
