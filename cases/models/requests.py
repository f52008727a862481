"""What is asked for a case and by whom it was signed, the holds that followed, and the city's rules of asking."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from cases.contracts import RequestKind, RequestState
from cases.models.case import Case
from cases.models.catalogue import TsTzRange
from core import clock

_KINDS = [kind.value for kind in RequestKind]
_JUDGED = [RequestState.APPROVED.value, RequestState.REFUSED.value]


class RequestRule(models.Model):
    """Who may ask for a kind of request, on which grounds and within which limits, and who must sign.

    `origin` says whose word it is: a pack has one for a kind; the city's own holds for a time, beats the pack's as
    long as it does, and is never deleted.
    """

    kind = models.CharField(max_length=10)
    origin = models.CharField(max_length=4, default="pack", db_default="pack")
    askers = models.JSONField(default=list)
    chain = models.JSONField(default=list)
    again = models.JSONField(default=list, db_default=[])
    grounds = models.JSONField(default=list)
    most = models.PositiveSmallIntegerField(default=0)
    share = models.FloatField(default=0)
    days = models.PositiveSmallIntegerField(default=0)
    shirk_after = models.PositiveSmallIntegerField(default=0)
    take_within = models.JSONField(default=dict, db_default={})
    pack = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=400, blank=True, default="")
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=120, blank=True, default="")
    made_label = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(origin="pack"), name="request_rule_pack_once"),
            models.CheckConstraint(
                condition=Q(origin="pack", valid_from=None, valid_until=None)
                | (Q(origin="city", valid_from__isnull=False) & ~Q(reason="")),
                name="request_rule_city_says_why_and_when",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="request_rule_ends_later"
            ),
            ExclusionConstraint(
                name="request_rule_city_one_at_a_time",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (TsTzRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(origin="city"),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in RequestKind]), name="request_rule_kind_known"
            ),
            models.CheckConstraint(condition=Q(share__gte=0), name="request_rule_share"),
        ]

    def __str__(self) -> str:
        return self.kind

    def state_at(self, at: datetime) -> str:
        """Whether at that moment it is over, to_come or in_force; a pack's is in force unless the city says else."""
        if self.valid_until is not None and self.valid_until <= at:
            return "over"
        return "to_come" if self.valid_from is not None and self.valid_from > at else "in_force"

    def told(self) -> dict[str, Any]:
        """What it says, in the words of a manifest: what `core.versions` compares."""
        names = ("kind", "askers", "chain", "again", "grounds", "most", "share", "days", "shirk_after", "take_within")
        return {name: getattr(self, name) for name in names}


class Request(models.Model):
    """What somebody asks for a case; signed by others along a chain that was frozen when it was asked, used once.

    `next_duty` and `next_level` are those of the signature it waits for, "" once nothing is waited for.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=10)
    stage = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=RequestState.OPEN)
    reason = models.TextField()
    ground = models.CharField(max_length=40, blank=True, default="")
    ground_names = models.JSONField(default=dict)
    minutes = models.PositiveIntegerField(null=True)
    until = models.DateTimeField(null=True)
    chain = models.JSONField(default=list)
    signed = models.PositiveSmallIntegerField(default=0)
    next_duty = models.CharField(max_length=20, blank=True, default="")
    next_level = models.CharField(max_length=12, blank=True, default="")
    asked_by = models.CharField(max_length=120)
    asked_label = models.CharField(max_length=120)
    asked_org = models.CharField(max_length=400, blank=True, default="")
    asked_at = models.DateTimeField()
    answer = models.TextField(blank=True, default="")
    decided_by = models.CharField(max_length=120, blank=True, default="")
    decided_label = models.CharField(max_length=120, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "id"]
        indexes = [
            models.Index(fields=["next_duty"], condition=Q(state="open"), name="request_waiting"),
            models.Index(fields=["asked_by", "-asked_at"], name="request_of_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=Q(state="open"), name="request_one_open"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="appeal", state__in=_JUDGED), name="request_one_appeal"
            ),
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="request_kind_known"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in RequestState]), name="request_state_known"),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("asked_by")), name="request_judged_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="request_decided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_JUDGED) | ~Q(decided_by=""), name="request_judged_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(state="approved"), name="request_used_only_when_approved"
            ),
            models.CheckConstraint(
                condition=Q(kind="extension", minutes__gte=1) | (~Q(kind="extension") & Q(minutes=None)),
                name="request_minutes_of_extension",
            ),
            models.CheckConstraint(
                condition=Q(kind="hold", until__gt=F("asked_at")) | (~Q(kind="hold") & Q(until=None)),
                name="request_until_of_hold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a signature."""
        return self.state == RequestState.OPEN


class Signature(models.Model):
    """One signature under a request, or the refusal that ended it. A trigger forbids changing or deleting it."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="signatures")
    place = models.PositiveSmallIntegerField()
    approved = models.BooleanField()
    answer = models.TextField(blank=True, default="")
    duty = models.CharField(max_length=20)
    by = models.CharField(max_length=120)
    label = models.CharField(max_length=120)
    org = models.CharField(max_length=400, blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["request", "place"]
        constraints = [
            models.UniqueConstraint(fields=["request", "place"], name="signature_chain"),
            models.UniqueConstraint(fields=["request", "by"], name="signature_by_another_each"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}/{self.place}"


class Hold(models.Model):
    """A time in which a case stands still: from when, until when it was granted, and when it really ended."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="hold")
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="hold_one_open"),
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="hold_runs_forward"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since"), ended_at__lte=F("until")),
                name="hold_ends_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.until:%Y-%m-%d}"


class Untaken(models.Model):
    """A return was refused, and whoever has the case must take it until `due_at`; `found_at` says that it did not.

    Then it is a fact of shirking (推诿) of that organisation, once for a case, whatever becomes of the case.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="untaken")
    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="untaken")
    org = models.CharField(max_length=400)
    refused_at = models.DateTimeField()
    due_at = models.DateTimeField()
    found_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["refused_at", "id"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(found_at=None), name="untaken_waiting"),
            models.Index(fields=["found_at"], condition=Q(found_at__isnull=False), name="untaken_found"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "org"], name="untaken_once"),
            models.CheckConstraint(condition=Q(due_at__gt=F("refused_at")), name="untaken_due_later"),
            models.CheckConstraint(
                condition=Q(found_at=None) | Q(found_at__gt=F("due_at")), name="untaken_found_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.org}"
