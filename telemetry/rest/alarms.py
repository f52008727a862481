"""Alarms, their rules and rain warnings over HTTP: lists, one, every verb, a rule tried on the past."""

import re
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Invalid
from telemetry import actions, selectors
from telemetry.models import Alarm, AlarmRule, AlarmRuleVersion, RainWarning
from telemetry.rest.observations import refusals

IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER)
MOST, FILTERS = 200, ("state", "station", "rule", "system", "level")


class AlarmOut(serializers.Serializer):
    """An alarm. `level` is 1 (blue) to 4 (red); times are those of what was measured, but `raised_at` ours."""

    id = serializers.IntegerField()
    rule = serializers.CharField()
    station = serializers.CharField()
    stream = serializers.CharField(allow_blank=True)
    area = serializers.CharField()
    level = serializers.IntegerField()
    highest = serializers.IntegerField()
    begun_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField()
    peak = serializers.FloatField()
    peak_at = serializers.DateTimeField()
    count = serializers.IntegerField()
    levels = serializers.ListField()
    foreseen = serializers.BooleanField()
    chattering = serializers.BooleanField()
    late = serializers.BooleanField()
    raised_at = serializers.DateTimeField()
    retracted_at = serializers.DateTimeField(allow_null=True)
    retracted_why = serializers.CharField(allow_blank=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.CharField(allow_blank=True)
    assignee_label = serializers.CharField(allow_blank=True)
    shelved_until = serializers.DateTimeField(allow_null=True)
    shelved_why = serializers.CharField(allow_blank=True)
    escalated_at = serializers.DateTimeField(allow_null=True)
    case = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class AlarmsOut(serializers.Serializer):
    """A page; `next` is how many to skip for the next one."""

    results = AlarmOut(many=True)
    next = serializers.IntegerField(allow_null=True)


class AlarmTurnOut(serializers.Serializer):
    """What became of an alarm."""

    at = serializers.DateTimeField()
    act = serializers.CharField()
    level = serializers.IntegerField()
    reason = serializers.CharField(allow_blank=True)
    told = serializers.DictField()
    actor_label = serializers.CharField(allow_blank=True)


class AlarmWholeOut(AlarmOut):
    """An alarm with its history, the newest first."""

    turns = AlarmTurnOut(many=True)


class ActIn(serializers.Serializer):
    """What an act needs: `reason` (shelve, escalate, note), `until` (shelve), `to` (assign: `me` or a person's key)."""

    reason = serializers.CharField(required=False, allow_blank=True, max_length=400, default="")
    until = serializers.DateTimeField(required=False)
    to = serializers.CharField(required=False, max_length=120, default="me")


class AlarmRuleOut(serializers.Serializer):
    """A rule as it is in force; `own`: the city's own, which packs leave alone."""

    code = serializers.CharField()
    pack = serializers.CharField(allow_blank=True)
    own = serializers.BooleanField()
    retired = serializers.BooleanField()
    version = serializers.IntegerField()
    since = serializers.DateTimeField()
    document = serializers.DictField()


class RulesOut(serializers.Serializer):
    """Every rule."""

    results = AlarmRuleOut(many=True)


class RuleIn(serializers.Serializer):
    """What a rule says from now on, and why."""

    document = serializers.DictField()
    reason = serializers.CharField(max_length=400)


class TryIn(serializers.Serializer):
    """A rule as it might be, and how many days of the past it is tried on."""

    document = serializers.DictField()
    days = serializers.IntegerField(min_value=1, max_value=31, default=7)


class EpisodeOut(serializers.Serializer):
    """An alarm that the rule would have raised: seconds since 1970, the level, the peak."""

    begun = serializers.FloatField()
    ended = serializers.FloatField(allow_null=True)
    highest = serializers.IntegerField()
    peak = serializers.FloatField()


class TriedOut(serializers.Serializer):
    """What it would have raised at a station, and how many alarms of the rule there were."""

    station = serializers.CharField()
    raised = serializers.IntegerField()
    would = EpisodeOut(many=True)


class TriedAllOut(serializers.Serializer):
    """Station by station."""

    results = TriedOut(many=True)


class RainIn(serializers.Serializer):
    """Where it rains, until when, and who says so."""

    area = serializers.CharField(max_length=64)
    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=200)


class RainOut(RainIn):
    """A warning in force."""

    id = serializers.IntegerField()
    since = serializers.DateTimeField()
    by_label = serializers.CharField(allow_blank=True)


class RainsOut(serializers.Serializer):
    """The warnings in force that touch the ground of the actor."""

    results = RainOut(many=True)


def alarm_told(row: Alarm) -> dict[str, Any]:
    """An alarm as programs have it."""
    told = {str(name): getattr(row, str(name)) for name in AlarmOut().fields if hasattr(row, str(name))}
    return {
        **told, "id": row.pk, "rule": row.rule.code, "station": row.station.code,
        "stream": row.stream.code if row.stream else "",
    }  # fmt: skip


def rule_told(rule: AlarmRule, version: AlarmRuleVersion) -> dict[str, Any]:
    """A rule as programs have it."""
    return {
        "code": rule.code, "pack": rule.pack, "own": rule.own, "retired": rule.retired, "version": version.number,
        "since": version.since, "document": version.document,
    }  # fmt: skip


def rain_told(row: RainWarning) -> dict[str, Any]:
    """A warning as programs have it."""
    return {"id": row.pk, **{name: getattr(row, name) for name in ("area", "since", "until", "reason", "by_label")}}


