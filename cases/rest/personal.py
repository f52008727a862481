"""Personal data over HTTP: masked by default, whole for a reason and once; legal hold, erasure, and who looked."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.contracts.personal import ERASE, LookGround, Shown, Whole
from cases.models import PersonalAct
from cases.rest import inputs
from cases.rest.steps import read
from cases.rest.views import refusals
from core.errors import Invalid

PRIVATE = {"Cache-Control": "no-store"}
MOST = 200


class PersonalLook(inputs.Strict):
    """Why whole values are asked for: one of the grounds, and in words."""

    ground: Any = serializers.ChoiceField([ground.value for ground in LookGround])
    note = serializers.CharField(max_length=400)


class PersonalReason(inputs.Strict):
    """Why it is done."""

    note = serializers.CharField(max_length=400)


class ReporterShown(serializers.Serializer[Any]):
    """Who told us, masked; `keep_until` is null while the case is open, or where nothing will be erased by itself."""

    name = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    callback = serializers.BooleanField()
    words = serializers.IntegerField(help_text="How many words of the case are shown masked")
    held_at = serializers.DateTimeField(allow_null=True)
    erased_at = serializers.DateTimeField(allow_null=True)
    keep_until = serializers.DateTimeField(allow_null=True)


class HeldOut(serializers.Serializer[Any]):
    """Since when a legal hold keeps the personal data of the case; null without one."""

    held_at = serializers.DateTimeField(allow_null=True)


class WithheldWords(serializers.Serializer[Any]):
    """Words as they were written, and where in the case they stand."""

    place = serializers.CharField()
    text = serializers.CharField()


class ReporterWhole(serializers.Serializer[Any]):
    """Who told us, whole: seen once, for the reason that was given."""

    number = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_blank=True)
    callback = serializers.BooleanField()
    words = WithheldWords(many=True)
    originals = serializers.ListField(
        child=serializers.IntegerField(), help_text="Pictures whose originals can be opened for a quarter of an hour"
    )


class LookOut(serializers.Serializer[Any]):
    """Somebody looked at whole values."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    number = serializers.CharField()
    ground = serializers.CharField()
    note = serializers.CharField()
    actor = serializers.CharField()
    actor_label = serializers.CharField()


class LooksOut(serializers.Serializer[Any]):
    """A page of looks, newest first; `before` is what to ask the next page with, null on the last one."""

    looks = LookOut(many=True)
    before = serializers.IntegerField(allow_null=True)


class DueCase(serializers.Serializer[Any]):
    """A case whose personal data would be erased."""

    number = serializers.CharField()
    stage = serializers.CharField()
    ended_at = serializers.DateTimeField()


class DueOut(serializers.Serializer[Any]):
    """What the next run would erase: how many cases, and the hundred that ended first."""

    keep_days = serializers.IntegerField()
    count = serializers.IntegerField()
    cases = DueCase(many=True)


class ErasedOut(serializers.Serializer[Any]):
    """How much was erased."""

    values = serializers.IntegerField()
    words = serializers.IntegerField()
    pictures = serializers.IntegerField()


def _shown(found: Shown) -> Response:
    return Response(ReporterShown({**vars(found), **found.person._asdict()}).data, headers=PRIVATE)


def _whole(found: Whole) -> dict[str, Any]:
    words = [one._asdict() for one in found.words]
    return dict(ReporterWhole({**vars(found), **found.person._asdict(), "words": words}).data)


