"""Automatic dispatch over HTTP: rules replayed and in force, the switch, what was done; and who could take a case."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.models import DispatchRule
from cases.rest.outputs import Error
from cases.rest.special_rules import REFUSED, RulesGate, SpecialRuleLookIn, read
from cases.rest.views import SeenGate, refusals
from core import clock
from core.errors import Invalid

DAYS, MOST_DAYS, LONGEST_PAGE = 30, 92, 200
CODES = serializers.ListField(child=serializers.CharField(max_length=20), max_length=500, required=False, default=list)


class DispatchRuleIn(SpecialRuleLookIn):
    """Which cases (what is empty does not narrow) and where they go; `days` are those that a dry run replays.

    `level` city acts on registered cases, district on those its centre has. `aim` is responsible or district.
    """

    seen = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    name = serializers.CharField(max_length=60)
    level = serializers.ChoiceField(["city", "district"])
    aim = serializers.ChoiceField(["responsible", "district"])
    priority = serializers.IntegerField(min_value=0, max_value=9_999, required=False, default=100)
    classes = CODES
    area = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    sources = serializers.ListField(
        child=serializers.CharField(max_length=20), max_length=20, required=False, default=list
    )
    grades = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=9), max_length=10, required=False, default=list
    )
    hours = serializers.ChoiceField(["", "office", "off"], required=False, default="")
    valid_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    days = serializers.IntegerField(min_value=1, max_value=MOST_DAYS, required=False, default=DAYS)


class DispatchRuleOut(serializers.Serializer):
    """A rule; `replayed`, `decided` and `wrong` are of the replay that was looked at before it went in force."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    level = serializers.CharField()
    aim = serializers.CharField()
    priority = serializers.IntegerField()
    classes = serializers.ListField(child=serializers.CharField())
    area = serializers.CharField(allow_blank=True)
    sources = serializers.ListField(child=serializers.CharField())
    grades = serializers.ListField(child=serializers.IntegerField())
    hours = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()
    state = serializers.ChoiceField(["in_force", "to_come", "over"])
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)
    replayed = serializers.IntegerField()
    decided = serializers.IntegerField()
    wrong = serializers.IntegerField()
    made_label = serializers.CharField(allow_blank=True)
    made_at = serializers.DateTimeField()


class JudgedOut(serializers.Serializer):
    """A case that the rule would have sent elsewhere than people did, or ("") left to them and why."""

    number = serializers.CharField()
    rule = serializers.CharField(allow_blank=True)
    people = serializers.CharField(allow_blank=True)
    code = serializers.CharField()


class DispatchReplayOut(serializers.Serializer):
    """What the rule would have done with `total` cases; `open` were dispatched by nobody or by a rule only."""

    days = serializers.IntegerField()
    total = serializers.IntegerField()
    decided = serializers.IntegerField()
    right = serializers.IntegerField()
    wrong = serializers.IntegerField()
    open = serializers.IntegerField()
    left = serializers.DictField(child=serializers.IntegerField())
    cases = JudgedOut(many=True)
    seal = serializers.CharField()


class DispatchRuleOrReplay(serializers.Serializer):
    """The rule as it was saved, or with `dry_run` what it would have done."""

    saved = DispatchRuleOut(required=False)
    replay = DispatchReplayOut(required=False)


class DispatchEndIn(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=2_000)


class DispatchSwitchIn(DispatchEndIn):
    """Whether the rules act, and why."""

    on = serializers.BooleanField()


class DispatchSwitchOut(serializers.Serializer):
    """Whether the rules act."""

    on = serializers.BooleanField()


class DispatchCountsOut(serializers.Serializer):
    """By rule (null: no rule spoke of them): cases it dispatched, of those how many came back, cases left to people."""

    rule = serializers.IntegerField(allow_null=True)
    sent = serializers.IntegerField()
    returned = serializers.IntegerField()
    left = serializers.IntegerField()


