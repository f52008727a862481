"""Limits by the grade of the ground over HTTP: what each grade means, and other shares after a replay."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases import actions, selectors
from cases.rest.classes import ClassesGate, refusals
from cases.rest.outputs import Names
from cases.rest.replaying import ReplayOut, replay_told
from cases.rest.special_rules import SEEN
from core import versions
from grid import selectors as grid

LONGEST = 2_000


class GradeOut(serializers.Serializer):
    """A management grade: its share of a limit, who said so last, and how many cells of the map have it."""

    grade = serializers.IntegerField()
    names = Names()
    share = serializers.FloatField()
    origin = serializers.CharField()
    pack = serializers.CharField(allow_blank=True)
    changed_label = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    cells = serializers.IntegerField()


class SharesIn(serializers.Serializer):
    """The share of every grade, by its number; with `dry_run` only the replay is told, whose seal is `looked`."""

    shares = serializers.DictField(child=serializers.FloatField(), help_text='{"1": 0.75, "2": 1, "3": 1.5, "4": 2}')
    reason = serializers.CharField(max_length=LONGEST, allow_blank=True)
    looked = serializers.CharField(max_length=32, required=False, default="", allow_blank=True)
    dry_run = serializers.BooleanField(required=False, default=False)


class GradesOrReplay(serializers.Serializer):
    """The grades as they are now, or with `dry_run` what saving would have changed last month."""

    saved = GradeOut(many=True, required=False)
    replay = ReplayOut(required=False)


class GradesView(ClassesGate):
    """The grades."""

    @extend_schema(operation_id="classes_grades", responses={200: GradeOut(many=True), **refusals()})
    def get(self, request: Request) -> Response:
        """All four, the most closely watched first; the ETag goes back with a change."""
        rows = selectors.area_grades()
        return Response(_told(rows), headers=versions.headers_of(selectors.grades_told(rows)))

    @extend_schema(
        operation_id="classes_grades_save",
        parameters=[SEEN],
        request=SharesIn,
        responses={200: GradesOrReplay, **refusals(400, 409, 412, 428)},
    )
    def put(self, request: Request) -> Response:
        """New cases have these shares of their limits from now on; or with `dry_run` the replay of that."""
        seen, given = versions.required(request.headers), self.read(SharesIn, request)
        shares = {int(grade) if grade.isdecimal() else 0: share for grade, share in given["shares"].items()}
        if given["dry_run"]:
            wanted = actions.draft_shares(shares, actor=request.actor)
            replay = replay_told(request, selectors.replay_shares(wanted))
            return Response({"replay": ReplayOut(replay).data})
        rows = actions.set_shares(
            shares, actor=request.actor, reason=given["reason"], looked=given["looked"], seen=seen
        )
        return Response({"saved": _told(rows)}, headers=versions.headers_of(selectors.grades_told(rows)))


def _told(rows: Any) -> Any:
    grounds = grid.grade_grounds()
    return GradeOut([{**vars(row), "cells": grounds.get(row.grade, (0, 0))[0]} for row in rows], many=True).data
