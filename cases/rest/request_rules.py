"""The rules of asking over HTTP, for administrators: who asks, who signs, and the city's own versions."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.models import RequestRule
from cases.rest.inputs import Reason, Strict
from cases.rest.outputs import Error
from cases.rest.steps import read
from core import versions
from core.errors import Forbidden
from core.scope import Duty

REFUSED = dict.fromkeys((401, 403), Error)
UNSEEN = dict.fromkeys((400, 404, 409, 412, 428), Error)
SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read")


class SignerShape(Strict):
    """Who signs: a duty, at a level ("" = any); `waived` where who asks holds that duty, never for the last."""

    duty = serializers.CharField(max_length=20)
    level = serializers.CharField(max_length=12, allow_blank=True, default="")
    names = serializers.DictField(child=serializers.CharField(max_length=60))
    waived = serializers.BooleanField(default=False)


class GroundShape(Strict):
    """A ground on which may be asked, with a chain of its own if others sign then."""

    code = serializers.CharField(max_length=40)
    names = serializers.DictField(child=serializers.CharField(max_length=60))
    chain = SignerShape(many=True, required=False)


class TakeWithinIn(Strict):
    """Within what a case must be taken after its return was refused; later it counts as shirked."""

    value = serializers.FloatField()
    unit = serializers.CharField(max_length=20)


class RequestRuleIn(Strict):
    """The whole rule, from when it counts (now), and why."""

    askers = serializers.ListField(child=serializers.CharField(max_length=20), max_length=len(Duty))
    chain = SignerShape(many=True)
    again = SignerShape(many=True, required=False, default=list)
    grounds = GroundShape(many=True, required=False, default=list)
    most = serializers.IntegerField(min_value=0, max_value=99, default=0)
    share = serializers.FloatField(min_value=0, max_value=10, default=0)
    days = serializers.IntegerField(min_value=0, max_value=3650, default=0)
    shirk_after = serializers.IntegerField(min_value=0, max_value=99, default=0)
    take_within = TakeWithinIn(
        required=False, allow_null=True, help_text="Of returns; null is never, and left out it stays as it is"
    )
    valid_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=400)


class RequestRuleOut(serializers.Serializer):
    """A version of a rule; `origin` is whose word it is, a pack's or the city's."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    origin = serializers.CharField()
    askers = serializers.ListField(child=serializers.CharField())
    chain = serializers.ListField(child=serializers.DictField())
    again = serializers.ListField(child=serializers.DictField())
    grounds = serializers.ListField(child=serializers.DictField())
    most = serializers.IntegerField()
    share = serializers.FloatField()
    days = serializers.IntegerField()
    shirk_after = serializers.IntegerField()
    take_within = serializers.DictField(help_text="Value and unit; empty is never")
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)
    made_label = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class AskingOut(serializers.Serializer):
    """A kind of request: the rule that counts now, the city's next one, its older ones, and what the pack says."""

    kind = serializers.CharField()
    counts = RequestRuleOut(allow_null=True)
    to_come = RequestRuleOut(allow_null=True)
    over = RequestRuleOut(many=True)
    pack = RequestRuleOut(allow_null=True)


class AskingGate(APIView):
    """Opens to administrators; that it is of the whole city, the verbs ask."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The right `admin`, anywhere."""
        super().initial(request, *args, **kwargs)
        if not request.actor.holds("admin"):
            raise Forbidden("asking.not_yours")


def _row(row: RequestRule | None) -> dict[str, Any] | None:
    return dict(RequestRuleOut(row).data) if row is not None else None


def _entry(entry: selectors.AskingEntry) -> dict[str, Any]:
    return {"kind": entry.kind, "counts": _row(entry.counts), "to_come": _row(entry.to_come),
            "over": [_row(row) for row in entry.over], "pack": _row(entry.pack)}  # fmt: skip


class RequestRulesView(AskingGate):
    """The rules of asking."""

    @extend_schema(operation_id="request_rules_list", responses={200: AskingOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """Every kind of request."""
        return Response([_entry(entry) for entry in selectors.asking_entries()])


class RequestRuleView(AskingGate):
    """One kind of request."""

    @extend_schema(operation_id="request_rules_read", responses={200: AskingOut, 404: Error, **REFUSED})
    def get(self, request: Request, kind: str) -> Response:
        """All that is said of it; the ETag of the last word goes back with a change."""
        entry = selectors.asking_entry(kind)
        return Response(_entry(entry), headers=versions.headers_of(entry.newest.told()))

    @extend_schema(
        operation_id="request_rules_save",
        parameters=[SEEN],
        request=RequestRuleIn,
        responses={200: RequestRuleOut, **UNSEEN, **REFUSED},
    )
    def put(self, request: Request, kind: str) -> Response:
        """A version of the city's own from then on, refused where nobody could sign; running requests keep theirs."""
        seen, says = versions.required(request.headers), read(RequestRuleIn, request)
        when = {name: says.pop(name) for name in ("valid_from", "reason")}
        row = actions.save_request_rule(kind, says, actor=request.actor, seen=seen, **when)
        return Response(_row(row), headers=versions.headers_of(row.told()))


class RequestRuleEndView(AskingGate):
    """The end of what the city said."""

    @extend_schema(
        operation_id="request_rules_end",
        parameters=[SEEN],
        request=Reason,
        responses={200: RequestRuleOut, **UNSEEN, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """The pack's word counts again; a version to come never begins."""
        seen = versions.required(request.headers)
        return Response(_row(actions.end_request_rule(pk, actor=request.actor, seen=seen, **read(Reason, request))))
