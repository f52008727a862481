"""Single components over HTTP: the list by key, one with its past and pictures, and every verb."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets import actions, selectors
from assets.contracts import AssetView
from assets.rest import outputs
from assets.rest.outputs import refusals
from assets.rest.reading import body, limit_of, moment_of, version_of
from assets.rules import LONGEST_CODE
from core import vault
from core.uploads import bounded

FILTERS = ("type", "state", "area", "cell", "office", "q")
IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)


def answer(view: AssetView, status: int = 200) -> Response:
    """A component with its version as ETag."""
    headers = {"ETag": f'"{view.version}"', "Cache-Control": "no-cache"}
    return Response(outputs.component_json(view), status=status, headers=headers)


class ComponentsView(APIView):
    """The register, page by page."""

    @extend_schema(
        operation_id="components_list",
        parameters=[*[OpenApiParameter(name, str) for name in (*FILTERS, "cursor")], OpenApiParameter("limit", int)],
        responses={200: outputs.ComponentPage, **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """By code; `q` is the beginning of a code, or words of a name; removed ones only with `state=removed`.

        With `type`, `attr.<name>` narrows by an attribute that the type's schema gives `x-filter`.
        """
        given = request.query_params
        told = {name: str(value)[:120].replace("\0", "") for name, value in given.items()}
        filters = selectors.filters_of(
            {name: value for name, value in told.items() if name in FILTERS or name.startswith(selectors.ATTRIBUTE)}
        )
        after = given.get("cursor", "")[:LONGEST_CODE].replace("\0", "")
        found, following = selectors.components(filters, actor=request.actor, after=after, limit=limit_of(request))
        return Response({"results": [outputs.component_json(one) for one in found], "next": following or None})

    @extend_schema(
        operation_id="components_create",
        request=outputs.ComponentIn,
        responses={201: outputs.AssetSerializer, **refusals(400, 409)},
    )
    def post(self, request: Request) -> Response:
        """A component is entered with the next code of its district and class."""
        given = body(outputs.ComponentIn, request)
        view = actions.create(actor=request.actor, of_type=given.pop("type"), **given)
        return answer(view, 201)


class ComponentView(APIView):
    """One component."""

    @extend_schema(
        operation_id="components_read",
        parameters=[OpenApiParameter("at", OpenApiTypes.DATETIME, description="as it was at this moment")],
        responses={200: outputs.NOW_OR_THEN, **refusals(400, 404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """The component with its version as ETag; with `at` its fields as they were then."""
        if request.query_params.get("at"):
            then = moment_of(request.query_params["at"])
            return Response({"code": code, "at": then, **selectors.past(code, then, actor=request.actor)})
        return answer(selectors.view_of(selectors.component_row(code, actor=request.actor)))

    @extend_schema(
        operation_id="components_edit", parameters=[IF_MATCH], request=outputs.ComponentEdit,
        responses={200: outputs.AssetSerializer, **refusals(400, 404, 409, 412, 428)},
    )  # fmt: skip
    def patch(self, request: Request, code: str) -> Response:
        """What is given changes, the rest stays."""
        given, version = body(outputs.ComponentEdit, request), version_of(request)
        view = actions.edit(code, actor=request.actor, version=version, **given)
        return answer(view)


class RetireView(APIView):
    """A component that stands no more."""

    @extend_schema(
        operation_id="components_retire", parameters=[IF_MATCH], request=outputs.WhyIn,
        responses={200: outputs.AssetSerializer, **refusals(400, 404, 409, 412, 428)},
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """It is removed; its code is never used again."""
        reason = body(outputs.WhyIn, request)["reason"]
        return answer(actions.retire(code, actor=request.actor, version=version_of(request), reason=reason))


class RestoreView(APIView):
    """A component that stands after all."""

    @extend_schema(
        operation_id="components_restore", parameters=[IF_MATCH], request=outputs.WhyIn,
        responses={200: outputs.AssetSerializer, **refusals(400, 404, 409, 412, 428)},
    )  # fmt: skip
    def post(self, request: Request, code: str) -> Response:
        """It stands again in the state it had."""
        reason = body(outputs.WhyIn, request)["reason"]
        return answer(actions.restore(code, actor=request.actor, version=version_of(request), reason=reason))


class HistoryView(APIView):
    """What became of a component."""

    @extend_schema(
        operation_id="components_history",
        responses={200: outputs.ComponentChangeOut(many=True), **refusals(404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """Every change, newest first, down to its birth."""
        lines = selectors.history(code, actor=request.actor)
        fields = ("version", "at", "act", "by", "proposed_by", "why", "changes")
        return Response([{name: getattr(line, name) for name in fields} for line in lines])


class PhotosView(APIView):
    """The pictures of a component."""

    @extend_schema(
        operation_id="component_photos_list",
        responses={200: outputs.ComponentPhotoOut(many=True), **refusals(404)},
    )
    def get(self, request: Request, code: str) -> Response:
        """Newest first."""
        row = selectors.component_row(code, actor=request.actor)
        return Response([outputs.photo_json(one) for one in selectors.photos_of(row)])

    @extend_schema(
        operation_id="component_photos_add",
        request={"multipart/form-data": outputs.ComponentUpload},
        responses={201: outputs.ComponentPhotoOut, **refusals(400, 404, 413, 415)},
    )
    def post(self, request: Request, code: str) -> Response:
        """A picture shows the component: JPEG, PNG or WebP, at most 20 MB and 50 million pixels."""
        selectors.component_row(code, actor=request.actor)
        content = bounded(body(outputs.ComponentUpload, request)["file"])
        (row,) = actions.add_photos(code, actor=request.actor, photos=[content])
        return Response(outputs.photo_json(row), status=201)


BYTES: dict[Any, Any] = {(200, "image/jpeg"): OpenApiTypes.BINARY, **refusals(404, 409)}


class PhotoView(APIView):
    """The public copy of a picture: upright, without metadata."""

    @extend_schema(operation_id="component_photo_read", responses=BYTES)
    def get(self, request: Request, pk: int) -> HttpResponse:
        """JPEG, for whoever may see what it shows."""
        row = selectors.photo(pk, actor=request.actor)
        headers = {
            "X-Content-Type-Options": "nosniff", "Content-Disposition": "inline",
            "Cache-Control": "private, max-age=3600",
        }  # fmt: skip
        return HttpResponse(vault.fetch(row.public_sha256), content_type="image/jpeg", headers=headers)
