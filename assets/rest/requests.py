"""Change requests over HTTP: proposed with a key, decided, taken back."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assets import actions, selectors
from assets.rest import outputs
from assets.rest.outputs import refusals
from assets.rest.reading import body, key_of, limit_of, number
from assets.rules import LONGEST_CODE


class ChangeRequestsView(APIView):
    """The change requests one may see, and the way to make one."""

    @extend_schema(
        operation_id="component_requests_list",
        parameters=[
            *[OpenApiParameter(name, str) for name in ("state", "code", "cursor")], OpenApiParameter("mine", bool),
            OpenApiParameter("limit", int),
        ],
        responses={200: outputs.ChangeRequestPage, **refusals(400)},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Newest first: one's own, and those on the ground whose register one keeps."""
        given, limit = request.query_params, limit_of(request)
        found = selectors.requests(
            actor=request.actor, state=given.get("state", "")[:10], mine=given.get("mine") == "true",
            code=given.get("code", "")[:LONGEST_CODE].replace("\0", ""), limit=limit + 1,
            before=number(request, "cursor", 0, 10**18),
        )  # fmt: skip
        following = str(found[limit - 1].pk) if len(found) > limit else None
        return Response({"results": [outputs.request_json(row) for row in found[:limit]], "next": following})

    @extend_schema(
        operation_id="component_requests_make",
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
        request=outputs.ChangeRequestIn,
        responses={201: outputs.ChangeRequestOut, **refusals(400, 404, 409)},
    )
    def post(self, request: Request) -> Response:
        """A change waits for a decision; the same key is the same request."""
        key = key_of(request)
        given = body(outputs.ChangeRequestIn, request)
        row = actions.propose(actor=request.actor, key=key, of_type=given.pop("type"), **given)
        return Response(outputs.request_json(row), status=201)


class ChangeRequestView(APIView):
    """One change request."""

    @extend_schema(operation_id="component_requests_read", responses={200: outputs.ChangeRequestOut, **refusals(404)})
    def get(self, request: Request, pk: int) -> Response:
        """The request, with what was answered."""
        return Response(outputs.request_json(selectors.request_of(pk, actor=request.actor)))


class ChangeDecisionView(APIView):
    """The decision about a change request."""

    @extend_schema(
        operation_id="component_requests_decide", request=outputs.ChangeDecisionIn,
        responses={200: outputs.ChangeRequestOut, **refusals(400, 404, 409)},
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """Accepted: the register says so, and its history who proposed it. Refused: the proposer reads why."""
        given = body(outputs.ChangeDecisionIn, request)
        if given["accept"]:
            row = actions.accept_request(pk, actor=request.actor, answer=given["answer"], despite=given["despite"])
        else:
            row = actions.refuse_request(pk, actor=request.actor, answer=given["answer"])
        return Response(outputs.request_json(row))


class ChangeWithdrawalView(APIView):
    """A change request taken back."""

    @extend_schema(
        operation_id="component_requests_withdraw", request=None,
        responses={200: outputs.ChangeRequestOut, **refusals(404, 409)},
    )  # fmt: skip
    def post(self, request: Request, pk: int) -> Response:
        """By its proposer, while nobody has decided."""
        return Response(outputs.request_json(actions.withdraw_request(pk, actor=request.actor)))
