"""Ladders: who is told when a limit runs out, as the city wants it; and what was told, once each."""

from typing import Any

from django.db import models
from django.db.models import Q

from cases.contracts import ClockKind
from cases.models.case import Case, Clock
from core.clock import now


class Ladder(models.Model):
    """The rungs for a clock, a stage and a class, "" standing for every one; the closest that fits counts whole.

    `said` is what the pack said, so that what the city changed can be taken back. Clocks carry the ladder they were
    started with, so a change moves nothing that was promised.
    """

    clock = models.CharField(max_length=10, blank=True, default="")
    stage = models.CharField(max_length=12, blank=True, default="")
    category = models.CharField(max_length=20, blank=True, default="")
    rungs = models.JSONField()
    pack = models.CharField(max_length=60, blank=True, default="")
    said = models.JSONField(default=list)
    changed_by = models.CharField(max_length=120, blank=True, default="")
    changed_label = models.CharField(max_length=120, blank=True, default="")
    changed_at = models.DateTimeField(default=now)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["category", "clock", "stage"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "stage", "category"], name="ladder_once"),
            models.CheckConstraint(
                condition=Q(clock__in=["", *(kind.value for kind in ClockKind)]), name="ladder_clock_known"
            ),
            models.CheckConstraint(condition=Q(stage="") | Q(clock="stage"), name="ladder_stage_of_post"),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, (self.category, self.clock, self.stage))) or "*"

    def told(self) -> dict[str, Any]:
        """What it says: what `core.versions` compares."""
        return {"rungs": self.rungs}


class Rung(models.Model):
    """A rung that a clock has reached and told of: when it stood there, when it was told, to whom. Never twice."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rungs")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="climbed")
    term = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=10)
    tell = models.JSONField(default=list)
    stage = models.CharField(max_length=12)
    at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["told_at", "id"]
        constraints = [models.UniqueConstraint(fields=["clock", "term", "code"], name="rung_told_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"
