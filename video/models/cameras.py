"""Cameras, the zones drawn in their pictures, and the rules that hold in a zone."""

from typing import ClassVar

from django.contrib.gis.db import models
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from video.contracts import CameraState, Fault, RuleMode

MODES = [(mode.value, mode.value) for mode in RuleMode]


class AllowedSource(models.Model):
    """Streams may be opened from here and from nowhere else: a scheme and a network, as data."""

    scheme = models.CharField(max_length=8)
    network = models.CharField(max_length=64, help_text=_("A network such as 10.20.0.0/16 or ::1/128"))
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scheme", "network"], name="video_allowed_source_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}://{self.network}"


class Camera(models.Model):
    """A camera in the street. The address of its stream is encrypted; `host` is the part that may be shown."""

    code = models.SlugField(max_length=64, unique=True)
    names = models.JSONField(default=dict)
    secret_url = models.TextField(editable=False)
    host = models.CharField(max_length=255, editable=False)
    geom = models.PointField(srid=4326)
    heading = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(359)])
    cell = models.CharField(max_length=20, blank=True)
    area = models.CharField(max_length=64, blank=True)
    organisation = models.CharField(max_length=255, blank=True)
    masks = models.JSONField(default=list, blank=True)
    enabled = models.BooleanField(default=True)
    state = models.CharField(max_length=16, default=CameraState.IDLE, choices=[(s.value, s.value) for s in CameraState])
    fault = models.CharField(max_length=24, blank=True, default=Fault.NONE, choices=[(f.value, f.value) for f in Fault])
    state_at = models.DateTimeField(null=True, blank=True)
    promised_interval = models.FloatField(null=True, blank=True)
    achieved_interval = models.FloatField(null=True, blank=True)
    last_frame_at = models.DateTimeField(null=True, blank=True)
    last_look_at = models.DateTimeField(null=True, blank=True)
    crashes = models.PositiveIntegerField(default=0)
    quarantined_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [models.Index(fields=["area"], name="video_camera_area", opclasses=["text_pattern_ops"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(heading__isnull=True) | models.Q(heading__lt=360), name="video_camera_heading"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Template(models.Model):
    """A kind of rule, from a pack's section `video_rules`: what counts, for how long, and which class it means."""

    code = models.SlugField(max_length=64, unique=True)
    names = models.JSONField(default=dict)
    labels = models.JSONField(help_text=_("Labels of the detector that count"))
    dwell_seconds = models.FloatField(validators=[MinValueValidator(1.0)])
    category = models.CharField(max_length=16)
    thresholds = models.JSONField(default=dict, blank=True)
    bar = models.JSONField(default=dict, blank=True, help_text=_("How right its rules must be to report by themselves"))
    mode = models.CharField(max_length=16, choices=MODES, default=RuleMode.SHADOW)
    pack = models.CharField(max_length=64, blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(dwell_seconds__gte=1), name="video_template_dwell"),
        ]

    def __str__(self) -> str:
        return self.code


class Zone(models.Model):
    """A polygon in a camera's picture, in shares of its width and height, so that a change of size does not move it."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="zones")
    code = models.SlugField(max_length=64)
    names = models.JSONField(default=dict, blank=True)
    polygon = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["camera", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["camera", "code"], name="video_zone_once")]

    def __str__(self) -> str:
        return f"{self.camera_id}/{self.code}"


class ZoneVersion(models.Model):
    """How a zone and its rules read from one change to the next; nothing of it is ever altered."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    body = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta:
        ordering: ClassVar = ["zone", "-revision"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["zone", "revision"], name="video_zone_version_once")]

    def __str__(self) -> str:
        return f"{self.zone_id}/{self.revision}"


class Rule(models.Model):
    """A template at work in a zone, with what differs from it here. `ceiling` is what good verdicts may make of it."""

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="rules")
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="rules")
    dwell_seconds = models.FloatField(null=True, blank=True, validators=[MinValueValidator(1.0)])
    mode = models.CharField(max_length=16, choices=MODES)
    ceiling = models.CharField(max_length=16, choices=MODES, default=RuleMode.REVIEW)
    schedule = models.JSONField(default=dict, blank=True)
    exempt = models.JSONField(default=list, blank=True)
    cluster = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    enabled = models.BooleanField(default=True)
    suspended_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["zone", "template"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zone", "template"], name="video_rule_once"),
            models.CheckConstraint(
                condition=models.Q(dwell_seconds__isnull=True) | models.Q(dwell_seconds__gte=1),
                name="video_rule_dwell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.zone_id}/{self.template_id}"
