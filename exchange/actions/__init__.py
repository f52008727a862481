"""Verbs of exchange: a file is uploaded, mapped, checked, confirmed and taken over."""

from exchange.actions.mapping import map_columns
from exchange.actions.steps import cancel, confirm, unfinished
from exchange.actions.uploads import upload
from exchange.actions.working import work
from exchange.actions.writing import export

__all__ = ["cancel", "confirm", "export", "map_columns", "unfinished", "upload", "work"]
