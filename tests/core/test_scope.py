"""One rule says who may what where; the query builder says exactly the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from core.clock import now
from core.querying import scope_q
from core.scope import NOBODY, Actor, Duty, Ground, Scope, machine, under
from journal.models import Entry

parts = st.sampled_from(["a", "b", "ab", "a_", "a%", "1"])
paths = st.lists(parts, max_size=4).map(".".join)
scopes = st.lists(st.builds(Ground, org=paths, area=paths), max_size=4).map(lambda grounds: Scope(tuple(grounds)))
things = st.lists(st.tuples(paths, paths), min_size=1, max_size=12)


class TheQueryBuilderAgreesWithTheRule(TestCase):
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(scopes, things)
    def test_rows_found_are_the_rows_covered(self, scope, things):
        Entry.objects.bulk_create(
            Entry(kind="test.v1", subject=str(index), actor="t", org=org, area=area, scopes=[], data={}, at=now())
            for index, (org, area) in enumerate(things)
        )
        found = set(Entry.objects.filter(scope_q(scope)).values_list("subject", flat=True))
        assert found == {str(index) for index, (org, area) in enumerate(things) if scope.covers(org, area)}


def test_under_is_equality_or_a_prefix_with_a_dot():
    assert under("449900.449901", "449900.449901")
    assert under("449900.449901.449901001", "449900.449901")
    assert not under("449900.4499011", "449900.449901")
    assert under("anything", "")
    assert not under("", "449900")


def test_an_unlocated_case_belongs_to_the_whole_city_and_to_no_district():
    assert Ground(area="").covers("", "")
    assert Ground(area="449900").covers("", "")
    assert not Ground(area="449900.449901").covers("", "")


def test_a_ground_with_both_needs_both():
    ground = Ground(org="centre.d1", area="c.d1")
    assert ground.covers("centre.d1.parks", "c.d1.s1")
    assert not ground.covers("centre.d2", "c.d1.s1")
    assert not ground.covers("centre.d1", "c.d2")


def test_rights_of_an_actor_hold_only_on_their_grounds():
    actor = Actor("user:7", "Lin", {Duty.DESK: (Ground(org="c.d1"),), "case.see": (Ground(area="x.y"),)}, user_id=7)
    assert actor.may("desk", org="c.d1.z")
    assert not actor.may("desk", org="c.d2")
    assert not actor.may("supervise", org="c.d1")
    assert actor.holds("case.see")
    assert not actor.may("case.see", area="x")
    assert actor.duties("c.d1", "") == {Duty.DESK}
    assert actor.duties("c.d2", "") == frozenset()


def test_nobody_may_nothing_and_an_empty_scope_is_false():
    assert not NOBODY.scope("case.see")
    assert not NOBODY.may("case.see")
    assert not Scope().covers("", "")


def test_a_machine_holds_what_it_was_given_everywhere():
    video = machine("video", "case.report")
    assert video.may("case.report", org="any", area="where.ever")
    assert not video.may("case.see")
    assert video.label == "video"


@pytest.mark.parametrize("duty", list(Duty))
def test_duties_are_spelled_as_permissions(duty):
    assert machine("m", duty).duties("", "") == {duty}
