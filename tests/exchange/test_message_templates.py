"""What people are told: shipped by a pack, made a city's own, every version kept, no change lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier

import pytest
from django.db import connection

from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.scope import NOBODY
from exchange import actions, selectors
from exchange.contracts.messages import occasions
from exchange.manifest import MessageTemplates
from exchange.models import MessageTemplate
from exchange.rules.messages import differences, is_quiet, template_faults, written
from journal.models import Entry
from packs import actions as packs
from packs.adapters.library import read_library
from tests.cases.factories import SETUP
from tests.packs.factories import ROOT, copied
from tests.packs.test_check import found, spoil

CODE = "case.assigned"
OURS = {
    "titles": {"zh": "派给您 {number}", "en": "Yours: {number}"},
    "bodies": {"zh": "请办理。", "en": "Please handle."},
}


def base() -> dict:
    return read_library().packs["base"].document


def test_places_are_filled_in_the_language_of_the_text_and_missing_ones_are_a_dash():
    values = {"class": {"zh": "暴露垃圾", "en": "Refuse"}, "number": {"zh": "7"}}
    texts = {"zh": "{class} {number} {due}", "en": "{class} {number} {due}"}
    assert written(texts, values) == {"zh": "暴露垃圾 7 —", "en": "Refuse 7 —"}


@pytest.mark.parametrize(
    ("titles", "bodies", "codes"),
    [
        (OURS["titles"], OURS["bodies"], []),
        ({"zh": "题"}, OURS["bodies"], ["message.length"]),
        ({"zh": "题" * 121, "en": "t"}, OURS["bodies"], ["message.length"]),
        (OURS["titles"], {"zh": "{phone}", "en": "{"}, ["message.strange_place"] * 2),
    ],
)
def test_what_is_wrong_with_a_template_is_said(titles, bodies, codes):
    assert [fault.code for fault in template_faults(occasions()[CODE], titles, bodies)] == codes


@pytest.mark.parametrize(
    ("begins", "ends", "now", "quiet"),
    [
        (None, None, time(3), False), (time(22), time(7), time(23), True), (time(22), time(7), time(6, 59), True),
        (time(22), time(7), time(7), False), (time(12), time(14), time(12), True),
        (time(12), time(14), time(14), False),
        (time(9), time(9), time(9), False),
    ],
)  # fmt: skip
def test_quiet_hours_may_go_past_midnight_and_do_not_hold_their_end(begins, ends, now, quiet):
    assert is_quiet(now, begins, ends) is quiet


def test_the_example_of_every_occasion_fills_every_place_in_both_languages():
    for occasion in occasions().values():
        assert set(occasion.names) == {"zh", "en"}
        for language in ("zh", "en"):
            assert all(occasion.example(language).values()), occasion.code


def test_a_place_that_nothing_fills_is_found_in_a_pack_with_its_line(tmp_path):
    root = copied(tmp_path)
    line = spoil(root, "base/pack.yaml", 'zh: "新案件：{class}"', 'zh: "新案件：{phone}"')
    (problem,) = found(root, "base")
    assert (problem.code, problem.file, problem.line - line) == ("message.strange_place", "library/base/pack.yaml", -1)
    assert "phone" in problem.sentence
    spoil(root, "base/pack.yaml", "occasion: case.assigned", "occasion: case.signed")
    assert {one.code for one in found(root, "base")} == {"message.strange_place", "message.no_occasion"}


@pytest.mark.django_db
def test_the_base_pack_brings_a_template_for_every_occasion_and_again_changes_nothing():
    packs.apply(["base"], actor=ROOT)
    assert all(entry.in_use and entry.row.pack == "base" for entry in selectors.templates())
    assert not any(entry.row.differs for entry in selectors.templates())
    before = MessageTemplate.objects.count()
    assert MessageTemplates().diff(base()) == []
    packs.apply(["base"], actor=ROOT)
    assert MessageTemplate.objects.count() == before


@pytest.mark.django_db
def test_what_a_city_says_stays_when_the_pack_is_applied_again_and_can_be_taken_back():
    packs.apply(["base"], actor=ROOT)
    said = selectors.template(CODE).texts
    row = actions.save_template(CODE, **OURS, seen=1, actor=SETUP)
    assert (row.version, row.differs, row.says) == (2, True, OURS)
    changed = [{**one, "bodies": {"zh": "新", "en": "new"}} if one["occasion"] == CODE else one
               for one in base()["message_templates"]]  # fmt: skip
    MessageTemplates().apply({**base(), "message_templates": changed}, SETUP)
    held = selectors.template(CODE).row
    assert (held.version, held.says, held.said["bodies"]) == (2, OURS, {"zh": "新", "en": "new"})
    assert said["bodies"] != held.said["bodies"]
    back = actions.reset_template(CODE, seen=2, actor=SETUP)
    assert (back.version, back.differs, back.bodies) == (3, False, {"zh": "新", "en": "new"})
    assert [row.version for row in selectors.template_versions(CODE)] == [3, 2, 1]
    assert Entry.objects.filter(kind="message.template_changed.v1", subject=f"template:{CODE}").count() == 3


@pytest.mark.django_db
def test_a_template_that_the_pack_no_longer_names_is_retired_and_comes_back_with_it():
    packs.apply(["base"], actor=ROOT)
    fewer = [one for one in base()["message_templates"] if one["occasion"] != CODE]
    MessageTemplates().apply({**base(), "message_templates": fewer}, SETUP)
    assert not selectors.template(CODE).in_use
    assert selectors.template_in_force(CODE) is None
    assert [str(one.what) for one in MessageTemplates().diff(base())] == ["revive"]
    MessageTemplates().apply(base(), SETUP)
    assert selectors.template_in_force(CODE).version == 3


@pytest.mark.django_db
def test_a_change_that_has_not_seen_the_newest_version_is_refused_and_changes_nothing():
    first = actions.save_template(CODE, **OURS, seen=0, actor=SETUP)
    assert actions.save_template(CODE, **OURS, seen=1, actor=SETUP) == first, "the same again is no version"
    with pytest.raises(Stale) as refused:
        actions.save_template(CODE, titles={"zh": "甲", "en": "A"}, bodies=OURS["bodies"], seen=0, actor=SETUP)
    assert refused.value.params == {"seen": 0, "current": 1}
    assert selectors.template(CODE).texts == OURS


@pytest.mark.django_db
def test_a_stranger_an_unknown_occasion_and_a_strange_place_are_refused():
    with pytest.raises(Forbidden):
        actions.save_template(CODE, **OURS, seen=0, actor=NOBODY)
    with pytest.raises(NotFound):
        actions.save_template("no.such", **OURS, seen=0, actor=SETUP)
    with pytest.raises(Invalid) as refused:
        actions.save_template(CODE, titles={"zh": "{电话}", "en": "x"}, bodies=OURS["bodies"], seen=0, actor=SETUP)
    assert refused.value.params["names"] == "电话"
    with pytest.raises(Conflict):
        actions.reset_template(CODE, seen=0, actor=SETUP)
    assert not MessageTemplate.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", [0, 1])
def test_of_two_who_save_in_the_same_moment_one_wins_and_the_other_is_told(first):
    if first:
        actions.save_template(CODE, **OURS, seen=0, actor=SETUP)
    together = Barrier(2)

    def save(word: str) -> str:
        together.wait()
        try:
            actions.save_template(CODE, titles={"zh": word, "en": word}, bodies=OURS["bodies"], seen=first, actor=SETUP)
        except Stale:
            return "stale"
        finally:
            connection.close()
        return word

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(save, ("A", "B")))
    assert answers in (["A", "stale"], ["B", "stale"])
    held = selectors.template(CODE)
    assert (held.version, held.texts["titles"]["en"]) == (first + 1, answers[0])


def test_what_two_versions_say_differently_is_told_title_first():
    other = {"titles": OURS["titles"], "bodies": {"zh": "请办理。", "en": "Go."}}
    assert differences(OURS, other) == [("bodies", "en", "Please handle.", "Go.")]
    assert len(differences({}, OURS)) == 4
