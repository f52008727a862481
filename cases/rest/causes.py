"""Causes and seasons over HTTP: the same as the pages show."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors
from cases.contracts.causes import Cause
from cases.rest.insights import REFUSED
from cases.rest.trends import ASKED
from cases.rest.views import SeenGate
from cases.rules.questions import address_of, cause_from
from cases.rules.series import USUAL_DAYS
from cases.selectors import Share


class ShareOut(serializers.Serializer[Any]):
    """So many of so many cases; the filters of the lists that hold both."""

    key = serializers.CharField(allow_blank=True)
    found = serializers.IntegerField()
    of = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    cases = serializers.DictField(child=serializers.CharField())
    of_cases = serializers.DictField(child=serializers.CharField())


class CausesOut(serializers.Serializer[Any]):
    """What went wrong, as it was said, and where most; of late cases, which say nothing, what else went wrong."""

    question = serializers.DictField(child=serializers.CharField())
    why = serializers.CharField()
    total = ShareOut()
    reasons = ShareOut(many=True)
    more_reasons = serializers.IntegerField()
    apart = serializers.DictField(child=ShareOut(many=True))


class SeasonPartOut(serializers.Serializer[Any]):
    """A part of a season: its cases, its days (of an hour: all), its cases a day, and these to the mean of all."""

    key = serializers.CharField()
    found = serializers.IntegerField()
    ground = serializers.IntegerField()
    mean = serializers.FloatField()
    ratio = serializers.FloatField(allow_null=True)


class SeasonOut(serializers.Serializer[Any]):
    """A profile; null where there is too little. `once`: each part was seen once, which may be a change as well."""

    by = serializers.CharField()
    parts = SeasonPartOut(many=True, allow_null=True)
    once = serializers.BooleanField()


class SeasonsOut(serializers.Serializer[Any]):
    """Months, days of the week, hours of the day."""

    question = serializers.DictField(child=serializers.CharField())
    cases = serializers.IntegerField()
    seasons = SeasonOut(many=True)


def _told(one: Share) -> dict[str, Any]:
    return {**vars(one), "share": one.share}


class CausesView(SeenGate):
    """Why cases went wrong."""

    @extend_schema(
        operation_id="insights_causes",
        parameters=[*ASKED, OpenApiParameter("why", str, enum=[str(one) for one in Cause])],
        responses={200: CausesOut, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        """Of the last year by default, of the cases that the caller may see; what was returned by default."""
        asked = request.query_params.dict()
        cause = cause_from(asked.pop("why", ""))
        found = selectors.causes(selectors.question_here(asked, USUAL_DAYS), cause, request.actor)
        body = {
            "question": address_of(found.question),
            "why": cause,
            "total": _told(found.whole),
            "reasons": [_told(one) for one in found.reasons],
            "more_reasons": found.more_reasons,
            "apart": {str(by): [_told(one) for one in rows] for by, rows in found.apart.items()},
        }
        return Response(CausesOut(body).data, headers={"Cache-Control": "no-store"})


class SeasonsView(SeenGate):
    """What months, days of the week and hours have."""

    @extend_schema(operation_id="insights_seasons", parameters=ASKED, responses={200: SeasonsOut, **REFUSED})
    def get(self, request: Request) -> Response:
        """Of the last two years by default, of the cases that the caller may see, up to yesterday."""
        asked = selectors.question_here(request.query_params.dict(), 2 * USUAL_DAYS)
        found = selectors.seasons(asked, request.actor)
        body = {
            "question": address_of(found.question),
            "cases": found.cases,
            "seasons": [
                {
                    "by": str(one.by), "once": one.once,
                    "parts": None if one.parts is None else [part._asdict() for part in one.parts],
                }
                for one in found.found
            ],
        }  # fmt: skip
        return Response(SeasonsOut(body).data, headers={"Cache-Control": "no-store"})
