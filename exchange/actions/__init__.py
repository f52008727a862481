"""Verbs of exchange: files are taken over step by step; people are told what concerns them."""

from exchange.actions.books import read_book, upload_book
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
from exchange.actions.machine_calls import (
    admit_machine,
    forget_calls,
    hear,
    process_call,
    process_left_calls,
    refuse_call,
)
from exchange.actions.machines import MachineMade, change_key, change_machine, make_machine, switch_machine
from exchange.actions.mapping import map_columns
from exchange.actions.partners import adopt_partner, clear_trouble, map_ticket, refuse_ticket, save_partner
from exchange.actions.pieces import (
    append_upload,
    begin_upload,
    contents_of,
    drop_uploads,
    end_upload,
    hold_pictures,
    pictures_of,
    preview_of,
    use_uploads,
)
from exchange.actions.posting import send_entry
from exchange.actions.pulling import pull, pull_due
from exchange.actions.refusals import admit, forget_requests, refuse_message
from exchange.actions.replies import send_replies, tell_partners
from exchange.actions.sending import forget_sendings, send_due
from exchange.actions.steering import cancel_sending, replay_sending, replay_span, retry_sending
from exchange.actions.steps import cancel, confirm, drop_abandoned, unfinished
from exchange.actions.templates import adopt_template, reset_template, retire_template, save_template
from exchange.actions.tickets import keep, process, process_left, receive
from exchange.actions.uploads import choose_layer, upload
from exchange.actions.working import work
from exchange.actions.writing import export

__all__ = [
    "MachineMade", "Made", "admit", "admit_machine", "adopt_partner", "adopt_template", "append_upload", "ask_export",
    "begin_upload", "cancel", "cancel_export", "cancel_sending", "change_endpoint", "change_key", "change_machine",
    "choose_layer", "clear_trouble", "confirm", "contents_of", "drop_abandoned", "drop_address", "drop_exports",
    "drop_uploads", "end_upload", "export", "fetch_export", "forget_calls", "forget_messages", "forget_requests",
    "forget_sendings", "hear", "hold_pictures", "keep", "make_endpoint", "make_machine", "map_columns", "map_ticket",
    "name_address", "pictures_of", "ping_endpoint", "prefer", "preview_of", "process", "process_call", "process_left",
    "process_left_calls", "pull", "pull_due", "read_all", "read_book", "read_message",
    "receive", "refuse_call", "refuse_message",
    "refuse_ticket", "replay_sending", "replay_span", "reset_template", "retire_template", "retry_sending",
    "rotate_secret", "save_partner", "save_template", "send_due", "send_entry", "send_replies", "switch_endpoint",
    "switch_machine", "tell_partners", "tell_people", "unfinished", "unfinished_exports", "upload", "upload_book",
    "use_uploads",
    "verify_address", "work", "write_export",
]  # fmt: skip
