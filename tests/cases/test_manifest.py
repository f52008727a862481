"""What packs say to cases: checked in sentences, compared without writing, applied without deleting."""

import copy
from typing import Any

import pytest

from cases import selectors
from cases.manifest import Categories, RequestRules, Responsibilities, StepsModels
from cases.models import Category, Responsibility, StepsModel
from cases.rules import VERBS
from core.scope import machine
from packs.contracts import handlers
from tests.cases.factories import Town, category, ground, signer

ACTOR = machine("packs", "admin")
LEVELS = {verb: ["city"] for verb in VERBS}


def pack(**changes: Any) -> dict[str, Any]:
    """A pack that is right in every part."""
    return {
        "code": "good",
        "categories": [category(), category("E0110")],
        "responsibilities": [{"duty": "appearance", "kind": "department", "by": "district"}],
        "organisation_model": [{"code": "department"}],
        "steps_model": {"model": "one", "names": {}, "levels": LEVELS, "post_limits": {"reported": {}, "total": {}}},
        **changes,
    }


def sentences(handler: Any, given: dict[str, Any], **library: dict[str, Any]) -> list[str]:
    return [problem.sentence for problem in handler.check(given, {given["code"]: given, **library})]


def test_the_sections_are_plugged_in():
    assert {"categories", "responsibilities", "steps_model"} <= set(handlers())


@pytest.mark.parametrize("handler", [Categories(), Responsibilities(), StepsModels()])
def test_a_good_pack_has_no_problem(handler):
    assert sentences(handler, pack()) == []
    assert sentences(handler, {"code": "empty"}) == []


def test_the_last_signature_of_no_chain_is_waived():
    plain, waived = [signer("supervise")], [signer("desk", waived=True)]
    rule = {"kind": "extension", "askers": ["desk"], "chain": plain, "grounds": [ground("weather")]}
    assert sentences(RequestRules(), pack(request_rules=[rule])) == []
    for bad in ({"chain": waived}, {"again": waived}, {"grounds": [{**ground("weather"), "chain": waived}]}):
        told = sentences(RequestRules(), pack(request_rules=[{**rule, **bad}]))
        assert told == ["The last signature of extension cannot be waived."], bad


def broken(**changes: Any) -> list[dict[str, Any]]:
    return [category(**changes), category("E0110")]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (pack(categories=[category(), category()]), "E0407 is written twice."),
        (pack(categories=broken(major="05")), "The class E0407 must be called E0507."),
        (pack(categories=broken(kind="component")), "The class E0407 must be called C0407."),
        (
            pack(categories=broken(department={"by": "area", "duty": "gas"})),
            "The class E0407: nobody answers for the duty gas.",
        ),
        (pack(categories=broken(conditions=[category()["conditions"][0]] * 2)), "a is written twice."),
    ],
)
def test_faults_of_classes_are_told_in_sentences(given, told):
    assert told in sentences(Categories(), given)


def test_a_class_stands_in_one_pack_only():
    assert sentences(Categories(), pack(), other=pack(code="other"))[0] == "E0407 is also in other."


def test_faults_of_responsibilities():
    rows = [{"duty": "appearance", "kind": "guild", "by": "district"}] * 2
    assert sentences(Responsibilities(), pack(responsibilities=rows)) == [
        "appearance is written twice.",
        "No organisation model has the kind guild.",
        "No organisation model has the kind guild.",
    ]


def test_faults_of_the_model_of_steps():
    model = {"model": "x", "names": {}, "levels": {**LEVELS, "fly": ["city"]}, "post_limits": {"closed": {}}}
    del model["levels"]["close"]
    assert sentences(StepsModels(), pack(steps_model=model)) == [
        "The verb close is missing: say which levels may use it.",
        "fly is not a verb of the workflow.",
        "closed is not a stage that a post keeps a case in.",
    ]


def changes(given: dict[str, Any]) -> list[tuple[str, str]]:
    """What would change in the sections of cases."""
    found = [handler.diff(given) for handler in (Categories(), Responsibilities(), StepsModels())]
    return [(change.what, change.code) for section in found for change in section]


def apply(given: dict[str, Any]) -> None:
    for handler in (Categories(), Responsibilities(), StepsModels()):
        handler.apply(given, ACTOR)


@pytest.mark.django_db
def test_what_diff_says_is_what_apply_does():
    assert changes(pack()) == [("add", "E0407"), ("add", "E0110"), ("add", "appearance"), ("add", "one")]
    assert Category.objects.count() == 0
    apply(pack())
    assert changes(pack()) == []
    changed = copy.deepcopy(pack())
    changed["categories"] = [category(auto_register=True)]
    changed["steps_model"]["warn_share"] = 0.5
    assert changes(changed) == [("change", "E0407"), ("retire", "E0110"), ("change", "one")]
    apply(changed)
    assert changes(changed) == []
    rows = [(row.code, row.version, row.valid_until is None, row.retired) for row in Category.objects.all()]
    assert rows == [
        ("E0110", 1, False, False), ("E0110", 2, True, True), ("E0407", 1, False, False), ("E0407", 2, True, False)
    ]  # fmt: skip
    assert changes(pack()) == [("change", "E0407"), ("revive", "E0110"), ("change", "one")]
    apply(pack())
    assert selectors.category("E0110") is not None
    assert StepsModel.objects.filter(in_force=True).count() == 1


@pytest.mark.django_db
def test_one_model_of_steps_is_in_force():
    apply(pack())
    apply(pack(steps_model={"model": "two", "names": {}, "levels": LEVELS}))
    assert list(StepsModel.objects.filter(in_force=True).values_list("code", flat=True)) == ["two"]
    apply({"code": "other"})
    assert selectors.steps_model().code == "two"


def test_the_classes_of_another_pack_stay(town: Town) -> None:
    apply(pack(code="other", categories=[category("E0301")], responsibilities=[]))
    assert [row.code for row in selectors.categories()] == ["C0101", "E0110", "E0301", "E0407", "E0506"]
    assert Responsibility.objects.filter(retired=False).count() == 1
