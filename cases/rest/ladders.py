"""Ladders over HTTP, for administrators: who is told when a limit runs out, and the city's own word on it."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, rules, selectors
from cases.models import Ladder
from cases.rest.inputs import Reason, Strict
from cases.rest.outputs import Error
from cases.rest.steps import read
from core import versions
from core.errors import Forbidden

REFUSED = dict.fromkeys((401, 403), Error)
UNSEEN = dict.fromkeys((400, 404, 412, 428), Error)
SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read")


class RungShape(Strict):
    """A rung: at a `share` of the limit before its end, or so many minutes `late` after it; and whom it tells."""

    share = serializers.FloatField(required=False)
    late = serializers.IntegerField(required=False, min_value=0, max_value=rules.LATEST)
    tell = serializers.ListField(child=serializers.ChoiceField(rules.TELLS), max_length=len(rules.TELLS))


class LadderIn(Strict):
    """The rungs, and why."""

    rungs = RungShape(many=True)
    reason = serializers.CharField(max_length=400)


class NewLadderIn(LadderIn):
    """For which clock, which stage of the clock of a stage, which class; "" is every one."""

    clock = serializers.CharField(max_length=10, required=False, default="", allow_blank=True)
    stage = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)
    category = serializers.CharField(max_length=20, required=False, default="", allow_blank=True)


class LadderOut(serializers.Serializer):
    """A ladder; `pack` is who brought it ("" is the city), `own` whether the city says something else."""

    id = serializers.IntegerField()
    clock = serializers.CharField(allow_blank=True)
    stage = serializers.CharField(allow_blank=True)
    category = serializers.CharField(allow_blank=True)
    rungs = RungShape(many=True)
    pack = serializers.CharField(allow_blank=True)
    own = serializers.BooleanField()
    changed_label = serializers.CharField(allow_blank=True)
    changed_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)


class LaddersGate(APIView):
    """Opens to administrators; that it is of the whole city, the verbs ask."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The right `admin`, anywhere."""
        super().initial(request, *args, **kwargs)
        if not request.actor.holds("admin"):
            raise Forbidden("ladder.not_admin")


def _told(row: Ladder) -> dict[str, Any]:
    return LadderOut({**vars(row), "own": row.rungs != row.said}).data


def _answer(row: Ladder, status: int = 200) -> Response:
    """The ladder with its version as ETag."""
    return Response(_told(row), status=status, headers=versions.headers_of(row.told()))


class LaddersView(LaddersGate):
    """The ladders."""

    @extend_schema(operation_id="ladders_list", responses={200: LadderOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """All of them, those for every class first."""
        return Response([_told(row) for row in selectors.ladders()])

    @extend_schema(
        operation_id="ladders_create",
        request=NewLadderIn,
        responses={201: LadderOut, 400: Error, 409: Error, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """A new one; 409 where there is one for this clock, stage and class."""
        says = read(NewLadderIn, request)
        key = {"clock_kind": says.pop("clock"), "stage": says.pop("stage"), "category": says.pop("category")}
        return _answer(actions.save_ladder(actor=request.actor, new=True, **key, **says), 201)


class LadderView(LaddersGate):
    """One ladder."""

    @extend_schema(operation_id="ladders_read", responses={200: LadderOut, 404: Error, **REFUSED})
    def get(self, request: Request, pk: int) -> Response:
        """Its rungs in order; the ETag goes back with a change."""
        return _answer(selectors.ladder(pk))

    @extend_schema(
        operation_id="ladders_save",
        parameters=[SEEN],
        request=LadderIn,
        responses={200: LadderOut, **UNSEEN, **REFUSED},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Clocks are started with these rungs from now on; those that run keep theirs."""
        held, seen = selectors.ladder(pk), versions.required(request.headers)
        key: dict[str, Any] = {"clock_kind": held.clock, "stage": held.stage, "category": held.category}
        return _answer(actions.save_ladder(actor=request.actor, seen=seen, **key, **read(LadderIn, request)))


class LadderEndView(LaddersGate):
    """The end of what the city said."""

    @extend_schema(
        operation_id="ladders_end", parameters=[SEEN], request=Reason, responses={204: None, **UNSEEN, **REFUSED}
    )
    def post(self, request: Request, pk: int) -> Response:
        """The ladder reads as its pack says, or is gone where no pack brought it; running clocks keep theirs."""
        seen = versions.required(request.headers)
        actions.end_ladder(pk, actor=request.actor, seen=seen, **read(Reason, request))
        return Response(status=204)
