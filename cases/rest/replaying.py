"""How the replay of a changed rule on last month's cases reads over HTTP."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from cases import selectors


class MovedCaseOut(serializers.Serializer):
    """A case that would have gone elsewhere; organisations by code, "" for nobody."""

    number = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class TimedCaseOut(serializers.Serializer):
    """A case that would have had another limit, as value and unit; empty where its condition would be gone."""

    number = serializers.CharField()
    before = serializers.DictField()
    after = serializers.DictField()


class ReplayOut(serializers.Serializer):
    """Last month's cases, how many would move and have another limit, those the caller may see, rules that would end.

    `moved` and `timed` are counts; `seal` is what a save must send back.
    """

    total = serializers.IntegerField()
    moved = serializers.IntegerField()
    cases = MovedCaseOut(many=True)
    timed = serializers.IntegerField()
    timed_cases = TimedCaseOut(many=True)
    instead = serializers.ListField(child=serializers.IntegerField())
    seal = serializers.CharField()


def replay_told(request: Request, replay: selectors.Replay) -> dict[str, Any]:
    """The replay for its shape."""
    return {
        "total": replay.total,
        "moved": len(replay.moved),
        "cases": selectors.moved_before(replay, request.actor),
        "timed": len(replay.timed),
        "timed_cases": selectors.timed_before(replay, request.actor),
        "instead": replay.instead,
        "seal": replay.seal,
    }
