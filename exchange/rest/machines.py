"""The door of machines that report (its contract is `/api/machines/schema`), and the machines for administrators."""

from io import BytesIO
from typing import Any

from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import DomainError, Invalid
from core.sentences import say
from core.uploads import MOST_AT_ONCE, bounded
from core.versions import headers_of, required
from exchange import actions, selectors
from exchange.contracts import Datum
from exchange.contracts.machines import CallKind, CallState, MachineKind
from exchange.models import Machine, MachineCall
from exchange.rest.hotline import FlagOut
from exchange.rest.partners import SEEN
from exchange.rest.words import WordsField
from exchange.rules.machines import CALL, LONGEST_OVERLAP_H, MOST_HOURLY

KEY = OpenApiParameter("Authorization", str, OpenApiParameter.HEADER, required=True, description="Bearer and the key")
STATES = [one.value for one in CallState]
KINDS = [one.value for one in MachineKind]
STATUSES = {CallState.WAITING: 202, CallState.RECEIVED: 202, CallState.REFUSED: 422}


class CallIn(serializers.Serializer[Any]):
    """A report: the machine's own id of it, when it was, what and where; or a further word `about` an earlier one."""

    event = serializers.CharField(max_length=80)
    kind = serializers.ChoiceField([one.value for one in CallKind], default=CallKind.FOUND.value)
    about = serializers.CharField(max_length=80, required=False)
    at = serializers.DateTimeField()
    text = serializers.CharField(max_length=4000, required=False)
    lon = serializers.FloatField(required=False)
    lat = serializers.FloatField(required=False)
    address = serializers.CharField(max_length=300, required=False)
    component = serializers.CharField(max_length=24, required=False)
    values = serializers.DictField(required=False, help_text="Numbers, words or yes and no, by name; 40 at most.")

    def get_fields(self) -> dict[str, Any]:
        """`class` is a word of the language, so it is put in by its name here."""
        return {**super().get_fields(), "class": serializers.CharField(max_length=20, required=False)}


class PicturedCallIn(serializers.Serializer[Any]):
    """A report with its pictures: the report as JSON in one part, each picture in a part of its own."""

    report = serializers.JSONField(help_text="The same as the JSON body.")
    photos = serializers.ListField(child=serializers.FileField(), max_length=MOST_AT_ONCE, required=False)


class CallAnswer(serializers.Serializer[Any]):
    """What became of the call and how its case stands; `code` and `message` say why it was refused, or waits.

    Asked again, the same: a call is made use of once.
    """

    event = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    case = serializers.CharField(allow_blank=True)
    stands = serializers.CharField(allow_blank=True)
    due_at = serializers.DateTimeField(allow_null=True)
    late = serializers.BooleanField()
    flags = FlagOut(many=True)
    code = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)


class MachineShape(serializers.Serializer[Any]):
    """A machine; no classes and no areas: all of them."""

    names = WordsField()
    kind = serializers.ChoiceField(KINDS)
    organisation = serializers.CharField(max_length=60, allow_blank=True, default="")
    classes = serializers.ListField(child=serializers.CharField(max_length=40), max_length=500, default=list)
    areas = serializers.ListField(child=serializers.CharField(max_length=40), max_length=500, default=list)
    datum = serializers.ChoiceField([one.value for one in Datum], default=Datum.WGS84.value)
    hourly = serializers.IntegerField(min_value=1, max_value=MOST_HOURLY, default=600)
    enabled = serializers.BooleanField(default=True)


class MachineIn(MachineShape):
    """A new machine."""

    code = serializers.CharField(max_length=40)


class MachineOut(MachineShape):
    """A machine, its key's age and how its calls go; `trouble` is why one could not even be read ("" for none)."""

    code = serializers.CharField()
    key_made_at = serializers.DateTimeField()
    both_until = serializers.DateTimeField(allow_null=True)
    called_at = serializers.DateTimeField(allow_null=True)
    trouble = serializers.CharField(allow_blank=True)
    trouble_at = serializers.DateTimeField(allow_null=True)


