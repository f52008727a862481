"""The case and its history: moves, clocks, evidence, requests."""

from django.contrib.gis.db import models
from django.db.models import F, Q

from cases.contracts import ENDS, ClockKind, Phase, RequestKind, Satisfaction, Source, Stage
from cases.contracts.causes import ALL_VERBS
from cases.contracts.flags import Flag
from cases.rules import FITTING
from core import clock

STAGES = [(stage.value, stage.value) for stage in Stage]
HOLDABLE = FITTING[RequestKind.HOLD]
_BEFORE_REGISTERING = ["reported", "verifying", "accepted", "rejected", "voided", "closed"]


class Case(models.Model):
    """A problem with a place that needs a person. Changed by `cases.actions` and by nothing else."""

    number = models.CharField(max_length=20, unique=True)
    version = models.PositiveIntegerField(default=1)
    stage_version = models.PositiveIntegerField(default=1)
    stage = models.CharField(max_length=12, choices=STAGES, default=Stage.REPORTED)
    stage_since = models.DateTimeField()
    source = models.CharField(max_length=16)
    source_ref = models.CharField(max_length=200)
    reported_by = models.CharField(max_length=120)
    category = models.ForeignKey("cases.Category", null=True, on_delete=models.PROTECT, related_name="cases")
    kind = models.CharField(max_length=12, blank=True, default="")
    description = models.TextField(blank=True, default="")
    attributes = models.JSONField(default=dict)
    component = models.CharField(max_length=24, blank=True, default="", db_default="")
    point = models.PointField(srid=4326, null=True, spatial_index=True)
    address = models.CharField(max_length=300, blank=True, default="")
    cell = models.CharField(max_length=20, blank=True, default="")
    area = models.CharField(max_length=80, blank=True, default="")
    district = models.CharField(max_length=12, blank=True, default="")
    place = models.JSONField(default=dict)
    org = models.CharField(max_length=400, blank=True, default="")
    handler = models.CharField(max_length=120, blank=True, default="")
    collector = models.CharField(max_length=120, blank=True, default="")
    priority = models.SmallIntegerField(default=0)
    promise = models.JSONField(default=dict)
    callback_wanted = models.BooleanField(default=False)
    satisfaction = models.CharField(max_length=12, blank=True, default="", db_default="")
    similar = models.BooleanField(default=False, db_default=False)
    typical = models.BooleanField(default=False, db_default=False)
    forced = models.BooleanField(default=False, db_default=False)
    has_photo = models.BooleanField(default=False)
    rework_count = models.PositiveSmallIntegerField(default=0)
    return_count = models.PositiveSmallIntegerField(default=0)
    returned_by = models.JSONField(default=list)
    extension_count = models.PositiveSmallIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    exempt = models.BooleanField(default=False)
    coordination = models.CharField(max_length=10, blank=True, default="")
    bound_to = models.CharField(max_length=40, blank=True, default="")
    shirked_at = models.DateTimeField(null=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, to_field="number", on_delete=models.PROTECT, related_name="duplicates", db_index=False
    )
    merged_from = models.CharField(max_length=12, blank=True, default="", db_default="")
    absorbed = models.PositiveSmallIntegerField(default=0, db_default=0)
    parent = models.ForeignKey(
        "self", null=True, to_field="number", on_delete=models.PROTECT, related_name="sub_cases", db_index=False
    )
    parts = models.PositiveSmallIntegerField(default=0, db_default=0)
    incident = models.CharField(max_length=120, blank=True, default="")
    trace = models.CharField(max_length=64, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    handled_late = models.BooleanField(default=False)
    reported_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["area"], opclasses=["text_pattern_ops"], name="case_area_path"),
            models.Index(fields=["org"], opclasses=["text_pattern_ops"], name="case_org_path"),
            # Of a department's list, newest first: the many that are with no organisation yet are not read.
            models.Index(fields=["id"], condition=Q(area="") | ~Q(org=""), name="case_with_org"),
            models.Index(fields=["stage", "due_at"], name="case_stage_due"),
            models.Index(fields=["due_at"], condition=~Q(stage__in=sorted(ENDS)), name="case_open_due"),
            models.Index(fields=["district", "stage"], name="case_district_stage"),
            models.Index(
                fields=["reported_at"],
                include=[
                    "id",
                    "area",
                    "cell",
                    "closed_at",
                    "district",
                    "handled_late",
                    "org",
                    "parent",
                    "registered_at",
                    "reported_by",
                    "return_count",
                    "rework_count",
                    "source",
                    "stage",
                    "category",
                ],
                name="case_counted",
            ),
            models.Index(fields=["component"], condition=~Q(component=""), name="case_component"),
            models.Index(fields=["held_until"], condition=Q(held_until__isnull=False), name="case_held"),
            models.Index(
                fields=["district", "due_at"],
                include=["id", "area", "org"],
                condition=~Q(stage__in=sorted(ENDS)),
                name="case_open_district",
            ),
            models.Index(fields=["registered_at"], include=["district", "area", "org"], name="case_registered_at"),
            models.Index(fields=["-closed_at", "-id"], condition=Q(stage=Stage.CLOSED), name="case_closed_newest"),
            models.Index(fields=["coordination"], condition=~Q(coordination=""), name="case_to_coordinate"),
            models.Index(fields=["satisfaction"], condition=~Q(satisfaction=""), name="case_satisfaction"),
            models.Index(fields=["shirked_at"], condition=Q(shirked_at__isnull=False), name="case_shirked_at"),
            models.Index(fields=["duplicate_of"], condition=Q(duplicate_of__isnull=False), name="case_duplicate_of"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="case_part_of"),
            *(models.Index(fields=["id"], condition=Q(**{flag: True}), name=f"case_{flag}") for flag in Flag),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_ref"], name="case_told_once"),
            models.CheckConstraint(condition=Q(source__in=[s.value for s in Source]), name="case_source_known"),
            models.CheckConstraint(condition=Q(stage__in=[s.value for s in Stage]), name="case_stage_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="case_version_positive"),
            models.CheckConstraint(
                condition=Q(coordination__in=["", "no_owner", "shirked"]), name="case_coordination_known"
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__in=["", *(s.value for s in Satisfaction)]), name="case_satisfaction_known"
            ),
            models.CheckConstraint(
                condition=Q(stage_version__gte=1, stage_version__lte=F("version")), name="case_stage_version_within"
            ),
            models.CheckConstraint(
                condition=Q(held_until=None) | Q(stage__in=sorted(HOLDABLE)), name="case_held_while_worked"
            ),
            models.CheckConstraint(
                condition=Q(stage="closed", closed_at__isnull=False) | (~Q(stage="closed") & Q(closed_at__isnull=True)),
                name="case_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(registered_at__isnull=False) | Q(stage__in=_BEFORE_REGISTERING),
                name="case_registered_first",
            ),
            models.CheckConstraint(
                condition=Q(area="", cell="", district="") | (~Q(area="") & ~Q(district="") & Q(point__isnull=False)),
                name="case_place_whole",
            ),
            models.CheckConstraint(
                condition=Q(registered_at__isnull=True) | (Q(category__isnull=False) & ~Q(area="") & ~Q(promise={})),
                name="case_promise_frozen",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None, merged_from="")
                | (
                    Q(duplicate_of__isnull=False, stage="voided", absorbed=0, parts=0, parent=None) & ~Q(merged_from="")
                ),
                name="case_merged_whole",
            ),
            models.CheckConstraint(condition=~Q(duplicate_of=F("number")), name="case_no_duplicate_of_itself"),
            models.CheckConstraint(condition=Q(parent=None) | Q(parts=0), name="case_part_has_no_parts"),
            models.CheckConstraint(condition=Q(forced=False) | Q(stage="closed"), name="case_forced_is_closed"),
            models.CheckConstraint(condition=~Q(stage="in_parts") | Q(parts__gte=1), name="case_in_parts_has_parts"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def organisation(self) -> str:
        """The code of the organisation that has the case, "" without one."""
        return self.org.rpartition(".")[2]

    @property
    def flags(self) -> tuple[str, ...]:
        """The flags that it has."""
        return tuple(flag.value for flag in Flag if getattr(self, flag))

    @property
    def category_code(self) -> str:
        """The code of its class, "" while nobody has chosen one."""
        return self.category.code if self.category else ""

    @property
    def lon(self) -> float | None:
        """Degrees east, WGS 84."""
        return self.point.x if self.point else None

    @property
    def lat(self) -> float | None:
        """Degrees north, WGS 84."""
        return self.point.y if self.point else None


class Move(models.Model):
    """One step that was taken. A trigger forbids changing or deleting it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves")
    version = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=12, blank=True, default="")
    after = models.CharField(max_length=12)
    actor = models.CharField(max_length=120)
    actor_label = models.CharField(max_length=120)
    org = models.CharField(max_length=400, blank=True, default="")
    given = models.JSONField(default=dict)
    at = models.DateTimeField()
    trace = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["version"]
        indexes = [
            models.Index(fields=["verb", "case"], condition=Q(verb__in=list(ALL_VERBS)), name="move_with_reason"),
        ]
        constraints = [models.UniqueConstraint(fields=["case", "version"], name="move_chain")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.version} {self.verb}"


class Clock(models.Model):
    """A limit that runs on a working calendar: promised minutes, when due, when stopped; no limit, a stopwatch.

    `rungs` is its ladder as it was promised, with the moments the rungs stand at; `next_at` is that of the next one
    which has not told yet, so that one index answers who is to be told. `term` counts how often its end was moved.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    kind = models.CharField(max_length=10)
    stage = models.CharField(max_length=12)
    round = models.PositiveSmallIntegerField(default=1)
    minutes = models.PositiveIntegerField(null=True)
    calendar = models.CharField(max_length=40, blank=True, default="")
    why = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    extended_minutes = models.PositiveIntegerField(default=0)
    paused_minutes = models.FloatField(default=0)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    told_overdue_at = models.DateTimeField(null=True)
    rungs = models.JSONField(default=list)
    next_at = models.DateTimeField(null=True)
    term = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["started_at", "id"]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(stopped_at=None, next_at__isnull=False), name="clock_to_tell"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=Q(stopped_at=None), name="clock_one_running"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in ClockKind]), name="clock_kind_known"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="clock_has_minutes"),
            models.CheckConstraint(
                condition=Q(warn_at__gte=F("started_at")) & Q(due_at__gte=F("warn_at")),
                name="clock_runs_forward",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at")), name="clock_stops_after_start"
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | Q(stopped_at=None, paused_at__gte=F("started_at")),
                name="clock_pauses_while_running",
            ),
            models.CheckConstraint(condition=Q(paused_minutes__gte=0), name="clock_pauses_forward"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.stage}"


class Clue(models.Model):
    """A further telling of the same problem, from another source."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clues")
    source = models.CharField(max_length=16)
    source_ref = models.CharField(max_length=200)
    note = models.TextField(blank=True, default="")
    actor = models.CharField(max_length=120)
    actor_label = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "source_ref"], name="clue_told_once"),
            models.CheckConstraint(condition=Q(source__in=[s.value for s in Source]), name="clue_source_known"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_ref}"


class Evidence(models.Model):
    """A picture or a clip: the original sealed by its hash, and a public copy without metadata; of a clip, its poster.

    `erased_at` is since when the original is gone: its hash says what it was, the public copy stays.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    phase = models.CharField(max_length=8)
    stage = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    public_sha256 = models.CharField(max_length=64)
    content_type = models.CharField(max_length=30)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    actor = models.CharField(max_length=120)
    actor_label = models.CharField(max_length=120)
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["case", "phase", "version", "sha256"], name="evidence_once"),
            models.CheckConstraint(condition=Q(phase__in=[p.value for p in Phase]), name="evidence_phase_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.phase} {self.sha256[:8]}"

    @property
    def is_clip(self) -> bool:
        """Whether it is a clip of film and no still picture."""
        return self.content_type.startswith("video/")
