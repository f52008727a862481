"""Supervision orders and coordination over HTTP, against the version of the case that was seen."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.rest import inputs, outputs
from cases.rest.reading import version_of
from cases.rest.steps import IF_MATCH, MOVED, read
from cases.rest.views import SeenGate, answer, refusals
from core.errors import Invalid

LONGEST_DAYS = 366
REFUSED = refusals(400, 404, 409, 412, 415, 428)


def order_answer(row: Any, status: int = 200) -> Response:
    """An order, with the version of its case as ETag."""
    headers = {"ETag": f'"{row.case.version}"', "Cache-Control": "no-cache"}
    return Response(outputs.OrderOut(row).data, status=status, headers=headers)


class OrdersView(APIView):
    """Pressing for a case."""

    @extend_schema(operation_id="orders_of_case", responses={200: outputs.OrderOut(many=True), **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """Every supervision order for the case, oldest first."""
        found = selectors.case(number, request.actor)
        return Response(outputs.OrderOut(selectors.orders(found), many=True).data)

    @extend_schema(
        operation_id="orders_issue",
        parameters=[IF_MATCH],
        request=inputs.Order,
        responses={201: outputs.OrderOut, **REFUSED},
    )
    def post(self, request: Request, number: str) -> Response:
        """Whoever has the case is told what is demanded."""
        version = version_of(request)
        return order_answer(
            actions.order(number, actor=request.actor, version=version, **read(inputs.Order, request)), 201
        )


class ReplyView(APIView):
    """Answering a supervision order."""

    @extend_schema(
        operation_id="orders_reply",
        parameters=[IF_MATCH],
        request=inputs.Reply,
        responses={200: outputs.OrderOut, **REFUSED},
    )
    def post(self, request: Request, number: str, pk: int) -> Response:
        """The order is answered."""
        version = version_of(request)
        return order_answer(
            actions.reply(number, pk, actor=request.actor, version=version, **read(inputs.Reply, request))
        )


class CoordinationView(APIView):
    """Settling whose case it is."""

    @extend_schema(operation_id="cases_coordinate", parameters=[IF_MATCH], request=inputs.Coordination, responses=MOVED)
    def post(self, request: Request, number: str) -> Response:
        """The case goes there and nowhere else."""
        version = version_of(request)
        given = read(inputs.Coordination, request)
        return answer(actions.coordinate(number, actor=request.actor, version=version, **given))


class ShirkingOut(serializers.Serializer):
    """That an organisation shirked a case: a fact that an appeal (`exempt`) does not undo."""

    number = serializers.CharField()
    organisation = serializers.CharField()
    area = serializers.CharField()
    district = serializers.CharField()
    category = serializers.CharField()
    returned_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)
    shirked_at = serializers.DateTimeField()
    exempt = serializers.BooleanField()
    kind = serializers.ChoiceField(
        ["passed_on", "not_taken"], help_text="By returning it, or by not taking it at last."
    )


class ShirkingView(SeenGate):
    """Cases that were passed around."""

    @extend_schema(
        operation_id="cases_shirking",
        parameters=[OpenApiParameter("days", int), OpenApiParameter("organisation", str)],
        responses={200: ShirkingOut(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """By each organisation that shirked them, of the cases the caller may see; of the last 30 days or so many."""
        text = request.query_params.get("days", "30")
        if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= LONGEST_DAYS):
            raise Invalid("dispatching.bad_days", most=LONGEST_DAYS)
        found = selectors.shirkings(request.actor, int(text), request.query_params.get("organisation", "")[:40])
        return Response(ShirkingOut(found, many=True).data)
