"""Partners and their tickets over HTTP, for administrators and for those who take tickets."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.versions import headers_of, required
from exchange import actions, selectors
from exchange.contracts import Datum
from exchange.contracts.hotline import Unsatisfied
from exchange.models import Partner, PartnerTicket
from exchange.rest.hotline import FlagOut, MessageAnswer, answer_of
from exchange.rest.words import WordsField

SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read")


class PartnerShape(serializers.Serializer[Any]):
    """A partner; `secret_ref` names a secret of the settings, which is never told."""

    names = WordsField()
    base_url = serializers.CharField(max_length=300, allow_blank=True, default="")
    secret_ref = serializers.CharField(max_length=60)
    enabled = serializers.BooleanField(default=True)
    pulls = serializers.BooleanField(default=False)
    classes = serializers.DictField(child=serializers.CharField(max_length=40), default=dict)
    areas = serializers.DictField(child=serializers.CharField(max_length=40), default=dict)
    fields_ = serializers.DictField(child=serializers.CharField(max_length=120), default=dict)
    steps = serializers.ListField(child=serializers.CharField(max_length=30), max_length=60, default=list)
    datum = serializers.ChoiceField([one.value for one in Datum], default=Datum.WGS84.value)
    unsatisfied = serializers.ChoiceField([one.value for one in Unsatisfied], default=Unsatisfied.REOPEN.value)

    def get_fields(self) -> dict[str, Any]:
        """`fields` is a word of the framework's own, so it is put in by its name here."""
        found = super().get_fields()
        found["fields"] = found.pop("fields_")
        return found


class PartnerIn(PartnerShape):
    """A new partner."""

    code = serializers.CharField(max_length=40)


class PartnerOut(PartnerShape):
    """A partner and how the exchange with it goes."""

    code = serializers.CharField()
    pack = serializers.CharField(allow_blank=True)
    pulled_at = serializers.DateTimeField(allow_null=True)
    down_since = serializers.DateTimeField(allow_null=True)
    failure = serializers.CharField(allow_blank=True)


class TicketOut(serializers.Serializer[Any]):
    """A ticket: how it stands here, what the partner was told last, its own deadline, what the citizen said."""

    id = serializers.IntegerField()
    partner = serializers.CharField()
    ticket = serializers.CharField()
    case = serializers.CharField(allow_blank=True)
    state = serializers.CharField()
    told = serializers.CharField(allow_blank=True)
    given_class = serializers.CharField(allow_blank=True)
    deadline = serializers.DateTimeField(allow_null=True)
    urged = serializers.IntegerField()
    score = serializers.CharField(allow_blank=True)
    troubled = serializers.BooleanField()
    changed_at = serializers.DateTimeField()


class TicketsOut(serializers.Serializer[Any]):
    """A page; `after` asks for the next one and is empty after the last."""

    tickets = TicketOut(many=True)
    after = serializers.CharField(allow_blank=True)


class HeardOut(MessageAnswer):
    """A message, what is personal in it masked."""

    kind = serializers.CharField()
    body = serializers.DictField()
    flags = FlagOut(many=True)
    times = serializers.IntegerField()
    received_at = serializers.DateTimeField()


class SaidOut(serializers.Serializer[Any]):
    """A reply, in the order of `number`, and how far it has come."""

    number = serializers.IntegerField()
    kind = serializers.CharField()
    body = serializers.DictField()
    state = serializers.CharField()
    attempts = serializers.IntegerField()
    failure = serializers.CharField(allow_blank=True)
    made_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)


class WholeTicketOut(TicketOut):
    """A ticket with the newest 200 messages and replies."""

    messages = HeardOut(many=True)
    replies = SaidOut(many=True)


class MapIn(serializers.Serializer[Any]):
    """The class that a ticket is of; remembered for every later one of its word."""

    category = serializers.CharField(max_length=40)
    remember = serializers.BooleanField(default=False)


class ReasonIn(serializers.Serializer[Any]):
    """Why a ticket goes back."""

    reason = serializers.CharField(max_length=1000)


def _partner(row: Partner) -> dict[str, Any]:
    told = selectors.partner_told(row)
    more = ("code", "pack", "pulled_at", "down_since", "failure")
    return {**told, **{name: getattr(row, name) for name in more}}


def _ticket(row: PartnerTicket) -> dict[str, Any]:
    names = ("id", "ticket", "state", "told", "given_class", "deadline", "urged", "score", "troubled", "changed_at")
    return {name: getattr(row, name) for name in names} | {"partner": row.partner.code, "case": row.subject}


