"""Control areas 管控区: cells where, for a time, other rules hold for certain classes, as somebody asked and another
approved."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from cases.contracts.controls import ControlState
from core import clock


class ControlArea(models.Model):
    """Cells in which classes (none named: all) are not registered for a time, or count as ground of another grade.

    `area` is the nearest region above its cells. It is never deleted, and never changed: another one is asked for.
    What was promised while it held stays promised.
    """

    name = models.CharField(max_length=60)
    area = models.CharField(max_length=80, blank=True, default="")
    classes = models.JSONField(default=list)
    grade = models.PositiveSmallIntegerField(default=0)
    blocks = models.BooleanField(default=False)
    reason = models.CharField(max_length=400)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default=ControlState.ASKED)
    asked_by = models.CharField(max_length=120)
    asked_label = models.CharField(max_length=120, blank=True, default="")
    asked_org = models.CharField(max_length=400, blank=True, default="")
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.CharField(max_length=120, blank=True, default="")
    decided_label = models.CharField(max_length=120, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=400, blank=True, default="")
    ended_by = models.CharField(max_length=120, blank=True, default="")
    ended_label = models.CharField(max_length=120, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in ControlState]), name="control_state_known"
            ),
            models.CheckConstraint(condition=Q(grade__lte=4), name="control_grade_known"),
            models.CheckConstraint(condition=Q(grade__gte=1) | Q(blocks=True), name="control_says_something"),
            models.CheckConstraint(
                condition=Q(blocks=False) | (Q(valid_until__isnull=False) & ~Q(classes=[])),
                name="control_blocks_classes_for_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(name=""), name="control_says_why"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="control_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"])
                | (Q(decided_at__isnull=False) & ~Q(decided_by="") & ~Q(decided_by=F("asked_by"))),
                name="control_decided_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state_at(self, at: datetime) -> str:
        """`asked`, `refused`, `withdrawn`; of an approved one `to_come`, `in_force` or `over`."""
        if self.state != ControlState.APPROVED:
            return self.state
        if self.valid_until is not None and self.valid_until <= max(at, self.valid_from):
            return "over"
        return "to_come" if self.valid_from > at else "in_force"


class ControlledCell(models.Model):
    """A cell of a control area, by the code that it has on the map."""

    control = models.ForeignKey(ControlArea, on_delete=models.CASCADE, related_name="cells")
    cell = models.CharField(max_length=20)

    class Meta:
        ordering = ["cell"]
        constraints = [models.UniqueConstraint(fields=["cell", "control"], name="controlled_cell_once")]

    def __str__(self) -> str:
        return self.cell
