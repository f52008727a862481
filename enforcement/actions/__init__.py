"""Verbs of enforcement: open a file, take a step with it, look at its party; keep what files stand on."""

from enforcement.actions.keeping import end_cause, save_cause, save_credential, save_limits, save_template
from enforcement.actions.looking import GROUNDS, TooManyLooks, look
from enforcement.actions.opening import open_dossier
from enforcement.actions.taking import take

__all__ = [
    "GROUNDS", "TooManyLooks", "end_cause", "look", "open_dossier", "save_cause", "save_credential", "save_limits",
    "save_template", "take",
]  # fmt: skip
