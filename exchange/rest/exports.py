"""Exports as jobs over HTTP: one's own, asked for, watched, cancelled and fetched."""

from typing import Any

from django.http import FileResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from exchange import actions, selectors
from exchange.codecs.writing import MADE
from exchange.contracts.exports import EXPORT_FORMATS
from exchange.models import ExportJob
from exchange.rest.imports import Anything
from exchange.sentences import failure_text

PRIVATE = {"Cache-Control": "private, no-store"}


class ExportIn(serializers.Serializer[Any]):
    """Which list, as what, and the filters of its URL."""

    dataset = serializers.CharField(max_length=40)
    format = serializers.ChoiceField(list(EXPORT_FORMATS))
    options = serializers.DictField(child=serializers.CharField(max_length=400), required=False, default=dict)


class ExportOut(serializers.Serializer[Any]):
    """An export: how many rows were read and written of how many, and why it failed where it did."""

    uid = serializers.UUIDField()
    dataset = serializers.CharField()
    format = serializers.CharField()
    options = serializers.DictField()
    state = serializers.CharField()
    total = serializers.IntegerField(allow_null=True)
    done = serializers.IntegerField()
    written = serializers.IntegerField()
    percent = serializers.IntegerField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField(allow_blank=True)
    failure = serializers.CharField(allow_blank=True)
    dropped = serializers.BooleanField()
    created_at = serializers.DateTimeField()


def _told(job: ExportJob, status: int = 200) -> Response:
    return Response(_json(job), status=status, headers=PRIVATE)


def _json(job: ExportJob) -> dict[str, Any]:
    return dict(ExportOut({**{name: getattr(job, name) for name in NAMES}, "failure": failure_text(job.failure)}).data)


NAMES = tuple(str(name) for name in ExportOut().fields if name != "failure")


class ExportJobsView(APIView):
    """One's own exports."""

    @extend_schema(operation_id="export_jobs_list", responses={200: ExportOut(many=True)})
    def get(self, request: Request) -> Response:
        """The newest thirty."""
        return Response([_json(job) for job in selectors.newest_exports(request.actor)], headers=PRIVATE)

    @extend_schema(operation_id="export_jobs_ask", request=ExportIn, responses={201: ExportOut})
    def post(self, request: Request) -> Response:
        """A file of a list is being made."""
        read = ExportIn(data=request.data)
        read.is_valid(raise_exception=True)
        given = read.validated_data
        job = actions.ask_export(given["dataset"], given["format"], given["options"], actor=request.actor)
        return _told(job, 201)


class ExportJobView(APIView):
    """One export."""

    @extend_schema(operation_id="export_jobs_read", responses={200: ExportOut})
    def get(self, request: Request, uid: str) -> Response:
        """How far it is."""
        return _told(selectors.export_of(uid, request.actor))


class ExportCancelView(APIView):
    """The end before the end."""

    @extend_schema(operation_id="export_jobs_cancel", request=None, responses={200: ExportOut})
    def post(self, request: Request, uid: str) -> Response:
        """The export goes no further."""
        return _told(actions.cancel_export(uid, actor=request.actor))


class ExportFileView(APIView):
    """The file."""

    content_negotiation_class = Anything

    @extend_schema(operation_id="export_jobs_file", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, uid: str) -> HttpResponseBase:
        """The finished file, for whom it was made."""
        job, found = actions.fetch_export(uid, actor=request.actor)
        return FileResponse(
            found,
            as_attachment=True,
            filename=selectors.file_name_of(job),
            content_type=MADE[job.format],
            headers=PRIVATE,
        )
