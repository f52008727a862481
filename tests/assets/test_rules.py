"""Whether a row may be taken, and whether a type may be used."""

import pytest

from assets.contracts import ComponentPlan, Refusal
from assets.rules import Row, TypeFacts, component_code, read, type_problems
from assets.sentences import SENTENCES, told
from tests.assets.factories import BIN, LAMP

TYPES = {"street_light": TypeFacts(1, "street_light", "0137"), "0137": TypeFacts(1, "street_light", "0137")}
PLAN = ComponentPlan()
GOOD = {"code": "4499010137000001", "lon": "116.7", "lat": "23.35"}


def test_a_component_code_is_district_class_and_sequence():
    assert component_code("320508", "0101", 1, PLAN) == "3205080101000001"


def test_a_sound_row_is_read_with_its_type_from_its_code():
    row = read(1, GOOD, TYPES, PLAN)
    assert isinstance(row, Row)
    assert (row.type_pk, row.lon, row.lat, row.state) == (1, 116.7, 23.35, "intact")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "449901013700001"}, "assets.bad_code"),
        ({"code": "449901013700000x"}, "assets.bad_code"),
        ({"code": "4499010137000000"}, "assets.bad_code"),
        ({"code": "４499010137000001"}, "assets.bad_code"),
        ({"code": None}, "assets.bad_code"),
        ({"code": "4499010305000001"}, "assets.unknown_type"),
        ({"type": "dragon"}, "assets.unknown_type"),
        ({"code": "4499010305000001", "type": "street_light"}, "assets.class_differs"),
        ({"lon": "nan"}, "assets.bad_place"),
        ({"lat": None}, "assets.bad_place"),
        ({"lon": 181}, "assets.bad_place"),
        ({"lat": "1e400"}, "assets.bad_place"),
        ({"state": "melted"}, "assets.bad_state"),
        ({"accuracy": "Z"}, "assets.bad_accuracy"),
        ({"owner": "x" * 121}, "assets.bad_text"),
        ({"maintainer": "a\0b"}, "assets.bad_text"),
        ({"names": "路灯"}, "assets.bad_text"),
        ({"source": "a\0b"}, "assets.bad_text"),
        ({"attributes": [1]}, "assets.bad_text"),
        ({"attributes": {"note": "a\0b"}}, "assets.bad_text"),
        ({"attributes": {"note": "\ud800"}}, "assets.bad_text"),
        ({"attributes": {"watt": float("nan")}}, "assets.bad_text"),
    ],
)
def test_a_row_is_refused_for_the_reason_it_deserves(change, reason):
    refused = read(7, {**GOOD, **change}, TYPES, PLAN)
    assert isinstance(refused, Refusal)
    assert (refused.row, refused.reason) == (7, reason)
    assert "%(" not in told(refused)
    assert "7" in told(refused)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"code": "Street Light"}, "assets.type_code"),
        ({"names": {"zh": "路灯"}}, "assets.type_name"),
        ({"major": "1"}, "assets.type_class"),
        ({"major": "", "minor": "37"}, "assets.type_class"),
        ({"geometry": "cube"}, "assets.type_geometry"),
        ({"attributes": {"type": "nonsense"}}, "assets.type_schema"),
        ({"attributes": "assets/lamp.schema.json"}, "assets.type_schema"),
    ],
)
def test_a_type_is_refused_for_the_reason_it_deserves(change, code):
    assert [problem.code for problem in type_problems({**LAMP, **change})] == ([code] if code else [])


def test_a_type_without_a_class_number_is_allowed():
    assert type_problems({**BIN, "major": "", "minor": ""}) == []


def test_every_reason_has_a_sentence():
    for code in (
        "assets.outside",
        "assets.other_district",
        "assets.code_twice",
        "assets.bad_attributes",
        "assets.class_taken",
    ):
        assert code in SENTENCES