class DispatchActOut(serializers.Serializer):
    """What was decided about a case without a person: `organisation` is "" where it was left to people."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    rule = serializers.IntegerField(allow_null=True)
    organisation = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    returned = serializers.BooleanField()
    at = serializers.DateTimeField()


class SuggestionOut(serializers.Serializer):
    """Who could take the case; figures are of its class in its cell (a year) and of its district (now, 30 days)."""

    organisation = serializers.CharField()
    matrix = serializers.BooleanField()
    here = serializers.IntegerField()
    open = serializers.IntegerField()
    judged = serializers.IntegerField()
    in_time = serializers.IntegerField()


def _told(row: DispatchRule) -> dict[str, Any]:
    return DispatchRuleOut({**vars(row), "state": row.state_at(clock.now())}).data


class RulesView(RulesGate):
    """The rules of automatic dispatch."""

    @extend_schema(operation_id="dispatching_rules_list", responses={200: DispatchRuleOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """All of them as they are asked, also those to come and those that are over."""
        return Response([_told(row) for row in selectors.dispatch_rules()])

    @extend_schema(
        operation_id="dispatching_rules_create",
        request=DispatchRuleIn,
        responses={200: DispatchRuleOrReplay, 201: DispatchRuleOrReplay, 400: Error, 409: Error, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """A new one goes in force with the seal of its replay (201); or with `dry_run` the replay of it (200)."""
        says, seen, dry = read(DispatchRuleIn, request)
        days = says.pop("days")
        row = actions.draft_dispatch_rule(actor=request.actor, **says)
        if not dry:
            return Response({"saved": _told(actions.save_dispatch_rule(row, actor=request.actor, seen=seen))}, 201)
        replay = selectors.replay_dispatch(row, days, clock.now())
        names = ("days", "total", "decided", "right", "wrong", "open", "left", "seal")
        told = {name: getattr(replay, name) for name in names}
        cases = [one._asdict() for one in selectors.listed_for(replay, request.actor)]
        return Response({"replay": DispatchReplayOut({**told, "cases": cases}).data})


class RuleEndView(RulesGate):
    """The end of a rule."""

    @extend_schema(
        operation_id="dispatching_rules_end",
        request=DispatchEndIn,
        responses={200: DispatchRuleOut, 400: Error, 404: Error, 409: Error, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """It is over as of now; what it did stays."""
        return Response(_told(actions.end_dispatch_rule(pk, actor=request.actor, **_read(DispatchEndIn, request))))


class SwitchView(RulesGate):
    """Whether the rules act at all."""

    @extend_schema(operation_id="dispatching_switch_read", responses={200: DispatchSwitchOut, **REFUSED})
    def get(self, request: Request) -> Response:
        """On or off."""
        return Response({"on": selectors.is_dispatching()})

    @extend_schema(
        operation_id="dispatching_switch",
        request=DispatchSwitchIn,
        responses={200: DispatchSwitchOut, 400: Error, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """All rules stand still, or act again; for administrators of the whole city."""
        actions.switch_dispatching(actor=request.actor, **_read(DispatchSwitchIn, request))
        return Response({"on": selectors.is_dispatching()})


class CountsView(SeenGate):
    """What the rules did, counted."""

    @extend_schema(
        operation_id="dispatching_counts",
        parameters=[OpenApiParameter("days", int)],
        responses={200: DispatchCountsOut(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """By rule, of the cases the caller may see."""
        return Response([one._asdict() for one in selectors.dispatch_counts(request.actor, _days(request))])


class ActsView(SeenGate):
    """What the rules did, case by case."""

    @extend_schema(
        operation_id="dispatching_acts",
        parameters=[
            OpenApiParameter("days", int),
            OpenApiParameter("kind", str, enum=["sent", "returned", "left"]),
            OpenApiParameter("rule", int),
            OpenApiParameter("before", int, description="Only those with a smaller id: the next page"),
        ],
        responses={200: DispatchActOut(many=True), **refusals(400)},
    )
    def get(self, request: Request) -> Response:
        """The newest first, at most 200 at once."""
        kind = request.query_params.get("kind", "")
        if kind not in ("", "sent", "returned", "left"):
            raise Invalid("dispatching.unknown_kind", given=kind[:20])
        rule, before = (_whole(request, name) for name in ("rule", "before"))
        rows = selectors.auto_dispatches(request.actor, _days(request), kind, rule)
        found = (rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[:LONGEST_PAGE]
        return Response([
            {"id": one.pk, "number": one.case.number, "rule": one.rule_id, "organisation": one.organisation,
             "code": one.code, "returned": one.back and bool(one.organisation), "at": one.at}
            for one in found
        ])  # fmt: skip


class SuggestionsView(APIView):
    """Who could take a case."""

    @extend_schema(operation_id="cases_suggestions", responses={200: SuggestionOut(many=True), **refusals(404)})
    def get(self, request: Request, number: str) -> Response:
        """At most five organisations, the best first."""
        found = selectors.case(number, request.actor)
        ranked = selectors.suggestions(found, selectors.book_of(found, selectors.category_for(found)))
        return Response([{**vars(one.record), "matrix": one.matrix} for one in ranked])


def _days(request: Request) -> int:
    days = _whole(request, "days")
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise Invalid("dispatching.bad_days", most=MOST_DAYS)
    return DAYS if days is None else days


def _whole(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid("case.bad_filter", filter=name, value=text[:60])
    return int(text)


def _read(shape: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)
