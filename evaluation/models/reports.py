"""Reports that come by themselves: what was asked for, each period's making, and the files."""

from django.db import models
from django.db.models import Q

from core import clock

EVERY = ("week", "month")
RUN_STATES = ("waiting", "made", "refused", "failed")


class ReportPlan(models.Model):
    """A board that is made each week or month once it is over: on the day `day` after its end, at a local time.

    `area` is the path of the region it is of: whoever may see all of that may fetch it.
    """

    owner = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=120)
    level = models.CharField(max_length=12)
    within = models.CharField(max_length=20, blank=True, default="")
    area = models.CharField(max_length=120, blank=True, default="")
    scheme = models.CharField(max_length=60, blank=True, default="")
    show = models.CharField(max_length=20)
    every = models.CharField(max_length=8)
    day = models.PositiveSmallIntegerField()
    at = models.TimeField()
    formats = models.JSONField()
    language = models.CharField(max_length=10)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(every__in=EVERY), name="report_every"),
            models.CheckConstraint(
                condition=Q(every="week", day__range=(1, 7)) | Q(every="month", day__range=(1, 28)), name="report_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.every} {self.level} {self.within}"


class ReportRun(models.Model):
    """One period of a plan: there is one row of it, whoever makes it; `attempts` is the number of who may go on."""

    plan = models.ForeignKey(ReportPlan, on_delete=models.PROTECT, related_name="runs")
    since = models.DateField()
    until = models.DateField()
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=60, blank=True, default="")
    lines = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-until", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "since"], name="report_once_a_period"),
            models.CheckConstraint(condition=Q(state__in=RUN_STATES), name="report_state"),
            models.CheckConstraint(condition=Q(state="made") ^ Q(made_at__isnull=True), name="report_made_at"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="waiting"), name="report_waiting")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.since:%Y-%m-%d} {self.state}"


class ReportFile(models.Model):
    """One file of a report, written with the end of its making and never again; gone when nobody needs it any more."""

    run = models.ForeignKey(ReportRun, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=8)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["format"]
        constraints = [models.UniqueConstraint(fields=["run", "format"], name="report_file_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.format}"
