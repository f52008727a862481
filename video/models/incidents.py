"""What was seen: incidents with their stills, the log of samples, and the models that judged."""

from typing import ClassVar

from django.db import models

from video.contracts import OPEN_PHASES, Moment, Phase, Reason, Review
from video.models.cameras import MODES, Camera, Rule

OPEN = [phase.value for phase in OPEN_PHASES]


class ModelVersion(models.Model):
    """A detector's file we know by its hash; a file that is not here is never loaded."""

    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    file = models.CharField(max_length=255)
    adapter = models.CharField(max_length=120, default="video.adapters.yolo.Yolo")
    classes = models.JSONField(default=dict, help_text="Class names of the model to labels of the rules")
    input_size = models.PositiveIntegerField(default=320)
    licence = models.CharField(max_length=60, blank=True)
    provenance = models.TextField(blank=True)
    metrics = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=16, default="draft")

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["status"], condition=models.Q(status="active"), name="video_one_active_model"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:8]}"


class Incident(models.Model):
    """A violation at a place in a camera's picture; at most one is open per camera, rule and place."""

    uid = models.UUIDField(unique=True)
    camera = models.ForeignKey(Camera, on_delete=models.PROTECT, related_name="incidents")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="incidents")
    category = models.CharField(max_length=16)
    place = models.CharField(max_length=64, help_text="Key of the place in the watch")
    place_cell = models.CharField(max_length=64)
    label = models.CharField(max_length=40)
    anchor = models.JSONField()
    state = models.CharField(max_length=16, choices=[(p.value, p.value) for p in OPEN_PHASES] + [("closed", "closed")])
    mode = models.CharField(max_length=16, choices=MODES)
    review = models.CharField(max_length=16, default=Review.NONE, choices=[(r.value, r.value) for r in Review])
    reviewed_by = models.CharField(max_length=120, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    settles_at = models.DateTimeField(null=True, blank=True, help_text="Until then the verdict can be taken back")
    reason = models.CharField(max_length=24, blank=True, choices=[(r.value, r.value) for r in Reason])
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    violated_at = models.DateTimeField()
    dwell_seconds = models.FloatField()
    recurrence = models.PositiveIntegerField(default=0)
    cleared_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    case_number = models.CharField(max_length=20, blank=True, db_index=True)
    joined = models.BooleanField(default=False, help_text="The case was already open when this was seen")
    braked = models.BooleanField(default=False, help_text="Not reported: too many in an hour")
    parameters = models.JSONField(default=dict)
    model_sha256 = models.CharField(max_length=64, blank=True)
    epoch = models.BigIntegerField()
    trace = models.CharField(max_length=64, db_index=True)

    class Meta:
        ordering: ClassVar = ["-violated_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["rule", "violated_at"], name="video_incident_rule_time"),
            models.Index(
                fields=["settles_at"], condition=models.Q(settles_at__isnull=False), name="video_incident_unsettled"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["camera", "rule", "place_cell"],
                condition=models.Q(state__in=OPEN),
                name="video_one_open_incident_per_place",
            ),
            models.CheckConstraint(
                condition=models.Q(state=Phase.CLOSED, closed_at__isnull=False)
                | (~models.Q(state=Phase.CLOSED) & models.Q(closed_at__isnull=True)),
                name="video_incident_closed_has_time",
            ),
            models.CheckConstraint(condition=models.Q(dwell_seconds__gte=0), name="video_incident_dwell"),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Still(models.Model):
    """A picture kept of one moment at a place; files are named by their hash.

    `raw` shows faces and plates and is for those with person.see; `public` has them blurred and carries the notes.
    A still without an incident is a draft: it waits for its place to become one, and is swept after hours.
    """

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="stills")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, null=True, blank=True, related_name="stills")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, null=True, blank=True, related_name="stills")
    place = models.CharField(max_length=64, blank=True)
    moment = models.CharField(max_length=16, choices=[(m.value, m.value) for m in Moment])
    at = models.DateTimeField()
    raw_sha256 = models.CharField(max_length=64)
    public_sha256 = models.CharField(max_length=64)
    sidecar = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["rule", "place"], name="video_still_place")]

    def __str__(self) -> str:
        return f"{self.moment} {self.raw_sha256[:8]}"


class Sample(models.Model):
    """One inference: when, how long since the one before, and what was seen."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="samples")
    at = models.DateTimeField()
    interval = models.FloatField(null=True, blank=True)
    promised = models.FloatField(null=True, blank=True)
    epoch = models.BigIntegerField()
    model_sha256 = models.CharField(max_length=64, blank=True)
    inference_ms = models.FloatField(null=True, blank=True)
    fault = models.CharField(max_length=24, blank=True)
    seen = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["camera", "at"], name="video_sample_camera_at")]

    def __str__(self) -> str:
        return f"{self.camera_id} {self.at:%H:%M:%S}"
