"""How cameras and incidents look in JSON. The address of a stream goes in and never comes out."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from video.contracts import RuleMode
from video.models import Camera, Incident


class RuleWish(serializers.Serializer[Any]):
    """A template's code and what differs from it."""

    template = serializers.CharField()
    dwell_seconds = serializers.FloatField(required=False, allow_null=True)
    mode = serializers.ChoiceField(choices=[mode.value for mode in RuleMode], required=False, allow_null=True)
    ceiling = serializers.ChoiceField(choices=[mode.value for mode in RuleMode], required=False, allow_null=True)
    schedule = serializers.JSONField(required=False, help_text="Days, hours and market days; empty: always")
    exempt = serializers.ListField(child=serializers.CharField(), required=False)
    cluster = serializers.IntegerField(required=False, allow_null=True)


class ZoneWish(serializers.Serializer[Any]):
    """A polygon in shares of the frame, and its rules."""

    code = serializers.CharField(required=False)
    names = serializers.DictField(child=serializers.CharField(), required=False)
    polygon = serializers.ListField(child=serializers.ListField(child=serializers.FloatField()))
    rules = RuleWish(many=True, required=False)


class CameraWish(serializers.Serializer[Any]):
    """Documents the body of POST /api/cameras; video.rules.wishes checks it."""

    code = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField(), required=False)
    url = serializers.CharField(help_text="rtsp://..., encrypted at once and never shown again")
    lon = serializers.FloatField()
    lat = serializers.FloatField()
    heading = serializers.IntegerField(required=False, allow_null=True)
    organisation = serializers.CharField(required=False)
    zones = ZoneWish(many=True, required=False)
    masks = serializers.ListField(required=False)


class CameraChange(serializers.Serializer[Any]):
    """Body of PATCH /api/cameras/{code}."""

    url = serializers.CharField(required=False)
    enabled = serializers.BooleanField(required=False)


class RuleOut(serializers.Serializer[Any]):
    """A rule at work."""

    id = serializers.IntegerField()
    template = serializers.CharField(source="template.code")
    category = serializers.CharField(source="template.category")
    labels = serializers.JSONField(source="template.labels")
    dwell_seconds = serializers.SerializerMethodField()
    mode = serializers.CharField()
    ceiling = serializers.CharField()
    schedule = serializers.JSONField()
    exempt = serializers.JSONField()
    cluster = serializers.IntegerField(allow_null=True)
    enabled = serializers.BooleanField()
    suspended_until = serializers.DateTimeField()

    def get_dwell_seconds(self, rule: Any) -> float:
        """The dwell time in force: the rule's own, else the template's."""
        return float(rule.dwell_seconds or rule.template.dwell_seconds)


class ZoneOut(serializers.Serializer[Any]):
    """A zone and its rules."""

    code = serializers.CharField()
    names = serializers.JSONField()
    polygon = serializers.JSONField()
    revision = serializers.IntegerField()
    rules = RuleOut(many=True)


class CameraOut(serializers.Serializer[Any]):
    """A camera with its state, and the promised beside the achieved interval."""

    code = serializers.CharField()
    names = serializers.JSONField()
    lon = serializers.FloatField(source="geom.x")
    lat = serializers.FloatField(source="geom.y")
    heading = serializers.IntegerField(allow_null=True)
    area = serializers.CharField()
    cell = serializers.CharField()
    organisation = serializers.CharField()
    host = serializers.SerializerMethodField()
    enabled = serializers.BooleanField()
    state = serializers.CharField()
    fault = serializers.CharField()
    promised_interval = serializers.FloatField(allow_null=True)
    achieved_interval = serializers.FloatField(allow_null=True)
    last_frame_at = serializers.DateTimeField(allow_null=True)
    last_look_at = serializers.DateTimeField(allow_null=True)
    open_incidents = serializers.IntegerField(default=0)
    zones = ZoneOut(many=True)

    def get_host(self, camera: Camera) -> str:
        """Scheme, host and port for administrators; empty for others."""
        actor = self.context["actor"]
        return camera.host if actor.may("admin", org=camera.organisation, area=camera.area) else ""


class StillOut(serializers.Serializer[Any]):
    """A picture: which moment, when, where to get the public copy, and its hash."""

    id = serializers.IntegerField()
    moment = serializers.CharField()
    at = serializers.DateTimeField()
    sha256 = serializers.CharField(source="public_sha256")
    url = serializers.SerializerMethodField()

    def get_url(self, still: Any) -> str:
        """Where the public copy is served."""
        return reverse("video-still", args=[still.pk, "public"])


class IncidentOut(serializers.Serializer[Any]):
    """An incident."""

    id = serializers.UUIDField(source="uid")
    camera = serializers.CharField(source="camera.code")
    zone = serializers.CharField(source="rule.zone.code")
    rule = serializers.CharField(source="rule.template.code")
    category = serializers.CharField()
    state = serializers.CharField()
    mode = serializers.CharField()
    review = serializers.CharField()
    first_seen = serializers.DateTimeField()
    last_seen = serializers.DateTimeField()
    violated_at = serializers.DateTimeField()
    cleared_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    dwell_seconds = serializers.FloatField()
    recurrence = serializers.IntegerField()
    case_number = serializers.CharField()
    joined = serializers.BooleanField()
    braked = serializers.BooleanField()
    trace = serializers.CharField()
    anchor = serializers.JSONField()

    def get_fields(self) -> dict[str, Any]:
        """Also `label`, what stands there; the name is taken by serializers themselves."""
        return {**super().get_fields(), "label": serializers.CharField()}


class IncidentFull(IncidentOut):
    """An incident with its pictures and what it was judged by."""

    stills = StillOut(many=True)
    parameters = serializers.JSONField()
    model_sha256 = serializers.CharField()

    def to_representation(self, instance: Incident) -> dict[str, Any]:
        """Everything of the short form, and the evidence."""
        return dict(super().to_representation(instance))


class PageOut(serializers.Serializer[Any]):
    """Which page it is, and whether there is another."""

    page = serializers.IntegerField()
    has_more = serializers.BooleanField()


class CamerasOut(PageOut):
    """A page of cameras."""

    results = CameraOut(many=True)


class IncidentsOut(PageOut):
    """A page of incidents."""

    results = IncidentOut(many=True)
