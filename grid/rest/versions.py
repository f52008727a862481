"""Versions of the map over HTTP, for administrators: drafted, edited, checked, published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Conflict, Forbidden, Invalid
from grid import actions, selectors
from grid.contracts import Level
from grid.models import GridVersion
from grid.rest.documents import box_of, number_of, problem_bodies, version_body
from grid.rest.places import NamesSerializer
from grid.rules.codes import LONGEST_REGION
from grid.rules.shapes import Edited

MOST_ASKED = 50
BBOX = OpenApiParameter("bbox", str, description="west,south,east,north in degrees")


class VersionOut(serializers.Serializer):
    """A version of the map; `problems` is null where nobody knows."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField([state.value for state in GridVersion.State])
    note = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField()
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)
    in_force = serializers.BooleanField()
    regions = serializers.IntegerField()
    cells = serializers.IntegerField()
    revision = serializers.IntegerField()
    problems = serializers.IntegerField(allow_null=True)
    can_undo = serializers.BooleanField()
    can_redo = serializers.BooleanField()


class DraftIn(serializers.Serializer):
    """A new draft; `from` is the version that it begins as, absent for the map in force."""

    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python's, so it cannot be written as an attribute."""
        return {**super().get_fields(), "from": serializers.IntegerField(required=False, allow_null=True)}


class RevisionIn(serializers.Serializer):
    """The revision that was seen."""

    revision = serializers.IntegerField()


class PublishIn(RevisionIn):
    """`from` is the moment from which the map holds; now where absent."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """`from` is a word of Python's, so it cannot be written as an attribute."""
        return {**super().get_fields(), "from": serializers.DateTimeField(required=False, allow_null=True)}


class EditIn(RevisionIn):
    """One act; what else it needs depends on `op`."""

    op = serializers.CharField()


class FixOut(serializers.Serializer):
    """What would mend a problem, by the words for its button."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """`label` is a word of the serializers' own, so it cannot be written as an attribute."""
        return {"label": serializers.CharField()}


class GroundProblemOut(serializers.Serializer):
    """One thing that is wrong with the ground, with its shape."""

    id = serializers.CharField()
    code = serializers.CharField()
    sentence = serializers.CharField()
    params = serializers.DictField()
    geometry = serializers.DictField(allow_null=True)
    cells = serializers.ListField(child=serializers.CharField())
    fix = FixOut(allow_null=True)


class ProblemsOut(serializers.Serializer):
    """Everything that is wrong with a version."""

    problems = GroundProblemOut(many=True)
    revision = serializers.IntegerField()


class CheckedOut(serializers.Serializer):
    """How a check ended."""

    state = serializers.CharField()
    problems = GroundProblemOut(many=True)


class EditedOut(serializers.Serializer):
    """What an act did."""

    revision = serializers.IntegerField()
    changed = serializers.ListField(child=serializers.DictField())
    removed = serializers.ListField(child=serializers.CharField())
    problems = GroundProblemOut(many=True)
    can_undo = serializers.BooleanField()
    can_redo = serializers.BooleanField()


class CellsMoveOut(serializers.Serializer):
    """So many things of a kind that would stand in another cell; empty where they stand in none."""

    kind = serializers.CharField()
    names = NamesSerializer()
    from_cell = serializers.CharField(allow_blank=True)
    to_cell = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()


class StayOut(serializers.Serializer):
    """So many things of a kind that stay in a cell whose shape changes."""

    kind = serializers.CharField()
    names = NamesSerializer()
    cell = serializers.CharField()
    count = serializers.IntegerField()


class MovedTotalOut(serializers.Serializer):
    """How many of a kind would change cell, and how many would stand in none."""

    kind = serializers.CharField()
    names = NamesSerializer()
    moved = serializers.IntegerField()
    lost = serializers.IntegerField()


class MovesOut(serializers.Serializer):
    """What publishing would move."""

    cells = serializers.DictField(child=serializers.IntegerField())
    moves = CellsMoveOut(many=True)
    stays = StayOut(many=True)
    totals = MovedTotalOut(many=True)
    truncated = serializers.BooleanField()


