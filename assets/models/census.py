"""The census (普查): its rules from packs, projects, the streets of each, what surveyors found, recurring events."""

from django.contrib.gis.db import models
from django.db.models import F, Q

from assets.contracts import FindingKind, Outcome, ProjectState, StreetState, Subject


class CensusRules(models.Model):
    """What a census looks at and how it is verified, as a pack gives it: grounds, the sample, the error allowed."""

    pack = models.CharField(max_length=60, unique=True)
    grounds = models.JSONField(default=list)
    sampling = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.pack


class Project(models.Model):
    """A census of components or of recurring events over an area; its rules are copied when it is planned."""

    title = models.CharField(max_length=200)
    subject = models.CharField(max_length=10, choices=[(s.value, s.value) for s in Subject], default=Subject.COMPONENTS)
    area = models.CharField(max_length=60)
    types = models.JSONField(default=list)
    classes = models.JSONField(default=list)
    grounds = models.JSONField(default=list)
    share = models.FloatField()
    least = models.PositiveIntegerField()
    threshold = models.FloatField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ProjectState])
    planned_by = models.CharField(max_length=100)
    planned_label = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    accepting_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=100, blank=True)
    accepted_label = models.CharField(max_length=120, blank=True)
    accepted_at = models.DateTimeField(null=True)
    survey = models.ForeignKey("assets.Survey", null=True, on_delete=models.PROTECT, related_name="projects")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="assets_project_state", condition=Q(state__in=[s.value for s in ProjectState])),
            models.CheckConstraint(name="assets_project_subject", condition=Q(subject__in=[s.value for s in Subject])),
            models.CheckConstraint(name="assets_project_share", condition=Q(share__gt=0, share__lte=1)),
            models.CheckConstraint(name="assets_project_threshold", condition=Q(threshold__gte=0, threshold__lt=1)),
            models.CheckConstraint(
                name="assets_project_accepted",
                condition=Q(state=ProjectState.ACCEPTED, accepted_at__isnull=False)
                | (~Q(state=ProjectState.ACCEPTED) & Q(accepted_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Street(models.Model):
    """A street or a community of a project, given to a surveyor; what was expected there when the census began."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="streets")
    code = models.CharField(max_length=12)
    area = models.CharField(max_length=60)
    names = models.JSONField(default=dict)
    surveyor = models.CharField(max_length=100, blank=True)
    surveyor_label = models.CharField(max_length=120, blank=True)
    expected = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in StreetState], default=StreetState.ASSIGNED
    )
    round = models.PositiveSmallIntegerField(default=1)
    seed = models.CharField(max_length=32, blank=True)
    sampled = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    reason = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["project", "code"], name="assets_street_once"),
            models.CheckConstraint(name="assets_street_state", condition=Q(state__in=[s.value for s in StreetState])),
            models.CheckConstraint(name="assets_street_wrong", condition=Q(wrong__lte=F("sampled"))),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.code}"


class Spot(models.Model):
    """A place where a class of events recurs, as the last census that was accepted found it."""

    event_class = models.CharField(max_length=12)
    geom = models.GeometryField(srid=4326)
    cell = models.CharField(max_length=20)
    area = models.CharField(max_length=60)
    note = models.TextField(blank=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="spots")
    created_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["area"], opclasses=["text_pattern_ops"], name="assets_spot_area")]

    def __str__(self) -> str:
        return f"{self.event_class} {self.cell}"


class Finding(models.Model):
    """What a surveyor found: something new, a component as it should be, changed, missing, or not counted; once."""

    street = models.ForeignKey(Street, on_delete=models.PROTECT, related_name="findings")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="findings")
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in FindingKind])
    asset = models.ForeignKey("assets.Asset", null=True, on_delete=models.PROTECT, related_name="findings")
    spot = models.ForeignKey(Spot, null=True, on_delete=models.PROTECT, related_name="findings")
    type = models.ForeignKey("assets.AssetType", null=True, on_delete=models.PROTECT, related_name="+")
    event_class = models.CharField(max_length=12, blank=True)
    seen_version = models.PositiveIntegerField(default=0)
    geom = models.GeometryField(srid=4326)
    cell = models.CharField(max_length=20)
    area = models.CharField(max_length=60)
    ground = models.CharField(max_length=40, blank=True)
    width_m = models.FloatField(null=True)
    given = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    surveyor = models.CharField(max_length=100)
    surveyor_label = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField()
    in_sample = models.BooleanField(default=False)
    correct = models.BooleanField(null=True)
    judged_by = models.CharField(max_length=100, blank=True)
    judge_note = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, blank=True, choices=[(o.value, o.value) for o in Outcome])
    why_not = models.JSONField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["street", "kind"], name="assets_finding_street_kind")]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="assets_finding_told_once"),
            models.UniqueConstraint(
                fields=["project", "asset"], condition=Q(asset__isnull=False), name="assets_finding_one_each"
            ),
            models.UniqueConstraint(
                fields=["project", "spot"], condition=Q(spot__isnull=False), name="assets_finding_one_spot"
            ),
            models.CheckConstraint(
                name="assets_finding_about",
                condition=(
                    Q(kind=FindingKind.NEW, spot__isnull=True) & (Q(asset__isnull=True) | Q(outcome=Outcome.WRITTEN))
                )
                | (~Q(kind=FindingKind.NEW) & (Q(asset__isnull=False) | Q(spot__isnull=False))),
            ),
            models.CheckConstraint(name="assets_finding_judged", condition=Q(correct__isnull=True) | Q(in_sample=True)),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.key} {self.kind}"
