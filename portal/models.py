"""Tables of portal: which classes citizens may report, the keys of programs that report for them, what came in."""

from django.db import models
from django.db.models import F, Q

from core import clock


class Service(models.Model):
    """A class that citizens may report while it is open; what its pack says outlasts no word of the city.

    Without `realtime` the reporter gets a token first, and nothing is public before somebody has accepted the case.
    """

    ORIGINS = (("pack", "pack"), ("city", "city"))

    code = models.CharField(max_length=20, unique=True)
    open = models.BooleanField(default=True)
    origin = models.CharField(max_length=4, choices=ORIGINS, default="pack")
    realtime = models.BooleanField(default=True)
    about = models.JSONField(default=dict)
    keywords = models.JSONField(default=dict)
    notice = models.JSONField(default=dict)
    questions = models.JSONField(default=list)
    pack = models.CharField(max_length=60, blank=True, default="")
    changed_by = models.CharField(max_length=120)
    changed_label = models.CharField(max_length=120, blank=True, default="")
    changed_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(origin__in=["pack", "city"]), name="portal_service_origin_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {'open' if self.open else 'closed'}"


class ReportKey(models.Model):
    """What a program brings to report for citizens; only its digest is kept. It reads nothing that is not public."""

    label = models.CharField(max_length=80)
    contact = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    hourly = models.PositiveIntegerField()
    made_by = models.CharField(max_length=120)
    made_label = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=clock.now)
    valid_until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("made_at")), name="portal_key_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(label="") & ~Q(contact=""), name="portal_key_says_whose"),
            models.CheckConstraint(condition=Q(hourly__gte=1), name="portal_key_reports_at_all"),
        ]

    def __str__(self) -> str:
        return self.label


class Report(models.Model):
    """A case that came in through the open interface, and what of the telling may be shown to everybody.

    `description` is the caller's own text; who reported stands with the case, apart from it.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(ReportKey, on_delete=models.PROTECT, related_name="reports")
    service = models.CharField(max_length=20)
    token = models.UUIDField(unique=True)
    realtime = models.BooleanField()
    description = models.TextField(blank=True, default="")
    account = models.CharField(max_length=80, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["key", "created_at"], name="portal_report_of_key")]

    def __str__(self) -> str:
        return f"{self.service} {self.token}"
