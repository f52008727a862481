"""Benchmarks say what they measured, and fail where they promised more."""

import json
import math

import pytest

from bench.result import Result


def test_a_kept_promise_ends_with_zero_and_is_written_down(tmp_path):
    result = Result("journal")
    result.add("entries", 6400)
    result.expect("missed", 0, at_most=0)
    body = json.loads(result.write(tmp_path).read_text())
    assert result.kept
    assert body["metrics"] == {"entries": 6400, "missed": 0}
    assert list(body["targets"]) == ["missed"]
    assert body["machine"]["cpus"] >= 1


@pytest.mark.parametrize(("value", "bounds"), [(1, {"at_most": 0}), (9, {"at_least": 10}), (math.nan, {"at_most": 5})])
def test_a_missed_promise_is_not_kept(value, bounds):
    result = Result("live")
    result.expect("figure", value, **bounds)
    assert not result.kept
    assert "MISSED" in result.table()


def test_a_run_without_figures_has_kept_nothing():
    assert not Result("empty").kept


def test_a_target_needs_a_bound():
    with pytest.raises(ValueError, match="at_least or at_most"):
        Result("x").expect("figure", 1)
