"""Boards over HTTP: scores or measures of a level and a period, the cases behind a number, and what is measured."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from evaluation import rules, selectors
from evaluation.forms import SCORE, SHOWS, asked
from evaluation.rest.shapes import PLACE, QUESTION, REFUSED, Gate, window


class TallyOut(serializers.Serializer[Any]):
    """A count: `raw` with nothing exempt, `net` after exemptions."""

    raw = serializers.IntegerField()
    net = serializers.IntegerField()


class ScoreCellOut(serializers.Serializer[Any]):
    """A measure of a line; a count has no denominator, and a rate without anything in it is null."""

    measure = serializers.CharField()
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField(allow_null=True)
    rate = serializers.FloatField(allow_null=True)


class ScorePartOut(serializers.Serializer[Any]):
    """A component of a scheme with its points; null where there is nothing to count or to give yet."""

    code = serializers.CharField()
    points = serializers.FloatField(allow_null=True)
    out_of = serializers.FloatField()
    cells = ScoreCellOut(many=True)


class ScoreLineOut(serializers.Serializer[Any]):
    """One line: with a score where a scheme judges, and its measures."""

    key = serializers.CharField(allow_blank=True)
    names = serializers.DictField(child=serializers.CharField())
    rank = serializers.IntegerField(allow_null=True)
    score = serializers.FloatField(allow_null=True)
    raw_score = serializers.FloatField(allow_null=True)
    grade = serializers.CharField(allow_blank=True)
    change = serializers.FloatField(allow_null=True)
    published = serializers.FloatField(allow_null=True)
    parts = ScorePartOut(many=True)
    cells = ScoreCellOut(many=True)
    counts = serializers.DictField(child=TallyOut())


class ScoreBoardOut(serializers.Serializer[Any]):
    """A board; `scheme` and `version` are of what judged it, empty for a table of measures."""

    level = serializers.CharField()
    within = serializers.CharField(allow_blank=True)
    since = serializers.DateField()
    last = serializers.DateField()
    show = serializers.CharField()
    scheme = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField(allow_null=True)
    lines = ScoreLineOut(many=True)


class FactOut(serializers.Serializer[Any]):
    """A case behind a number: what was counted of it, nothing about persons."""

    case = serializers.CharField()
    stage = serializers.CharField()
    told_by = serializers.CharField(source="source")
    category = serializers.CharField(allow_blank=True)
    area = serializers.CharField(allow_blank=True)
    reported_at = serializers.DateTimeField()
    handle_owed = serializers.DateTimeField(allow_null=True)
    handle_at = serializers.DateTimeField(allow_null=True)
    handle_late = serializers.BooleanField()
    close_owed = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    reworks = serializers.IntegerField()
    returns = serializers.IntegerField()
    extensions = serializers.IntegerField()
    exempt = serializers.BooleanField()


class FactsOut(serializers.Serializer[Any]):
    """The cases behind a number, and how many there are."""

    count = serializers.IntegerField()
    cases = FactOut(many=True)


class MeasureOut(serializers.Serializer[Any]):
    """A count or a rate: its name, what it stands on, and where it comes from."""

    code = serializers.CharField()
    names = serializers.DictField(child=serializers.CharField())
    numerator = serializers.CharField(allow_blank=True)
    denominator = serializers.CharField(allow_blank=True)
    line = serializers.CharField()


class BoardView(Gate):
    """The boards."""

    @extend_schema(
        operation_id="scores_board",
        parameters=[*QUESTION, OpenApiParameter("scheme", str), OpenApiParameter("show", str, enum=list(SHOWS))],
        responses={200: ScoreBoardOut, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """The lines of a level in a period, with scores by a scheme or with the measures of a table."""
        question = asked(request.query_params)
        told = _scored(request, question) if question.show == SCORE else _measured(request, question)
        period = question.question.period
        head = {"level": question.question.by, "within": question.question.within, "show": question.show}
        return Response(ScoreBoardOut({**head, "since": period.since, "last": period.last, **told}).data)


def _scored(request: Request, question: Any) -> dict[str, Any]:
    board = selectors.ranking(request.actor, question.question, question.scheme)
    lines = [
        {
            "key": line.key,
            "names": line.names,
            "rank": line.rank,
            "score": line.result.value,
            "raw_score": line.raw.value,
            "grade": line.result.grade,
            "change": line.change,
            "published": line.published,
            "parts": [{**vars(part), "cells": [_told(cell) for cell in part.cells]} for part in line.result.parts],
            "cells": [],
            "counts": line.counts,
        }
        for line in board.lines
    ]
    return {"scheme": board.scheme.code, "version": board.version.version, "lines": lines}


def _told(cell: rules.Cell) -> dict[str, Any]:
    under = cell.denominator + cell.twice_of if cell.denominator_ref else None
    numerator = cell.numerator + cell.twice
    return {"measure": cell.measure, "numerator": numerator, "denominator": under, "rate": cell.rate}


def _measured(request: Request, question: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = dict.fromkeys(("rank", "score", "raw_score", "change", "published"))
    lines = []
    for line in selectors.measured(request.actor, question.question, question.show):
        cells = [
            {
                "measure": cell.measure,
                "numerator": cell.tally.net,
                "denominator": cell.under.net if cell.under else None,
                "rate": cell.rate,
            }
            for cell in line.cells
        ]
        counts = {cell.numerator: cell.tally for cell in line.cells}
        told = {"key": line.key, "names": line.names, "grade": "", "parts": [], "cells": cells, "counts": counts}
        lines.append({**nothing, **told})
    return {"scheme": "", "version": None, "lines": lines}


class CasesView(Gate):
    """The cases behind a number."""

    @extend_schema(
        operation_id="scores_cases",
        parameters=[
            *QUESTION,
            OpenApiParameter("ref", str, required=True, description="A count, or one of a slice: handled@urgent"),
            OpenApiParameter("key", str, description="The line"),
            OpenApiParameter("raw", bool, description="With those that were exempted"),
            PLACE,
        ],
        responses={200: FactsOut, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """Exactly the cases that a count of a board counted, newest first."""
        given = request.query_params
        question = asked({**given.dict(), "show": "", "scheme": ""}).question
        raw = given.get("raw", "") in ("1", "true")
        found = selectors.counted(request.actor, question, given.get("ref", ""), given.get("key", ""), raw=raw)
        return Response(FactsOut({"count": found.count(), "cases": found[window(request)]}).data)


class MeasuresView(Gate):
    """What is measured."""

    @extend_schema(operation_id="scores_measures", responses={200: MeasureOut(many=True), **REFUSED})
    def get(self, request: Request) -> Response:
        """Every count and every rate, with the line of the rule book it comes from."""
        counts = [
            {**vars(one), "names": one.names, "numerator": "", "denominator": ""} for one in rules.COUNTS.values()
        ]
        rates = [{**vars(one), "names": one.names} for one in rules.RATES.values()]
        return Response(MeasureOut([*counts, *rates], many=True).data)
