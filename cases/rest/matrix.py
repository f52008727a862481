"""Who is responsible for a class at a point, for programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import selectors
from cases.rest.outputs import Error, Names
from cases.templatetags.case_words import why_line
from core.errors import Forbidden, Invalid

READERS = ("case.see", "case.report", "admin")


class OfficeOut(serializers.Serializer):
    """An organisation by code and name."""

    code = serializers.CharField()
    names = Names()


class LineOut(serializers.Serializer):
    """One line of the reasoning: a code to branch on, a sentence to show."""

    code = serializers.CharField()
    message = serializers.CharField()


class PromiseOut(serializers.Serializer):
    """A registration condition with its limit, and until when it would be handled if dispatched now."""

    code = serializers.CharField()
    text = Names()
    limit = serializers.DictField()
    minutes = serializers.IntegerField()
    calendar = serializers.CharField()
    due_at = serializers.DateTimeField()


class ResponsibleAtOut(serializers.Serializer):
    """Cell, community, who, why, and until when; `responsible` is null where nobody is."""

    category = serializers.CharField()
    cell = serializers.CharField()
    area = serializers.CharField()
    district = serializers.CharField()
    place = Names()
    responsible = OfficeOut(allow_null=True)
    cooperating = OfficeOut(many=True)
    arbiter = OfficeOut(allow_null=True)
    reason = serializers.CharField()
    why = LineOut(many=True)
    conditions = PromiseOut(many=True)
    at = serializers.DateTimeField()


class ResponsibleAtView(APIView):
    """What would become of a case of this class at this place."""

    @extend_schema(
        operation_id="responsible_at",
        parameters=[
            OpenApiParameter("category", str, required=True),
            OpenApiParameter("lon", float, required=True),
            OpenApiParameter("lat", float, required=True),
            OpenApiParameter("condition", str),
        ],
        responses={200: ResponsibleAtOut, 400: Error, 401: Error, 403: Error},
    )
    def get(self, request: Request) -> Response:
        """400 with a sentence for an unknown class or condition, and for a point that is none or outside the grid."""
        if not any(request.actor.holds(right) for right in READERS):
            raise Forbidden("case.no_page")
        given = request.query_params
        try:
            lon, lat = float(given["lon"]), float(given["lat"])
        except (KeyError, ValueError) as error:
            raise Invalid("responsibility.needs_point") from error
        words = [given.get(name, "") for name in ("category", "condition")]
        if any("\x00" in text or len(text) > 20 for text in words) or not words[0]:
            raise Invalid("case.unknown_category", given=words[0][:20])
        found = selectors.what_if(words[0], lon, lat, words[1])
        return Response(ResponsibleAtOut(_told(found)).data)


def _told(found: selectors.WhatIf) -> dict[str, Any]:
    def office(code: str) -> dict[str, Any] | None:
        return {"code": code, "names": found.offices[code].names} if code else None

    return {
        "category": found.category.code,
        "cell": found.place.cell,
        "area": found.place.area,
        "district": found.place.district,
        "place": found.place.names,
        "responsible": office(found.answer.organisation),
        "cooperating": [office(code) for code in found.answer.cooperating],
        "arbiter": office(found.answer.arbiter),
        "reason": found.answer.reason,
        "why": [{"code": line.code, "message": why_line(line)} for line in found.answer.lines],
        "conditions": [
            {"code": one.code, "text": one.text, "limit": one.limit, "minutes": one.handling.minutes,
             "calendar": one.handling.calendar, "due_at": one.handling.due_at}
            for one in found.promises
        ],
        "at": found.at,
    }  # fmt: skip