def _whole(row: PartnerTicket) -> dict[str, Any]:
    more = ("kind", "body", "times", "received_at")
    heard = []
    for one in getattr(row, "heard", ()):
        one.ticket = row
        heard.append({**answer_of(one), **{name: getattr(one, name) for name in more}})
    return {**_ticket(row), "messages": heard, "replies": getattr(row, "said", ())}


class PartnersView(APIView):
    """The partners."""

    @extend_schema(operation_id="hotline_partners_list", responses=PartnerOut(many=True))
    def get(self, request: Request) -> Response:
        """Every partner and how the exchange with it goes."""
        return Response(PartnerOut([_partner(row) for row in selectors.partners(request.actor)], many=True).data)

    @extend_schema(operation_id="hotline_partners_new", request=PartnerIn, responses={201: PartnerOut})
    def post(self, request: Request) -> Response:
        """There is a partner more; 409 where its code is taken."""
        selectors.may_set_partners(request.actor)
        given = PartnerIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = dict(given.validated_data)
        row = actions.save_partner(told.pop("code"), told=told, seen="", actor=request.actor)
        return Response(PartnerOut(_partner(row)).data, status=201, headers=headers_of(selectors.partner_told(row)))


class PartnerView(APIView):
    """One partner."""

    @extend_schema(operation_id="hotline_partners_read", responses=PartnerOut)
    def get(self, request: Request, code: str) -> Response:
        """The partner, with its ETag."""
        selectors.may_see_tickets(request.actor)
        row = selectors.partner(code)
        return Response(PartnerOut(_partner(row)).data, headers=headers_of(selectors.partner_told(row)))

    @extend_schema(
        operation_id="hotline_partners_save", parameters=[SEEN], request=PartnerShape, responses=PartnerOut
    )  # fmt: skip
    def put(self, request: Request, code: str) -> Response:
        """It is so from now on; 412 where somebody changed it meanwhile."""
        selectors.may_set_partners(request.actor)
        seen, given = required(request.headers), PartnerShape(data=request.data)
        given.is_valid(raise_exception=True)
        row = actions.save_partner(code, told=given.validated_data, seen=seen, actor=request.actor)
        return Response(PartnerOut(_partner(row)).data, headers=headers_of(selectors.partner_told(row)))


class TicketsView(APIView):
    """The tickets."""

    @extend_schema(
        operation_id="hotline_tickets_list",
        parameters=[
            OpenApiParameter("only", str, enum=[one for one in selectors.FILTERS if one]),
            OpenApiParameter("partner", str),
            OpenApiParameter("q", str, description="the beginning of a ticket's number, or the number of a case"),
            OpenApiParameter("after", str, description="the key that the page before gave"),
        ],
        responses=TicketsOut,
    )
    def get(self, request: Request) -> Response:
        """Those that changed last first."""
        asked = {name: request.query_params.get(name, "") for name in ("only", "partner", "q", "after")}
        page = selectors.tickets_page(request.actor, **asked)
        return Response(TicketsOut({"tickets": [_ticket(row) for row in page.rows], "after": page.after}).data)


class TicketView(APIView):
    """One ticket."""

    @extend_schema(operation_id="hotline_tickets_read", responses=WholeTicketOut)
    def get(self, request: Request, pk: int) -> Response:
        """The ticket, what came of it and what its partner is told."""
        return Response(WholeTicketOut(_whole(selectors.ticket(pk, request.actor))).data)


class TicketMapView(APIView):
    """A class for a ticket."""

    @extend_schema(operation_id="hotline_tickets_map", request=MapIn, responses=TicketOut)
    def post(self, request: Request, pk: int) -> Response:
        """It is of this class and taken in; 409 where it does not wait."""
        given = MapIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(TicketOut(_ticket(actions.map_ticket(pk, **given.validated_data, actor=request.actor))).data)


class TicketRefuseView(APIView):
    """A ticket goes back."""

    @extend_schema(operation_id="hotline_tickets_refuse", request=ReasonIn, responses=TicketOut)
    def post(self, request: Request, pk: int) -> Response:
        """It goes back with the reason; 409 where it does not wait."""
        given = ReasonIn(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(TicketOut(_ticket(actions.refuse_ticket(pk, **given.validated_data, actor=request.actor))).data)
