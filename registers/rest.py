"""Registers and their records over HTTP: lists, one record, every verb. Personal attributes are masked here too."""

import re
from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid, PreconditionRequired
from registers import actions, selectors
from registers.contracts import RecordView

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True)
KEY = OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER)
MOST = 200


class RecordRefusal(serializers.Serializer):
    """Every refusal: a code to branch on, a sentence to show, the facts in it."""

    code = serializers.CharField()
    message = serializers.CharField()
    params = serializers.DictField()


def refusals(*statuses: int) -> dict[int, Any]:
    """The answers that carry an error, for the schema."""
    return {status: OpenApiResponse(RecordRefusal) for status in (401, 403, *statuses)}


class RegisterOut(serializers.Serializer):
    """A register as its pack declares it now: the schema of its attributes, states and steps."""

    code = serializers.CharField()
    pack = serializers.CharField()
    names = serializers.DictField()
    version = serializers.IntegerField()
    document = serializers.DictField()


class RegistersOut(serializers.Serializer):
    """Every register in force that the actor may see."""

    results = RegisterOut(many=True)


class RecordOut(serializers.Serializer):
    """A record; `attributes` are masked where they are personal."""

    register = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    state = serializers.CharField()
    state_names = serializers.DictField()
    level = serializers.CharField()
    ended = serializers.BooleanField()
    org = serializers.CharField(allow_blank=True)
    area = serializers.CharField(allow_blank=True)
    attributes = serializers.DictField()
    asset = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    flags = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()
    written_under = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    lon = serializers.FloatField(allow_null=True)
    lat = serializers.FloatField(allow_null=True)
    geometry = serializers.DictField()


class RecordPage(serializers.Serializer):
    """Records, newest first; `next` is the cursor of the next page."""

    results = RecordOut(many=True)
    next = serializers.CharField(allow_null=True)


class TurnOut(serializers.Serializer):
    """What became of a record."""

    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    act = serializers.CharField()
    step = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)
    changes = serializers.DictField()
    flags = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField(allow_blank=True)
    actor_label = serializers.CharField(allow_blank=True)


class TurnsOut(serializers.Serializer):
    """The history of a record, newest first."""

    results = TurnOut(many=True)


class RecordIn(serializers.Serializer):
    """A new record: attributes as the register's schema wants them, its place as GeoJSON, what it must name."""

    attributes = serializers.DictField()
    place = serializers.DictField(required=False)
    asset = serializers.CharField(required=False, allow_blank=True, max_length=24)
    links = serializers.DictField(child=serializers.CharField(max_length=60), required=False)
    organisation = serializers.CharField(required=False, allow_blank=True, max_length=40)


class RecordEdit(serializers.Serializer):
    """What is given changes, the rest stays; an attribute that is "" is taken away."""

    attributes = serializers.DictField()
    place = serializers.DictField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class StepIn(serializers.Serializer):
    """What a step asks: attributes, where it happened, why."""

    attributes = serializers.DictField(required=False)
    place = serializers.DictField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000)


class TieIn(serializers.Serializer):
    """A link of the register and the number of what it leads to; `on` false ends it, with a reason."""

    link = serializers.CharField(max_length=40)
    to = serializers.CharField(max_length=60)
    on = serializers.BooleanField(default=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=1000)


def body(shape: type, request: Request) -> dict[str, Any]:
    """The body as its shape wants it."""
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def version_of(request: Request) -> int:
    """The version that the program saw, from If-Match."""
    given = re.fullmatch(r'"([0-9]{1,9})"', request.headers.get("If-Match", "").strip())
    if given is None:
        raise PreconditionRequired("registers.version_needed")
    return int(given[1])


def answer(view: RecordView, status: int = 200) -> Response:
    """A record with its version as ETag."""
    headers = {"ETag": f'"{view.version}"', "Cache-Control": "no-cache"}
    return Response(RecordOut(asdict(view)).data, status=status, headers=headers)


class RegistersView(APIView):
    """The registers in force."""

    @extend_schema(operation_id="registers_list", responses={200: RegistersOut, **refusals()})
    def get(self, request: Request) -> Response:
        """Those of which the actor may see records."""
        found = []
        for version, declared in selectors.registers_for(request.actor):
            found.append({"code": declared.code, "pack": version.register.pack, "names": declared.names,
                          "version": version.number, "document": version.document})  # fmt: skip
        return Response({"results": found})


