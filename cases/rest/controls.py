"""Control areas over HTTP: the list, asking for one, deciding on it, and its end."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import actions, selectors
from cases.contracts import ControlState
from cases.models import ControlArea
from cases.rest.inputs import Reason, Strict
from cases.rest.outputs import Error
from cases.rest.steps import read
from core import clock

REFUSED = dict.fromkeys((401, 403), Error)
STATES = (*(one.value for one in ControlState if one != ControlState.APPROVED), "to_come", "in_force", "over")


class ControlAreaIn(Strict):
    """Where (codes of cells, or of regions for all their cells), for which classes (none: all), what, and why."""

    name = serializers.CharField(max_length=60)
    cells = serializers.ListField(child=serializers.CharField(max_length=20), max_length=20_000)
    classes = serializers.ListField(child=serializers.CharField(max_length=20), max_length=500, default=list)
    grade = serializers.IntegerField(min_value=0, max_value=4, default=0)
    blocks = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=400)
    valid_from = serializers.DateTimeField(required=False, allow_null=True, default=None)
    valid_until = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ControlDecisionIn(Strict):
    """Yes or no, and why."""

    grant = serializers.BooleanField()
    answer = serializers.CharField(max_length=400)


class ControlAreaOut(serializers.Serializer):
    """A control area and how far it has come; `grade` 0 leaves the ground as the map says."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    area = serializers.CharField(allow_blank=True)
    classes = serializers.ListField(child=serializers.CharField())
    grade = serializers.IntegerField()
    blocks = serializers.BooleanField()
    reason = serializers.CharField()
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(STATES)
    asked_label = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField()
    decided_label = serializers.CharField(allow_blank=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    ended_label = serializers.CharField(allow_blank=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_why = serializers.CharField(allow_blank=True)


class ControlAreaWithCells(ControlAreaOut):
    """The same with the codes of its cells."""

    cells = serializers.ListField(child=serializers.CharField())


def _told(row: ControlArea) -> dict[str, Any]:
    return {**vars(row), "state": row.state_at(clock.now())}


def _whole(row: ControlArea, status: int = 200) -> Response:
    told = ControlAreaWithCells({**_told(row), "cells": selectors.controlled_cells(row)}).data
    return Response(told, status=status)


class ControlAreasView(APIView):
    """The control areas."""

    @extend_schema(operation_id="control_areas_list", responses={200: ControlAreaOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """Those that the caller may see, the newest first."""
        rows = selectors.control_areas(request.actor)
        return Response(ControlAreaOut([_told(row) for row in rows], many=True).data)

    @extend_schema(
        operation_id="control_areas_ask",
        request=ControlAreaIn,
        responses={201: ControlAreaWithCells, 400: Error, **REFUSED},
    )
    def post(self, request: Request) -> Response:
        """One is asked for; it does nothing until somebody else has approved it."""
        says = read(ControlAreaIn, request)
        says["cells"] = "\n".join(says["cells"])
        return _whole(actions.ask_control_area(actor=request.actor, **says), 201)


class ControlAreaView(APIView):
    """One control area."""

    @extend_schema(operation_id="control_areas_read", responses={200: ControlAreaWithCells, 404: Error, **REFUSED})
    def get(self, request: Request, pk: int) -> Response:
        """All that is said of it, with its cells."""
        return _whole(selectors.control_area(pk, request.actor))


class ControlDecisionView(APIView):
    """The decision on one."""

    @extend_schema(
        operation_id="control_areas_decide",
        request=ControlDecisionIn,
        responses={200: ControlAreaWithCells, 400: Error, 404: Error, 409: Error, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """It holds from its beginning on, or is refused; once, and by somebody else than who asked."""
        row = selectors.control_area(pk, request.actor)
        return _whole(actions.decide_control_area(row.pk, actor=request.actor, **read(ControlDecisionIn, request)))


class ControlWithdrawalView(APIView):
    """Asking no more."""

    @extend_schema(
        operation_id="control_areas_withdraw",
        request=None,
        responses={200: ControlAreaWithCells, 404: Error, 409: Error, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Who asked for it asks no more."""
        return _whole(actions.withdraw_control_area(pk, actor=request.actor))


class ControlEndView(APIView):
    """The end of one before its time."""

    @extend_schema(
        operation_id="control_areas_end",
        request=Reason,
        responses={200: ControlAreaWithCells, 400: Error, 404: Error, 409: Error, **REFUSED},
    )
    def post(self, request: Request, pk: int) -> Response:
        """It is over as of now; what was promised while it held stays promised."""
        row = selectors.control_area(pk, request.actor)
        return _whole(actions.end_control_area(row.pk, actor=request.actor, **read(Reason, request)))
