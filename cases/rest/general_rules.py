"""General rules of responsibility over HTTP: what packs and the city say of each duty; the city's own replayed."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions, selectors
from cases.models import Responsibility
from cases.rest.outputs import Error, Names
from cases.rest.special_rules import REFUSED, SEEN, UNSEEN, ReplayOut, RulesGate, SpecialRuleLookIn, read, replayed
from core import clock, versions


class GeneralRuleIn(SpecialRuleLookIn):
    """Which kind of organisation answers, one for each area of the level `by` (city, district, street or community).

    From `valid_from` (now) to `valid_until` (for good).
    """

    names = Names()
    kind = serializers.CharField(max_length=40)
    by = serializers.CharField(max_length=12)
    cooperating = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=50, required=False, default=list
    )
    arbiter = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=10, required=False, default=list
    )
    valid_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateTimeField(required=False, allow_null=True, default=None)


class NewGeneralRuleIn(GeneralRuleIn):
    """For a duty that has no general rule yet."""

    duty = serializers.CharField(max_length=40)


class GeneralRuleEndIn(SpecialRuleLookIn):
    """When it ends (now)."""

    ends = serializers.DateTimeField(required=False, allow_null=True, default=None)


class GeneralRuleOut(serializers.Serializer):
    """A general rule: `origin` says whose word it is, a `pack`'s (without `id` and dates) or that of the `city`.

    `state` is in_force, to_come or over.
    """

    id = serializers.IntegerField(allow_null=True)
    duty = serializers.CharField()
    origin = serializers.CharField()
    pack = serializers.CharField(allow_blank=True)
    names = Names()
    kind = serializers.CharField()
    by = serializers.CharField()
    cooperating = serializers.ListField(child=serializers.CharField())
    arbiter = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField(allow_blank=True)
    valid_from = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)
    state = serializers.CharField()
    made_label = serializers.CharField(allow_blank=True)
    made_at = serializers.DateTimeField(allow_null=True)


class DutyRulesOut(serializers.Serializer):
    """A duty: the rule that counts now (null where none does yet), those to come, the pack's word, and its classes."""

    duty = serializers.CharField()
    names = Names()
    rule = GeneralRuleOut(allow_null=True)
    to_come = GeneralRuleOut(many=True)
    pack_says = GeneralRuleOut(allow_null=True)
    classes = serializers.IntegerField()


class GeneralRuleOrReplay(serializers.Serializer):
    """The rule as it was saved, or with `dry_run` what saving would change."""

    saved = GeneralRuleOut(required=False)
    replay = ReplayOut(required=False)


def _rule(row: Responsibility | None) -> dict[str, Any] | None:
    if row is None:
        return None
    number = row.pk if row.origin == "city" else None
    return GeneralRuleOut({**vars(row), "id": number, "state": row.state_at(clock.now())}).data


def _duty(one: selectors.GeneralRule) -> dict[str, Any]:
    return {
        "duty": one.duty,
        "names": one.newest.names,
        "rule": _rule(one.rule),
        "to_come": [_rule(row) for row in one.to_come],
        "pack_says": _rule(one.pack),
        "classes": one.classes,
    }


def _saved(row: Responsibility, status: int = 200) -> Response:
    headers = versions.headers_of(selectors.general_told(row))
    return Response({"saved": _rule(row)}, status=status, headers=headers)


class GeneralRulesView(RulesGate):
    """The general rules."""

    @extend_schema(operation_id="general_rules_list", responses={200: DutyRulesOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """Every duty with a rule in force or to come, by code."""
        return Response([_duty(one) for one in selectors.general_rules()])

    @extend_schema(
        operation_id="general_rules_create",
        request=NewGeneralRuleIn,
        responses={200: GeneralRuleOrReplay, 201: GeneralRuleOrReplay, 400: Error, 409: Error, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """A rule of the city for a duty that has none (201); or with `dry_run` the replay of it (200)."""
        says, seen, dry = read(NewGeneralRuleIn, request)
        row = actions.draft_general(actor=request.actor, **says)
        if dry:
            return replayed(request, selectors.replay_general(row))
        return _saved(actions.save_general(row, actor=request.actor, seen=seen), 201)


class GeneralRuleView(RulesGate):
    """The general rule of one duty."""

    @extend_schema(operation_id="general_rules_read", responses={200: DutyRulesOut, 404: Error, **REFUSED})
    def get(self, request: Request, duty: str) -> Response:
        """What counts and what is to come; the ETag is that of the last word and goes back with a change."""
        one = selectors.general_rule(duty)
        return Response(_duty(one), headers=versions.headers_of(selectors.general_told(one.newest)))

    @extend_schema(
        operation_id="general_rules_change",
        parameters=[SEEN],
        request=GeneralRuleIn,
        responses={200: GeneralRuleOrReplay, **UNSEEN, **REFUSED},
    )
    def put(self, request: Request, duty: str) -> Response:
        """The city's own rule comes before the pack's, or takes the place of the city's earlier one."""
        one, version = selectors.general_rule(duty), versions.required(request.headers)
        says, seen, dry = read(GeneralRuleIn, request)
        row = actions.draft_general(actor=request.actor, duty=one.duty, **says)
        if dry:
            return replayed(request, selectors.replay_general(row))
        return _saved(actions.save_general(row, actor=request.actor, seen=seen, version=version))


class GeneralEndView(RulesGate):
    """The end of a general rule of the city."""

    @extend_schema(
        operation_id="general_rules_end",
        parameters=[SEEN],
        request=GeneralRuleEndIn,
        responses={200: GeneralRuleOrReplay, **UNSEEN, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """It is over as of `ends` (now), one to come never begins; or with `dry_run` the replay of that."""
        held, version = selectors.city_rule(pk), versions.required(request.headers)
        says, seen, dry = read(GeneralRuleEndIn, request)
        if dry:
            return replayed(request, selectors.replay_general_end(held.pk))
        return _saved(actions.end_general(held.pk, actor=request.actor, seen=seen, version=version, **says))
