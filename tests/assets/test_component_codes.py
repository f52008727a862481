"""The plan of component codes: how many digits they have is data, read by imports, the register and the census."""

import pytest
from django.db import DataError, IntegrityError, transaction
from django.test import Client

from assets import actions, selectors
from assets.contracts import ComponentPlan
from assets.manifest import ComponentCodes
from assets.models import Asset, PlanOfComponentCodes
from assets.rules import class_of, component_code, is_component_code
from assets.sentences import listed
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.scope import machine
from grid import actions as grid
from journal.models import Entry
from packs.contracts import Problem
from tests.accounts.factories import holder
from tests.assets.factories import ADMIN, put, row, types
from tests.grid.factories import put_map
from tests.grid.test_code_plans import OLD

pytestmark = pytest.mark.django_db
STANDARD = {"standard": "GB/T 30428.2", "edition": "2013", "digits": 16}
WIDE = {"standard": "地方标准", "edition": "2026", "digits": 18}
LAMP_1 = "449901013700000001"


@pytest.fixture
def wide():
    """A city whose standard numbers components with eight digits."""
    put_map()
    types()
    actions.save_component_plan(WIDE, actor=ADMIN)


def refused(code: str, kind: type[DomainError], verb, *args, **given) -> DomainError:
    with pytest.raises(kind) as caught, transaction.atomic():
        verb(*args, **given)
    assert caught.value.code == code
    return caught.value


def test_without_any_plan_codes_are_those_of_the_national_standard():
    assert selectors.component_plan() == ComponentPlan("GB/T 30428.2", "2013", 16, 6)
    assert (selectors.component_plan().numbers, selectors.component_plan().most) == (6, 999_999)


def test_a_city_of_wider_codes_takes_them_in_and_refuses_those_of_sixteen_digits_with_a_sentence(wide):
    report = put(row(LAMP_1), row("4499010137000001"))
    assert (report.created, len(report.refused)) == (1, 1)
    [told] = listed(report.refused)
    assert "4499010137000001 不是 18 位部件标识码（地方标准-2026）" in told
    assert selectors.asset(LAMP_1, actor=ADMIN).type == "street_light"
    assert Asset.objects.count() == 1


def test_new_components_get_the_next_code_of_the_citys_width(wide):
    put(row(LAMP_1))
    lamp = {name: row()[name] for name in ("lon", "lat")}
    made = actions.create(actor=ADMIN, of_type="street_light", given=lamp, reason="新装", another=True)
    assert made.code == "449901013700000002"
    Asset.objects.filter(code=made.code).update(code="449901013799999999")
    used_up = refused(
        "assets.numbers_used_up", Conflict, actions.create,
        actor=ADMIN, of_type="street_light", given=lamp, reason="新装",
    )  # fmt: skip
    assert used_up.params["district"] == "449901"


def test_the_pages_and_programs_find_a_component_by_its_long_code(wide):
    put(row(LAMP_1))
    client = Client()
    client.force_login(holder("boss", "admin", "case.see"))
    assert client.get(f"/components/{LAMP_1}/").status_code == 200
    assert client.get(f"/api/components/{LAMP_1}").json()["code"] == LAMP_1


def test_a_plan_that_components_would_not_fit_is_refused_and_the_old_one_stays():
    put_map()
    types()
    put(row())
    error = refused("assets.code_plan_in_use", Conflict, actions.save_component_plan, WIDE, actor=ADMIN)
    assert error.params == {"count": 1, "digits": 18, "was": 16}
    assert selectors.component_plan() == ComponentPlan()
    assert not PlanOfComponentCodes.objects.exists()
    actions.save_component_plan({**STANDARD, "edition": "2030"}, actor=ADMIN)
    assert selectors.component_plan().edition == "2030"


def test_a_removed_component_keeps_its_code_and_is_asked_too():
    put_map()
    types()
    put(row(state="removed"))
    refused("assets.code_plan_in_use", Conflict, actions.save_component_plan, WIDE, actor=ADMIN)


