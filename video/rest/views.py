"""GET/POST /api/cameras, GET /api/incidents, and the pictures."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Forbidden, Invalid
from core.scope import Actor
from video import actions, selectors
from video.contracts import Phase
from video.rest.serializers import (
    CameraChange,
    CameraOut,
    CamerasOut,
    CameraWish,
    IncidentFull,
    IncidentOut,
    IncidentsOut,
)
from video.rules.wishes import new_camera

PAGE, LAST_PAGE = 50, 100_000
STATES = ("open", *(phase.value for phase in Phase))


def _seeing(request: Request) -> Actor:
    """The actor, who holds the right to see cameras somewhere; Forbidden otherwise."""
    actor: Actor = request.actor
    if not actor.scope("camera.see"):
        raise Forbidden("video.not_yours")
    return actor


def _page(request: Request) -> int:
    text = request.query_params.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:7]) <= LAST_PAGE:
        raise Invalid("video.bad_page")
    return int(text)


def _paged(rows: Any, request: Request, shape: Any) -> Response:
    page = _page(request)
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    data = shape(found[:PAGE], many=True, context={"actor": request.actor}).data
    return Response({"results": data, "page": page, "has_more": len(found) > PAGE})


class Cameras(APIView):
    """The cameras of the actor's ground, and adding one."""

    @extend_schema(operation_id="api_cameras_list", responses=CamerasOut, parameters=[OpenApiParameter("page", int)])
    def get(self, request: Request) -> Response:
        """Every camera on my ground with its state, fifty a page."""
        return _paged(selectors.cameras(_seeing(request)).order_by("code"), request, CameraOut)

    @extend_schema(request=CameraWish, responses={201: CameraOut})
    def post(self, request: Request) -> Response:
        """A camera with its zones and rules; needs the right `admin` over its place."""
        actor: Actor = request.actor
        made = actions.create_camera(new_camera(request.data), actor=actor)
        found = selectors.made(made.code)
        return Response(CameraOut(found, context={"actor": actor}).data, status=201)


class OneCamera(APIView):
    """One camera, and changing it."""

    @extend_schema(responses=CameraOut)
    def get(self, request: Request, code: str) -> Response:
        """Its state, zones and rules."""
        actor = _seeing(request)
        return Response(CameraOut(selectors.camera(code, actor), context={"actor": actor}).data)

    @extend_schema(request=CameraChange, responses=CameraOut)
    def patch(self, request: Request, code: str) -> Response:
        """Another address, or switched on or off; needs the right `admin` over its place."""
        actor: Actor = request.actor
        change = CameraChange(data=request.data)
        change.is_valid(raise_exception=True)
        actions.change_camera(code, actor=actor, **change.validated_data)
        return Response(CameraOut(selectors.made(code), context={"actor": actor}).data)


class Incidents(APIView):
    """What the cameras of the actor's ground have seen."""

    @extend_schema(
        operation_id="api_incidents_list",
        responses=IncidentsOut,
        parameters=[
            OpenApiParameter("camera", str),
            OpenApiParameter("state", str, enum=STATES),
            OpenApiParameter("page", int),
        ],
    )
    def get(self, request: Request) -> Response:
        """Newest first, fifty a page; `state=open` for those not yet closed."""
        state = request.query_params.get("state", "")
        camera = request.query_params.get("camera", "")
        if state not in ("", *STATES) or "\x00" in camera:
            raise Invalid("video.bad_filter")
        rows = selectors.incidents(_seeing(request), camera_code=camera, state=state)
        return _paged(rows, request, IncidentOut)


class OneIncident(APIView):
    """One incident with its evidence."""

    @extend_schema(responses=IncidentFull)
    def get(self, request: Request, uid: str) -> Response:
        """When, where, how long, judged by what, and the pictures."""
        actor = _seeing(request)
        return Response(IncidentFull(selectors.incident(uid, actor), context={"actor": actor}).data)


class LatestPicture(APIView):
    """What a camera saw last, without faces and number plates."""

    @extend_schema(
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
        parameters=[OpenApiParameter("plain", str, description="`1` leaves out the strip of text below the picture.")],
    )
    def get(self, request: Request, code: str) -> HttpResponse:
        """The public copy as JPEG; another one each time the camera is looked at, hence never stored."""
        plain = request.query_params.get("plain") == "1"
        content = actions.open_latest(code, actor=_seeing(request), plain=plain)
        answer = HttpResponse(content, content_type="image/jpeg")
        answer["Cache-Control"] = "private, no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


class Picture(APIView):
    """A still: the public copy for whoever may see the camera, the raw one for those who may see people."""

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, variant: str) -> HttpResponse:
        """The picture as JPEG; never cached by others."""
        content = actions.open_still(pk, variant, actor=_seeing(request))
        answer = HttpResponse(content, content_type="image/jpeg")
        answer["Cache-Control"] = "private, max-age=3600"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