class RecordsView(APIView):
    """The records of a register."""

    @extend_schema(
        operation_id="records_list",
        parameters=[*[OpenApiParameter(name, str) for name in (*selectors.FILTERS, "cursor")],
                    OpenApiParameter("limit", int)],
        responses={200: RecordPage, **refusals(400, 404)},
    )  # fmt: skip
    def get(self, request: Request, register: str) -> Response:
        """Newest first; `attr.<name>` narrows by an attribute that is not personal."""
        _version, declared = selectors.known(register, request.actor)
        given = {name: str(value) for name, value in request.query_params.items() if name not in ("cursor", "limit")}
        cursor, limit = (request.query_params.get(name, "") for name in ("cursor", "limit"))
        for name, value in (("cursor", cursor), ("limit", limit)):
            if value and not re.fullmatch(r"[0-9]{1,18}", value):
                raise Invalid("registers.bad_filter", filter=name, value=value[:40])
        rows = selectors.records(declared, given, request.actor)
        most = min(MOST, max(1, int(limit or 50)))
        page = selectors.page_of(rows, below=int(cursor) if cursor else None, most=most)
        views = selectors.views_of(page.rows, declared)
        results = [RecordOut(asdict(view)).data for view in views]
        return Response({"results": results, "next": str(page.following) if page.following else None})

    @extend_schema(
        operation_id="records_enter", parameters=[KEY], request=RecordIn,
        responses={201: RecordOut, **refusals(400, 404, 409)},
    )  # fmt: skip
    def post(self, request: Request, register: str) -> Response:
        """A record is entered; the same Idempotency-Key enters it once."""
        given = body(RecordIn, request)
        view = actions.enter(
            register, actor=request.actor, given=given["attributes"], place=given.get("place"),
            asset=given.get("asset", ""), links=given.get("links"), key=request.headers.get("Idempotency-Key", ""),
            organisation=given.get("organisation", ""),
        )  # fmt: skip
        return answer(view, 201)


class OneRecordView(APIView):
    """One record."""

    @extend_schema(operation_id="records_read", responses={200: RecordOut, **refusals(404)})
    def get(self, request: Request, register: str, number: str) -> Response:
        """The record with its version as ETag."""
        _version, declared = selectors.known(register, request.actor)
        row = selectors.record_row(declared, number, request.actor)
        return answer(selectors.view_of(row, selectors.obeyed(row.written_under, declared)))

    @extend_schema(
        operation_id="records_amend", parameters=[IF_MATCH], request=RecordEdit,
        responses={200: RecordOut, **refusals(400, 404, 409, 412, 428)},
    )  # fmt: skip
    def patch(self, request: Request, register: str, number: str) -> Response:
        """The record is as given, under the register as it is declared now."""
        given, version = body(RecordEdit, request), version_of(request)
        return answer(actions.amend(
            register, number, actor=request.actor, version=version, given=given["attributes"],
            place=given.get("place"), reason=given.get("reason", ""),
        ))  # fmt: skip


class RecordHistoryView(APIView):
    """What became of a record."""

    @extend_schema(operation_id="records_history", responses={200: TurnsOut, **refusals(404)})
    def get(self, request: Request, register: str, number: str) -> Response:
        """Newest first."""
        _version, declared = selectors.known(register, request.actor)
        row = selectors.record_row(declared, number, request.actor)
        turns = selectors.history(row, selectors.obeyed(row.written_under, declared))
        return Response({"results": TurnOut(turns, many=True).data})


class RecordStepView(APIView):
    """A step of a record."""

    @extend_schema(
        operation_id="records_step", parameters=[IF_MATCH, KEY], request=StepIn,
        responses={200: RecordOut, **refusals(400, 404, 409, 412, 428)},
    )  # fmt: skip
    def post(self, request: Request, register: str, number: str, code: str) -> Response:
        """The step is taken; the same Idempotency-Key takes it once."""
        given, version = body(StepIn, request), version_of(request)
        return answer(actions.take_step(
            register, number, code, actor=request.actor, version=version, given=given.get("attributes"),
            place=given.get("place"), reason=given.get("reason", ""), key=request.headers.get("Idempotency-Key", ""),
        ))  # fmt: skip


class RecordTieView(APIView):
    """The links of a record."""

    @extend_schema(
        operation_id="records_link", request=TieIn, responses={200: RecordOut, **refusals(400, 404, 409)},
    )  # fmt: skip
    def post(self, request: Request, register: str, number: str) -> Response:
        """The record is linked to a record or a case, or no more."""
        given = body(TieIn, request)
        act = actions.link if given.pop("on") else actions.unlink
        return answer(act(register, number, actor=request.actor, **{"reason": "", **given}))
