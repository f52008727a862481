"""Whatever is refused has a sentence in both languages: no code reaches a person bare."""

import ast
import re

import pytest
from django.utils import translation
from jsonschema import Draft202012Validator

from accounts.rules import PERMISSIONS
from core import sentences
from exchange.contracts.messages import occasions
from exchange.contracts.sendings import SendingState
from tests.architecture import codes
from tests.architecture.source import Source, sources

# Begin like a code and are none.
OTHERS = {
    "case.age": "a word of the wall",
    "evaluation.note_news": "a reader of the journal",
    "paper.css": "a file of style",
    "journal.recorded": "a channel of Redis",
    "journal.numbered": "a channel of Redis",
}
# Put together from what no literal tells; the test that makes each of them.
PUT_TOGETHER = {
    "sending.state.*": "test_every_state_of_a_sending_has_a_sentence",
    "schema.*": "test_every_keyword_of_json_schema_has_a_sentence",
    "case.needs_*": "tests/cases/test_rules.py::test_whatever_a_guard_says_has_a_sentence",
    "case.needs_approved_*": "tests/cases/test_rules.py::test_whatever_a_guard_says_has_a_sentence",
    "case.needs_photo_*": "tests/cases/test_rules.py::test_whatever_a_guard_says_has_a_sentence",
    "case.needs_video_*": "tests/cases/test_rules.py::test_a_clip_is_needed_where_the_class_says_so",
    "case.unknown_*": "tests/cases/test_rules.py::test_whatever_a_guard_says_has_a_sentence",
    "case.not_a_*": "tests/cases/test_rules.py::test_whatever_a_guard_says_has_a_sentence",
}


def looked_at() -> list[Source]:
    """Ours, without the sentences themselves."""
    return [source for source in sources(*codes.LOOKED_AT) if "sentences" not in source.parts]


def errors() -> frozenset[str]:
    return codes.error_classes(looked_at())


def raised() -> list[codes.Said]:
    names = errors()
    return [said for source in looked_at() for said in codes.raised(source, names)]


def prefixes() -> frozenset[str]:
    """How codes begin: those that are raised, and those that have a sentence."""
    return frozenset(code.split(".")[0] for code in {said.code for said in raised()} | sentences.codes())


def everything_said() -> list[codes.Said]:
    heads, others = prefixes(), {*OTHERS, *PERMISSIONS, *occasions()}
    passing = [said for source in looked_at() for said in codes.in_passing(source, heads, others)]
    made = [said for said in codes.assembled(looked_at(), heads) if isinstance(said, codes.Said)]
    return [*raised(), *passing, *made]


def told(found: set[str]) -> str:
    return "\n".join(["", *sorted(found)]) if found else "none"


def test_every_code_has_a_sentence():
    said = everything_said()
    assert len({one.code for one in said}) > 200, "the test sees the codes"
    known = sentences.codes()
    assert told({f"{one.place}: {one.code}" for one in said if one.code not in known}) == "none"


def test_codes_put_together_are_made_by_a_test_that_asks_for_their_sentences():
    made = codes.assembled(looked_at(), prefixes())
    found = {one.pattern: one.place for one in made if isinstance(one, codes.Assembled)}
    assert told({f"{place}: {pattern}" for pattern, place in found.items() if pattern not in PUT_TOGETHER}) == "none"
    assert set(PUT_TOGETHER) - set(found) == set(), "nothing stands in the table that is not in the source"


def test_every_state_of_a_sending_has_a_sentence():
    assert {f"sending.state.{state}" for state in SendingState} - sentences.codes() == set()


def test_every_keyword_of_json_schema_has_a_sentence():
    assert {f"schema.{keyword}" for keyword in Draft202012Validator.VALIDATORS} - sentences.codes() == set()


def test_a_sentence_asks_for_nothing_that_is_not_given():
    places = re.compile(r"%\((\w+)\)")
    with translation.override("en"):
        faults = {
            f"{one.place}: {one.code} lacks {missing}"
            for one in raised()
            if one.given is not None and one.code in sentences.codes()
            for missing in set(places.findall(sentences.raw(one.code))) - one.given
        }
    assert told(faults) == "none"


def test_nothing_is_excused_that_is_not_there():
    texts = {node.value for source in looked_at() for node in ast.walk(source.tree) if isinstance(node, ast.Constant)}
    assert set(OTHERS) - texts == set()


# ---- the test of the test


def source(text: str, path: str = "cases/actions/x.py") -> Source:
    return Source(path, text, ast.parse(text))


ERRORS = frozenset({"DomainError", "Invalid", "Odd"})


@pytest.mark.parametrize(
    "text",
    [
        'raise Invalid("new.thing")',
        'raise errors.Invalid("new.thing", given=1)',
        'raise Odd("new.thing") from error',
        'raise Invalid("new.thing" if late else "case.stale")',
        'refused = DomainError(*["new.thing"])',
    ],
)
def test_a_planted_code_is_found_where_an_error_is_made(text):
    assert "new.thing" in {said.code for said in codes.raised(source(text), ERRORS)}


def test_what_an_error_is_derived_from_may_lie_far_away():
    planted = [source("class Odd(core.errors.Conflict): pass"), source("class Conflict(DomainError): pass")]
    assert codes.error_classes(planted) == {"DomainError", "Conflict", "Odd"}


@pytest.mark.parametrize(
    "text",
    [
        'def f():\n    return "case.hidden"',
        'refuse("case.hidden")',
        'REASONS = {1: "case.hidden"}',
        'yield TypeProblem("case.hidden", {})',
        'reason: str = "case.hidden"',
    ],
)
def test_a_planted_code_is_found_on_its_way(text):
    assert [said.code for said in codes.in_passing(source(text), {"case"}, ())] == ["case.hidden"]


@pytest.mark.parametrize(
    "text",
    [
        'log.info("case.hidden")',
        '@on("case.closed.v1", as_="case.mark")\ndef f(): ...',
        'x = "cases.models"',
        'x = "Look at case.hidden now."',
        'from packs.contracts import Problem\nProblem("case.hidden", sentence, path)',
    ],
)
def test_what_is_no_code_is_left_alone(text):
    assert list(codes.in_passing(source(text), {"case", "cases"}, ())) == []


def test_a_code_put_together_is_filled_with_what_its_maker_is_called_with():
    maker = source(
        'def no(code):\n    return Refusal(f"case.{code}")\n\nno("late" if x else "early")\nno(f"needs_{x}")\nno(y)\n'
    )
    found = list(codes.assembled([maker], {"case"}))
    assert [one.code for one in found if isinstance(one, codes.Said)] == ["case.late", "case.early"]
    assert {one.pattern for one in found if isinstance(one, codes.Assembled)} == {"case.needs_*", "case.*"}
