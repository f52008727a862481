"""A step with all the cases that pass a filter: the job, and one row for each case that was frozen into it."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from cases.contracts.bulk import AT_WORK, BULK_ENDS, BULK_OPEN, BulkState, Outcome
from cases.models.case import Case
from core import clock


class BulkJob(models.Model):
    """One person's step with many cases, looked at first and then confirmed; `filters` say which cases they were.

    `epoch` is the number of the worker that may go on, `beat_at` when it last did, `attempts` how many workers came
    since the last case was done with.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=20)
    filters = models.JSONField(default=dict)
    given = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=BulkState.LOOKING)
    failure = models.CharField(max_length=60, blank=True, default="")
    epoch = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="bulk_job_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[one.value for one in BulkState]), name="bulk_job_state"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(BULK_ENDS), ended_at__isnull=False)
                | Q(state__in=sorted(BULK_OPEN), ended_at=None),
                name="bulk_job_ended_has_its_end",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["doing", "done"]) | Q(confirmed_at__isnull=False),
                name="bulk_job_done_was_confirmed",
            ),
            models.UniqueConstraint(
                fields=["user"], name="bulk_job_one_at_a_time", condition=Q(state__in=sorted(BULK_OPEN))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid} {self.verb} ({self.state})"

    @property
    def at_work(self) -> bool:
        """Whether a worker is at it."""
        return self.state in AT_WORK


class BulkItem(models.Model):
    """A case of a job in the version in which it was chosen: the key under which the step is taken once.

    `own` is what was given for this case alone; `stage` and `at` are of the step that was taken.
    """

    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    own = models.JSONField(default=dict)
    outcome = models.CharField(max_length=8, default=Outcome.WAITING)
    repeated = models.BooleanField(default=False)
    stage = models.CharField(max_length=12, blank=True, default="")
    code = models.CharField(max_length=60, blank=True, default="")
    params = models.JSONField(default=dict)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["job", "outcome", "id"], name="bulk_item_next")]
        constraints = [
            models.UniqueConstraint(fields=["job", "case"], name="bulk_item_once"),
            models.CheckConstraint(condition=Q(outcome__in=[one.value for one in Outcome]), name="bulk_item_outcome"),
            models.CheckConstraint(condition=~Q(outcome="refused") | ~Q(code=""), name="bulk_item_refused_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.case_id} {self.outcome}"

    @property
    def key(self) -> str:
        """Under which the step with this case is taken once."""
        return f"{self.job.uid}/{self.case.number}"
