"""Saved filters over HTTP: one's own and those shared with one."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.models import SavedFilter
from cases.rest.outputs import Error
from core import versions

REFUSED = dict.fromkeys((401, 403), Error)
UNSEEN = dict.fromkeys((400, 404, 409, 412, 428), Error)
SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read")


class FilterIn(serializers.Serializer[Any]):
    """A name, the filters of a list, and whom it is shared with: "", "all", "org:<code>" or "duty:<duty>"."""

    name = serializers.CharField(max_length=60)
    options = serializers.DictField(child=serializers.CharField(max_length=400))
    shared = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class FilterOut(serializers.Serializer[Any]):
    """A saved filter; `own` where it is the caller's."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    options = serializers.DictField()
    shared = serializers.CharField(allow_blank=True)
    own = serializers.BooleanField()
    changed_at = serializers.DateTimeField()


def _json(row: SavedFilter, request: Request) -> dict[str, Any]:
    own = row.owner_id == request.actor.user_id
    return dict(FilterOut({**row.told(), "id": row.pk, "own": own, "changed_at": row.changed_at}).data)


def _answer(row: SavedFilter, request: Request, status: int = 200) -> Response:
    return Response(_json(row, request), status=status, headers=versions.headers_of(row.told()))


def _given(request: Request) -> dict[str, Any]:
    read = FilterIn(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


class FiltersView(APIView):
    """The filters."""

    @extend_schema(operation_id="case_filters_list", responses={200: FilterOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """One's own and those shared with one, by name."""
        return Response([_json(row, request) for row in selectors.saved_filters(request.actor)])

    @extend_schema(
        operation_id="case_filters_create",
        request=FilterIn,
        responses={201: FilterOut, 400: Error, 409: Error, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """A filter of one's own."""
        return _answer(actions.save_filter(**_given(request), actor=request.actor), request, 201)


class FilterView(APIView):
    """One filter."""

    @extend_schema(operation_id="case_filters_read", responses={200: FilterOut, 404: Error, **REFUSED})
    def get(self, request: Request, pk: int) -> Response:
        """As it stands; the ETag goes back with a change."""
        return _answer(selectors.saved_filter(pk, request.actor), request)

    @extend_schema(
        operation_id="case_filters_save",
        parameters=[SEEN],
        request=FilterIn,
        responses={200: FilterOut, **UNSEEN, **REFUSED},
    )
    def put(self, request: Request, pk: int) -> Response:
        """It reads so from now on; 412 where somebody else changed it since it was read."""
        held, seen = selectors.saved_filter(pk, request.actor), versions.required(request.headers)
        return _answer(actions.save_filter(**_given(request), pk=held.pk, seen=seen, actor=request.actor), request)

    @extend_schema(operation_id="case_filters_delete", parameters=[SEEN], responses={204: None, **UNSEEN, **REFUSED})
    def delete(self, request: Request, pk: int) -> Response:
        """It is gone, also for those it was shared with."""
        held, seen = selectors.saved_filter(pk, request.actor), versions.required(request.headers)
        actions.delete_filter(held.pk, seen=seen, actor=request.actor)
        return Response(status=204)
