"""Verbs of telemetry."""

from telemetry.actions.devices import (
    Registered,
    add_device,
    follow_organisations,
    put_model,
    register_terminal,
    switch_device,
)
from telemetry.actions.downlinks import ToSend, end_downlink, expire_downlinks, take_downlinks, tell
from telemetry.actions.positions import drop_old_days, make_days

__all__ = [
    "Registered", "ToSend", "add_device", "drop_old_days", "end_downlink", "expire_downlinks", "follow_organisations",
    "make_days", "put_model", "register_terminal", "switch_device", "take_downlinks", "tell",
]  # fmt: skip
