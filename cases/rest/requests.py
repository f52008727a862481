"""Requests over HTTP: asked, signed, refused, withdrawn, against the version of the case that was seen."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.rest import inputs, outputs
from cases.rest.reading import version_of
from cases.rest.steps import AGAIN, IF_MATCH, read, said_again
from cases.rest.views import refusals

CHANGED = {200: outputs.RequestOut, **refusals(400, 404, 409, 412, 415, 428)}
MOST = 200


def answer(row: Any, status: int = 200) -> Response:
    """A request, with the version of its case as ETag."""
    headers = {"ETag": f'"{row.case.version}"', "Cache-Control": "no-cache"}
    return Response(outputs.RequestOut(row).data, status=status, headers=headers)


class RequestsView(APIView):
    """What is asked for a case."""

    @extend_schema(operation_id="requests_of_case", responses={200: outputs.RequestOut(many=True), **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """Every request for the case, oldest first, with the signatures."""
        found = selectors.case(number, request.actor)
        rows = outputs.RequestOut(selectors.requests(found), many=True).data
        return Response(rows, headers={"ETag": f'"{found.version}"', "Cache-Control": "no-cache"})

    @extend_schema(
        operation_id="requests_ask",
        parameters=[IF_MATCH, AGAIN],
        request=inputs.Ask,
        responses={200: outputs.RequestOut, 201: outputs.RequestOut, **refusals(400, 404, 409, 412, 415, 428)},
    )
    def post(self, request: Request, number: str) -> Response:
        """The request waits for its first signature; said again with a key, it is the one that was made (200)."""
        version, given = version_of(request), read(inputs.Ask, request)
        if (taken := said_again(request, number, "ask", version, {"request": given["kind"]})) is not None:
            mine = (request.actor.key, given["kind"])
            return answer(next(row for row in reversed(selectors.requests(taken)) if (row.asked_by, row.kind) == mine))
        return answer(actions.ask(number, actor=request.actor, version=version, **given), 201)


class DecisionView(APIView):
    """Signing or refusing a request, by somebody else than who asked."""

    @extend_schema(operation_id="requests_decide", parameters=[IF_MATCH], request=inputs.Decide, responses=CHANGED)
    def post(self, request: Request, number: str, pk: int) -> Response:
        """The request has one more signature, or is refused."""
        version = version_of(request)
        given = read(inputs.Decide, request)
        return answer(actions.decide(number, pk, actor=request.actor, version=version, **given))


class WithdrawalView(APIView):
    """Withdrawing what one asked for."""

    @extend_schema(operation_id="requests_withdraw", parameters=[IF_MATCH], request=inputs.Nothing, responses=CHANGED)
    def post(self, request: Request, number: str, pk: int) -> Response:
        """The request waits for nobody any more."""
        version = version_of(request)
        read(inputs.Nothing, request)
        return answer(actions.withdraw(number, pk, actor=request.actor, version=version))


class RequestQueueView(APIView):
    """The requests of all cases that one may see."""

    @extend_schema(
        operation_id="requests_list",
        parameters=[OpenApiParameter("queue", str, enum=list(selectors.REQUEST_QUEUES))],
        responses={200: outputs.RequestOut(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """A queue of at most 200: `awaiting` my signature (the default), `mine`, `open`, `decided`."""
        rows = selectors.request_queue(request.actor, request.query_params.get("queue", "awaiting"))[:MOST]
        return Response(outputs.RequestOut(rows, many=True).data)


class RequestCountsView(APIView):
    """The queues of requests."""

    @extend_schema(operation_id="requests_counts", responses={200: outputs.RequestCounts, **refusals()})
    def get(self, request: Request) -> Response:
        """How many requests stand in each queue of the caller."""
        return Response(selectors.request_counts(request.actor))
