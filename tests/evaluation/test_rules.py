"""Marks as arithmetic, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from evaluation.rules import Counts, Metric, scheme_from, score, total

JINNIU = {
    "code": "jinniu",
    "terms": [
        {"metric": "handled", "names": {"zh": "率", "en": "rate"}, "points": 30},
        {"metric": "handled_on_time", "names": {"zh": "率", "en": "rate"}, "points": 20},
        {"metric": "reworked", "names": {"zh": "率", "en": "rate"}, "points": 20, "inverse": True},
        {"metric": "pending_late", "names": {"zh": "率", "en": "rate"}, "points": 20, "inverse": True},
        {"metric": "extended", "names": {"zh": "率", "en": "rate"}, "points": 10, "inverse": True},
    ],
    "levels": [
        {"level": "A", "at_least": 90},
        {"level": "B", "at_least": 80},
        {"level": "C", "at_least": 70},
        {"level": "D", "at_least": 60},
        {"level": "E", "at_least": 0},
    ],
}
SCHEME = scheme_from(JINNIU)


def counts(cases: int, **of: int) -> Counts:
    return Counts(cases, {Metric(name): value for name, value in of.items()})


def test_a_perfect_department_earns_every_point():
    result = score(counts(40, handled=40, handled_on_time=40), SCHEME)
    assert (result.value, result.level) == (100.0, "A")


def test_one_rework_in_ten_costs_a_tenth_of_its_points():
    result = score(counts(10, handled=10, handled_on_time=10, reworked=1), SCHEME)
    assert result.value == 98.0
    part = next(p for p in result.parts if p.metric is Metric.REWORKED)
    assert (part.numerator, part.denominator, part.points, part.out_of) == (1, 10, 18.0, 20.0)


def test_nothing_to_count_is_not_a_hundred():
    result = score(Counts(), SCHEME)
    assert result.value is None
    assert result.level == ""
    assert all(part.denominator == 0 for part in result.parts)


def test_a_late_case_alone_falls_to_the_level_below():
    assert score(counts(1, handled=1), SCHEME).level == "B"


def test_a_scheme_whose_points_do_not_add_up_is_refused():
    with pytest.raises(Invalid) as refused:
        scheme_from({**JINNIU, "terms": JINNIU["terms"][:-1]})
    assert refused.value.code == "evaluation.scheme"


def test_a_scheme_with_an_unknown_metric_is_refused():
    with pytest.raises(Invalid):
        scheme_from({**JINNIU, "terms": [{"metric": "beauty", "names": {}, "points": 100}]})


def test_levels_that_do_not_reach_zero_are_refused():
    with pytest.raises(Invalid):
        scheme_from({**JINNIU, "levels": JINNIU["levels"][:-1]})


case = st.builds(
    lambda on_time, reworked, extended: counts(
        1, handled=1, handled_on_time=on_time, reworked=reworked, extended=extended
    ),
    *[st.integers(0, 1)] * 3,
)


@given(st.lists(case, min_size=1, max_size=30))
def test_a_score_stays_between_nought_and_full(cases):
    result = score(total(cases), SCHEME)
    assert result.value is not None
    assert 0 <= result.value <= SCHEME.full


@given(st.lists(case, min_size=1, max_size=12), st.randoms())
def test_the_order_of_cases_does_not_matter(cases, random):
    shuffled = list(cases)
    random.shuffle(shuffled)
    assert score(total(cases), SCHEME) == score(total(shuffled), SCHEME)


@given(st.lists(case, min_size=1, max_size=12))
def test_another_case_in_time_never_lowers_the_score(cases):
    perfect = counts(1, handled=1, handled_on_time=1)
    before, after = score(total(cases), SCHEME).value, score(total([*cases, perfect]), SCHEME).value
    assert before is not None
    assert after is not None
    assert after >= before
