"""The door of partners: signed messages about tickets. What they may send is `/api/hotline/schema`."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import DomainError
from core.sentences import say
from exchange import actions
from exchange.contracts.hotline import PENDING, MessageState
from exchange.models import TicketMessage
from exchange.rules.hotline import contract

STATES = [one.value for one in MessageState]
HEADERS = {"stamp": "X-Partner-Timestamp", "nonce": "X-Partner-Nonce", "signature": "X-Partner-Signature"}
SIGNED = [OpenApiParameter(name, str, OpenApiParameter.HEADER, required=True) for name in HEADERS.values()]


class FlagOut(serializers.Serializer[Any]):
    """What is odd about a message: a code for programs, a sentence for people."""

    code = serializers.CharField()
    message = serializers.CharField()


class MessageAnswer(serializers.Serializer[Any]):
    """How the message and its ticket stand; `case` is "" before there is one. Asked again, the same."""

    ticket = serializers.CharField()
    sequence = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)
    ticket_state = serializers.CharField()
    case = serializers.CharField(allow_blank=True)
    flags = FlagOut(many=True)


def answer_of(row: TicketMessage) -> dict[str, Any]:
    """What the partner is answered about its message."""
    ticket = row.ticket
    return {
        "ticket": ticket.ticket,
        "sequence": row.sequence,
        "state": row.state,
        "ticket_state": ticket.state,
        "case": ticket.subject,
        "flags": [{"code": one["code"], "message": say(one["code"], one["params"])} for one in row.flags],
    }


class MessagesView(APIView):
    """Messages of a partner."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="hotline_message",
        parameters=SIGNED,
        request=OpenApiTypes.OBJECT,
        responses={200: MessageAnswer, 202: MessageAnswer},
        auth=[],
    )
    def post(self, request: Request, code: str) -> Response:
        """200: it has had its effect (or was older than what is known). 202: it is kept and waits; `flags` say why."""
        plain = request._request
        partner = actions.admit(
            code, method="POST", path=plain.get_full_path(), body=plain.body,
            headers={name: request.headers.get(header, "") for name, header in HEADERS.items()},
        )  # fmt: skip
        try:
            given = request.data
        except DomainError as error:
            actions.refuse_message(partner, error, "")
            raise
        try:
            row = actions.receive(partner, given)
        except DomainError as error:
            actions.refuse_message(partner, error, given)
            raise
        return Response(MessageAnswer(answer_of(row)).data, status=202 if row.state in PENDING else 200)


class ContractView(APIView):
    """The contract."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="hotline_schema", responses=OpenApiTypes.OBJECT, auth=[])
    def get(self, request: Request) -> Response:
        """The JSON Schema of a message."""
        return Response(contract())
