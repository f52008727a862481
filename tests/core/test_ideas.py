"""The small ideas of core: time, errors, sentences, names, coordinates, schemas, conditions, traces."""

import json
import pickle
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core import clock, conditions, geo, languages, schema, sentences, trace
from core.errors import Code, Conflict, DomainError, Forbidden, Gone, Invalid, NotFound, PreconditionRequired, Stale


def test_the_clock_is_set_by_tests_and_answers_in_utc():
    clock.set_source(lambda: datetime(2026, 11, 22, 8, 0, tzinfo=timezone(timedelta(hours=8))))
    assert clock.now() == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.set_source(None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=60)


def test_errors_carry_code_parameters_and_status():
    error = Conflict("case.wrong_stage", stage="closed")
    assert (error.code, error.params, error.status) == ("case.wrong_stage", {"stage": "closed"}, 409)
    assert str(error) == "case.wrong_stage (stage='closed')"
    kinds = (Invalid, Forbidden, NotFound, Conflict, Gone, Stale, PreconditionRequired)
    statuses = [kind("x").status for kind in kinds]
    assert statuses == [400, 403, 404, 409, 410, 412, 428]


def test_errors_survive_the_way_between_processes():
    copy = pickle.loads(pickle.dumps(Stale("case.stale", version=3)))
    assert (type(copy), copy.code, copy.params) == (Stale, "case.stale", {"version": 3})


def test_a_code_has_one_sentence_and_an_unknown_code_speaks_for_itself(monkeypatch):
    monkeypatch.setattr(sentences, "_sentences", {})
    sentences.register({"t.here": "Found %(many)s.", "t.plain": "100 %% sure"})
    assert sentences.sentence_of(DomainError("t.here", many=3)) == "Found 3."
    assert sentences.sentence_of(DomainError("t.here")) == "Found %(many)s."
    assert sentences.sentence_of(DomainError("t.plain")) == "100 % sure"
    assert sentences.sentence_of(DomainError("t.absent")) == "t.absent"
    with pytest.raises(ValueError, match="two sentences for the code t.here"):
        sentences.register({"t.here": "Another."})


def test_a_code_within_a_sentence_is_said_and_what_only_looks_like_one_is_not(monkeypatch):
    monkeypatch.setattr(sentences, "_sentences", {})
    sentences.register({"t.wrong": "Wrong: %(why)s", "t.short": "Too short."})
    assert sentences.sentence_of(DomainError("t.wrong", why=Code("t.short"))) == "Wrong: Too short."
    assert sentences.sentence_of(DomainError("t.wrong", why="t.short")) == "Wrong: t.short"
    assert json.dumps({"why": Code("t.short")}) == '{"why": "t.short"}'


def test_the_journals_own_sentences_are_found(monkeypatch):
    monkeypatch.setattr(sentences, "_sentences", {})
    sentences.load(["journal", "bench"])
    assert "feed.pruned" in sentences.codes()


@pytest.mark.parametrize(
    ("language", "names", "shown"),
    [
        ("zh-hans", {"zh": "金港区", "en": "Jingang"}, "金港区"),
        ("en", {"zh": "金港区", "en": "Jingang"}, "Jingang"),
        ("en", {"zh": "金港区"}, "金港区"),
        ("de", {"en": "Jingang"}, "Jingang"),
        ("en", {"fr": "Port"}, "Port"),
        ("en", {}, ""),
        ("en", None, ""),
    ],
)
def test_names_are_shown_in_the_active_language_else_in_chinese(language, names, shown):
    with translation.override(language):
        assert languages.pick(names) == shown


in_china = st.tuples(st.floats(73, 135), st.floats(4, 53))


@given(in_china)
def test_the_shifted_datums_come_back_to_within_a_centimetre(place):
    for there, back in (
        (geo.wgs84_to_gcj02, geo.gcj02_to_wgs84),
        (geo.gcj02_to_bd09, geo.bd09_to_gcj02),
        (geo.wgs84_to_bd09, geo.bd09_to_wgs84),
    ):
        assert geo.haversine_m(*place, *back(*there(*place))) < 0.01


def test_a_known_pair_of_gcj02():
    lon, lat = geo.wgs84_to_gcj02(116.404, 39.915)
    assert (round(lon, 5), round(lat, 5)) == (116.41024, 39.91640)
    lon, lat = geo.gcj02_to_bd09(116.404, 39.915)
    assert (round(lon, 5), round(lat, 5)) == (116.41037, 39.92134)


def test_outside_china_nothing_is_shifted():
    assert geo.wgs84_to_gcj02(2.35, 48.85) == (2.35, 48.85)
    assert geo.gcj02_to_wgs84(2.35, 48.85) == (2.35, 48.85)


def test_distances_are_metres():
    assert geo.haversine_m(116.70, 23.36, 116.70, 23.37) == pytest.approx(1111.95, abs=0.5)
    assert geo.haversine_m(116.70, 23.36, 116.70, 23.36) == 0
    assert geo.haversine_m(0, 0, 180, 0) == pytest.approx(20015114, abs=10)


