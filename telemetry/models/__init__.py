"""Tables of telemetry: devices and their positions, stations and their readings, rules of alarms and alarms."""

from telemetry.models.alarms import Alarm, AlarmRule, AlarmRuleVersion, AlarmTurn, Judged
from telemetry.models.devices import Device, Downlink, Terminal, TerminalModel
from telemetry.models.observations import Indicator, Observation, RainWarning, Station, Stream
from telemetry.models.positions import FixRow, Latest

__all__ = [
    "Alarm", "AlarmRule", "AlarmRuleVersion", "AlarmTurn", "Device", "Downlink", "FixRow", "Indicator", "Judged",
    "Latest", "Observation", "RainWarning", "Station", "Stream", "Terminal", "TerminalModel",
]  # fmt: skip
