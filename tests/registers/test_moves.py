"""A register whose attributes change: older records stay valid under their version, until moves or people lift them."""

from copy import deepcopy

import pytest
from django.core.management import call_command
from django.test import Client

from core import moves
from core.errors import Invalid
from core.sentences import codes
from packs import actions as packs
from packs.contracts import TOUCHES
from registers import actions
from registers.actions import lifting
from registers.manifest import Registers
from registers.models import Record, RegisterVersion, Turn
from registers.rules import declared_faults
from tests.cases.factories import SETUP
from tests.registers.factories import LIBRARY, actor, document, dog, registered

pytestmark = pytest.mark.django_db
WHY = {"zh": "毛色改称外观，品种按新目录", "en": "Colour is called look; breeds by the new list"}


def newer(*given, **changes):
    """The register of dogs as a later release declares it: `colour` is called `look`, and whatever else changes."""
    one = deepcopy(document("dogs", "dog"))
    rows = one["attributes"]["properties"]
    rows["look"] = rows.pop("colour")
    one["attributes"]["required"] = [
        "look" if name == "colour" else name for name in one["attributes"].get("required", ())
    ]
    one["moves"] = list(given) or [{"code": "look", "why": WHY, "rename": {"colour": "look"}}]
    return {**one, **changes}


def declared(one):
    actions.declare(one, actor=SETUP, pack="dogs")


def row_of(view):
    return Record.objects.select_related("written_under").get(number=view.number)


def test_an_older_record_goes_on_under_its_version_and_is_lifted_when_it_is_saved(town):
    who = actor(town)
    view = registered(who)
    declared(newer())
    held = row_of(view)
    assert (held.written_under.number, held.attributes["colour"]) == (1, "黄白")
    view = actions.take_step("dog", view.number, "renew", actor=who, version=view.version,
                             given={"vaccine_on": "2027-10-01", "vaccine_until": "2028-10-01"})  # fmt: skip
    held = row_of(view)
    assert held.written_under.number == 1, "a step obeys the version that the record was written under"
    assert "look" not in held.attributes
    page = Client(headers={"Accept-Language": "zh-hans"})
    page.force_login(town.people["keeper"])
    form = page.get(f"/registers/dog/{view.number}/edit/").content.decode()
    assert 'name="attr_look"' in form
    assert 'value="黄白"' in form
    actions.amend("dog", view.number, actor=who, version=view.version, given={"dog_name": "圆圆"})
    held = row_of(view)
    assert (held.written_under.number, held.attributes["look"]) == (2, "黄白")
    assert "colour" not in held.attributes
    assert held.turns.order_by("-number").first().changes["colour"] == ["黄白", None]


def test_lifting_moves_every_record_once_and_keeps_the_old_values(town, monkeypatch):
    monkeypatch.setattr(lifting, "BATCH", 2)
    who = actor(town)
    views = [dog(who, chip=f"15600000000000{n}") for n in range(5)]
    declared(newer())
    [told] = actions.lift_records(actor=SETUP)
    assert (told.code, told.moved, told.left) == ("dog", 5, 0)
    for view in views:
        held = row_of(view)
        assert (held.attributes["look"], held.written_under.number, held.version) == ("黄白", 2, view.version + 1)
        turn = held.turns.get(number=2)
        assert (turn.changes["colour"], turn.reason) == (["黄白", None], WHY["zh"])
    assert actions.lift_records(actor=SETUP) == []
    assert Turn.objects.count() == 10, "told again it moves nobody twice"


def test_a_run_that_died_half_way_goes_on_and_moves_nobody_twice(town, monkeypatch):
    monkeypatch.setattr(lifting, "BATCH", 2)
    who = actor(town)
    for n in range(5):
        dog(who, chip=f"15600000000000{n}")
    declared(newer())
    asked = []
    one = lifting._one

    def dying(row, *given):
        asked.append(row.number)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return one(row, *given)

    monkeypatch.setattr(lifting, "_one", dying)
    with pytest.raises(KeyboardInterrupt):
        actions.lift_records(actor=SETUP)
    assert Record.objects.filter(written_under__number=2).count() == 2, "the batch that died is taken back whole"
    monkeypatch.setattr(lifting, "_one", one)
    [told] = actions.lift_records(actor=SETUP)
    assert told.moved == 3
    assert Turn.objects.filter(number=2).count() == 5
    assert not Turn.objects.filter(number=3).exists()


def test_what_would_not_be_sound_stays_under_its_version_and_is_named(town):
    who = actor(town)
    first, second = dog(who), dog(who, chip="156000000000009", colour="黑")
    one = newer()
    one["attributes"]["properties"]["look"] = {"enum": ["黑", "白"], "x-names": {"zh": "外观", "en": "Look"}}
    declared(one)
    [told] = actions.lift_records(actor=SETUP)
    assert (told.moved, told.left, told.example) == (1, 1, first.number)
    assert row_of(first).attributes["colour"] == "黄白"
    assert row_of(second).attributes["look"] == "黑"
    with pytest.raises(Invalid):
        actions.amend("dog", first.number, actor=who, version=first.version, given={"dog_name": "圆圆"})
    actions.amend("dog", first.number, actor=who, version=first.version, given={"look": "白"})
    assert row_of(first).written_under.number == 2


