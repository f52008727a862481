"""What grants mean together, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.forms.roles import PERMISSION_NAMES
from accounts.rules import (
    INCOMPATIBLE,
    PERMISSIONS,
    GrantFacts,
    area_allowed,
    child_level_allowed,
    conflicts,
    grounds_overlap,
    model_refusal,
    rights_of,
    unknown_permissions,
)
from core.scope import Ground, Scope

T0 = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)


def held(*permissions, org="", area="", since=T0, until=None, role="r"):
    return GrantFacts(role, frozenset(permissions), Ground(org, area), since, until)


def codes(*grants):
    return [clash.code for clash in conflicts(grants)]


@pytest.mark.parametrize(("one", "other", "code"), INCOMPATIBLE)
def test_who_does_the_work_never_judges_it(one, other, code):
    assert codes(held(one), held(other)) == [code]
    assert codes(held(other), held(one)) == [code]
    assert codes(held(one, other)) == [code], "one role that holds both is refused as well"


def test_a_department_below_the_supervised_organisation_overlaps_with_it():
    assert codes(held("supervise", org="centre"), held("handle", org="centre.d1.cg")) == [
        "accounts.handles_and_supervises"
    ]


def test_siblings_do_not_overlap_even_where_one_name_begins_with_the_other():
    assert codes(held("supervise", org="centre.d1"), held("handle", org="centre.d10")) == []
    assert codes(held("supervise", area="449900.449901"), held("handle", area="449900.449902")) == []


def test_an_organisation_here_and_an_area_there_do_overlap():
    assert codes(held("supervise", area="449900"), held("handle", org="centre.d1.cg")) == [
        "accounts.handles_and_supervises"
    ], "a case of that department may well lie in that area"


def test_grants_that_are_never_in_force_together_do_not_conflict():
    before = held("supervise", until=T0 + DAY)
    assert codes(before, held("handle", since=T0 + DAY)) == [], "an end is exclusive"
    assert codes(before, held("handle", since=T0 + DAY - timedelta(seconds=1))) == ["accounts.handles_and_supervises"]


def test_supervising_and_evaluating_together_is_allowed():
    assert codes(held("supervise", "evaluate", "accept")) == []


def test_only_grants_in_force_give_rights():
    grants = [held("handle", since=T0 + DAY), held("collect", until=T0), held("accept")]
    assert set(rights_of(grants, T0)) == {"accept"}
    assert set(rights_of(grants, T0 + DAY)) == {"accept", "handle"}


def test_a_ground_inside_another_is_left_out():
    grants = [held("case.see", area="449900.449901"), held("case.see", area="449900"), held("case.see", org="centre.x")]
    assert rights_of(grants, T0) == {"case.see": (Ground("", "449900"), Ground("centre.x", ""))}


PATHS = st.lists(st.sampled_from(["1", "2", "10"]), max_size=4).map(".".join)
GROUNDS = st.builds(Ground, PATHS, PATHS)


@given(st.lists(GROUNDS, max_size=6), PATHS, PATHS)
def test_leaving_out_narrow_grounds_never_changes_what_is_covered(grounds, org, area):
    kept = rights_of([held("case.see", org=g.org, area=g.area) for g in grounds], T0).get("case.see", ())
    assert Scope(kept).covers(org, area) == Scope(tuple(grounds)).covers(org, area)
    assert set(kept) <= set(grounds)


@given(GROUNDS, GROUNDS, PATHS, PATHS)
def test_grounds_that_cover_the_same_case_overlap(a, b, org, area):
    if area and a.covers(org, area) and b.covers(org, area):
        assert grounds_overlap(a, b)
        assert grounds_overlap(b, a)


def test_a_slip_of_the_pen_is_no_permission():
    assert unknown_permissions(["case.see", "case.sea"]) == ["case.sea"]
    assert unknown_permissions(PERMISSIONS) == []


def test_nothing_stands_above_its_parent():
    assert child_level_allowed("city", "community")
    assert child_level_allowed("district", "district"), "a department beside the centre of its district"
    assert not child_level_allowed("street", "district")


def test_a_child_serves_part_of_what_its_parent_serves():
    assert area_allowed("449900", "449900.449901")
    assert area_allowed("", "449900")
    assert not area_allowed("449900.449901", "449900.449902")
    assert not area_allowed("449900.449901", ""), "everywhere is more than a district"


def test_the_model_says_which_kind_stands_where():
    model = {"centre": ("city",)}
    assert model_refusal({}, "anything", "street") == ""
    assert model_refusal(model, "centre", "city") == ""
    assert model_refusal(model, "centre", "district") == "accounts.kind_not_at_level"
    assert model_refusal(model, "guild", "city") == "accounts.unknown_kind"


def test_the_role_editor_offers_every_permission_so_that_saving_a_role_loses_none():
    assert set(PERMISSION_NAMES) == PERMISSIONS
