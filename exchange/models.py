"""Tables of exchange: imports of files, each with what was found out about it and how far it has come."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from exchange.contracts import ENDS, State


class ImportJob(models.Model):
    """A file on its way into the city: what it says, what people decided, what would happen, what happened.

    `done` rows are stored for good; `epoch` is the number of the worker that may store the next ones, `beat_at` when
    it last did; `kept` is what the intake must remember from one worker to the next.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State], default=State.UPLOADED)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    format = models.CharField(max_length=10)
    header = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    preview = models.JSONField(default=list)
    kept = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    epoch = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    failure = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=100)
    created_label = models.CharField(max_length=200, blank=True)
    confirmed_by = models.CharField(max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="exchange_job_state", condition=Q(state__in=[s.value for s in State])),
            models.CheckConstraint(
                name="exchange_job_ended_has_its_end",
                condition=Q(state__in=sorted(ENDS), ended_at__isnull=False)
                | (~Q(state__in=sorted(ENDS)) & Q(ended_at__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["-created_at"], name="exchange_job_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} ({self.state})"

    @property
    def percent(self) -> int:
        """How much of the file is behind us, of what is being done now."""
        return min(100, self.done * 100 // self.total) if self.total else 0