def seen_version(request: Request) -> int | None:
    """The version that the program saw, where it says so."""
    given = re.fullmatch(r'"([0-9]{1,9})"', request.headers.get("If-Match", "").strip())
    return int(given[1]) if given else None


def _body(shape: type, request: Request) -> dict[str, Any]:
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


class AlarmsView(APIView):
    """The alarms."""

    @extend_schema(
        operation_id="alarms_list",
        parameters=[*[OpenApiParameter(name, str) for name in FILTERS], OpenApiParameter("skip", int)],
        responses={200: AlarmsOut, **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """Those that stand, the gravest first; `state` asks for others."""
        given = {name: str(request.query_params[name]) for name in FILTERS if name in request.query_params}
        skip = str(request.query_params.get("skip", "0"))
        if not re.fullmatch(r"[0-9]{1,6}", skip):
            raise Invalid("telemetry.bad_filter", filter="skip")
        rows, after = selectors.page_of(selectors.alarms(request.actor, given), skip=int(skip))
        return Response({"results": [AlarmOut(alarm_told(row)).data for row in rows], "next": after})


class AlarmView(APIView):
    """One alarm."""

    @extend_schema(operation_id="alarms_read", responses={200: AlarmWholeOut, **refusals(404)})
    def get(self, request: Request, pk: int) -> Response:
        """The alarm with its history, its version as ETag."""
        row = selectors.alarm_row(pk, request.actor)
        told = {**alarm_told(row), "turns": selectors.turns(row)}
        return Response(AlarmWholeOut(told).data, headers={"ETag": f'"{row.version}"'})


class AlarmActView(APIView):
    """What is done with an alarm."""

    @extend_schema(
        operation_id="alarms_act", parameters=[IF_MATCH], request=ActIn,
        responses={200: AlarmOut, **refusals(400, 404, 409)},
    )  # fmt: skip
    def post(self, request: Request, pk: int, act: str) -> Response:
        """acknowledge, assign, shelve, unshelve, escalate or note; with If-Match only in the version that was seen."""
        row = actions.handle(pk, act, actor=request.actor, version=seen_version(request), **_body(ActIn, request))
        return Response(AlarmOut(alarm_told(row)).data)


class RulesView(APIView):
    """The rules of alarms."""

    @extend_schema(operation_id="alarm_rules_list", responses={200: RulesOut, **refusals()})
    def get(self, request: Request) -> Response:
        """Every rule as it is in force, retired ones last."""
        return Response({"results": [AlarmRuleOut(rule_told(*pair)).data for pair in selectors.rules(request.actor)]})


class RuleView(APIView):
    """One rule."""

    @extend_schema(operation_id="alarm_rules_read", responses={200: AlarmRuleOut, **refusals(404)})
    def get(self, request: Request, code: str) -> Response:
        """The rule as it is in force, its version as ETag."""
        rule, versions = selectors.rule_row(code, request.actor)
        told = AlarmRuleOut(rule_told(rule, versions[0])).data
        return Response(told, headers={"ETag": f'"{versions[0].number}"'})

    @extend_schema(
        operation_id="alarm_rules_save", parameters=[IF_MATCH], request=RuleIn,
        responses={200: AlarmRuleOut, **refusals(400, 409)},
    )  # fmt: skip
    def put(self, request: Request, code: str) -> Response:
        """The rule says this from now on; a new code makes a new rule."""
        selectors.may_set_rules(request.actor)
        given = _body(RuleIn, request)
        made = actions.save_rule(code, actor=request.actor, version=seen_version(request), **given)
        return Response(AlarmRuleOut(rule_told(made.rule, made)).data)

    @extend_schema(operation_id="alarm_rules_retire", responses={204: None, **refusals(404)})
    def delete(self, request: Request, code: str) -> Response:
        """The rule raises nothing any more; it is not deleted."""
        actions.retire_rule(code, actor=request.actor)
        return Response(status=204)


class RuleTryView(APIView):
    """A rule tried on the past."""

    @extend_schema(operation_id="alarm_rules_try", request=TryIn, responses={200: TriedAllOut, **refusals(400)})
    def post(self, request: Request, code: str) -> Response:
        """What the rule would have raised in the last days where the actor sees gauges; nothing is kept."""
        selectors.may_see_any(request.actor)
        given = _body(TryIn, request)
        document = actions.checked_rule(given["document"])
        found = selectors.tried(document, code, request.actor, days=given["days"])
        lines = [{"station": one.station.code, "raised": one.raised, "would": one.episodes} for one in found]
        return Response({"results": TriedOut(lines, many=True).data})


class RainsView(APIView):
    """Rain warnings."""

    @extend_schema(operation_id="rain_list", responses={200: RainsOut, **refusals()})
    def get(self, request: Request) -> Response:
        """Those in force."""
        selectors.may_see_any(request.actor)
        return Response({"results": [RainOut(rain_told(row)).data for row in selectors.rain_now(request.actor)]})

    @extend_schema(operation_id="rain_warn", request=RainIn, responses={201: RainOut, **refusals(400)})
    def post(self, request: Request) -> Response:
        """Rain mode is in force there until then: gauges that tell nothing count as silent sooner."""
        selectors.may_see_any(request.actor)
        row = actions.warn_of_rain(actor=request.actor, **_body(RainIn, request))
        return Response(RainOut(rain_told(row)).data, status=201)


class RainView(APIView):
    """One rain warning."""

    @extend_schema(operation_id="rain_end", responses={204: None, **refusals(404)})
    def delete(self, request: Request, pk: int) -> Response:
        """It is over now."""
        actions.end_rain(pk, actor=request.actor)
        return Response(status=204)
