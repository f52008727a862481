"""Whatever is moved in whatever order: no cycles, paths that agree with parents, and grants that cover the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts import actions, rules, selectors
from accounts.models import Grant, Organisation, Standing
from core.errors import DomainError
from core.scope import under
from tests.accounts.factories import ROOT, organisation, person, role

NAMES = [f"o{number}" for number in range(8)]
SHAPES = st.lists(st.integers(min_value=-1, max_value=6), min_size=7, max_size=7)
MOVES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["", *NAMES])), min_size=1, max_size=6)
PATHS = st.lists(st.sampled_from("abcd"), min_size=1, max_size=4).map(".".join)


@given(PATHS, PATHS, PATHS)
def test_a_path_is_rebased_exactly_where_it_lies_below(path, old, new):
    found = rules.rebased(path, old, new)
    if under(path, old):
        assert under(found, new)
        assert found.removeprefix(new) == path.removeprefix(old)
    else:
        assert found == path


@given(PATHS, PATHS, PATHS)
def test_reach_is_what_covering_before_and_after_say(org, before, after):
    change = rules.reach(org, before, after)
    if under(org, before):
        assert change == ""
    else:
        assert (change == "gains") == (under(after, org) and not under(before, org))
        assert (change == "loses") == (under(before, org) and not under(after, org))


def covered():
    """For each grant, the codes of the organisations that it covers."""
    tree = list(Organisation.objects.values_list("code", "path"))
    return {
        grant.pk: {code for code, path in tree if under(path, grant.org)} for grant in Grant.objects.all() if grant.org
    }


def whole():
    """Paths agree with parents, nobody is their own ancestor, and what is on record is what stands."""
    for row in Organisation.objects.select_related("parent"):
        assert row.path == rules.place_under(row.parent.path if row.parent else "", row.code)
        assert len(set(row.path.split("."))) == len(row.path.split("."))
    now = dict(Standing.objects.filter(valid_until=None).values_list("organisation__code", "path"))
    assert now == dict(Organisation.objects.values_list("code", "path"))


class MovesOfATree(TestCase):
    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(SHAPES, MOVES)
    def test_any_moves_keep_the_tree_a_tree_and_grants_on_their_ground(self, shape, moves):
        organisation(NAMES[0])
        for index, above in enumerate(shape, start=1):
            organisation(NAMES[index], NAMES[min(above, index - 1)] if above >= 0 else "")
        role("sees", "case.see")
        for name in NAMES:
            actions.grant(user=person(f"p-{name}", name), role="sees", org=name, actor=ROOT)
        for code, parent in moves:
            row = Organisation.objects.get(code=code)
            inside = {grant.pk: covered()[grant.pk] for grant in Grant.objects.all() if under(grant.org, row.path)}
            before = dict(Organisation.objects.values_list("code", "path"))
            try:
                actions.move_organisation(code, parent=parent, actor=ROOT)
            except DomainError:
                assert dict(Organisation.objects.values_list("code", "path")) == before
                continue
            whole()
            assert {pk: found for pk, found in covered().items() if pk in inside} == inside
        for code, path in selectors.moved_paths().items():
            assert code != path
            assert code.rpartition(".")[2] == path.rpartition(".")[2]


@pytest.mark.django_db
def test_every_grant_follows_its_own_organisation():
    organisation("a")
    organisation("b")
    organisation("ab", "a")
    role("sees", "case.see")
    for code in ("a", "ab", "b"):
        actions.grant(user=person(f"p-{code}"), role="sees", org=code, actor=ROOT)
    actions.move_organisation("a", parent="b", actor=ROOT)
    assert dict(Grant.objects.values_list("user__username", "org")) == {"p-a": "b.a", "p-ab": "b.a.ab", "p-b": "b"}
