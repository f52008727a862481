"""Lists of registers are found by indexes: what a list narrows by, and every word of two letters."""

import json
from importlib import import_module

import pytest
from django.db import connection

from core.errors import Forbidden
from registers import actions, selectors
from registers.models import Record, Register
from registers.selectors.records import said
from tests.cases.factories import SETUP
from tests.registers.factories import actor, document, dog, registered

pytestmark = pytest.mark.django_db


def listed(town, **asked):
    _version, declared = selectors.known("dog", actor(town))
    return selectors.records(declared, {name.replace("_", ".", 1): one for name, one in asked.items()}, actor(town))


def planned(rows, *, along="on"):
    """The names of the indexes that the plan uses, where a small table must not be read from end to end.

    With `along` "off" not along an index either, which costs next to nothing where nothing stands: only by conditions.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = {along}")
    plan = str(json.loads(rows.explain(format="json"))).replace("'", '"')
    return {part.split('"')[0] for part in plan.split('Index Name": "')[1:]}


def test_every_column_of_a_list_has_an_index_and_what_a_pack_drops_loses_it(town):
    first = registered(actor(town), tag="A-1")
    registered(actor(town), tag="A-2", chip="156000000000002")
    connection.check_constraints()
    made, gone = actions.keep_indexes(actor=SETUP)
    dogs = [name for name in made if name.startswith(f"registers_record_hot_{Register.objects.get(code='dog').pk}_")]
    assert (len(dogs), gone) == (3, [])
    rows = listed(town, attr_tag="A-1")
    assert [row.number for row in rows] == [first.number]
    assert planned(rows.order_by("-pk")) & set(dogs)
    assert listed(town, attr_banned="true").count() == 0
    assert listed(town, attr_sex="female").count() == 2
    actions.declare({**document("dogs", "dog"), "columns": ["tag"]}, actor=SETUP, pack="dogs")
    new, old = actions.keep_indexes(actor=SETUP)
    assert (new, len(old), set(old) < set(dogs)) == ([], 2, True)
    actions.retire(["dog"], actor=SETUP)
    assert len(actions.keep_indexes(actor=SETUP)[1]) == 1
    with pytest.raises(Forbidden):
        actions.keep_indexes(actor=actor(town))


def test_words_of_two_letters_are_found_by_their_index_in_any_case_and_nothing_else_is(town):
    first = dog(actor(town), breed="Corgi 柯基", chip="156000000000001")
    dog(actor(town), breed="金毛", dog_name="长%寿", chip="156000000000002")
    for words, many in (
        ("柯基", 1),
        ("cORG", 1),
        ("corgx", 0),
        ("基柯", 0),
        ("%寿", 1),
        ("寿", 1),
        (first.number[:9], 2),
    ):
        assert listed(town, q=words).count() == many, words
    found = selectors.records_found("柯基", actor(town))
    assert [row.number for row in found] == [first.number]
    assert "registers_pairs" in str(found.query), "the search asks as the list does"
    assert "registers_record_pairs" in planned(Record.objects.filter(said("柯基")), along="off")
    assert Record.objects.count() == 2


def test_what_a_cut_short_upgrade_left_is_begun_anew():
    upgrade = import_module("registers.migrations.0003_words_found")
    beside = "CONCURRENTLY "
    connection.check_constraints()
    with connection.cursor() as cursor:
        for statement in (upgrade.UNFINISHED, upgrade.PAIRS, upgrade.INDEX):
            cursor.execute(statement.replace(beside, ""))
        cursor.execute("SELECT registers_pairs('aB柯'), to_regclass('registers_record_pairs') IS NOT NULL")
        assert cursor.fetchone() == (["AB", "B柯"], True)
