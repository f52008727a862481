"""Rules of alarms in their versions, what each remembers of a station, the alarms, and what became of them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from telemetry.contracts.alarms import LEVELS, Act, RuleKind
from telemetry.models.observations import Station, Stream


class AlarmRule(models.Model):
    """A rule of alarms; its newest version is in force. `own` is one that the city wrote or changed itself."""

    code = models.CharField(max_length=40, unique=True)
    pack = models.CharField(max_length=60, blank=True)
    own = models.BooleanField(default=False)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class AlarmRuleVersion(models.Model):
    """A rule as it says from `since` on: readings measured before then are judged by the version before."""

    rule = models.ForeignKey(AlarmRule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in RuleKind])
    metric = models.CharField(max_length=40)
    document = models.JSONField()
    since = models.DateTimeField()
    by = models.CharField(max_length=120)
    by_label = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar = ["rule", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "number"], name="telemetry_rule_version_once"),
            models.CheckConstraint(
                name="telemetry_rule_kind", condition=Q(kind__in=[one.value for one in RuleKind])
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.number}"


class Judged(models.Model):
    """What a rule remembers of a station: at the beginning of a day, and (no day) after its newest reading."""

    rule = models.ForeignKey(AlarmRule, on_delete=models.CASCADE, related_name="+")
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(null=True)
    state = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "station", "day"], nulls_distinct=False, name="telemetry_judged_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.rule_id} {self.station_id} {self.day or 'now'}"


class Alarm(models.Model):
    """One alarm from its beginning to its end, by the clock of what was measured; one open for a rule and object.

    `raised_at` is when we found it. `levels` are its levels, each with when and why. Retracted, it stays.
    """

    rule = models.ForeignKey(AlarmRule, on_delete=models.PROTECT, related_name="alarms")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="alarms")
    stream = models.ForeignKey(Stream, null=True, on_delete=models.PROTECT, related_name="alarms")
    area = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField()
    highest = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField()
    peak = models.FloatField()
    peak_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    levels = models.JSONField(default=list)
    foreseen = models.BooleanField(default=False)
    chattering = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)
    retracted_why = models.CharField(max_length=20, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)
    assignee = models.CharField(max_length=120, blank=True)
    assignee_label = models.CharField(max_length=120, blank=True)
    shelved_until = models.DateTimeField(null=True)
    shelved_why = models.CharField(max_length=400, blank=True)
    escalated_at = models.DateTimeField(null=True)
    case = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                F("rule"), F("station"), Coalesce(F("stream"), 0), name="telemetry_alarm_one_open",
                condition=Q(ended_at__isnull=True, retracted_at__isnull=True),
            ),
            models.CheckConstraint(
                name="telemetry_alarm_level",
                condition=Q(level__gte=1, level__lte=max(LEVELS), highest__gte=F("level"), highest__lte=max(LEVELS)),
            ),
            models.CheckConstraint(
                name="telemetry_alarm_order", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("begun_at"))
            ),
            models.CheckConstraint(
                name="telemetry_alarm_retracted",
                condition=Q(retracted_at__isnull=True, retracted_why="")
                | Q(retracted_at__isnull=False) & ~Q(retracted_why=""),
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["-level", "-begun_at"], name="telemetry_alarm_open",
                condition=Q(ended_at__isnull=True, retracted_at__isnull=True),
            ),
            models.Index(fields=["station", "-begun_at"], name="telemetry_alarm_station"),
            models.Index(fields=["-id"], name="telemetry_alarm_newest"),
            models.Index(fields=["area"], opclasses=["text_pattern_ops"], name="telemetry_alarm_area"),
            models.Index(fields=["case"], condition=~Q(case=""), name="telemetry_alarm_case"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.pk} {self.rule_id} {self.station_id}"


class AlarmTurn(models.Model):
    """What became of an alarm, when, by whom and why."""

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="turns")
    at = models.DateTimeField()
    act = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Act])
    level = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=400, blank=True)
    told = models.JSONField(default=dict)
    actor = models.CharField(max_length=120)
    actor_label = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="telemetry_turn_act", condition=Q(act__in=[one.value for one in Act])),
        ]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.act}"
