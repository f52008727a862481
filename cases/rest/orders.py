"""Supervision orders and coordination over HTTP, against the version of the case that was seen."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.rest import inputs, outputs
from cases.rest.reading import version_of
from cases.rest.steps import IF_MATCH, MOVED, read
from cases.rest.views import answer, refusals

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
