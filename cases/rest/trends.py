"""Trends, forecasts and changes over HTTP: the same as the pages show."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors
from cases.contracts.questions import NARROWED_BY, Group, Question
from cases.rest.insights import REFUSED
from cases.rest.views import SeenGate
from cases.rules.questions import address_of, list_of
from cases.rules.series import USUAL_DAYS

ASKED = [OpenApiParameter(name, str) for name in ("since", "until", *NARROWED_BY)]


class DayOut(serializers.Serializer[Any]):
    """A whole day, its kind (w1 is Monday; holiday, makeup), its cases, and the level of four weeks about it."""

    day = serializers.DateField()
    kind = serializers.CharField()
    cases = serializers.IntegerField()
    level = serializers.FloatField(allow_null=True)


class ExpectedOut(serializers.Serializer[Any]):
    """What is expected of a day, and its band."""

    day = serializers.DateField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class ForecastOut(serializers.Serializer[Any]):
    """The days ahead; the band held on `held` of `tried` past days that it had not seen."""

    days = ExpectedOut(many=True)
    held = serializers.IntegerField()
    tried = serializers.IntegerField()


class TrendsOut(serializers.Serializer[Any]):
    """A series of whole days; no forecast where there is too little history."""

    question = serializers.DictField(child=serializers.CharField())
    days = DayOut(many=True)
    usual = serializers.DictField(child=serializers.FloatField(), allow_null=True)
    forecast = ForecastOut(allow_null=True)


class ChangeOut(serializers.Serializer[Any]):
    """What a unit had in the week, what was expected, and the chance of so far off."""

    by = serializers.CharField()
    key = serializers.CharField(allow_blank=True)
    found = serializers.IntegerField()
    expected = serializers.FloatField()
    chance = serializers.FloatField()
    cases = serializers.DictField(child=serializers.CharField())


class ChangesOut(serializers.Serializer[Any]):
    """The changes of seven days against so many weeks before; null where these are too few."""

    question = serializers.DictField(child=serializers.CharField())
    weeks = serializers.IntegerField()
    changes = ChangeOut(many=True, allow_null=True)


class TrendsView(SeenGate):
    """A count for every day, and what to expect."""

    @extend_schema(operation_id="insights_trends", parameters=ASKED, responses={200: TrendsOut, **REFUSED})
    def get(self, request: Request) -> Response:
        """Whole days of the last year by default, of the cases that the caller may see."""
        found = selectors.trends(selectors.question_here(request.query_params.dict(), USUAL_DAYS), request.actor)
        ahead = found.forecast
        body = {
            "question": address_of(found.question),
            "days": [
                {**day._asdict(), "level": level} for day, level in zip(found.days, found.level, strict=True)
            ],
            "usual": dict(found.usual.beside) if found.usual else None,
            "forecast": {**ahead._asdict(), "days": [one._asdict() for one in ahead.days]} if ahead else None,
        }  # fmt: skip
        return Response(TrendsOut(body).data, headers={"Cache-Control": "no-store"})


class ChangesView(SeenGate):
    """What changed in the last week."""

    @extend_schema(operation_id="insights_changes", parameters=ASKED, responses={200: ChangesOut, **REFUSED})
    def get(self, request: Request) -> Response:
        """The seven whole days that end with `until`, or yesterday, by source, district, street and class."""
        found = selectors.changed(selectors.question_here(request.query_params.dict(), USUAL_DAYS), request.actor)
        week = found.question
        told = [
            {
                **one._asdict(),
                "cases": list_of(Question(week.since, week.until, by=Group(one.by), filters=week.filters), one.key),
            }
            for one in found.found or ()
        ]
        body = {
            "question": address_of(week), "weeks": found.weeks, "changes": told if found.found is not None else None,
        }  # fmt: skip
        return Response(ChangesOut(body).data, headers={"Cache-Control": "no-store"})
