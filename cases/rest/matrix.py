"""Who is responsible for what where, for programs: at a point, everywhere, and where nobody or too many are."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases import selectors
from cases.rest.outputs import Error, Names
from cases.rules import Answer, Line
from cases.templatetags.case_words import clash_line, hole_line, why_line
from core.errors import Forbidden, Invalid
from grid.contracts import RegionName

READERS = ("case.see", "case.report", "admin")


class OfficeOut(serializers.Serializer):
    """An organisation by code and name."""

    code = serializers.CharField()
    names = Names()


class LineOut(serializers.Serializer):
    """One line of the reasoning: a code to branch on, a sentence to show."""

    code = serializers.CharField()
    message = serializers.CharField()


class PromiseOut(serializers.Serializer):
    """A registration condition with the limit it has there and why, and until when it would be handled."""

    code = serializers.CharField()
    text = Names()
    limit = serializers.DictField()
    says = serializers.DictField(help_text="By whose word the limit is what it is, and the grade of the ground")
    minutes = serializers.IntegerField()
    calendar = serializers.CharField()
    due_at = serializers.DateTimeField()


class ResponsibleAtOut(serializers.Serializer):
    """Cell, community, who, why, and until when; `responsible` is null where nobody is."""

    category = serializers.CharField()
    cell = serializers.CharField()
    area = serializers.CharField()
    district = serializers.CharField()
    place = Names()
    responsible = OfficeOut(allow_null=True)
    cooperating = OfficeOut(many=True)
    arbiter = OfficeOut(allow_null=True)
    reason = serializers.CharField()
    why = LineOut(many=True)
    conditions = PromiseOut(many=True)
    at = serializers.DateTimeField()


class ResponsibleAtView(APIView):
    """What would become of a case of this class at this place."""

    @extend_schema(
        operation_id="responsible_at",
        parameters=[
            OpenApiParameter("category", str, required=True),
            OpenApiParameter("lon", float, required=True),
            OpenApiParameter("lat", float, required=True),
            OpenApiParameter("condition", str),
        ],
        responses={200: ResponsibleAtOut, 400: Error, 401: Error, 403: Error},
    )
    def get(self, request: Request) -> Response:
        """400 with a sentence for an unknown class or condition, and for a point that is none or outside the grid."""
        if not any(request.actor.holds(right) for right in READERS):
            raise Forbidden("case.no_page")
        given = request.query_params
        try:
            lon, lat = float(given["lon"]), float(given["lat"])
        except (KeyError, ValueError) as error:
            raise Invalid("responsibility.needs_point") from error
        words = [given.get(name, "") for name in ("category", "condition")]
        if any("\x00" in text or len(text) > 20 for text in words) or not words[0]:
            raise Invalid("case.unknown_category", given=words[0][:20])
        found = selectors.what_if(words[0], lon, lat, words[1])
        return Response(ResponsibleAtOut(_told(found)).data)


def _told(found: selectors.WhatIf) -> dict[str, Any]:
    def office(code: str) -> dict[str, Any] | None:
        return {"code": code, "names": found.offices[code].names} if code else None

    return {
        "category": found.category.code,
        "cell": found.place.cell,
        "area": found.place.area,
        "district": found.place.district,
        "place": found.place.names,
        "responsible": office(found.answer.organisation),
        "cooperating": [office(code) for code in found.answer.cooperating],
        "arbiter": office(found.answer.arbiter),
        "reason": found.answer.reason,
        "why": [_line(line) for line in found.answer.lines],
        "conditions": [
            {"code": one.code, "text": one.text, "limit": one.limit, "says": one.says,
             "minutes": one.handling.minutes, "calendar": one.handling.calendar, "due_at": one.handling.due_at}
            for one in found.promises
        ],
        "at": found.at,
    }  # fmt: skip


def _line(line: Line) -> dict[str, str]:
    return {"code": line.code, "message": why_line(line)}


class RegionOut(serializers.Serializer):
    """A region of the map."""

    code = serializers.CharField()
    area = serializers.CharField()
    names = Names()


class DutyOut(serializers.Serializer):
    """The general rule of a duty: one organisation for each area of the level `by` answers.

    `own` is the number of the city's own rule, null where a pack says so.
    """

    code = serializers.CharField()
    names = Names()
    by = serializers.CharField()
    own = serializers.IntegerField(allow_null=True)


class AnswerOut(serializers.Serializer):
    """Organisations by code in so many cells, and why; `special` is the special rule that decides, if one does."""

    responsible = serializers.CharField(allow_blank=True)
    cooperating = serializers.ListField(child=serializers.CharField())
    arbiter = serializers.CharField(allow_blank=True)
    rivals = serializers.ListField(child=serializers.CharField())
    special = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    why = LineOut(many=True)
    cells = serializers.IntegerField()


class SquareOut(serializers.Serializer):
    """A class in a column: the different answers there, most cells first; in `empty` cells nobody is responsible."""

    column = serializers.CharField()
    answers = AnswerOut(many=True)
    empty = serializers.IntegerField()
    disputed = serializers.BooleanField()


class MatrixRowOut(serializers.Serializer):
    """A class, the general rule of its duty (null where there is none), and a square for each column."""

    category = serializers.CharField()
    names = Names()
    major = serializers.CharField()
    duty = DutyOut(allow_null=True)
    squares = SquareOut(many=True)


class MatrixOut(serializers.Serializer):
    """Class by place: `columns` are the districts, or the streets of the `district` that was asked for."""

    district = serializers.CharField(allow_blank=True)
    columns = RegionOut(many=True)
    majors = serializers.ListField(child=serializers.CharField())
    organisations = OfficeOut(many=True)
    rows = MatrixRowOut(many=True)


class HoleOut(serializers.Serializer):
    """A class that has nobody in so many cells; `places` are the widest regions that are all empty."""

    category = serializers.CharField()
    names = Names()
    cells = serializers.IntegerField()
    places = RegionOut(many=True)
    why = LineOut()
    message = serializers.CharField()


class ConflictOut(serializers.Serializer):
    """Organisations that are equally near for a duty in so many cells, the first is taken; the classes concerned."""

    duty = DutyOut()
    organisations = OfficeOut(many=True)
    cells = serializers.IntegerField()
    places = RegionOut(many=True)
    classes = serializers.ListField(child=serializers.CharField())
    message = serializers.CharField()


class FaultsOut(serializers.Serializer):
    """What is wrong with the matrix, and of how many classes and cells that speaks."""

    classes = serializers.IntegerField()
    cells = serializers.IntegerField()
    holes = HoleOut(many=True)
    conflicts = ConflictOut(many=True)


class MatrixWanted(serializers.Serializer):
    """Which part of the matrix."""

    district = serializers.RegexField(r"^\d{1,12}$", required=False, default="", allow_blank=True)
    major = serializers.CharField(max_length=8, required=False, default="", allow_blank=True)
    q = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)


class MatrixGate(APIView):
    """Opens to whoever works with cases, and to administrators."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The rights that open the page."""
        super().initial(request, *args, **kwargs)
        if not any(request.actor.holds(right) for right in ("case.see", "admin")):
            raise Forbidden("case.no_page")


