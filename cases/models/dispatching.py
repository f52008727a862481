"""Automatic dispatch: its rules, what it did or why it did nothing, and its switch."""

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from cases.contracts.dispatching import REPLAYING, SWITCHED_OFF, ReplayState
from cases.models.case import Case
from core import clock


class DispatchRule(models.Model):
    """Cases of these classes, in that area, from these sources, ... go to whom the matrix names; never deleted.

    What is left empty does not narrow. `replayed`, `decided` and `wrong` are of the replay that was looked at.
    """

    name = models.CharField(max_length=60)
    priority = models.PositiveSmallIntegerField(default=100)
    level = models.CharField(max_length=12)
    aim = models.CharField(max_length=12)
    classes = models.JSONField(default=list)
    area = models.CharField(max_length=80, blank=True, default="")
    sources = models.JSONField(default=list)
    grades = models.JSONField(default=list)
    hours = models.CharField(max_length=8, blank=True, default="")
    reason = models.CharField(max_length=400)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    seal = models.CharField(max_length=80)
    replayed = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    made_by = models.CharField(max_length=120)
    made_label = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=clock.now)
    ended_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ["level", "priority", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason="") & ~Q(name=""), name="dispatch_rule_says_why"),
            models.CheckConstraint(
                condition=Q(level="city", aim__in=["responsible", "district"]) | Q(level="district", aim="responsible"),
                name="dispatch_rule_within_its_level",
            ),
            models.CheckConstraint(condition=Q(hours__in=["", "office", "off"]), name="dispatch_rule_hours_known"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="dispatch_rule_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def state_at(self, at: datetime) -> str:
        """Whether at that moment it is over, to_come or in_force."""
        if self.valid_until is not None and self.valid_until <= at:
            return "over"
        return "to_come" if self.valid_from > at else "in_force"


class AutoDispatch(models.Model):
    """What was decided about a case without a person, or why it waits for one; once for each time it waits.

    `organisation` is "" where it waits; `why` are the lines of the matrix's reasoning.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="auto_dispatches")
    version = models.PositiveIntegerField()
    rule = models.ForeignKey(DispatchRule, on_delete=models.PROTECT, null=True, related_name="acts")
    organisation = models.CharField(max_length=40, blank=True, default="")
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    why = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["at"], name="auto_dispatch_at"),
            models.Index(fields=["at"], name="auto_dispatch_off", condition=Q(code=SWITCHED_OFF)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="auto_dispatch_once"),
            models.CheckConstraint(
                condition=Q(organisation="") | Q(rule__isnull=False), name="auto_dispatch_by_a_rule"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.code}"


class DispatchSwitch(models.Model):
    """Whether the rules act at all: the newest row counts, and without one they do."""

    on = models.BooleanField()
    reason = models.CharField(max_length=400)
    changed_by = models.CharField(max_length=120)
    changed_label = models.CharField(max_length=120)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="dispatch_switch_says_why")]

    def __str__(self) -> str:
        return "on" if self.on else "off"


class DispatchReplayJob(models.Model):
    """A rule that is not saved yet, to be replayed on more cases than a person waits for; kept for a day.

    `typed` is the form as it was sent, `rule` what it means, `result` what came out, under its `seal`; `decided_by`
    says what everything that decides was then. `epoch` is the number of the worker that may go on.
    """

    uid = models.UUIDField(unique=True, default=uuid4, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    typed = models.JSONField(default=dict)
    rule = models.JSONField(default=dict)
    days = models.PositiveSmallIntegerField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10, default=ReplayState.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    seal = models.CharField(max_length=80, blank=True, default="")
    decided_by = models.CharField(max_length=64, blank=True, default="")
    epoch = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ReplayState]), name="dispatch_replay_state"
            ),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(seal=""), name="dispatch_replay_done_is_sealed"),
            models.UniqueConstraint(
                fields=["user"], name="dispatch_replay_one_at_a_time", condition=Q(state__in=sorted(REPLAYING))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.uid} ({self.state})"

    @property
    def at_work(self) -> bool:
        """Whether its result is still to come."""
        return self.state in REPLAYING