class MachineMadeOut(MachineOut):
    """A machine with its new key, which is told only in this answer."""

    key = serializers.CharField()


class KeyChangeIn(serializers.Serializer[Any]):
    """For how many hours the key before opens too."""

    overlap_hours = serializers.IntegerField(min_value=0, max_value=LONGEST_OVERLAP_H, default=24)


class CallOut(CallAnswer):
    """A call as it was kept, what is personal in it masked."""

    kind = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    body = serializers.DictField()
    photos = serializers.IntegerField()
    times = serializers.IntegerField()
    at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()


class CallsOut(serializers.Serializer[Any]):
    """A page; `after` asks for the next one and is empty after the last."""

    calls = CallOut(many=True)
    after = serializers.CharField(allow_blank=True)


def _answer(row: MachineCall, standing: Any) -> dict[str, Any]:
    flags = [{"code": one["code"], "message": say(one["code"], one["params"])} for one in row.flags]
    why = flags[0] if flags and row.state in STATUSES else {"code": "", "message": ""}
    return {
        "event": row.event, "state": row.state, "case": row.subject, "stands": standing.words if standing else "",
        "due_at": standing.due_at if standing else None, "late": bool(standing and standing.late), "flags": flags,
        **why,
    }  # fmt: skip


def _machine(row: Machine) -> dict[str, Any]:
    told = row.trouble
    more = ("code", "key_made_at", "both_until", "called_at", "trouble_at")
    trouble = {"trouble": say(told["code"], told["params"]) if told else ""}
    return {**selectors.machine_told(row), **{name: getattr(row, name) for name in more}, **trouble}


def _made(made: actions.MachineMade, status: int) -> Response:
    headers = {**headers_of(selectors.machine_told(made.row)), "Cache-Control": "no-store"}
    return Response(MachineMadeOut({**_machine(made.row), "key": made.key}).data, status=status, headers=headers)


def _key_in(request: Request) -> str:
    scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""


def _pictured(request: Request) -> tuple[Any, list[bytes], list[DomainError]]:
    """The call, its pictures, and why others are not among them."""
    if not isinstance(request.data, QueryDict):
        return request.data, [], []
    told = request.data.get("report", "{}")
    if not isinstance(told, str):
        raise Invalid("machine.report_is_text")
    parser = next(one for one in request.parsers or () if one.media_type == "application/json")
    photos, left_out = [], []
    for file in request.FILES.getlist("photos")[: MOST_AT_ONCE + 1]:
        try:
            photos.append(bounded(file))
        except DomainError as error:
            left_out.append(error)
    return parser.parse(BytesIO(told.encode("utf-8", "surrogatepass"))), photos, left_out


class ReportsView(APIView):
    """Reports of a machine."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="machine_report",
        parameters=[KEY],
        request={"application/json": CallIn, "multipart/form-data": PicturedCallIn},
        responses={200: CallAnswer, 201: CallAnswer, 202: CallAnswer, 422: CallAnswer},
        auth=[],
    )
    def post(self, request: Request, code: str) -> Response:
        """201: a case is there now. 200: it was there. 202: it waits for what it is about. 422: kept, and refused.

        What was refused may be sent again under the same event, as it was or put right. 401 for a wrong key, 403 for a
        machine that is switched off, 429 above its rate, 409 for an event that said something else.
        """
        machine = actions.admit_machine(code, _key_in(request))
        try:
            told, photos, left_out = _pictured(request)
        except DomainError as error:
            actions.refuse_call(machine, error)
            raise
        row = actions.hear(machine, told, photos=photos, left_out=left_out)
        new = row.state == CallState.TAKEN and row.kind == CallKind.FOUND and row.times == 1
        status = STATUSES.get(CallState(row.state), 201 if new else 200)
        return Response(CallAnswer(_answer(row, selectors.standing_of(row))).data, status=status)


class ReportView(APIView):
    """One report of a machine."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="machine_report_read", parameters=[KEY], responses=CallAnswer, auth=[])
    def get(self, request: Request, code: str, event: str) -> Response:
        """What became of it, and how its case stands now."""
        row = selectors.call_of(actions.admit_machine(code, _key_in(request)), event)
        return Response(CallAnswer(_answer(row, selectors.standing_of(row))).data)


