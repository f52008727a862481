"""Imports and exports over HTTP: the same steps as on the pages."""

from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid
from exchange import actions, selectors
from exchange.contracts import datasets, intakes
from exchange.models import ImportJob
from exchange.sentences import fault_text, suspicion_lines

NEWEST = 100


class ImportUpload(serializers.Serializer):
    """A file and its kind."""

    kind = serializers.CharField(max_length=40)
    layer = serializers.CharField(max_length=200, required=False, default="")
    file = serializers.FileField()


class MappingSerializer(serializers.Serializer):
    """What the columns mean: column by field, settings, and the columns kept as attributes."""

    mapping = serializers.DictField(child=serializers.CharField(max_length=100, allow_blank=True))
    options = serializers.DictField(child=serializers.CharField(max_length=4000, allow_blank=True), required=False)
    attributes = serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=500)


class ConfirmSerializer(serializers.Serializer):
    """That grave suspicions were read."""

    accept_suspicions = serializers.BooleanField(default=False)


class JobSerializer(serializers.Serializer):
    """An import."""

    uid = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.CharField()
    name = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    format = serializers.CharField()
    header = serializers.DictField()
    mapping = serializers.DictField()
    options = serializers.DictField()
    report = serializers.DictField()
    counts = serializers.DictField()
    total = serializers.IntegerField()
    done = serializers.IntegerField()
    failure = serializers.DictField()


class ImportsSerializer(serializers.Serializer):
    """The newest imports, and what there is to import and to export."""

    kinds = serializers.ListField(child=serializers.CharField())
    datasets = serializers.ListField(child=serializers.CharField())
    imports = JobSerializer(many=True)


def _told(job: ImportJob) -> dict[str, Any]:
    """An import with its faults as sentences."""
    told = dict(JobSerializer(job).data)
    report = dict(job.report)
    if report:
        report["faults"] = [{**fault, "message": fault_text(fault)} for fault in report.get("faults", ())]
        report["suspicion_messages"] = suspicion_lines(job.report)
    return {**told, "report": report}


def _given(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    read = shape(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


class ImportsView(APIView):
    """Every import."""

    @extend_schema(operation_id="api_imports_list", responses=ImportsSerializer)
    def get(self, request: Request) -> Response:
        """The newest hundred, and the kinds of file that are taken."""
        selectors.only_admins(request.actor)
        rows = selectors.visible_to(request.actor)[:NEWEST]
        return Response(
            {"kinds": sorted(intakes()), "datasets": sorted(datasets()), "imports": [_told(row) for row in rows]}
        )

    @extend_schema(request=ImportUpload, responses={201: JobSerializer})
    def post(self, request: Request) -> Response:
        """A file is uploaded and its columns guessed."""
        selectors.only_admins(request.actor)
        given = _given(ImportUpload, request)
        file = given["file"]
        job = actions.upload(file.name, file.chunks(), kind=given["kind"], layer=given["layer"], actor=request.actor)
        return Response(_told(job), status=201)


class ImportView(APIView):
    """One import."""

    @extend_schema(responses=JobSerializer)
    def get(self, request: Request, uid: str) -> Response:
        """How far it is, and what its check found out."""
        return Response(_told(selectors.job(uid, request.actor)))


class MappingView(APIView):
    """What the columns mean."""

    @extend_schema(request=MappingSerializer, responses=JobSerializer)
    def put(self, request: Request, uid: str) -> Response:
        """The mapping is set and the file waits for its check."""
        selectors.job(uid, request.actor)
        given = _given(MappingSerializer, request)
        return Response(_told(actions.map_columns(uid, actor=request.actor, **given)))


class ConfirmView(APIView):
    """The decision."""

    @extend_schema(request=ConfirmSerializer, responses=JobSerializer)
    def post(self, request: Request, uid: str) -> Response:
        """What the check promised is to happen."""
        selectors.job(uid, request.actor)
        return Response(_told(actions.confirm(uid, actor=request.actor, **_given(ConfirmSerializer, request))))


class CancelView(APIView):
    """The end before the end."""

    @extend_schema(request=None, responses=JobSerializer)
    def post(self, request: Request, uid: str) -> Response:
        """The import goes no further."""
        selectors.job(uid, request.actor)
        return Response(_told(actions.cancel(uid, actor=request.actor)))


class Anything(BaseContentNegotiation):
    """A file is a file, whatever is asked for; errors are still JSON."""

    def select_parser(self, request, parsers):
        """An export takes no body."""
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        """The first there is, which is JSON and serves the errors."""
        return renderers[0], renderers[0].media_type


class ExportView(APIView):
    """Rows as a file."""

    content_negotiation_class = Anything

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, name: str, suffix: str) -> HttpResponseBase:
        """The dataset in the format of the suffix: csv, geojson, xlsx, gpkg, or zip for a shapefile."""
        options = {key: str(value) for key, value in request.query_params.items() if "\x00" not in value}
        if len(options) != len(request.query_params):
            raise Invalid("exchange.bad_option", option="?")
        written = actions.export(name, suffix, options, actor=request.actor)
        told = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"', "Cache-Control": "private, no-store"}
        if written.file is not None:
            return FileResponse(written.file, content_type=written.content_type, headers=told)
        return StreamingHttpResponse(written.text or (), content_type=written.content_type, headers=told)
