"""What programs get and give: explicit shapes, and how rows become them."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiResponse, PolymorphicProxySerializer
from rest_framework import serializers

from assets import selectors
from assets.contracts import FindingKind, RequestKind
from assets.models import ChangeRequest, Finding, Photo, Project, Street
from assets.rest.register import AssetSerializer
from assets.rules import LONGEST_CODE, geojson_of


class Names(serializers.DictField):
    """A name in two languages: {zh, en}; empty where there is none."""

    child = serializers.CharField(allow_blank=True)


class ComponentRefusal(serializers.Serializer):
    """Every refusal: a code to branch on, a sentence to show, the facts in it."""

    code = serializers.CharField()
    message = serializers.CharField()
    params = serializers.DictField()


def refusals(*statuses: int) -> dict[int, Any]:
    """The answers that carry an error, for the schema."""
    return {status: OpenApiResponse(ComponentRefusal) for status in (401, 403, *statuses)}


class ComponentThen(serializers.Serializer):
    """A component as it was at a moment; its place or outline as WKB in hexadecimal digits."""

    code = serializers.CharField()
    at = serializers.DateTimeField()
    geom = serializers.CharField()
    names = Names()
    state = serializers.CharField()
    authority = serializers.CharField(allow_blank=True)
    owner = serializers.CharField(allow_blank=True)
    maintainer = serializers.CharField(allow_blank=True)
    accuracy = serializers.CharField(allow_blank=True)
    source: Any = serializers.CharField(allow_blank=True)
    attributes = serializers.DictField()
    cell = serializers.CharField(allow_blank=True)
    area = serializers.CharField(allow_blank=True)
    survey = serializers.IntegerField(allow_null=True)


NOW_OR_THEN = PolymorphicProxySerializer(
    component_name="ComponentNowOrThen", serializers=[AssetSerializer, ComponentThen], resource_type_field_name=None
)


class ComponentPage(serializers.Serializer):
    """A page of components by code; `next` is the cursor of the next one."""

    results = AssetSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class Given(serializers.Serializer):
    """What a component is to be: only what is given changes. A place is `geometry` (GeoJSON), or `lon` and `lat`."""

    geometry = serializers.DictField(required=False)
    lon = serializers.FloatField(required=False)
    lat = serializers.FloatField(required=False)
    names = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=120), required=False)
    state = serializers.CharField(required=False)
    authority = serializers.CharField(required=False, allow_blank=True, max_length=120)
    owner = serializers.CharField(required=False, allow_blank=True, max_length=120)
    maintainer = serializers.CharField(required=False, allow_blank=True, max_length=120)
    accuracy = serializers.CharField(required=False, allow_blank=True)
    source: Any = serializers.CharField(required=False, allow_blank=True, max_length=20)
    attributes = serializers.DictField(required=False)


class ComponentIn(serializers.Serializer):
    """A new component and why it is entered; `another` says that one of its type standing beside it was looked at."""

    type = serializers.CharField(max_length=60)
    given = Given()
    reason = serializers.CharField(max_length=1000)
    another = serializers.BooleanField(required=False, default=False)


class ComponentEdit(serializers.Serializer):
    """What changes, and why; `far` says that a place far from the one before was looked at."""

    given = Given()
    reason = serializers.CharField(max_length=1000)
    far = serializers.BooleanField(required=False, default=False)


class WhyIn(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=1000)


class ComponentChangeOut(serializers.Serializer):
    """A line of a component's history: each field as [name, before, after]; a shape is the hex of its WKB."""

    version = serializers.IntegerField()
    at = serializers.DateTimeField()
    act = serializers.CharField()
    by = serializers.CharField()
    proposed_by = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    changes = serializers.ListField(child=serializers.ListField())