def test_what_has_ended_stays_as_it_was_and_personal_names_are_not_unmasked(town):
    who = actor(town)
    gone, here = dog(who), dog(who, chip="156000000000009")
    actions.take_step("dog", gone.number, "refuse", actor=who, version=gone.version, reason="已送养")
    one = newer({"code": "keeper", "why": WHY, "rename": {"owner": "keeper"}})
    rows = one["attributes"]["properties"]
    rows["keeper"], rows["colour"] = rows.pop("owner"), rows.pop("look")
    one["personal"] = [name for name in one["personal"] if name != "owner"]
    one["titles"] = [name for name in one["titles"] if name != "owner"]
    one["attributes"]["required"] = []
    declared(one)
    [told] = actions.lift_records(actor=SETUP)
    assert (told.moved, told.left, told.example) == (0, 1, here.number)
    assert row_of(gone).written_under.number == 1
    assert "keeper" not in row_of(here).attributes


def test_the_difference_is_told_in_sentences_with_how_many_records_it_touches(town):
    who = actor(town)
    dog(who), dog(who, chip="156000000000009", colour="黑")
    pack = LIBRARY().packs["dogs"].document
    one = next(row for row in pack["registers"] if row["code"] == "dog")
    changed = deepcopy(one)
    rows = changed["attributes"]["properties"]
    rows["look"] = {"enum": ["黑", "白"], "x-names": {"zh": "外观", "en": "Look"}}
    del rows["colour"]
    changed["moves"] = [{"code": "look", "why": WHY, "rename": {"colour": "look"}}]
    registers = [changed if row is one else row for row in pack["registers"]]
    [change] = [row for row in Registers().diff({**pack, "registers": registers}) if row.code == "dog"]
    assert len(change.notes) == 2
    assert "colour" in change.notes[0]
    assert "2" in change.notes[0]
    assert "look" in change.notes[1]
    assert "1" in change.notes[1]


def test_a_rehearsal_tells_what_would_come_of_it_and_changes_nothing(town, capsys):
    packs.apply(["dogs"], actor=SETUP)
    who = actor(town)
    dog(who)
    declared(newer())
    call_command("packs", "apply", "dogs", "--dry-run")
    said = capsys.readouterr().out
    assert "It was taken back" in said
    assert RegisterVersion.objects.filter(register__code="dog").count() == 2
    assert Record.objects.get().written_under.number == 1


@pytest.mark.parametrize(
    ("move", "where", "words"),
    [
        ({}, "moves/0", "does nothing"),
        ({"rename": {"breed": "look"}}, "moves/0/rename/breed", "still among the attributes"),
        ({"rename": {"colour": "hue"}}, "moves/0/rename/colour", "hue is not among"),
        ({"map": {"hue": {"a": "b"}}}, "moves/0/map/hue", "hue is not among"),
        ({"default": {"sex": "other"}}, "moves/0/default/sex", "other is no value of sex"),
        ({"map": {"sex": {"公": "other"}}}, "moves/0/map/sex", "other is no value of sex"),
        ({"drop": ["breed"]}, "moves/0/drop/0", "breed is dropped"),
    ],
)
def test_a_move_that_cannot_be_is_a_fault_where_it_stands(move, where, words):
    one = newer({"code": "look", "why": WHY, **move})
    told = list(declared_faults(one, {"dog": one}, frozenset({"E0184", "E0111"})))
    assert any(at == where and words in sentence for at, sentence in told), told


def test_every_difference_has_a_sentence():
    old = {"properties": {name: {"type": "string"} for name in "abcde"}}
    new = {"properties": {"A": {"type": "string"}, "b": {"enum": ["x"]}, "e": {"type": "string"}, "f": {}},
           "required": ["e"]}  # fmt: skip
    told = [{"code": "m", "why": WHY, "rename": {"a": "A"}, "drop": ["c"], "map": {"b": {"y": "x"}}}]
    kinds = {one.kind for one in moves.compared(old, new, told)}
    assert kinds == {"added", "renamed", "removed", "dropped", "mapped", "needed", "narrowed"}
    assert kinds == TOUCHES.keys()
    assert set(TOUCHES.values()) <= codes()


def test_moves_are_gone_through_in_order_and_only_by_what_did_not_know_them():
    first = {"code": "a", "why": WHY, "rename": {"x": "y"}, "map": {"y": {"1": "one"}}}
    second = {"code": "b", "why": WHY, "rename": {"y": "z"}, "default": {"w": 0}, "drop": ["v"]}
    assert moves.moved({"x": "1", "v": 2}, [first, second]) == {"z": "one", "w": 0}
    assert moves.pending({"moves": [first]}, {"moves": [first, second]}) == [second]
    assert moves.renamed([first, second]) == {"x": "z"}
    assert moves.moved({"y": ["1", "2"]}, [first]) == {"y": ["one", "2"]}
