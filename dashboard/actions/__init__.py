"""Verbs of the dashboard: entries are folded into the wall, exports are noted, units that join are written down."""

from dashboard.actions.folding import note_export, take_case, take_mark
from dashboard.actions.joining import (
    begin_joining,
    check_joining,
    drop_joining,
    drop_row,
    end_joining,
    make_joining,
    write_row,
)

__all__ = [
    "begin_joining", "check_joining", "drop_joining", "drop_row", "end_joining", "make_joining", "note_export",
    "take_case", "take_mark", "write_row",
]  # fmt: skip
