"""Verbs of telemetry: readings come in and are judged, alarms are handled, rules written."""

from telemetry.actions.handling import (
    acknowledge,
    assign,
    escalate,
    handle,
    link_case,
    note,
    shelve,
    sweep_alarms,
    unshelve,
)
from telemetry.actions.intake import Measured, Sender, take_device_readings, take_readings
from telemetry.actions.rule_writing import checked_rule, declare_rule, end_rain, retire_rule, save_rule, warn_of_rain
from telemetry.actions.stations import (
    declare_indicator,
    follow_components,
    keep_days,
    keep_station,
    keep_stream,
    retire_indicators,
)

__all__ = [
    "Measured", "Sender", "acknowledge", "assign", "checked_rule", "declare_indicator", "declare_rule", "end_rain",
    "escalate", "follow_components", "handle", "keep_days", "keep_station", "keep_stream", "link_case", "note",
    "retire_indicators", "retire_rule", "save_rule", "shelve", "sweep_alarms", "take_device_readings",
    "take_readings", "unshelve", "warn_of_rain",
]  # fmt: skip
