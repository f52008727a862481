"""YAML as packs may use it: what was written is what is read."""

import pytest

from packs.adapters.strict_yaml import Unreadable, load


@pytest.mark.parametrize(
    "text", ["2026-10-01", "18:30", "yes", "no", "on", "off", "NO", "0x1f", "1_000", "12e3", "08:30-12:00", "=", "<<"]
)
def test_what_looks_like_a_date_a_time_or_a_flag_stays_text(text):
    assert load(f"a: {text}")[0] == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("false", False), ("null", None), ("12", 12), ("-3", -3), ("0.5", 0.5), ('"04"', "04")],
)
def test_numbers_and_truth_are_what_json_has(text, value):
    found = load(f"a: {text}")[0]["a"]
    assert (found, type(found)) == (value, type(value))


def test_every_value_knows_its_line():
    _, places = load("code: x\nitems:\n  - code: a\n    limit:\n      value: 1\n  - code: b\n")
    assert places["items/0/limit/value"] == 5
    assert places["items/1"] == 6
    assert places["items"] == 2


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "written twice"),
        ("a: &x [1]\nb: *x\n", 1, "Anchors"),
        ("a: !!python/object/apply:os.system [echo]\n", 1, "tag"),
        ("a: !secret x\n", 1, "tag"),
        ("a: [1, 2\nb: 3\n", 2, "no YAML"),
        ("? [a]\n: b\n", 1, "key must be text"),
        ("a: " + "[" * 30 + "]" * 30, 1, "deeper"),
        ("a: \x00", 1, "character"),
        ("a: 1\n---\nb: 2\n", 2, "no YAML"),
    ],
)
def test_what_packs_do_not_use_is_refused_with_its_line(text, line, words):
    with pytest.raises(Unreadable, match=words) as caught:
        load(text)
    assert caught.value.line == line


def test_a_bomb_is_refused_before_it_goes_off():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    with pytest.raises(Unreadable, match="Anchors"):
        load(bomb)


def test_a_huge_file_is_refused():
    with pytest.raises(Unreadable, match="larger"):
        load("a: " + "x" * (2 * 1024 * 1024))


def test_nothing_is_nothing():
    assert load("") == (None, {})
