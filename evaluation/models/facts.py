"""What evaluation counts: one fact per case, and which cases have news that the facts do not know yet."""

from django.db import models
from django.db.models import Q

from core import clock


class Fact(models.Model):
    """One case in the words of the measures (`rules.measures`), as `cases` last told it: `round` 0, as it stands now.

    A case that was closed and opened again has another one for each time, as it stood until then (`stood_until`), so
    that a period that is over reads as it did.

    `excused` is set by an appeal that evaluation granted, `exempt` where it or the case itself says so; the raw facts
    stay beside it.
    """

    case = models.CharField(max_length=20)
    round = models.PositiveSmallIntegerField(default=0, db_default=0)
    stood_from = models.DateTimeField(null=True)
    stood_until = models.DateTimeField(null=True)
    stage = models.CharField(max_length=12)
    source = models.CharField(max_length=16)
    category = models.CharField(max_length=20, blank=True, default="")
    area = models.CharField(max_length=80, blank=True, default="")
    district = models.CharField(max_length=20, blank=True, default="")
    street = models.CharField(max_length=20, blank=True, default="")
    community = models.CharField(max_length=20, blank=True, default="")
    org = models.CharField(max_length=400, blank=True, default="")
    left = models.CharField(max_length=400, blank=True, default="")
    reported_by = models.CharField(max_length=120, blank=True, default="")
    verify_by = models.CharField(max_length=120, blank=True, default="")
    accept_by = models.CharField(max_length=120, blank=True, default="")
    register_by = models.CharField(max_length=120, blank=True, default="")
    dispatch_by = models.CharField(max_length=120, blank=True, default="")
    handle_by = models.CharField(max_length=120, blank=True, default="")
    check_by = models.CharField(max_length=120, blank=True, default="")
    close_by = models.CharField(max_length=120, blank=True, default="")
    voided_by = models.CharField(max_length=120, blank=True, default="")
    reported_at = models.DateTimeField()
    verify_owed = models.DateTimeField(null=True)
    verify_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
    dispatch_owed = models.DateTimeField(null=True)
    dispatch_at = models.DateTimeField(null=True)
    handle_owed = models.DateTimeField(null=True)
    handle_at = models.DateTimeField(null=True)
    check_owed = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    close_owed = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    shirked_at = models.DateTimeField(null=True)
    deferred_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    visited_at = models.DateTimeField(null=True)
    forced_at = models.DateTimeField(null=True)
    verify_late = models.BooleanField(default=False)
    accept_late = models.BooleanField(default=False)
    register_late = models.BooleanField(default=False)
    dispatch_late = models.BooleanField(default=False)
    handle_late = models.BooleanField(default=False)
    check_late = models.BooleanField(default=False)
    close_late = models.BooleanField(default=False)
    alive = models.BooleanField(default=True)
    part = models.BooleanField(default=False)
    split = models.BooleanField(default=False)
    valid = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    settled = models.BooleanField(default=False)
    missed = models.BooleanField(default=False)
    observed = models.BooleanField(default=False)
    refused = models.BooleanField(default=False)
    held = models.BooleanField(default=False)
    important = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    hotline = models.BooleanField(default=False)
    answered = models.BooleanField(default=False)
    satisfied = models.BooleanField(default=False)
    unsatisfied = models.BooleanField(default=False)
    exempt = models.BooleanField(default=False)
    excused = models.BooleanField(default=False)
    reworks = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-reported_at", "-id"]
        indexes = [
            models.Index(fields=["reported_at"], name="fact_reported"),
            models.Index(fields=["accepted_at"], name="fact_accepted"),
            models.Index(fields=["registered_at"], name="fact_registered"),
            models.Index(fields=["verify_owed"], condition=Q(verify_owed__isnull=False), name="fact_verify"),
            models.Index(fields=["dispatch_owed"], name="fact_dispatch"),
            models.Index(fields=["handle_owed"], name="fact_handle"),
            models.Index(fields=["check_owed"], name="fact_check"),
            models.Index(fields=["close_owed"], name="fact_close"),
            models.Index(fields=["returned_at"], condition=Q(returned_at__isnull=False), name="fact_returned"),
            models.Index(fields=["shirked_at"], condition=Q(shirked_at__isnull=False), name="fact_shirked"),
            models.Index(fields=["deferred_at"], condition=Q(deferred_at__isnull=False), name="fact_deferred"),
            models.Index(fields=["voided_at"], condition=Q(voided_at__isnull=False), name="fact_voided"),
            models.Index(fields=["visited_at"], condition=Q(visited_at__isnull=False), name="fact_visited"),
            models.Index(fields=["forced_at"], condition=Q(forced_at__isnull=False), name="fact_forced"),
            models.Index(fields=["org"], opclasses=["text_pattern_ops"], name="fact_org_path"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(excused=False) | Q(exempt=True), name="fact_excused_is_exempt"),
            models.UniqueConstraint(fields=["case", "round"], name="fact_once_a_round"),
            models.CheckConstraint(
                condition=Q(round=0, stood_until=None) | Q(round__gte=1, stood_until__isnull=False),
                name="fact_earlier_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.case


class Shirk(models.Model):
    """That an organisation shirked a case (推诿), and when that was found; once, however often."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="shirks")
    org = models.CharField(max_length=400)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="shirk_found")]
        constraints = [models.UniqueConstraint(fields=["fact", "org"], name="shirk_once")]

    def __str__(self) -> str:
        return f"{self.fact_id} {self.org}"


class Press(models.Model):
    """A supervision order of a case (督办): whom it pressed, by when an answer was due, and whether it came late."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="orders")
    order = models.BigIntegerField(unique=True)
    org = models.CharField(max_length=400)
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    replied_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["issued_at"], name="press_issued"),
            models.Index(fields=["due_at"], name="press_due"),
        ]

    def __str__(self) -> str:
        return f"{self.fact_id} {self.org}"


class News(models.Model):
    """There was news of a case; the fact is kept anew with the next sweep. One row per entry, so nobody waits.

    News with an `error` is parked: the case could not be counted, and waits until somebody has mended why.
    """

    case = models.CharField(max_length=20)
    error = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["case"], condition=~Q(error=""), name="news_parked")]

    def __str__(self) -> str:
        return self.case
