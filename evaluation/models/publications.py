"""Schemes by version, the points that people give, periods that were published, and appeals.

Versions, publications and their rows are never changed: triggers refuse it (migration 0003).
"""

from django.db import models
from django.db.models import F, Q

from core import clock
from evaluation.models.marks import Scheme

APPEAL_STATES = ("open", "granted", "refused", "withdrawn")


class SchemeVersion(models.Model):
    """What a scheme says from a day on; a period is judged by the version of its first day."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    valid_from = models.DateField()
    document = models.JSONField()
    made_by = models.CharField(max_length=120)
    made_label = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["scheme", "version"]
        constraints = [models.UniqueConstraint(fields=["scheme", "version"], name="scheme_version_once")]

    def __str__(self) -> str:
        return f"{self.scheme_id}/{self.version}"


class GivenPoints(models.Model):
    """Points that people gave for a part of a scheme that cannot be counted; the last word for it counts."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="given")
    level = models.CharField(max_length=12)
    key = models.CharField(max_length=60)
    since = models.DateField()
    until = models.DateField()
    component = models.CharField(max_length=60)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    reason = models.CharField(max_length=400)
    by = models.CharField(max_length=120)
    label = models.CharField(max_length=120)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["scheme", "level", "since", "until"], name="given_of_period")]
        constraints = [models.CheckConstraint(condition=Q(points__gte=0), name="given_not_negative")]

    def __str__(self) -> str:
        return f"{self.key} {self.component}: {self.points}"


class Publication(models.Model):
    """A period as it was published, by a version of a scheme: frozen, whatever happens to the cases after."""

    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="publications")
    scheme = models.CharField(max_length=60)
    level = models.CharField(max_length=12)
    within = models.CharField(max_length=20, blank=True, default="")
    area = models.CharField(max_length=120, blank=True, default="")
    period = models.CharField(max_length=8)
    since = models.DateField()
    until = models.DateField()
    document = models.JSONField()
    published_by = models.CharField(max_length=120)
    published_label = models.CharField(max_length=120)
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-until", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "level", "within", "since", "until"], name="published_once"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="published_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.level} {self.since:%Y-%m-%d}"


class PublishedRow(models.Model):
    """One line of a publication: rank and score, every part, and every count both raw and after exemptions."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="rows")
    rank = models.PositiveIntegerField(null=True)
    key = models.CharField(max_length=60)
    names = models.JSONField()
    org = models.CharField(max_length=400, blank=True, default="")
    area = models.CharField(max_length=120, blank=True, default="")
    score = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    raw_score = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    grade = models.CharField(max_length=10, blank=True, default="")
    parts = models.JSONField()
    counts = models.JSONField(help_text="count -> [raw, after exemptions]")

    class Meta:
        ordering = ["rank", "key"]
        constraints = [models.UniqueConstraint(fields=["publication", "key"], name="published_line_once")]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.key}"


class AppealRule(models.Model):
    """What the city says about appeals, in one row: of which cases, and how many people must agree."""

    closed = models.BooleanField(default=True, help_text="Only of a closed case.")
    late = models.BooleanField(default=True, help_text="Only of a late case.")
    reviewers = models.PositiveSmallIntegerField(default=2)
    pack = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="appeal_rule_one"),
            models.CheckConstraint(condition=Q(reviewers__in=[1, 2]), name="appeal_rule_reviewers"),
        ]

    def __str__(self) -> str:
        return f"{self.reviewers}"


class Appeal(models.Model):
    """A department asks that a case be left out of what it is judged by; one or two others decide.

    `reviewers` is what the rule said when it was asked. `first_*` is the first of two who granted it.
    """

    case = models.CharField(max_length=20)
    org = models.CharField(max_length=400)
    area = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=10, default="open")
    reason = models.TextField()
    asked_by = models.CharField(max_length=120)
    asked_label = models.CharField(max_length=120)
    asked_at = models.DateTimeField(default=clock.now)
    reviewers = models.PositiveSmallIntegerField(default=1)
    first_by = models.CharField(max_length=120, blank=True, default="")
    first_label = models.CharField(max_length=120, blank=True, default="")
    first_answer = models.TextField(blank=True, default="")
    first_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")
    decided_by = models.CharField(max_length=120, blank=True, default="")
    decided_label = models.CharField(max_length=120, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["open", "granted", "refused"]), name="appeal_of_mark_once"
            ),
            models.CheckConstraint(condition=Q(state__in=APPEAL_STATES), name="appeal_of_mark_state"),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")), name="appeal_of_mark_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"], decided_by="")
                | (Q(state__in=["granted", "refused"], decided_at__isnull=False) & ~Q(decided_by="") & ~Q(answer="")),
                name="appeal_of_mark_whole",
            ),
            models.CheckConstraint(
                condition=Q(first_by="", first_at=None, first_answer="")
                | (Q(reviewers=2, first_at__isnull=False) & ~Q(first_by="") & ~Q(first_answer="")),
                name="appeal_of_mark_first_whole",
            ),
            models.CheckConstraint(
                condition=Q(first_by="") | (~Q(first_by=F("asked_by")) & ~Q(first_by=F("decided_by"))),
                name="appeal_of_mark_by_two_others",
            ),
            models.CheckConstraint(
                condition=~Q(state="granted") | Q(reviewers=1) | ~Q(first_by=""), name="appeal_of_mark_by_enough"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.state}"

    @property
    def signed(self) -> int:
        """How many have granted it so far."""
        return int(bool(self.first_by)) + int(self.state == "granted")
