"""The way of a file by the law, pure: the table, the guards by article, periods, money, and what a step makes of it."""

from enforcement.rules.articles import article, coercion, penalty
from enforcement.rules.effects import effect
from enforcement.rules.facts import DossierFacts, Exhibit, Given, Held, World
from enforcement.rules.fields import ASKS, FIELDS, FREE, Field, read
from enforcement.rules.guards import GUARDS, INPUT, NEEDS, STATE
from enforcement.rules.money import Debt, debt, sums_up
from enforcement.rules.papers import KINDS, filled, in_capitals, made_by, seal_of, unknown_places
from enforcement.rules.periods import (
    LAW,
    Local,
    calendar_days,
    months,
    next_working,
    strict_days,
    working_days,
    works,
    years,
)
from enforcement.rules.table import BEFORE_DECISION, STEPS, VERBS, Step, row, rows, steps_from
from enforcement.rules.taking import choose, lacking, obstacle, open_steps, refusal, take

__all__ = [
    "ASKS", "BEFORE_DECISION", "Debt", "DossierFacts", "Exhibit", "FIELDS", "FREE", "Field", "GUARDS", "Given",
    "Held", "INPUT", "KINDS", "LAW", "Local", "NEEDS", "STATE", "STEPS", "Step", "VERBS", "World", "article",
    "calendar_days", "choose", "coercion", "debt", "effect", "filled", "in_capitals", "lacking", "made_by", "months",
    "next_working", "obstacle", "open_steps", "penalty", "read", "refusal", "row", "rows", "seal_of", "steps_from",
    "strict_days", "sums_up", "take", "unknown_places", "working_days", "works", "years",
]  # fmt: skip
