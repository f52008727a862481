"""Verbs of telemetry: readings come in and are judged, alarms are handled, rules written."""

from telemetry.actions.devices import (
    Registered,
    add_device,
    follow_organisations,
    put_model,
    register_terminal,
    switch_device,
)
from telemetry.actions.downlinks import ToSend, end_downlink, expire_downlinks, take_downlinks, tell
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
from telemetry.actions.positions import drop_old_days, make_days
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
    "Measured", "Registered", "Sender", "ToSend", "acknowledge", "add_device", "assign", "checked_rule",
    "declare_indicator", "declare_rule", "drop_old_days", "end_downlink", "end_rain", "escalate", "expire_downlinks",
    "follow_components", "follow_organisations", "handle", "keep_days", "keep_station", "keep_stream", "link_case",
    "make_days", "note", "put_model", "register_terminal", "retire_indicators", "retire_rule", "save_rule", "shelve",
    "sweep_alarms", "switch_device", "take_device_readings", "take_downlinks", "take_readings", "tell", "unshelve",
    "warn_of_rain",
]  # fmt: skip