GAUGE = {
    "type": "object",
    "required": ["pipe", "depth"],
    "additionalProperties": False,
    "properties": {
        "pipe": {"type": "string", "pattern": "^P[0-9]+$", "x-names": {"zh": "管号", "en": "Pipe"}},
        "depth": {"type": "number", "minimum": 0, "x-unit": "cm"},
        "kind": {"enum": ["open", "closed"]},
        "since": {"type": "string", "format": "date"},
    },
}


def test_a_schema_says_where_and_why():
    assert schema.validate(GAUGE, {"pipe": "P1", "depth": 4}) == []
    found = schema.validate(GAUGE, {"pipe": "x", "kind": "half", "since": "never", "more": 1})
    assert [(problem.path, problem.code) for problem in found] == [
        ("", "schema.additionalProperties"),
        ("/depth", "schema.required"),
        ("/kind", "schema.enum"),
        ("/pipe", "schema.pattern"),
        ("/since", "schema.format"),
    ]


def test_what_is_no_schema_is_found_out():
    assert schema.schema_problems(GAUGE) == []
    assert schema.schema_problems({"type": "strange"})[0].code == "schema.bad_schema"
    assert schema.schema_problems([])[0].code == "schema.not_an_object"


def test_what_a_schema_forbids_altogether_has_a_code_too():
    (found,) = schema.validate({"properties": {"old": False}}, {"old": 1})
    assert found.code == "schema.forbidden"


def test_a_schema_is_a_form():
    pipe, depth, kind, since = schema.questions(GAUGE)
    assert (pipe.names["zh"], pipe.required, depth.kind, depth.unit) == ("管号", True, "number", "cm")
    assert (kind.kind, kind.choices, kind.required, since.kind) == ("choice", ("open", "closed"), False, "date")


FACTS = {"depth": 30, "name": "gully", "tags": ["road", "low"], "flag": True, "place": {"area": "449900.449901"}}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({}, True),
        ({"attr": "depth", "value": 30}, True),
        ({"attr": "depth", "op": "gt", "value": 27}, True),
        ({"attr": "depth", "op": "gte", "value": 30}, True),
        ({"attr": "depth", "op": "lt", "value": 30}, False),
        ({"attr": "depth", "op": "lte", "value": 30}, True),
        ({"attr": "depth", "op": "gt", "value": "27"}, False),
        ({"attr": "depth", "op": "in", "value": [10, 30]}, True),
        ({"attr": "tags", "op": "contains", "value": "low"}, True),
        ({"attr": "name", "op": "contains", "value": "ull"}, True),
        ({"attr": "name", "op": "regex", "value": "^g.*y$"}, True),
        ({"attr": "place.area", "op": "regex", "value": "449901$"}, True),
        ({"attr": "place.nothing", "value": 1}, False),
        ({"attr": "absent", "value": 1, "negate": True}, False),
        ({"attr": "depth", "value": 31, "negate": True}, True),
        ({"attr": "flag", "value": 1}, False),
        ({"attr": "flag", "value": True}, True),
        ({"and": [{"attr": "depth", "value": 30}, {"attr": "name", "value": "x"}]}, False),
        ({"or": [{"attr": "depth", "value": 30}, {"attr": "name", "value": "x"}]}, True),
        ({"or": [{"and": [{"attr": "flag", "value": True}]}]}, True),
    ],
)
def test_conditions_hold_or_do_not(condition, holds):
    assert conditions.problems(condition) == []
    assert conditions.matches(condition, FACTS) is holds


@pytest.mark.parametrize(
    ("condition", "path", "code"),
    [
        ([], "", "condition.not_an_object"),
        ({"and": []}, "/and", "condition.empty_joiner"),
        ({"and": [{}], "or": [{}]}, "", "condition.joiner_not_alone"),
        ({"attr": "a", "op": "near", "value": 1}, "/op", "condition.unknown_operator"),
        ({"attr": "", "value": 1}, "/attr", "condition.no_attribute"),
        ({"attr": "a"}, "/value", "condition.no_value"),
        ({"attr": "a", "op": "in", "value": 3}, "/value", "condition.not_a_list"),
        ({"attr": "a", "op": "regex", "value": "("}, "/value", "condition.bad_pattern"),
        ({"attr": "a", "value": 1, "else": 2}, "/else", "condition.unknown_key"),
        ({"or": [{"attr": "a", "value": 1}, {"value": 1}]}, "/or/1/attr", "condition.no_attribute"),
    ],
)
def test_bad_conditions_are_found_where_they_are(condition, path, code):
    assert (path, code) in conditions.problems(condition)


def test_conditions_do_not_nest_for_ever():
    condition: dict = {"attr": "a", "value": 1}
    for _ in range(50):
        condition = {"and": [condition]}
    assert "condition.too_deep" in [code for _, code in conditions.problems(condition)]


def test_a_trace_holds_inside_and_ends_outside():
    assert trace.current_trace() == ""
    with trace.use_trace("frame-7"):
        assert trace.current_trace() == "frame-7"
        with trace.use_trace() as inner:
            assert len(inner) == 32
        assert trace.current_trace() == "frame-7"
        seen = []
        thread = threading.Thread(target=lambda: seen.append(trace.current_trace()))
        thread.start()
        thread.join()
        assert seen == [""]
    assert trace.current_trace() == ""