def test_the_plan_of_the_city_goes_before_that_of_a_pack_and_a_default_comes_last():
    actions.save_component_plan({**STANDARD, "default": True}, actor=ADMIN, pack="base")
    actions.save_component_plan(WIDE, actor=ADMIN, pack="aacity")
    actions.save_component_plan({**WIDE, "digits": 20}, actor=ADMIN)
    assert selectors.component_plan().digits == 20
    actions.drop_component_plan(actor=ADMIN)
    actions.drop_component_plan(actor=ADMIN, pack="aacity")
    assert selectors.component_plan().digits == 16
    told = Entry.objects.filter(kind="assets.code_plan_saved.v1").order_by("pk")
    assert [one.data["digits"] for one in told] == [18, 20, 18, 16]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"digits": 11}, "assets.code_plan_digits"),
        ({"digits": 21}, "assets.code_plan_digits"),
        ({"digits": True}, "assets.code_plan_digits"),
        ({"digits": "16"}, "assets.code_plan_digits"),
        ({"standard": " "}, "assets.code_plan_standard"),
        ({"edition": "x" * 41}, "assets.code_plan_standard"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(given, code):
    refused(code, Invalid, actions.save_component_plan, {**STANDARD, **given}, actor=ADMIN)
    assert not PlanOfComponentCodes.objects.exists()


def test_only_an_administrator_says_how_codes_are_built():
    other = machine("other", "component.edit")
    refused("assets.not_admin", Forbidden, actions.save_component_plan, WIDE, actor=other)
    refused("assets.not_admin", Forbidden, actions.drop_component_plan, actor=other)


def test_the_database_itself_keeps_letters_out_of_codes():
    put_map()
    types()
    put(row())
    for code in ("449901013700000x", "123", "1" * 25):
        with pytest.raises((IntegrityError, DataError)) as caught, transaction.atomic():
            Asset.objects.update(code=code)
        assert "assets_asset_code_shape" in str(caught.value) or "too long" in str(caught.value)


def test_a_pack_brings_its_plan_once_and_takes_it_away():
    pack = {"code": "base", "component_codes": {**WIDE, "default": True, "source": "somewhere"}}
    section = ComponentCodes()
    assert [change.what for change in section.diff(pack)] == ["add"]
    section.apply(pack, ADMIN)
    assert selectors.component_plan().digits == 18
    assert section.diff(pack) == []
    pack["component_codes"]["digits"] = 17
    assert [dict(change.fields) for change in section.diff(pack)] == [{"digits": (18, 17)}]
    section.apply({"code": "base"}, ADMIN)
    assert not PlanOfComponentCodes.objects.exists()


def test_two_packs_of_one_rank_and_impossible_digits_are_faults_of_a_pack():
    mine, theirs = {"code": "mine", "component_codes": STANDARD}, {"code": "theirs", "component_codes": WIDE}
    base = {"code": "base", "component_codes": {**STANDARD, "default": True}}
    assert ComponentCodes().check(mine, {"mine": mine, "base": base}) == []
    found = ComponentCodes().check(mine, {"mine": mine, "theirs": theirs})
    assert [one.code for one in found] == ["assets.code_plan_twice"]
    short = {"code": "mine", "component_codes": {**STANDARD, "digits": 11}}
    assert [one.code for one in ComponentCodes().check(short, {})] == ["assets.code_plan_digits"]
    four = {**short, "code_plan": {**OLD, "district": 4}, "component_codes": {**STANDARD, "digits": 11}}
    assert ComponentCodes().check(four, {}) == [], "districts of four digits leave three for the number"
    assert all(isinstance(one, Problem) for one in found)


def test_a_code_begins_with_a_district_of_the_width_that_the_grid_has():
    grid.save_code_plan({**OLD, "district": 4, "street": 6, "community": 8, "cell": 10}, actor=ADMIN)
    plan = selectors.component_plan()
    assert component_code("4499", "0137", 7, plan) == "4499013700000007"
    assert class_of("4499013700000007", plan) == "0137"


@pytest.mark.parametrize("code", ["", "449901013700000000", "44990101370000001", "44990101370000000１", LAMP_1 + "0"])
def test_what_has_other_digits_or_counts_from_nothing_is_no_code(code):
    assert not is_component_code(code, ComponentPlan(digits=18))
    assert is_component_code(LAMP_1, ComponentPlan(digits=18))