class ComponentPhotoOut(serializers.Serializer):
    """A picture; its bytes are at `/api/component-photos/<id>`."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    sha256 = serializers.CharField()


class ComponentUpload(serializers.Serializer):
    """A picture: JPEG, PNG or WebP."""

    file = serializers.FileField()


def photo_json(row: Photo) -> dict[str, Any]:
    """A picture as programs see it."""
    return {
        "id": row.pk, "at": row.at, "by": row.actor_label or row.actor, "width": row.width, "height": row.height,
        "sha256": row.sha256,
    }  # fmt: skip


class ChangeRequestIn(serializers.Serializer):
    """A proposed change: of the component `code`, or of a new one of `type`."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in RequestKind])
    code = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_CODE)
    type = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    given = Given(required=False)
    reason = serializers.CharField(max_length=1000)
    far = serializers.BooleanField(required=False, default=False)
    another = serializers.BooleanField(required=False, default=False)


class ChangeRequestOut(serializers.Serializer):
    """A change request; `stale` says that the component changed since."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    state = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    type = serializers.CharField()
    geometry = serializers.DictField()
    given = serializers.DictField()
    reason = serializers.CharField()
    proposer = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField(allow_blank=True)
    decided_by = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    stale = serializers.BooleanField()
    photos = ComponentPhotoOut(many=True)


class ChangeRequestPage(serializers.Serializer):
    """A page of change requests, newest first."""

    results = ChangeRequestOut(many=True)
    next = serializers.CharField(allow_null=True)


class ChangeDecisionIn(serializers.Serializer):
    """Accepted or refused; `despite` says that a component which changed since was looked at again."""

    accept = serializers.BooleanField()
    answer = serializers.CharField(required=False, default="", allow_blank=True, max_length=1000)
    despite = serializers.BooleanField(required=False, default=False)


def request_json(row: ChangeRequest) -> dict[str, Any]:
    """A change request as programs see it."""
    return {
        "id": row.pk, "kind": row.kind, "state": row.state, "code": row.asset.code if row.asset else "",
        "type": row.type.code, "geometry": geojson_of(bytes(row.geom.wkb)), "given": row.given, "reason": row.reason,
        "proposer": row.proposer_label or row.proposer, "asked_at": row.asked_at, "answer": row.answer,
        "decided_by": row.decided_label, "decided_at": row.decided_at, "stale": selectors.is_stale(row),
        "photos": [photo_json(photo) for photo in row.photos.all()],
    }  # fmt: skip


class CensusStreetIn(serializers.Serializer):
    """A street or a community and who surveys it."""

    code = serializers.CharField(max_length=12)
    surveyor = serializers.IntegerField(required=False, allow_null=True)


class CensusSampling(serializers.Serializer):
    """How much is looked at again, and the error rate that is allowed."""

    share = serializers.FloatField(required=False)
    least = serializers.IntegerField(required=False)
    threshold = serializers.FloatField(required=False)


class CensusIn(serializers.Serializer):
    """A census to be planned; with no streets named it covers all of the area."""

    title = serializers.CharField(max_length=200)
    area = serializers.CharField(max_length=60)
    subject = serializers.ChoiceField(choices=["components", "events"], default="components")
    types = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    classes = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    grounds = serializers.ListField(child=serializers.CharField(), required=False, default=list)
    streets = CensusStreetIn(many=True, required=False, default=list)
    sampling = CensusSampling(required=False)


class CensusStreetOut(serializers.Serializer):
    """A street of a census: whose it is, how far it has come, what was found of what was expected."""

    code = serializers.CharField()
    area = serializers.CharField()
    names = Names()
    surveyor = serializers.CharField(allow_blank=True)
    state = serializers.CharField()
    round = serializers.IntegerField()
    expected = serializers.IntegerField()
    found = serializers.DictField(child=serializers.IntegerField())
    sampled = serializers.IntegerField()
    wrong = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True)


class CensusGroundOut(serializers.Serializer):
    """What was found on a ground of a census; without a code: what the census does not count."""

    code = serializers.CharField(allow_blank=True)
    names = Names()
    looked_at = serializers.IntegerField()
    found = serializers.DictField(child=serializers.IntegerField())


class CensusOut(serializers.Serializer):
    """A census with its streets."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    subject = serializers.CharField()
    area = serializers.CharField()
    state = serializers.CharField()
    types = serializers.ListField(child=serializers.CharField())
    classes = serializers.ListField(child=serializers.CharField())
    grounds = serializers.ListField(child=serializers.DictField())
    share = serializers.FloatField()
    least = serializers.IntegerField()
    threshold = serializers.FloatField()
    accepting = serializers.BooleanField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    streets = CensusStreetOut(many=True)
    by_ground = CensusGroundOut(many=True)


