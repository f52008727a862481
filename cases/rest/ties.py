"""What belongs together over HTTP: what looks alike, what was merged and split, and one step with many cases."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.contracts import BulkLine
from cases.models import words
from cases.rest import inputs, outputs
from cases.rest.steps import read
from cases.rest.views import refusals
from core.errors import DomainError, NotFound
from core.sentences import sentence_of
from core.uploads import MOST_AT_ONCE, bounded


class Where(inputs.Strict):
    """What is known of a report that is still being written."""

    lon = serializers.FloatField(min_value=-180, max_value=180)
    lat = serializers.FloatField(min_value=-90, max_value=90)
    category = inputs.Text(max_length=20)
    description = inputs.Text()


class PicturedWhere(Where):
    """The same with the pictures that the report would have."""

    photos = serializers.ListField(child=serializers.FileField(), max_length=MOST_AT_ONCE, required=False)


class WholePartOut(serializers.Serializer):
    """How far a part of a whole is; `seen` where the reader sees it as a case too."""

    number = serializers.CharField()
    category = serializers.CharField(allow_blank=True)
    category_names = outputs.Names()
    organisation = serializers.CharField(allow_blank=True)
    stage = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    late = serializers.BooleanField()
    seen = serializers.BooleanField()


class WholeOut(serializers.Serializer):
    """A whole as whoever sees a part of it may read it: what it is, where, and how far its parts are."""

    number = serializers.CharField()
    stage = serializers.CharField()
    kind = serializers.CharField(allow_blank=True)
    category = serializers.CharField(allow_blank=True)
    category_names = outputs.Names()
    description = serializers.CharField(allow_blank=True)
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    address = serializers.CharField(allow_blank=True)
    cell = serializers.CharField(allow_blank=True)
    place = outputs.Names()
    reported_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    parts: Any = WholePartOut(many=True)


class AlikeAtView(APIView):
    """Duplicates before a report is made."""

    @extend_schema(
        operation_id="cases_alike_at",
        parameters=[
            OpenApiParameter("lon", float, required=True),
            OpenApiParameter("lat", float, required=True),
            OpenApiParameter("category", str),
            OpenApiParameter("description", str),
        ],
        responses={200: outputs.AlikeOut(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """The open cases that a report from here would be like, the likest first, five at most."""
        given = Where(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        return Response(_alike(selectors.alike_at(request.actor, **given.validated_data)))

    @extend_schema(
        operation_id="cases_alike_pictured",
        request={"multipart/form-data": PicturedWhere, "application/json": Where},
        responses={200: outputs.AlikeOut(many=True), **refusals(400, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """The same by its pictures too: the same file, or one that looks the same. Nothing that is sent is kept."""
        given = PicturedWhere(data=request.data)
        given.is_valid(raise_exception=True)
        told = dict(given.validated_data)
        photos = [bounded(file) for file in told.pop("photos", ())]
        return Response(_alike(selectors.alike_at(request.actor, photos=photos, **told)))


class AlikeView(APIView):
    """Duplicates of a case."""

    @extend_schema(operation_id="cases_alike", responses={200: outputs.AlikeOut(many=True), **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """The open cases that this one may be a duplicate of, the likest first, five at most."""
        return Response(_alike(selectors.alike(selectors.case(number, request.actor), request.actor)))


def _alike(found: list[selectors.Alike]) -> list[dict[str, Any]]:
    return [
        {
            "case": outputs.case_json(selectors.view_of(one.case)),
            "score": one.likeness.score,
            "metres": one.metres,
            "grounds": [
                {"code": code, "message": str(words.LIKENESS_LINES[code]) % params, "params": params}
                for code, params in one.likeness.grounds
            ],
        }
        for one in found
    ]


class TiesView(APIView):
    """What a case belongs to."""

    @extend_schema(operation_id="cases_ties", responses={200: outputs.TiesOut, **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """What it was merged into or is a part of; what was merged into it; its parts."""
        found = selectors.case(number, request.actor)
        merged, parts = selectors.duplicates(found), selectors.parts(found)
        return Response({
            "duplicate_of": found.duplicate_of_id or "",
            "duplicates": [outputs.case_json(selectors.view_of(row)) for row in merged],
            "parent": found.parent_id or "",
            "parts": [outputs.case_json(selectors.view_of(row)) for row in parts],
        })  # fmt: skip


class WholeView(APIView):
    """The whole that a case is a part of."""

    @extend_schema(operation_id="cases_whole", responses={200: WholeOut, **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """For whoever sees the part: what the whole is, where, and how far each of its parts is; no right to act."""
        found = selectors.case(number, request.actor)
        if not found.parent_id:
            raise NotFound("case.no_part", number=number)
        return Response(whole_json(selectors.whole_of(found.parent_id, request.actor)))


def whole_json(whole: selectors.Whole) -> dict[str, Any]:
    """The whole and the state of its parts."""
    view = selectors.view_of(whole.case)
    parts = [selectors.view_of(row) for row in whole.parts]
    told = {**vars(view), "description": whole.description, "address": whole.address}
    shown = [{**vars(part), "seen": part.number in whole.seen} for part in parts]
    return dict(WholeOut({**told, "parts": shown}).data)


class BulkView(APIView):
    """One step with many cases."""

    @extend_schema(
        operation_id="cases_bulk", request=inputs.Bulk, responses={200: outputs.BulkOut, **refusals(400, 415)}
    )
    def post(self, request: Request) -> Response:
        """Each case is a transaction of its own; a line says what became of it. Sent again, nothing is done twice."""
        asked = read(inputs.Bulk, request)
        shape = inputs.VERBS[asked["verb"]](data=asked["given"])
        shape.is_valid(raise_exception=True)
        chosen = [(one["number"], one["version"]) for one in asked["cases"]]
        given, preview = dict(shape.validated_data), asked["preview"]
        lines = actions.bulk(asked["verb"], chosen, actor=request.actor, given=given, preview=preview)
        done = sum(line.done for line in lines)
        told = {"verb": asked["verb"], "preview": preview, "changed": done, "refused": len(lines) - done}
        return Response({**told, "results": [line_json(line) for line in lines]})


def line_json(line: BulkLine) -> dict[str, Any]:
    """A line with its sentence."""
    message = sentence_of(DomainError(line.code, **actions.told(line.params))) if line.code else ""
    return dict(outputs.BulkLineOut({**vars(line), "message": message}).data)
