"""The census over HTTP: planned, run, found, sampled, judged, accepted."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets import actions, selectors
from assets.rest import outputs
from assets.rest.outputs import refusals
from assets.rest.reading import body, key_of, limit_of, number
from assets.rules import geojson_of

CENSUS: dict[Any, Any] = {200: outputs.CensusOut, **refusals(400, 404, 409)}
STREET: dict[Any, Any] = {200: outputs.CensusStreetOut, **refusals(400, 404, 409)}


class CensusesView(APIView):
    """The censuses."""

    @extend_schema(operation_id="census_list", responses={200: outputs.CensusLine(many=True), **refusals(400)})
    def get(self, request: Request) -> Response:
        """The newest fifty that one keeps or surveys."""
        fields = ("title", "subject", "area", "state")
        found = selectors.projects(actor=request.actor)
        return Response([{"id": row.pk, **{name: getattr(row, name) for name in fields}} for row in found])

    @extend_schema(
        operation_id="census_plan", request=outputs.CensusIn, responses={201: outputs.CensusOut, **refusals(400)}
    )
    def post(self, request: Request) -> Response:
        """A census is planned."""
        row = actions.plan_census(actor=request.actor, **body(outputs.CensusIn, request))
        return Response(outputs.census_json(row), status=201)


class CensusView(APIView):
    """One census."""

    @extend_schema(operation_id="census_read", responses=CENSUS)
    def get(self, request: Request, pk: int) -> Response:
        """With the progress of every street."""
        return Response(outputs.census_json(selectors.project_of(pk, actor=request.actor)))


class CensusStartView(APIView):
    """The beginning of a census."""

    @extend_schema(operation_id="census_start", request=None, responses=CENSUS)
    def post(self, request: Request, pk: int) -> Response:
        """It runs; every street has its surveyor."""
        return Response(outputs.census_json(actions.start_census(pk, actor=request.actor)))


class CensusAcceptView(APIView):
    """The acceptance of a census."""

    @extend_schema(operation_id="census_accept", request=None, responses={**CENSUS, 202: outputs.CensusOut})
    def post(self, request: Request, pk: int) -> Response:
        """A worker writes what was found into the register, set by set."""
        return Response(outputs.census_json(actions.accept_census(pk, actor=request.actor)), status=202)


class CensusAssignView(APIView):
    """Who surveys a street."""

    @extend_schema(operation_id="census_street_assign", request=outputs.SurveyorIn, responses=STREET)
    def put(self, request: Request, pk: int, code: str) -> Response:
        """The street is given to somebody."""
        surveyor = body(outputs.SurveyorIn, request)["surveyor"]
        return Response(outputs.street_json(actions.assign_street(pk, code, actor=request.actor, surveyor=surveyor)))


class CensusHandInView(APIView):
    """A street handed in."""

    @extend_schema(operation_id="census_street_hand_in", request=None, responses=STREET)
    def post(self, request: Request, pk: int, code: str) -> Response:
        """By its surveyor."""
        return Response(outputs.street_json(actions.hand_in(pk, code, actor=request.actor)))


class CensusSampleView(APIView):
    """The sample of a street."""

    @extend_schema(operation_id="census_street_sample", request=None, responses=STREET)
    def post(self, request: Request, pk: int, code: str) -> Response:
        """Drawn by lot."""
        return Response(outputs.street_json(actions.draw_sample(pk, code, actor=request.actor)))


class CensusSendBackView(APIView):
    """A street sent back."""

    @extend_schema(operation_id="census_street_send_back", request=outputs.WhyIn, responses=STREET)
    def post(self, request: Request, pk: int, code: str) -> Response:
        """With a reason."""
        reason = body(outputs.WhyIn, request)["reason"]
        return Response(outputs.street_json(actions.send_back(pk, code, actor=request.actor, reason=reason)))


class FindingsView(APIView):
    """What surveyors found."""

    @extend_schema(
        operation_id="census_findings_list",
        parameters=[
            *[OpenApiParameter(name, str) for name in ("street", "outcome", "cursor")],
            OpenApiParameter("sample", bool), OpenApiParameter("limit", int),
        ],
        responses={200: outputs.FindingPage, **refusals(400, 404)},
    )  # fmt: skip
    def get(self, request: Request, pk: int) -> Response:
        """Newest first."""
        given, limit = request.query_params, limit_of(request)
        found = selectors.findings(
            selectors.project_of(pk, actor=request.actor), street=given.get("street", "")[:12].replace("\0", ""),
            sample=given.get("sample") == "true", outcome=given.get("outcome", "")[:10].replace("\0", ""),
            before=number(request, "cursor", 0, 10**18), limit=limit + 1,
        )  # fmt: skip
        following = str(found[limit - 1].pk) if len(found) > limit else None
        return Response({"results": [outputs.finding_json(row) for row in found[:limit]], "next": following})

    @extend_schema(
        operation_id="census_findings_record",
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
        request=outputs.FindingIn,
        responses={201: outputs.FindingOut, **refusals(400, 404, 409)},
    )
    def post(self, request: Request, pk: int) -> Response:
        """By the surveyor of the street; the same key is the same finding."""
        key = key_of(request)
        given = body(outputs.FindingIn, request)
        row = actions.record_finding(pk, actor=request.actor, key=key, of_type=given.pop("type"), **given)
        return Response(outputs.finding_json(row), status=201)


class JudgementView(APIView):
    """A finding of the sample, judged."""

    @extend_schema(operation_id="census_finding_judge", request=outputs.JudgeIn, responses=STREET)
    def post(self, request: Request, pk: int) -> Response:
        """The last judgement of a street verifies it or sends it back."""
        given = body(outputs.JudgeIn, request)
        return Response(outputs.street_json(actions.judge_finding(pk, actor=request.actor, **given)))


class SpotsView(APIView):
    """Where events recur."""

    @extend_schema(operation_id="census_spots_list", responses={200: outputs.SpotOut(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """The newest five hundred on the ground of who asks."""
        rows = selectors.spots(actor=request.actor)
        return Response([
            {"id": row.pk, "event_class": row.event_class, "geometry": geojson_of(bytes(row.geom.wkb)),
             "cell": row.cell, "area": row.area, "note": row.note, "census": row.project_id}
            for row in rows
        ])  # fmt: skip
