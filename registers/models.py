"""Registers and their versions, records with their history, what is unique among them, their links, what was told."""

from django.contrib.gis.db import models
from django.contrib.postgres.indexes import GistIndex
from django.db.models import F, Q

from registers.contracts import Act


class Register(models.Model):
    """A kind of record, declared by a pack; never deleted, `retired` when no pack declares it any more."""

    code = models.CharField(max_length=40, unique=True)
    pack = models.CharField(max_length=60)
    retired = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.code


class RegisterVersion(models.Model):
    """A register as a pack declared it; records obey the version they were written under."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "number"], name="registers_version_once")]

    def __str__(self) -> str:
        return f"{self.register_id}/{self.number}"


class Round(models.Model):
    """A round of a register: when it was to begin, when it did (never: it was missed), and how far it has come."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="rounds")
    begins = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    after = models.CharField(max_length=24, blank=True)
    entered = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "begins"], name="registers_round_once"),
            models.UniqueConstraint(
                fields=["register"], condition=Q(started_at__isnull=False, done_at__isnull=True),
                name="registers_round_one_at_a_time",
            ),
            models.CheckConstraint(
                name="registers_round_missed_is_over", condition=Q(started_at__isnull=False) | Q(done_at__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.register_id} {self.begins:%Y-%m-%d}"


class NumberRun(models.Model):
    """The last running number behind the head of a number, for example of a district and a year."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="+")
    head = models.CharField(max_length=60)
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "head"], name="registers_run_once")]

    def __str__(self) -> str:
        return f"{self.head}{self.last}"


class Record(models.Model):
    """One record of a register: its number, state, attributes, place, term, and the next moment it must be told of.

    A trigger refuses a state that its version does not know. `key` names the telling, so that a retry enters it once.
    """

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="records")
    written_under = models.ForeignKey(RegisterVersion, on_delete=models.PROTECT, related_name="records")
    number = models.CharField(max_length=60)
    state = models.CharField(max_length=40)
    ended = models.BooleanField(default=False)
    attributes = models.JSONField(default=dict)
    title = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    org = models.CharField(max_length=200, blank=True)
    area = models.CharField(max_length=60, blank=True)
    cell = models.CharField(max_length=20, blank=True)
    geom = models.GeometryField(srid=4326, null=True, spatial_index=False)
    asset = models.CharField(max_length=24, blank=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    flags = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="registers_record_number"),
            models.UniqueConstraint(
                fields=["register", "key"], condition=~Q(key=""), name="registers_record_told_once"
            ),
            models.CheckConstraint(
                name="registers_record_term",
                condition=Q(valid_from__isnull=True, valid_until__isnull=True) | Q(valid_from__lt=F("valid_until")),
            ),
            models.CheckConstraint(
                name="registers_record_end_rests", condition=Q(ended=False) | Q(next_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["register", "-id"], name="registers_record_list"),
            models.Index(fields=["register", "state", "-id"], name="registers_record_state"),
            models.Index(fields=["register", "valid_until"], name="registers_record_until"),
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="registers_record_next"),
            models.Index(fields=["area"], opclasses=["text_pattern_ops"], name="registers_record_area"),
            models.Index(fields=["asset"], condition=~Q(asset=""), name="registers_record_asset"),
            GistIndex(fields=["geom"], name="registers_record_geom"),
        ]

    def __str__(self) -> str:
        return self.number


class UniqueValue(models.Model):
    """A value that only one record of a register may have; given free when that record has ended."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="unique_values")
    name = models.CharField(max_length=60)
    value = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "name", "value"], name="registers_value_once"),
            models.UniqueConstraint(fields=["record", "name"], name="registers_value_of_record"),
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class Turn(models.Model):
    """What became of a record, when, by whom and why; a trigger keeps it so. Personal values are masked here too."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="turns")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=8, choices=[(act.value, act.value) for act in Act])
    step = models.CharField(max_length=40, blank=True)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    changes = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    place = models.PointField(srid=4326, null=True, spatial_index=False)
    reason = models.TextField(blank=True)
    actor = models.CharField(max_length=100)
    actor_label = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="registers_turn_chain"),
            models.UniqueConstraint(fields=["record", "key"], condition=~Q(key=""), name="registers_turn_told_once"),
            models.CheckConstraint(name="registers_turn_act", condition=Q(act__in=[act.value for act in Act])),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}/{self.number} {self.act}"


class Tie(models.Model):
    """A link from a record to another record or to a case; it ends, and is not deleted."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="ties")
    link = models.CharField(max_length=40)
    target = models.ForeignKey(Record, null=True, on_delete=models.PROTECT, related_name="tied_from")
    to = models.CharField(max_length=60)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "link", "to"], condition=Q(until__isnull=True), name="registers_tie_once"
            ),
            models.CheckConstraint(name="registers_tie_not_itself", condition=~Q(record=F("target"))),
        ]
        indexes = [models.Index(fields=["to"], condition=Q(target__isnull=True), name="registers_tie_to")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.link} {self.to}"


class Told(models.Model):
    """A reminder, lapse or overdue state that a record was told of, once for each end of its term or state."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="told")
    kind = models.CharField(max_length=8)
    days = models.PositiveSmallIntegerField(default=0)
    end = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "kind", "days", "end"], name="registers_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.kind} {self.days}"