class MatrixView(MatrixGate):
    """The matrix."""

    @extend_schema(
        operation_id="responsibility_matrix",
        parameters=[
            OpenApiParameter("district", str, description="The code of a district: its streets are the columns"),
            OpenApiParameter("major", str, description="A major class, E04"),
            OpenApiParameter("q", str, description="Words of the code or name of a class"),
        ],
        responses={200: MatrixOut, 400: Error, 401: Error, 403: Error, 404: Error},
    )
    def get(self, request: Request) -> Response:
        """Every class, or those asked for, by code; organisations by code, their names once."""
        asked = MatrixWanted(data=request.query_params)
        asked.is_valid(raise_exception=True)
        district, major, text = (asked.validated_data[name] for name in ("district", "major", "q"))
        found = selectors.matrix(inside=district, major=major, text=text, every=True)
        answers = [
            answer
            for _major, rows in found.groups for row in rows for square in row.squares for answer, _n in square.answers
        ]  # fmt: skip
        told = {
            "district": district,
            "columns": [_region(one) for one in found.columns],
            "majors": found.majors,
            "organisations": _offices(_named(answers), found.offices),
            "rows": [_row(major, row) for major, rows in found.groups for row in rows],
        }
        return Response(MatrixOut(told).data)


def _row(major: str, row: Any) -> dict[str, Any]:
    return {
        "category": row.category.code,
        "names": row.category.names,
        "major": major,
        "duty": _duty(row.duty) if row.duty else None,
        "squares": [_square(one) for one in row.squares],
    }


def _square(one: selectors.Square) -> dict[str, Any]:
    answers = [
        {
            "responsible": answer.organisation,
            "cooperating": answer.cooperating,
            "arbiter": answer.arbiter,
            "rivals": answer.rivals,
            "special": answer.special,
            "reason": answer.reason,
            "why": [_line(line) for line in answer.lines],
            "cells": cells,
        }
        for answer, cells in one.answers
    ]
    return {"column": one.place.code, "answers": answers, "empty": one.empty, "disputed": one.disputed}


def _duty(rule: Any) -> dict[str, Any]:
    return {"code": rule.duty, "names": rule.names, "by": rule.by, "own": rule.own}


def _region(one: RegionName) -> dict[str, Any]:
    return {"code": one.code, "area": one.path, "names": one.names}


def _named(answers: Iterable[Answer]) -> list[str]:
    named = {code for one in answers for code in (one.organisation, one.arbiter, *one.cooperating, *one.rivals)}
    return sorted(named - {""})


def _offices(codes: Iterable[str], offices: Any) -> list[dict[str, Any]]:
    return [{"code": code, "names": offices[code].names} for code in codes]


class FaultsView(MatrixGate):
    """What is wrong with it."""

    @extend_schema(operation_id="responsibility_faults", responses={200: FaultsOut, 401: Error, 403: Error})
    def get(self, request: Request) -> Response:
        """Classes that nobody answers for, and duties for which several are equally near, each as a sentence too."""
        found = selectors.faults()
        holes = [
            {
                "category": one.category.code,
                "names": one.category.names,
                "cells": one.cells,
                "places": [_region(place) for place in one.places],
                "why": _line(one.missing),
                "message": hole_line(one),
            }
            for one in found.holes
        ]
        conflicts = [
            {
                "duty": _duty(one.duty),
                "organisations": _offices(one.organisations, found.offices),
                "cells": one.cells,
                "places": [_region(place) for place in one.places],
                "classes": one.classes,
                "message": clash_line(one, found.offices),
            }
            for one in found.clashes
        ]
        told = {"classes": found.classes, "cells": found.cells, "holes": holes, "conflicts": conflicts}
        return Response(FaultsOut(told).data)
