"""Verbs of exchange: files are taken over step by step; people are told what concerns them."""

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
from exchange.actions.partners import adopt_partner, clear_trouble, map_ticket, refuse_ticket, save_partner
from exchange.actions.pulling import pull, pull_due
from exchange.actions.refusals import admit, forget_requests, refuse_message
from exchange.actions.replies import send_due, tell_partners
from exchange.actions.steps import cancel, confirm, drop_abandoned, unfinished
from exchange.actions.templates import adopt_template, reset_template, retire_template, save_template
from exchange.actions.tickets import keep, process, process_left, receive
from exchange.actions.uploads import choose_layer, upload
from exchange.actions.working import work
from exchange.actions.writing import export

__all__ = [
    "adopt_template", "cancel", "choose_layer", "confirm", "drop_abandoned", "export", "forget_messages",
    "map_columns", "prefer", "read_all", "read_message", "reset_template", "retire_template", "save_template",
    "tell_people", "unfinished", "upload", "work",
    "ask_export", "cancel_export", "drop_exports", "fetch_export", "unfinished_exports", "write_export",
    "admit", "adopt_partner", "clear_trouble", "forget_requests", "keep", "map_ticket", "process", "process_left",
    "pull", "pull_due", "receive", "refuse_message", "refuse_ticket", "save_partner", "send_due", "tell_partners",
]  # fmt: skip
