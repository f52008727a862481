"""The films of clips, for players."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from cases import actions
from cases.rest.views import refusals
from core.ranges import ranged

BYTES: dict[Any, Any] = {
    (200, "video/mp4"): OpenApiTypes.BINARY,
    (206, "video/mp4"): OpenApiTypes.BINARY,
    416: OpenApiResponse(description="The film has no such part."),
    **refusals(403, 404, 409),
}


class FilmView(APIView):
    """The public copy of a clip: H.264 in MP4, without sound and without metadata."""

    @extend_schema(
        operation_id="evidence_film", parameters=[OpenApiParameter("Range", str, OpenApiParameter.HEADER)],
        responses=BYTES,
    )  # fmt: skip
    def get(self, request: Request, number: str, evidence: int) -> HttpResponse:
        """The whole of it, or the part that a player asks for, for whoever may see the case."""
        film = actions.public_film(number, evidence, actor=request.actor)
        return ranged(request, film.content, kind="video/mp4", seal=film.sha256)
