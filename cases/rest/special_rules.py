"""Special rules of responsibility over HTTP: replayed on last month's cases first, saved with the seal of that."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.models import Override
from cases.rest.outputs import Error
from cases.rest.replaying import ReplayOut, replay_told
from core import clock, versions
from core.errors import Forbidden

LONGEST = 2_000
REFUSED = dict.fromkeys((401, 403), Error)
UNSEEN = dict.fromkeys((400, 404, 409, 412, 428), Error)
SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was read")


class SpecialLimitIn(serializers.Serializer):
    """The limit that the class has there: so many urgent hours, natural days, work hours or work days."""

    value = serializers.FloatField()
    unit = serializers.CharField(max_length=20)


class SpecialRuleLookIn(serializers.Serializer):
    """With `dry_run` only the replay is told; `seen` is the seal of the replay that was looked at."""

    reason = serializers.CharField(max_length=LONGEST)
    seen = serializers.CharField(max_length=32, required=False, default="", allow_blank=True)
    dry_run = serializers.BooleanField(required=False, default=False)


class SpecialRuleIn(SpecialRuleLookIn):
    """Who, from when (now) to when (for good); what is left empty the general rule says."""

    organisation = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    cooperating = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=50, required=False, default=list
    )
    arbiter = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    limit = SpecialLimitIn(required=False, allow_null=True, default=None)
    valid_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateTimeField(required=False, allow_null=True, default=None)


class NewSpecialRuleIn(SpecialRuleIn):
    """For which class, and in which area ("" is the whole city)."""

    category = serializers.CharField(max_length=20)
    area = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)


class SpecialRuleOut(serializers.Serializer):
    """A special rule; organisations by code."""

    id = serializers.IntegerField()
    category = serializers.CharField()
    area = serializers.CharField(allow_blank=True)
    organisation = serializers.CharField(allow_blank=True)
    cooperating = serializers.ListField(child=serializers.CharField())
    arbiter = serializers.CharField(allow_blank=True)
    limit = serializers.DictField(help_text="Value and unit; empty where the conditions of the class decide")
    reason = serializers.CharField()
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(["in_force", "to_come", "over"])
    made_label = serializers.CharField(allow_blank=True)
    made_at = serializers.DateTimeField()


class SpecialRuleOrReplay(serializers.Serializer):
    """The rule as it was saved, or with `dry_run` what saving would change."""

    saved = SpecialRuleOut(required=False)
    replay = ReplayOut(required=False)


class RulesGate(APIView):
    """Opens to administrators; of what ground, the verbs ask."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The right `admin`, anywhere."""
        super().initial(request, *args, **kwargs)
        if not request.actor.holds("admin"):
            raise Forbidden("responsibility.not_yours")


def read(shape: type[serializers.Serializer], request: Request) -> tuple[dict[str, Any], str, bool]:
    """What was sent, the seal, and whether it is only looked at."""
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    says = dict(given.validated_data)
    return says, says.pop("seen"), says.pop("dry_run")


def _told(row: Override) -> dict[str, Any]:
    return SpecialRuleOut({**vars(row), "state": row.state_at(clock.now())}).data


def _saved(row: Override, status: int = 200) -> Response:
    """A rule that was saved, with its version as ETag."""
    headers = versions.headers_of(selectors.override_told(row))
    return Response({"saved": _told(row)}, status=status, headers=headers)


def replayed(request: Request, replay: selectors.Replay) -> Response:
    """The answer that tells a replay; of its cases those that the caller may see."""
    return Response({"replay": ReplayOut(replay_told(request, replay)).data})


class RulesView(RulesGate):
    """The special rules."""

    @extend_schema(operation_id="responsibility_rules_list", responses={200: SpecialRuleOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """All of them by class and area, the newest first; also those to come and those that are over."""
        return Response([_told(row) for row in selectors.overrides()])

    @extend_schema(
        operation_id="responsibility_rules_create",
        request=NewSpecialRuleIn,
        responses={200: SpecialRuleOrReplay, 201: SpecialRuleOrReplay, 400: Error, 409: Error, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """A new one (201), the one before it in the same place ends; or with `dry_run` the replay of it (200)."""
        says, seen, dry = read(NewSpecialRuleIn, request)
        row = actions.draft_override(actor=request.actor, category_code=says.pop("category"), **says)
        if dry:
            return replayed(request, selectors.replay_save(row))
        return _saved(actions.save_override(row, actor=request.actor, seen=seen), 201)


class RuleView(RulesGate):
    """One special rule."""

    @extend_schema(operation_id="responsibility_rules_read", responses={200: SpecialRuleOut, 404: Error, **REFUSED})
    def get(self, request: Request, pk: int) -> Response:
        """As it was written; the ETag goes back with a change."""
        row = selectors.override(pk)
        return Response(_told(row), headers=versions.headers_of(selectors.override_told(row)))

    @extend_schema(
        operation_id="responsibility_rules_change",
        parameters=[SEEN],
        request=SpecialRuleIn,
        responses={200: SpecialRuleOrReplay, **UNSEEN, **REFUSED},
    )
    def put(self, request: Request, pk: int) -> Response:
        """Another takes its place, for the same class and area: nothing that was decided is written over."""
        held, version = selectors.override(pk), versions.required(request.headers)
        says, seen, dry = read(SpecialRuleIn, request)
        row = actions.draft_change(held.pk, actor=request.actor, **says)
        if dry:
            return replayed(request, selectors.replay_save(row))
        return _saved(actions.change_override(held.pk, row, actor=request.actor, seen=seen, version=version))


class RuleEndView(RulesGate):
    """The end of a special rule."""

    @extend_schema(
        operation_id="responsibility_rules_end",
        parameters=[SEEN],
        request=SpecialRuleLookIn,
        responses={200: SpecialRuleOrReplay, **UNSEEN, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """It is over as of now, one to come never begins; or with `dry_run` the replay of that."""
        held, version = selectors.override(pk), versions.required(request.headers)
        says, seen, dry = read(SpecialRuleLookIn, request)
        if dry:
            return replayed(request, selectors.replay_end(held.pk))
        who = request.actor
        return _saved(actions.end_override(held.pk, actor=who, seen=seen, version=version, **says))