class ReportSchemaView(APIView):
    """The contract."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="machine_schema", responses=OpenApiTypes.OBJECT, auth=[])
    def get(self, request: Request) -> Response:
        """The JSON Schema of a report."""
        return Response(CALL)


class MachinesView(APIView):
    """The machines."""

    @extend_schema(operation_id="machines_list", responses=MachineOut(many=True))
    def get(self, request: Request) -> Response:
        """Every machine that reports, by code."""
        return Response(MachineOut([_machine(row) for row in selectors.machines(request.actor)], many=True).data)

    @extend_schema(operation_id="machines_new", request=MachineIn, responses={201: MachineMadeOut})
    def post(self, request: Request) -> Response:
        """A machine more, with its key, which is told only here; 409 where its code is taken."""
        selectors.may_set_machines(request.actor)
        given = MachineIn(data=request.data)
        given.is_valid(raise_exception=True)
        told = dict(given.validated_data)
        return _made(actions.make_machine(told.pop("code"), told=told, actor=request.actor), 201)


class MachineView(APIView):
    """One machine."""

    @extend_schema(operation_id="machines_read", responses=MachineOut)
    def get(self, request: Request, code: str) -> Response:
        """The machine, with its ETag."""
        selectors.may_set_machines(request.actor)
        row = selectors.machine(code)
        return Response(MachineOut(_machine(row)).data, headers=headers_of(selectors.machine_told(row)))

    @extend_schema(operation_id="machines_save", parameters=[SEEN], request=MachineShape, responses=MachineOut)
    def put(self, request: Request, code: str) -> Response:
        """It is so from now on; 412 where somebody changed it meanwhile."""
        selectors.may_set_machines(request.actor)
        seen, given = required(request.headers), MachineShape(data=request.data)
        given.is_valid(raise_exception=True)
        row = actions.change_machine(code, told=given.validated_data, seen=seen, actor=request.actor)
        return Response(MachineOut(_machine(row)).data, headers=headers_of(selectors.machine_told(row)))


class MachineKeyView(APIView):
    """The key of a machine."""

    @extend_schema(operation_id="machines_key", request=KeyChangeIn, responses=MachineMadeOut)
    def post(self, request: Request, code: str) -> Response:
        """Another key, told only here; the one before opens for the overlap."""
        selectors.may_set_machines(request.actor)
        given = KeyChangeIn(data=request.data)
        given.is_valid(raise_exception=True)
        return _made(actions.change_key(code, **given.validated_data, actor=request.actor), 200)


class MachineCallsView(APIView):
    """The calls of a machine."""

    @extend_schema(
        operation_id="machines_calls",
        parameters=[
            OpenApiParameter("state", str, enum=STATES),
            OpenApiParameter("after", str, description="the key that the page before gave"),
        ],
        responses=CallsOut,
    )
    def get(self, request: Request, code: str) -> Response:
        """The newest first, each with what became of it."""
        selectors.may_set_machines(request.actor)
        asked = {name: request.query_params.get(name, "") for name in ("state", "after")}
        page = selectors.machine_calls(selectors.machine(code), request.actor, **asked)
        more = ("kind", "about", "body", "photos", "times", "at", "received_at")
        calls = [
            {**_answer(row, page.standings.get(row.subject)), **{name: getattr(row, name) for name in more}}
            for row in page.rows
        ]
        return Response(CallsOut({"calls": calls, "after": page.after}).data)
