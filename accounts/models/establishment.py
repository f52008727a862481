"""How the tree of organisations stood and will stand, and how offices are staffed: posts, shifts, contracts, crews."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q

from accounts import rules
from accounts.contracts import PlannedAct, PlanState
from core import clock

CODE = RegexValidator(rules.CODE.pattern, code="accounts.bad_code")


class TsTzRange(Func):
    """The half-open period between two instants; an absent end means for ever."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Standing(models.Model):
    """How an organisation stood in the tree from a moment until another: written by every verb, never changed."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="standings")
    names = models.JSONField()
    duties = models.JSONField(default=list)
    parent = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=400)
    active = models.BooleanField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["path"]
        indexes = [models.Index(fields=["valid_from", "valid_until"], name="accounts_standing_when")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(valid_until=None), name="accounts_standing_one_now"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")), name="accounts_standing_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} {self.valid_from:%Y-%m-%d}"


class Plan(models.Model):
    """A move or a closing from a date on; carried out once, refused with a reason, or cancelled."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="plans")
    act = models.CharField(max_length=8, choices=[(one.value, one.value) for one in PlannedAct])
    parent = models.ForeignKey("accounts.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=400, blank=True, default="")
    state = models.CharField(
        max_length=10, default=PlanState.PLANNED, choices=[(one.value, one.value) for one in PlanState]
    )
    refusal = models.JSONField(default=dict)
    made_by = models.CharField(max_length=120)
    made_label = models.CharField(max_length=120, blank=True, default="")
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["at"], condition=Q(state="planned"), name="accounts_plan_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="planned", ended_at=None) | (~Q(state="planned") & Q(ended_at__isnull=False)),
                name="accounts_plan_ended_whole",
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(state="planned"), name="accounts_plan_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.organisation_id} {self.at:%Y-%m-%d}"


class Post(models.Model):
    """A named place in an organisation: whoever holds it holds its role over its ground.

    `bound`: the ground is what the organisation and those below it have; otherwise it is the area alone.
    """

    code = models.CharField(max_length=40, unique=True, validators=[CODE])
    names = models.JSONField(default=dict)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="posts")
    role = models.ForeignKey("accounts.Role", on_delete=models.PROTECT, related_name="posts")
    area = models.CharField(max_length=80, blank=True, default="")
    bound = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["organisation__path", "code"]

    def __str__(self) -> str:
        return str(self.names.get("zh") or self.code)


class Shift(models.Model):
    """A named part of the day, from a pack; one that ends before it begins ends the next morning."""

    code = models.CharField(max_length=40, unique=True, validators=[CODE])
    names = models.JSONField(default=dict)
    begins = models.TimeField()
    ends = models.TimeField()
    pack = models.CharField(max_length=40, blank=True, default="", editable=False)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["begins", "code"]

    def __str__(self) -> str:
        return str(self.names.get("zh") or self.code)


class Watch(models.Model):
    """Somebody has a shift of an organisation on a day; nobody has two at one time."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="watches")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="watches")
    shift = models.ForeignKey("accounts.Shift", on_delete=models.PROTECT, related_name="watches")
    day = models.DateField()
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["begins_at", "user"]
        verbose_name_plural = "watches"
        indexes = [models.Index(fields=["organisation", "day"], name="accounts_watch_week")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="accounts_watch_forward"),
            ExclusionConstraint(
                name="accounts_watch_one_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (TsTzRange("begins_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.shift_id} {self.day}"


class Contract(models.Model):
    """From when until when a contractor works for the city; its people's grants end with it."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=80)
    scope = models.CharField(max_length=400, blank=True, default="")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="accounts_contract_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=~Q(number=""), name="accounts_contract_has_a_number"),
            ExclusionConstraint(
                name="accounts_contract_one_at_a_time",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    (TsTzRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Crew(models.Model):
    """A working party of an organisation, usually of a contractor."""

    code = models.CharField(max_length=40, unique=True, validators=[CODE])
    names = models.JSONField(default=dict)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="crews")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.names.get("zh") or self.code)


class CrewMember(models.Model):
    """Somebody works in a crew, from a moment until another; `leads` it or not."""

    crew = models.ForeignKey("accounts.Crew", on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="crews")
    leads = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-leads", "since"]
        constraints = [
            models.UniqueConstraint(fields=["crew", "user"], condition=Q(until=None), name="accounts_crew_member_once"),
            models.UniqueConstraint(
                fields=["crew"], condition=Q(until=None, leads=True), name="accounts_crew_one_leader"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="accounts_crew_member_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.crew_id} {self.user_id}"
