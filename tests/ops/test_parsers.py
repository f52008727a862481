"""JSON from outside: what would break further in is refused at the door, with a code and a sentence."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityops import parsers
from cityops.sentences import SENTENCES
from core.errors import Invalid

REFUSED = [
    (b"[" * 100_000, "json.too_deep"),
    (b'{"a":' * 33 + b"1" + b"}" * 33, "json.too_deep"),
    (b'{"a": "\\u0000"}', "json.nul"),
    (b'{"\\u0000": 1}', "json.nul"),
    (b'["\\ud800"]', "json.surrogate"),
    (b'{"\\udfff": 1}', "json.surrogate"),
    (b'{"a": NaN}', "json.not_a_number"),
    (b"[-Infinity]", "json.not_a_number"),
    (b"[1e400]", "json.not_a_number"),
    (b"[" + b"9" * 5000 + b"]", "json.number_too_long"),
    (b"[" + b"1" * 4300 + b"]", "json.number_too_long"),
    (b'"' + b"x" * parsers.MAX_BYTES + b'"', "json.too_big"),
    (b"\xff\xfe", "json.not_utf8"),
    (b"", "json.malformed"),
    (b'{"a": 1', "json.malformed"),
    (b"{'a': 1}", "json.malformed"),
]


@pytest.mark.parametrize(("raw", "code"), REFUSED)
def test_dangerous_json_is_refused_with_a_code_that_has_a_sentence(raw, code):
    with pytest.raises(Invalid) as refusal:
        parsers.load(raw)
    assert refusal.value.code == code
    assert refusal.value.status == 400
    assert str(SENTENCES[code]) % refusal.value.params


def test_ordinary_json_arrives_as_it_was_sent():
    value = {"text": "占道经营 😀", "deep": [[[{"a": [1, 2.5, None, True]}]]], "brackets": "[[[[{{{{" * 50}
    assert parsers.load(json.dumps(value).encode()) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc\"\\[{"), inner),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_whatever_can_be_stored_is_let_through_unchanged(value):
    raw = json.dumps(value).encode()
    if parsers.depth_of(raw.decode()) <= parsers.MAX_DEPTH:
        assert parsers.load(raw) == value


@given(st.binary(max_size=200))
def test_no_bytes_bring_the_parser_down(raw):
    with suppress(Invalid):
        parsers.load(raw)