class RegionChangeOut(serializers.Serializer):
    """How a region differs."""

    code = serializers.CharField()
    change = serializers.CharField()
    before = serializers.DictField(allow_null=True)
    after = serializers.DictField(allow_null=True)


class ComparedOut(serializers.Serializer):
    """How two versions differ; `cells` is a GeoJSON collection."""

    counts = serializers.DictField(child=serializers.IntegerField())
    cells = serializers.DictField()
    regions = RegionChangeOut(many=True)
    truncated = serializers.BooleanField()


class AdminView(APIView):
    """Only administrators see drafts."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Forbidden to everybody else, before anything is looked up."""
        super().initial(request, *args, **kwargs)
        if not request.actor.may("admin"):
            raise Forbidden("grid.not_admin")


class VersionsView(AdminView):
    """Every version of the map."""

    @extend_schema(operation_id="grid_versions", responses=VersionOut(many=True))
    def get(self, request: Request) -> Response:
        """The versions, newest first."""
        return Response([version_body(row) for row in selectors.versions()])

    @extend_schema(operation_id="grid_version_draft", request=DraftIn, responses={201: VersionOut})
    def post(self, request: Request) -> Response:
        """There is a new draft, a copy of another version."""
        given = _body(request)
        note = given.get("note", "")
        if not isinstance(note, str):
            raise Invalid("grid.field_missing", field="note")
        source = None if given.get("from") is None else number_of(given, "from")
        made = actions.draft_version(actor=request.actor, note=note, source=source)
        return Response(version_body(selectors.version_of(made)), status=201)


class VersionView(AdminView):
    """One version."""

    @extend_schema(operation_id="grid_version", responses=VersionOut)
    def get(self, request: Request, version: int) -> Response:
        """The version with its counts."""
        return Response(version_body(selectors.version_of(version)))

    @extend_schema(operation_id="grid_version_discard", responses={204: None})
    def delete(self, request: Request, version: int) -> Response:
        """The draft is gone; a published map stays."""
        actions.discard(version, actor=request.actor)
        return Response(status=204)


class VersionCellsView(AdminView):
    """The cells of a version."""

    @extend_schema(
        operation_id="grid_version_cells",
        parameters=[BBOX, OpenApiParameter("community", str)],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, version: int) -> Response:
        """A GeoJSON collection of 3,000 cells at most; `truncated` where there are more."""
        selectors.version_of(version)
        found, more = selectors.cell_features(
            version, bounds=box_of(request), community=request.query_params.get("community", "")[:LONGEST_REGION]
        )
        return Response({"type": "FeatureCollection", "features": found, "truncated": more})


class VersionRegionsView(AdminView):
    """The regions of a version."""

    @extend_schema(
        operation_id="grid_version_regions",
        parameters=[BBOX, OpenApiParameter("level", str, enum=[level.value for level in Level])],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, version: int) -> Response:
        """A GeoJSON collection of the regions of one level; communities where none is named."""
        level = request.query_params.get("level", Level.COMMUNITY.value)
        if level not in set(Level):
            raise Invalid("grid.bad_level", level=level[:40])
        selectors.version_of(version)
        found, more = selectors.region_features(version, level, box_of(request))
        return Response({"type": "FeatureCollection", "features": found, "truncated": more})


class EditsView(AdminView):
    """Acts upon a draft."""

    @extend_schema(operation_id="grid_version_edit", request=EditIn, responses=EditedOut)
    def post(self, request: Request, version: int) -> Response:
        """The draft is changed by one act."""
        given = _body(request)
        op = given.get("op")
        if not isinstance(op, str):
            raise Invalid("grid.field_missing", field="op")
        asked = {name: value for name, value in given.items() if name not in ("op", "revision")}
        done = actions.edit(version, actor=request.actor, revision=number_of(given, "revision"), op=op, given=asked)
        return Response(_edited(version, done))


