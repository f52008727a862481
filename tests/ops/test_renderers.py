"""Answers of the API are what DRF's own renderer would write."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from rest_framework.renderers import JSONRenderer

from cases.contracts import Stage
from cityops.renderers import FastJSONRenderer

SAID: list[object] = [
    None,
    {},
    [],
    {"text": '汉字 \u2028\u2029 \x7f\x01 / < " \\ 😀', "none": None, "yes": True, "no": False},
    {"utc": datetime(2026, 11, 30, 9, 8, 7, 6, UTC), "day": date(2026, 11, 30)},
    {"there": datetime(2026, 11, 30, 9, tzinfo=timezone(timedelta(hours=8))), "span": timedelta(minutes=1.5)},
    {"lazy": gettext_lazy("Chinese"), "stage": Stage.CLOSED, Stage.CLOSED: 1, 5: 2, None: 3},
    {"numbers": [0.1, -0.0, 1e16, 1e300, 2**53 + 1, -(2**63), 2**64 - 1, Decimal("1.20")]},
    {"beyond 64 bits": 2**70},
    {"uuid": UUID(int=7), "bytes": b"abc", "tuple": (1, 2), "few": {3}},
]


@pytest.mark.parametrize("said", SAID, ids=str)
def test_it_writes_what_the_renderer_of_drf_writes(said: object) -> None:
    assert FastJSONRenderer().render(said) == JSONRenderer().render(said)


def test_who_asks_for_an_indent_gets_it() -> None:
    assert FastJSONRenderer().render({"a": [1]}, "application/json; indent=2") == b'{\n  "a": [\n    1\n  ]\n}'


def test_what_cannot_be_said_is_refused_and_not_guessed() -> None:
    with pytest.raises(TypeError):
        FastJSONRenderer().render({"a": object()})