class CensusLine(serializers.Serializer):
    """A census in a list."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    subject = serializers.CharField()
    area = serializers.CharField()
    state = serializers.CharField()


def census_json(row: Project) -> dict[str, Any]:
    """A census as programs see it, with the progress of every street."""
    same = ("title", "subject", "area", "state", "types", "classes", "grounds", "share", "least", "threshold")
    streets = [{**street_json(one.street), "found": one.progress.counts} for one in selectors.progress_of(row)]
    grounds = [
        {"code": one.code, "names": one.names, "looked_at": one.looked_at, "found": one.counts}
        for one in selectors.by_ground(row)
    ]
    more = {"accepting": row.accepting_at is not None and row.accepted_at is None, "accepted_at": row.accepted_at}
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in same},
        **more,
        "streets": streets,
        "by_ground": grounds,
    }


def street_json(row: Street) -> dict[str, Any]:
    """A street of a census as programs see it, without what was found."""
    same = ("code", "area", "names", "state", "round", "expected", "sampled", "wrong", "reason")
    return {**{name: getattr(row, name) for name in same}, "surveyor": row.surveyor_label, "found": {}}


class FindingIn(serializers.Serializer):
    """What a surveyor found; `code` names a component, `spot` a place of recurring events.

    What is `outside` the scope needs no ground. `another` says that a component beside a new one was looked at.
    """

    kind = serializers.ChoiceField(choices=[kind.value for kind in FindingKind])
    ground = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    width_m = serializers.FloatField(required=False, allow_null=True)
    code = serializers.CharField(required=False, default="", allow_blank=True, max_length=LONGEST_CODE)
    type = serializers.CharField(required=False, default="", allow_blank=True, max_length=60)
    spot = serializers.IntegerField(required=False, default=0)
    event_class = serializers.CharField(required=False, default="", allow_blank=True, max_length=12)
    given = Given(required=False)
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=1000)
    another = serializers.BooleanField(required=False, default=False)


class FindingOut(serializers.Serializer):
    """What was found, whether it is in the sample and was right, and what became of it on acceptance."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    street = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    type = serializers.CharField(allow_blank=True)
    event_class = serializers.CharField(allow_blank=True)
    ground = serializers.CharField(allow_blank=True)
    width_m = serializers.FloatField(allow_null=True)
    geometry = serializers.DictField()
    given = serializers.DictField()
    note = serializers.CharField(allow_blank=True)
    surveyor = serializers.CharField()
    at = serializers.DateTimeField()
    in_sample = serializers.BooleanField()
    correct = serializers.BooleanField(allow_null=True)
    outcome = serializers.CharField(allow_blank=True)


class FindingPage(serializers.Serializer):
    """A page of findings, newest first."""

    results = FindingOut(many=True)
    next = serializers.CharField(allow_null=True)


class JudgeIn(serializers.Serializer):
    """Whether a finding of the sample is right; a wrong one says what is."""

    correct = serializers.BooleanField()
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class SurveyorIn(serializers.Serializer):
    """Who surveys the street."""

    surveyor = serializers.IntegerField()


class SpotOut(serializers.Serializer):
    """A place where a class of events recurs."""

    id = serializers.IntegerField()
    event_class = serializers.CharField()
    geometry = serializers.DictField()
    cell = serializers.CharField()
    area = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    census = serializers.IntegerField()


def finding_json(row: Finding) -> dict[str, Any]:
    """A finding as programs see it."""
    same = ("kind", "event_class", "ground", "width_m", "given", "note", "at", "in_sample", "correct", "outcome")
    return {
        "id": row.pk, **{name: getattr(row, name) for name in same}, "street": row.street.code,
        "code": row.asset.code if row.asset else "", "type": row.type.code if row.type else "",
        "geometry": geojson_of(bytes(row.geom.wkb)), "surveyor": row.surveyor_label or row.surveyor,
    }  # fmt: skip


def component_json(view: Any) -> Any:
    """A component as programs see it."""
    return AssetSerializer(asdict(view)).data
