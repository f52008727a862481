"""What packs bring: the classes of cases, who is responsible for them, and which level may do what."""

from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from cases.contracts.evidence import Filming
from cases.rules import DUPLICATES
from core import clock


class TsTzRange(Func):
    """The half-open period between two instants; an absent end means for ever."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Category(models.Model):
    """One version of a minor class, in force for a time; a case points at the version it was promised by.

    The versions of a code follow one another without overlap, and exactly one has no end. One that was withdrawn
    before it began ends when it would have begun. `origin` says who has the last word: a pack, or the city.
    """

    KINDS = (("event", "event"), ("component", "component"))
    ORIGINS = (("pack", "pack"), ("city", "city"))

    code = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)
    valid_from = models.DateTimeField(default=clock.now)
    valid_until = models.DateTimeField(null=True, blank=True)
    origin = models.CharField(max_length=8, choices=ORIGINS, default="pack")
    made_by = models.CharField(max_length=120, blank=True, default="")
    made_label = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=400, blank=True, default="")
    retired = models.BooleanField(default=False)
    standard = models.CharField(max_length=60, blank=True, default="")
    kind = models.CharField(max_length=12, choices=KINDS)
    major = models.CharField(max_length=8)
    minor = models.CharField(max_length=8)
    names = models.JSONField()
    icon = models.CharField(max_length=40, blank=True, default="")
    is_default = models.BooleanField(default=False)
    auto_register = models.BooleanField(default=False)
    quick = models.BooleanField(default=False)
    may_settle = models.BooleanField(default=False)
    needs_photo = models.JSONField(default=list)
    video = models.CharField(max_length=8, default=Filming.ALLOWED.value, db_default=Filming.ALLOWED.value)
    conditions = models.JSONField(default=list)
    department = models.JSONField(default=dict)
    pack = models.CharField(max_length=60)

    class Meta:
        ordering = ["code", "version"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="category_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_until=None), name="category_one_without_end"),
            models.CheckConstraint(condition=Q(version__gte=1), name="category_version_positive"),
            models.CheckConstraint(condition=Q(origin__in=["pack", "city"]), name="category_origin_known"),
            models.CheckConstraint(condition=~Q(origin="city", reason=""), name="category_city_says_why"),
            models.CheckConstraint(condition=Q(video__in=[one.value for one in Filming]), name="category_video_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="category_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="category_one_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (TsTzRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def in_force(self, at: datetime) -> bool:
        """Whether this version holds at that moment."""
        return self.valid_from <= at and (self.valid_until is None or self.valid_until > at)

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken back before it began."""
        return self.valid_until is not None and self.valid_until <= self.valid_from


