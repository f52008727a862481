"""What a pack may say of a panel: each planted fault is found, with its place and a plain sentence. No database."""

import copy

import pytest

from dashboard.contracts import View
from dashboard.rules import panel_faults, panels_of, usual_panels
from tests.registers.factories import LIBRARY

NAMES = {"zh": "面板", "en": "Panel"}
CASES = {"code": "p", "names": NAMES, "view": "number", "of": "cases"}
DOGS = {"code": "p", "names": NAMES, "view": "number", "of": "records", "register": "dog"}


def faults(*panels, pack="dogs"):
    document = {**LIBRARY().packs[pack].document, "panels": list(panels)}
    known = {
        section: {one["code"]: one for held in LIBRARY().packs.values() for one in held.document.get(section) or ()}
        for section in ("categories", "registers", "asset_types")
    }
    return list(panel_faults(copy.deepcopy(document), known))


@pytest.mark.parametrize(
    ("given", "at", "words"),
    [
        ({**CASES, "view": "bars"}, "0/view", "needs by"),
        ({**CASES, "by": "class"}, "0/by", "has no groups"),
        ({**CASES, "view": "bars", "by": "state"}, "0/by", "not by state"),
        ({**CASES, "view": "curve", "count": "open"}, "0/count", "reported, closed"),
        ({**CASES, "count": "ending"}, "0/count", "open, late"),
        ({**CASES, "view": "map", "count": "closed"}, "0/count", "open, late"),
        ({**CASES, "view": "expiring"}, "0/of", "only records"),
        ({**CASES, "classes": ["E9999"]}, "0/classes/0", "E9999"),
        ({**CASES, "register": "dog"}, "0/register", "is said of records"),
        ({**CASES, "where": {"states": ["registered"]}}, "0/where", "by their classes alone"),
        ({**CASES, "view": "table", "target": {"value": 1, "keep": "most"}}, "0/target", "only a number"),
        ({**DOGS, "register": "cat"}, "0/register", "cat is not among"),
        ({**CASES, "of": "records"}, "0/of", "no register"),
        ({**DOGS, "where": {"states": ["asleep"]}}, "0/where/states/0", "no state asleep"),
        ({**DOGS, "where": {"attributes": {"tail": 1}}}, "0/where/attributes/tail", "not among the attributes"),
        ({**DOGS, "where": {"attributes": {"owner": "林"}}}, "0/where/attributes/owner", "personal"),
        ({**DOGS, "view": "ranking", "by": "attr.phone"}, "0/by", "personal"),
        ({**DOGS, "view": "expiring", "register": "spoil_waybill"}, "0/register", "no term"),
        ({**CASES, "of": "components"}, "0/of", "brings none"),
        ({**CASES, "of": "components", "types": ["unicorn"]}, "0/types/0", "unicorn"),
        ({**CASES, "of": "components", "view": "curve"}, "0/view", "counts nothing"),
    ],
)
def test_each_fault_is_found_where_it_stands(given, at, words):
    found = faults(given)
    assert [place for place, sentence in found if words in sentence] == [at], found


def test_a_list_tells_no_groups_apart_and_a_code_stands_once():
    plates = {**DOGS, "view": "bars", "register": "spoil_permit", "by": "attr.plates"}
    assert "holds lists" in faults(plates)[0][1]
    assert faults(DOGS, DOGS) == [("1/code", "The panel p is written twice.")]


def test_a_pack_with_nothing_of_its_own_has_to_say_which_classes():
    assert faults(CASES, pack="base")[0] == ("0/of", "p: the pack brings none, so the panel says classes.")
    assert faults({**CASES, "classes": ["E0407"]}, pack="base") == []


def test_what_a_panel_leaves_unsaid_is_what_its_view_is_for():
    views = {one.code: one for one in panels_of(LIBRARY().packs["dogs"].document)}
    assert views["ending"].count == "ending"
    assert views["entered"].count == "entered"
    assert views["violations"].classes == ("E0184",), "the class of the cases that its register raises"


def test_a_system_without_panels_shows_its_cases_by_class_and_those_due_first():
    assert [one.view for one in usual_panels(["E0101", "E0102"], [])] == [View.RANKING, View.TABLE]
    assert [one.view for one in usual_panels(["E0101"], [])] == [View.TABLE]
    assert usual_panels([], []) == []
    own = panels_of({"categories": [{"code": "E0101"}], "panels": [{**CASES, "view": "table"}]})
    assert usual_panels(["E0101"], own) == []
