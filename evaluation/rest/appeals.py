"""Appeals over HTTP."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation import actions, selectors
from evaluation.rest.shapes import PLACE, REFUSED, Gate, window


class AppealOut(serializers.Serializer[Any]):
    """An appeal against a case being held against its department, and what became of it."""

    id = serializers.IntegerField()
    case = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField()
    asked_label = serializers.CharField()
    asked_at = serializers.DateTimeField()
    reviewers = serializers.IntegerField(help_text="How many must grant it.")
    signed = serializers.IntegerField(help_text="How many have granted it so far.")
    first_label = serializers.CharField(allow_blank=True)
    first_answer = serializers.CharField(allow_blank=True)
    first_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    decided_label = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class AppealIn(serializers.Serializer[Any]):
    """A case, and why it should be left out."""

    case = serializers.CharField(max_length=20)
    reason = serializers.CharField(max_length=2000)


class DecisionIn(serializers.Serializer[Any]):
    """Whether it is granted, why, and how many had granted it when the caller looked."""

    grant = serializers.BooleanField()
    answer = serializers.CharField(max_length=2000)
    seen = serializers.IntegerField(min_value=0, max_value=2, required=False)


class AppealsView(Gate):
    """The appeals."""

    needs = selectors.SEE

    @extend_schema(operation_id="scores_appeals", parameters=[PLACE], responses={200: AppealOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """Those that the caller decides on, sees the scores of, or has asked for; newest first."""
        return Response(AppealOut(selectors.appeals(request.actor)[window(request)], many=True).data)

    @extend_schema(operation_id="scores_appeal", request=AppealIn, responses={201: AppealOut, **REFUSED})
    def post(self, request: Request) -> Response:
        """The department that has a case appeals, once."""
        read = AppealIn(data=request.data)
        read.is_valid(raise_exception=True)
        return Response(AppealOut(actions.appeal(actor=request.actor, **read.validated_data)).data, status=201)


class AppealView(Gate):
    """One appeal."""

    needs = selectors.SEE

    @extend_schema(operation_id="scores_appeal_decide", request=DecisionIn, responses={200: AppealOut, **REFUSED})
    def post(self, request: Request, pk: int) -> Response:
        """Granted by as many as the city says, and the case is exempt; or refused by one. By others than who asked."""
        read = DecisionIn(data=request.data)
        read.is_valid(raise_exception=True)
        return Response(AppealOut(actions.decide_appeal(pk, actor=request.actor, **read.validated_data)).data)

    @extend_schema(operation_id="scores_appeal_withdraw", responses={200: AppealOut, **REFUSED})
    def delete(self, request: Request, pk: int) -> Response:
        """Who asked asks no more."""
        return Response(AppealOut(actions.withdraw_appeal(pk, actor=request.actor)).data)
