"""What was found out about pictures: what they say of themselves, what is doubtful about them, and by which limits."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from cases.contracts.evidence import DoubtKind, Film, Scan
from cases.models.case import Evidence
from core import clock
from core.clips import WIDEST
from core.shots import MOST_APART

FAR_METRES, EARLY_HOURS, ALIKE_BITS = 200, 24, 6
"""What holds before a pack says otherwise: `evidence` of the base pack has the same."""
CLIP_SECONDS, CLIP_MEGABYTES, CLIP_PIXELS = 60, 64, 9_000_000
"""The longest, largest and finest clip that is taken, before a pack says otherwise."""


class Examination(models.Model):
    """What a picture says of itself: when it was taken, and what it looks like; `bands` are the keys of its print.

    The place where it was taken is kept nowhere but in the sealed original.
    """

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, primary_key=True, related_name="examination")
    taken_at = models.DateTimeField(null=True)
    print = models.BigIntegerField(null=True)
    bands = ArrayField(models.IntegerField(), null=True)

    class Meta:
        indexes = [
            GinIndex(fields=["bands"], fastupdate=False, condition=Q(print__isnull=False), name="examination_alike"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(print=None, bands=None) | Q(print__isnull=False, bands__len=4),
                name="examination_print_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.evidence_id)


class Doubt(models.Model):
    """Why a picture is doubted, by how much and by which limit; it refuses nothing, and it stays as it is.

    `value` are metres, minutes before the report, or bits that two prints differ by; `other` is what was seen before.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="doubts")
    kind = models.CharField(max_length=10)
    value = models.PositiveIntegerField()
    most = models.PositiveIntegerField()
    other = models.ForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    said = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "kind", "other"], nulls_distinct=False, name="doubt_once"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in DoubtKind]), name="doubt_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="seen", other__isnull=False) | (~Q(kind="seen") & Q(other=None)),
                name="doubt_seen_where",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.kind}"


class EvidenceRule(models.Model):
    """From which metres, hours and likeness on a picture is doubted, and how long and large clips may be; one row."""

    far_metres = models.PositiveIntegerField(default=FAR_METRES)
    early_hours = models.PositiveIntegerField(default=EARLY_HOURS)
    alike_bits = models.PositiveSmallIntegerField(default=ALIKE_BITS)
    clip_seconds = models.PositiveIntegerField(default=CLIP_SECONDS, db_default=CLIP_SECONDS)
    clip_megabytes = models.PositiveIntegerField(default=CLIP_MEGABYTES, db_default=CLIP_MEGABYTES)
    clip_pixels = models.PositiveIntegerField(default=CLIP_PIXELS, db_default=CLIP_PIXELS)
    pack = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="evidence_rule_is_one"),
            models.CheckConstraint(
                condition=Q(
                    clip_seconds__range=(1, WIDEST.seconds),
                    clip_megabytes__range=(1, WIDEST.megabytes),
                    clip_pixels__range=(1, WIDEST.pixels),
                ),
                name="evidence_rule_clips",
            ),
            models.CheckConstraint(
                condition=Q(far_metres__gte=1, alike_bits__lte=MOST_APART), name="evidence_rule_counts"
            ),
        ]


class Quarantine(models.Model):
    """A picture that is held until a scanner has looked, and what that said. Without a row nobody was asked.

    `next_at` is when it is asked about next, `said` what was found, or why nobody could say yet.
    """

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, primary_key=True, related_name="quarantine")
    state = models.CharField(max_length=8, default=Scan.WAITING)
    since = models.DateTimeField()
    next_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    said = models.CharField(max_length=120, blank=True, default="")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="quarantine_waiting"),
            models.Index(fields=["judged_at"], condition=Q(state="infected"), name="quarantine_infected"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", judged_at=None)
                | Q(state="clean", judged_at__isnull=False, said="")
                | (Q(state="infected", judged_at__isnull=False) & ~Q(said="")),
                name="quarantine_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.state}"


class Clip(models.Model):
    """What a clip has beside its picture: how long it is, and its public copy, which is made after it was taken.

    `begun_at` is since when somebody makes it, `next_at` when it is tried next, `said` why it could not be made yet.
    """

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, primary_key=True, related_name="clip")
    seconds = models.FloatField()
    state = models.CharField(max_length=8, default=Film.WAITING.value)
    public_sha256 = models.CharField(max_length=64, blank=True, default="")
    public_size = models.PositiveIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(state="waiting"), name="clip_waiting")]
        constraints = [
            models.CheckConstraint(condition=Q(seconds__gt=0), name="clip_lasts"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "broken"], public_sha256="")
                | (Q(state="ready", public_size__gte=1, said="") & ~Q(public_sha256="")),
                name="clip_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.state}"


class Annotation(models.Model):
    """What one person drew on a picture at one time: marks in shares of its sides. Taken back, it stays as history."""

    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="annotations")
    marks = models.JSONField()
    actor = models.CharField(max_length=120)
    actor_label = models.CharField(max_length=120)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("at")), name="annotation_withdrawn_after"
            ),
            models.CheckConstraint(condition=~Q(marks=[]), name="annotation_marks_something"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.actor}"