class ClassSwitch(models.Model):
    """Whether new cases may be of a class; one without a row is on. The city's word outlasts a preset's."""

    code = models.CharField(max_length=20, unique=True)
    enabled = models.BooleanField()
    origin = models.CharField(max_length=8, choices=Category.ORIGINS)
    pack = models.CharField(max_length=60, blank=True, default="")
    changed_by = models.CharField(max_length=120)
    changed_label = models.CharField(max_length=120, blank=True, default="")
    changed_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "class switches"
        constraints = [
            models.CheckConstraint(condition=Q(origin__in=["pack", "city"]), name="class_switch_origin_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {'on' if self.enabled else 'off'}"


def _state(begins: datetime, ends: datetime | None, at: datetime) -> str:
    """Whether a dated rule is over, to_come or in_force; one that was withdrawn before it began is over."""
    if ends is not None and ends <= max(at, begins):
        return "over"
    return "to_come" if begins > at else "in_force"


class Responsibility(models.Model):
    """The general rule of a duty: organisations of this kind that carry it, one for each area of this level.

    `cooperating` are duties whose carriers help; `arbiter` kinds of organisations whose nearest settles disputes.
    `origin` says whose word it is. A pack has one for a duty, until it is retired; the city's own holds for a time,
    beats the pack's as long as it does, and is never deleted. `before` is the one whose place it takes and
    `before_until` when that would have ended: where this one is withdrawn before it begins, the other goes on.
    """

    duty = models.CharField(max_length=60)
    origin = models.CharField(max_length=8, choices=Category.ORIGINS, default="pack")
    names = models.JSONField(default=dict)
    kind = models.CharField(max_length=40)
    by = models.CharField(max_length=12)
    cooperating = models.JSONField(default=list)
    arbiter = models.JSONField(default=list)
    retired = models.BooleanField(default=False)
    pack = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=400, blank=True, default="")
    valid_from = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    made_by = models.CharField(max_length=120, blank=True, default="")
    made_label = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=120, blank=True, default="")
    before = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    before_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["duty"]
        verbose_name_plural = "responsibilities"
        constraints = [
            models.UniqueConstraint(fields=["duty"], condition=Q(origin="pack"), name="responsibility_pack_once"),
            models.CheckConstraint(condition=Q(origin__in=["pack", "city"]), name="responsibility_origin_known"),
            models.CheckConstraint(
                condition=~Q(origin="city") | (~Q(reason="") & Q(valid_from__isnull=False)),
                name="responsibility_city_says_why_and_when",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="responsibility_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="responsibility_city_one_at_a_time",
                expressions=[
                    ("duty", RangeOperators.EQUAL),
                    (TsTzRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(origin="city"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} by {self.by}"

    def state_at(self, at: datetime) -> str:
        """Whether at that moment it is over, to_come or in_force; a pack's rule is in force until it is retired."""
        if self.valid_from is None:
            return "over" if self.retired else "in_force"
        return _state(self.valid_from, self.valid_until, at)


class AreaGrade(models.Model):
    """What a management grade of the ground means for limits: a limit there is this share of what a condition says.

    Which ground has which grade, the cells of the map say. The city's word outlasts a pack's.
    """

    grade = models.PositiveSmallIntegerField(unique=True)
    names = models.JSONField(default=dict)
    share = models.FloatField(default=1)
    origin = models.CharField(max_length=8, choices=Category.ORIGINS, default="pack")
    pack = models.CharField(max_length=60, blank=True, default="")
    changed_by = models.CharField(max_length=120, blank=True, default="")
    changed_label = models.CharField(max_length=120, blank=True, default="")
    changed_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ["grade"]
        constraints = [
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=4), name="area_grade_known"),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=10), name="area_grade_share"),
            models.CheckConstraint(condition=Q(origin__in=["pack", "city"]), name="area_grade_origin_known"),
            models.CheckConstraint(condition=~Q(origin="city", reason=""), name="area_grade_city_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.grade} x {self.share:g}"


class Override(models.Model):
    """A special rule: who is responsible for a class in an area ("" = the whole city), for a time; never deleted.

    It may also, or only, set the limit of the class there. What it leaves empty the general rule says. `before` and
    `before_until` are as with `Responsibility`.
    """

    category = models.CharField(max_length=20)
    area = models.CharField(max_length=80, blank=True, default="")
    organisation = models.CharField(max_length=40, blank=True, default="")
    cooperating = models.JSONField(default=list)
    arbiter = models.CharField(max_length=40, blank=True, default="")
    limit = models.JSONField(default=dict)
    reason = models.CharField(max_length=400)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True, blank=True)
    made_by = models.CharField(max_length=120)
    made_label = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    ended_by = models.CharField(max_length=120, blank=True, default="")
    before = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    before_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["category", "area", "valid_from"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(organisation="", arbiter="", cooperating=[], limit={}), name="override_says_something"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="override_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="override_one_at_a_time",
                expressions=[
                    ("category", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (TsTzRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.area}".strip()

    def state_at(self, at: datetime) -> str:
        """Whether at that moment it is over, to_come or in_force."""
        return _state(self.valid_from, self.valid_until, at)


class StepsModel(models.Model):
    """How a city divides supervision and command: verb -> levels, limits of posts, shares.

    `apart` are pairs of verbs that nobody takes on one case both, the first before the second. `quick` may hold a
    `limit` and `classes` which get that limit where their own is longer, beside those that the catalogue calls quick.
    `timeout_orders` say of which clock (and stage) a breach is a supervision order by itself, of which level, in which
    words, to be answered within what.
    One job takes a step with `bulk_most` cases at most.
    """

    code = models.CharField(max_length=60, unique=True)
    names = models.JSONField(default=dict)
    levels = models.JSONField(default=dict)
    post_limits = models.JSONField(default=dict)
    warn_share = models.FloatField(default=0.75)
    rework_share = models.FloatField(default=1.0)
    apart = models.JSONField(default=list)
    quick = models.JSONField(default=dict)
    timeout_orders = models.JSONField(default=list)
    bulk_most = models.PositiveIntegerField(default=5000, db_default=5000)
    in_force = models.BooleanField(default=False)
    origin = models.CharField(max_length=4, default="pack")
    chosen_by = models.CharField(max_length=120, blank=True, default="")
    chosen_label = models.CharField(max_length=120, blank=True, default="")
    chosen_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True, default="")
    pack = models.CharField(max_length=60)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["in_force"], condition=Q(in_force=True), name="steps_model_one_in_force"),
            models.CheckConstraint(condition=Q(warn_share__gt=0, warn_share__lt=1), name="steps_model_warn_share"),
            models.CheckConstraint(condition=Q(rework_share__gt=0), name="steps_model_rework_share"),
            models.CheckConstraint(condition=Q(bulk_most__range=(1, 20000)), name="steps_model_bulk_most"),
        ]

    def __str__(self) -> str:
        return self.code


class DuplicateRule(models.Model):
    """Within which metres and hours reports of one class are taken for the same problem; one row.

    `steps_models` and `classes` hold what a model of steps and a class say otherwise, by their codes.
    """

    metres = models.PositiveIntegerField(default=DUPLICATES.metres)
    hours = models.PositiveIntegerField(default=DUPLICATES.hours)
    reach_metres = models.PositiveIntegerField(default=DUPLICATES.reach_metres)
    reach_days = models.PositiveIntegerField(default=DUPLICATES.reach_days)
    steps_models = models.JSONField(default=dict)
    classes = models.JSONField(default=dict)
    pack = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="duplicate_rule_is_one"),
            models.CheckConstraint(
                condition=Q(metres__gte=1, hours__gte=1, reach_metres__gte=1, reach_days__gte=1),
                name="duplicate_rule_reaches",
            ),
        ]
