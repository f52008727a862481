"""Verbs of exchange: files are taken over step by step; people are told what concerns them."""

from exchange.actions.contacts import drop_address, name_address, verify_address
from exchange.actions.endpoints import (
    Made,
    change_endpoint,
    make_endpoint,
    ping_endpoint,
    rotate_secret,
    switch_endpoint,
)
from exchange.actions.exports import (
    ask_export,
    cancel_export,
    drop_exports,
    fetch_export,
    unfinished_exports,
    write_export,
)
from exchange.actions.inbox import forget_messages, prefer, read_all, read_message, tell_people
from exchange.actions.mapping import map_columns
from exchange.actions.posting import send_entry
from exchange.actions.sending import forget_sendings, send_due
from exchange.actions.steering import cancel_sending, replay_sending, replay_span, retry_sending
from exchange.actions.steps import cancel, confirm, drop_abandoned, unfinished
from exchange.actions.templates import adopt_template, reset_template, retire_template, save_template
from exchange.actions.uploads import choose_layer, upload
from exchange.actions.working import work
from exchange.actions.writing import export

__all__ = [
    "adopt_template", "cancel", "choose_layer", "confirm", "drop_abandoned", "export", "forget_messages",
    "map_columns", "prefer", "read_all", "read_message", "reset_template", "retire_template", "save_template",
    "tell_people", "unfinished", "upload", "work",
    "ask_export", "cancel_export", "drop_exports", "fetch_export", "unfinished_exports", "write_export",
    "Made", "cancel_sending", "change_endpoint", "drop_address", "forget_sendings", "make_endpoint", "name_address",
    "ping_endpoint", "replay_sending", "replay_span", "retry_sending", "rotate_secret", "send_due", "send_entry",
    "switch_endpoint", "verify_address",
]  # fmt: skip
