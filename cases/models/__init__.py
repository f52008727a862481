"""Tables of cases: the case and its history, and the catalogue it is judged by."""

from cases.models.case import Case, Clock, Clue, Evidence, Move, Reporter, Request
from cases.models.catalogue import Category, ClassSwitch, Override, Responsibility, StepsModel
from cases.models.texts import StandardText

__all__ = [
    "Case", "Category", "ClassSwitch", "Clock", "Clue", "Evidence", "Move", "Override", "Reporter", "Request",
    "Responsibility", "StandardText", "StepsModel",
]  # fmt: skip