class UndoView(AdminView):
    """The last act taken back."""

    @extend_schema(operation_id="grid_version_undo", request=RevisionIn, responses=EditedOut)
    def post(self, request: Request, version: int) -> Response:
        """The last act counts no more."""
        revision = number_of(_body(request), "revision")
        return Response(_edited(version, actions.undo(version, actor=request.actor, revision=revision)))


class RedoView(AdminView):
    """The act that was taken back last."""

    @extend_schema(operation_id="grid_version_redo", request=RevisionIn, responses=EditedOut)
    def post(self, request: Request, version: int) -> Response:
        """It counts again."""
        revision = number_of(_body(request), "revision")
        return Response(_edited(version, actions.redo(version, actor=request.actor, revision=revision)))


class CheckView(AdminView):
    """The judgement upon a draft."""

    @extend_schema(operation_id="grid_version_check", request=None, responses=CheckedOut)
    def post(self, request: Request, version: int) -> Response:
        """The whole ground is judged; without problems the draft is checked."""
        actions.check(version, actor=request.actor)
        row = selectors.version_of(version)
        return Response({"state": row.state, "problems": problem_bodies(selectors.problems(version))})


class ProblemsView(AdminView):
    """What is wrong with a version."""

    @extend_schema(operation_id="grid_version_problems", responses=ProblemsOut)
    def get(self, request: Request, version: int) -> Response:
        """The problems as they are at this revision."""
        row = selectors.version_of(version)
        return Response({"problems": problem_bodies(selectors.problems(version)), "revision": row.revision})


class PublishView(AdminView):
    """A draft put in force."""

    @extend_schema(operation_id="grid_version_publish", request=PublishIn, responses=VersionOut)
    def post(self, request: Request, version: int) -> Response:
        """From the moment given the map holds; Conflict with the problems while it is invalid."""
        given = _body(request)
        revision = number_of(given, "revision")
        row = selectors.version_of(version)
        if row.state == GridVersion.State.DRAFT and row.revision == revision:
            actions.check(version, actor=request.actor)
            found = selectors.problems(version)
            if found:
                told = problem_bodies(found)
                raise Conflict("grid.version_invalid", version=version, count=len(found), problems=told)
        actions.publish(version, actor=request.actor, at=_moment(given.get("from")), revision=revision)
        return Response(version_body(selectors.version_of(version)))


class MovesView(AdminView):
    """What a draft would move."""

    @extend_schema(operation_id="grid_version_moves", parameters=[OpenApiParameter("cells", str)], responses=MovesOut)
    def get(self, request: Request, version: int) -> Response:
        """What stands in another cell than on the map in force, and what stays; `cells` (a,b) looks there only."""
        asked = request.query_params.get("cells", "")
        return Response(selectors.moves(version, asked.split(",")[:MOST_ASKED] if asked else ()))


class CompareView(AdminView):
    """Two versions held against each other."""

    @extend_schema(
        operation_id="grid_compare",
        parameters=[OpenApiParameter(name, int, required=True) for name in ("old", "new")],
        responses=ComparedOut,
    )
    def get(self, request: Request) -> Response:
        """Which cells and regions were added, removed, redrawn or described anew."""
        old, new = (_asked(request, name) for name in ("old", "new"))
        return Response(selectors.compared(old, new))


def _asked(request: Request, name: str) -> int:
    given = request.query_params.get(name, "")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Invalid("grid.field_number", field=name)
    return int(given)


def _body(request: Request) -> Mapping[str, Any]:
    if not isinstance(request.data, Mapping):
        raise Invalid("grid.body")
    return request.data


def _moment(given: object) -> datetime | None:
    if given in (None, ""):
        return None
    try:
        found = parse_datetime(given) if isinstance(given, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid("grid.bad_moment", given=str(given)[:40])
    return found


def _edited(version: int, done: Edited) -> dict[str, Any]:
    row = selectors.version_of(version)
    changed, _more = selectors.cell_features(version, codes=done.changed) if done.changed else ([], False)
    body = version_body(row)
    return {
        "revision": done.revision,
        "changed": changed,
        "removed": list(done.removed),
        "problems": problem_bodies(done.findings),
        "can_undo": body["can_undo"],
        "can_redo": body["can_redo"],
    }