class ReporterView(APIView):
    """Who reported, masked, for those with `person.see`."""

    @extend_schema(operation_id="cases_reporter", responses={200: ReporterShown, **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """Name, telephone and mail, masked; empty where nobody left them."""
        return _shown(selectors.shown_of(selectors.case(number, request.actor), request.actor))


class LookView(APIView):
    """Whole values, for those with `person.unmask`."""

    @extend_schema(
        operation_id="cases_reporter_look",
        request=PersonalLook,
        responses={200: ReporterWhole, **refusals(400, 404, 409, 429)},
    )
    def post(self, request: Request, number: str) -> Response:
        """The values, once; why they were asked for stands in the record of the case."""
        found = actions.look(number, actor=request.actor, **read(PersonalLook, request))
        return Response(_whole(found), headers=PRIVATE)


class HoldView(APIView):
    """Legal hold, for those with `person.hold`."""

    @extend_schema(
        operation_id="cases_reporter_hold", request=PersonalReason, responses={200: HeldOut, **refusals(400, 404, 409)}
    )
    def post(self, request: Request, number: str) -> Response:
        """The personal data of the case is kept until somebody decides that it is not."""
        row = actions.keep_personal(number, actor=request.actor, **read(PersonalReason, request))
        return Response(HeldOut(row).data, headers=PRIVATE)


class ReleaseView(APIView):
    """The end of a legal hold."""

    @extend_schema(
        operation_id="cases_reporter_release",
        request=PersonalReason,
        responses={200: HeldOut, **refusals(400, 404, 409)},
    )
    def post(self, request: Request, number: str) -> Response:
        """The personal data of the case is erased when its time is."""
        row = actions.release_personal(number, actor=request.actor, **read(PersonalReason, request))
        return Response(HeldOut(row).data, headers=PRIVATE)


class EraseView(APIView):
    """Erasure because the person asked, for those with `person.erase`."""

    @extend_schema(
        operation_id="cases_reporter_erase",
        request=PersonalReason,
        responses={200: ErasedOut, **refusals(400, 404, 409)},
    )
    def post(self, request: Request, number: str) -> Response:
        """Nothing personal is left of whoever reported."""
        done = actions.erase_personal(number, actor=request.actor, **read(PersonalReason, request))
        return Response(done._asdict(), headers=PRIVATE)


class LooksView(APIView):
    """Who looked at what and why, for those who supervise or audit."""

    @extend_schema(
        operation_id="personal_looks",
        parameters=[
            OpenApiParameter("who", str, description="The key of an actor (user:7), or a part of the name"),
            OpenApiParameter("before", int, description="Looks below this number, as the page before said"),
            OpenApiParameter("limit", int, description=f"1 to {MOST}, 50 by default"),
        ],
        responses={200: LooksOut, **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """The newest looks on the caller's ground."""
        given = request.query_params
        limit = max(1, _number(given, "limit", "50", MOST))
        rows = selectors.looks_within(
            request.actor, before=_number(given, "before", "0", 10**18), who=_who(given.get("who", "")), limit=limit + 1
        )
        before = rows[limit - 1].pk if len(rows) > limit else None
        return Response(_page(rows[:limit], before), headers=PRIVATE)


def _page(rows: list[PersonalAct], before: int | None) -> dict[str, Any]:
    same = ("at", "ground", "note", "actor", "actor_label")
    looks = [{"id": row.pk, "number": row.case.number} | {name: getattr(row, name) for name in same} for row in rows]
    return dict(LooksOut({"looks": looks, "before": before}).data)


def _number(given: Any, name: str, usual: str, most: int) -> int:
    text = str(given.get(name, usual))
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and int(text) <= most):
        raise Invalid("case.bad_filter", filter=name, value=text[:60])
    return int(text)


def _who(text: str) -> str:
    if "\x00" in text or len(text) > 100:
        raise Invalid("case.bad_filter", filter="who", value=text[:60].replace("\x00", ""))
    return text


class DueView(APIView):
    """The dry run of the erasure, for those with `person.erase`."""

    @extend_schema(operation_id="personal_due", responses={200: DueOut, **refusals()})
    def get(self, request: Request) -> Response:
        """What the next run would erase, on the caller's ground."""
        count, rows = selectors.erasable(request.actor, ERASE)
        cases = [{"number": row.case.number, "stage": row.case.stage, "ended_at": row.case.stage_since} for row in rows]
        told = {"keep_days": selectors.personal_rule().keep_days, "count": count, "cases": cases}
        return Response(DueOut(told).data, headers=PRIVATE)
