"""Organisations move with all below them, close, and are looked at as they stood and will stand."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts import actions, selectors
from accounts.models import Grant, Organisation, Plan, Standing
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Ground
from journal.models import Entry
from tests.accounts.factories import CITY, HERE, ROOT, THERE, city, holder, organisation, person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def town():
    clock.set_source(lambda: NOON)
    made = city()
    organisation("bureau", "centre", CITY, kind="department", level="city")
    organisation("team", "bureau", HERE, level="district")
    organisation("gang", "team", HERE, level="district")
    return made


def at(moment):
    clock.set_source(lambda: moment)


def where():
    return dict(Organisation.objects.values_list("code", "path"))


class TestMoving:
    def test_a_subtree_moves_with_everything_below_it_and_the_grants_over_it(self, town):
        boss = holder("boss", "desk", org="team", organisation="gang")
        actions.move_organisation("team", parent="d449901", actor=ROOT)
        assert where()["team"] == "centre.d449901.team"
        assert where()["gang"] == "centre.d449901.team.gang"
        assert boss.grants.get().org == "centre.d449901.team"
        boss.refresh_from_db()
        assert selectors.actor_of(boss).org == "centre.d449901.team.gang"
        assert selectors.actor_of(boss).rights["desk"] == (Ground("centre.d449901.team"),)
        entry = Entry.objects.get(kind="accounts.organisation_moved.v1")
        assert entry.data == {
            "code": "team", "before": "centre.bureau.team", "after": "centre.d449901.team", "organisations": 2,
            "grants": 1,
        }  # fmt: skip

    def test_grants_that_are_over_keep_the_path_that_was_true(self, town):
        boss = holder("boss", "desk", org="team")
        actions.revoke(boss.grants.get().pk, actor=ROOT)
        actions.move_organisation("team", parent="d449901", actor=ROOT)
        assert boss.grants.get().org == "centre.bureau.team"

    def test_nothing_stands_below_itself(self, town):
        for parent in ("bureau", "team", "gang"):
            with pytest.raises(Conflict) as caught:
                actions.move_organisation("bureau", parent=parent, actor=ROOT)
            assert caught.value.code == "accounts.moves_below_itself"
        assert where()["bureau"] == "centre.bureau"
        assert not Plan.objects.exists()

    @pytest.mark.parametrize(
        ("parent", "error", "code"),
        [
            ("bureau", Conflict, "accounts.stands_there_already"),
            ("d449902", Invalid, "accounts.area_outside_parent"),
            ("nowhere", NotFound, "accounts.no_such_organisation"),
        ],
    )
    def test_a_move_that_makes_no_sense_is_refused(self, town, parent, error, code):
        with pytest.raises(error) as caught:
            actions.move_organisation("team", parent=parent, actor=ROOT)
        assert caught.value.code == code
        assert where()["team"] == "centre.bureau.team"

    def test_a_closed_parent_takes_nobody(self, town):
        actions.close_organisation("d449901", actor=ROOT)
        with pytest.raises(Conflict, match="parent_closed"):
            actions.move_organisation("team", parent="d449901", actor=ROOT)

    def test_who_would_judge_their_own_work_after_the_move_stops_it(self, town):
        both = holder("both", "handle", org="team")
        role_supervise = holder("other", "supervise", org="d449901")
        actions.grant(user=both, role="role-other", org="d449901", actor=ROOT)
        with pytest.raises(Conflict) as caught:
            actions.move_organisation("team", parent="d449901", actor=ROOT)
        assert caught.value.code == "accounts.move_makes_conflict"
        assert caught.value.params["person"] == "both"
        assert where()["team"] == "centre.bureau.team"
        assert role_supervise.grants.get().org == "centre.d449901"

    def test_only_an_administrator_of_both_places_moves(self, town):
        half = selectors.actor_of(holder("half", "admin", org="bureau"))
        with pytest.raises(Forbidden):
            actions.move_organisation("team", parent="d449901", actor=half)
        with pytest.raises(Forbidden):
            actions.move_organisation("appearance-449901", parent="bureau", actor=half)


class TestPreview:
    def test_a_preview_tells_what_would_be_and_changes_nothing(self, town):
        holder("boss", "desk", org="team", organisation="gang")
        holder("head", "case.see", org="bureau", organisation="bureau")
        holder("chief", "case.see", org="d449901", organisation="d449901")
        before, entries = where(), Entry.objects.count()
        told = actions.preview_move("team", parent="d449901", actor=ROOT)
        assert (told.before, told.after) == ("centre.bureau.team", "centre.d449901.team")
        assert (told.people, told.grants, told.refusal) == (1, 1, None)
        assert [one.user.username for one in told.gains] == ["chief"]
        assert [one.user.username for one in told.loses] == ["head"]
        assert {row.code for row in told.organisations} == {"team", "gang"}
        assert {one.code for one in told.counted} == {"open_cases", "cameras", "devices"}
        assert (where(), Entry.objects.count(), Plan.objects.count()) == (before, entries, 0)
        assert Standing.objects.filter(valid_until=None).count() == len(before)

    def test_a_preview_names_the_reason_of_a_refusal(self, town):
        told = actions.preview_move("team", parent="gang", actor=ROOT)
        assert told.refusal.code == "accounts.moves_below_itself"


class TestPlans:
    def test_a_move_of_the_future_happens_once_at_its_time(self, town):
        later = NOON + timedelta(days=30)
        plan = actions.move_organisation("team", parent="d449901", at=later, note="机构改革", actor=ROOT)
        assert (plan.state, where()["team"]) == ("planned", "centre.bureau.team")
        assert actions.carry_out_plans() == 0
        at(later)
        assert [actions.carry_out_plans() for _ in range(2)] == [1, 0]
        assert where()["team"] == "centre.d449901.team"
        assert Plan.objects.get().state == "done"
        assert Entry.objects.filter(kind="accounts.organisation_moved.v1").count() == 1

    def test_a_plan_that_cannot_be_carried_out_says_why_and_is_not_tried_again(self, town):
        later = NOON + timedelta(days=30)
        actions.move_organisation("team", parent="d449901", at=later, actor=ROOT)
        actions.close_organisation("d449901", actor=ROOT)
        at(later)
        assert [actions.carry_out_plans() for _ in range(2)] == [1, 0]
        plan = Plan.objects.get(act="move")
        assert (plan.state, plan.refusal["code"]) == ("refused", "accounts.parent_closed")
        assert where()["team"] == "centre.bureau.team"

    def test_a_cancelled_plan_never_happens(self, town):
        plan = actions.move_organisation("team", parent="d449901", at=NOON + timedelta(days=1), actor=ROOT)
        actions.cancel_plan(plan.pk, actor=ROOT)
        at(NOON + timedelta(days=2))
        assert actions.carry_out_plans() == 0
        assert where()["team"] == "centre.bureau.team"
        with pytest.raises(Conflict, match="plan_over"):
            actions.cancel_plan(plan.pk, actor=ROOT)

    def test_one_plan_at_a_time_and_none_for_the_past(self, town):
        actions.move_organisation("team", parent="d449901", at=NOON + timedelta(days=1), actor=ROOT)
        with pytest.raises(Conflict, match="plan_exists"):
            actions.close_organisation("team", actor=ROOT)
        with pytest.raises(Invalid, match="date_is_past"):
            actions.close_organisation("gang", at=NOON - timedelta(days=2), actor=ROOT)


class TestClosing:
    def test_posts_grants_and_coming_shifts_end_and_people_stay(self, town):
        somebody = person("somebody", "gang")
        other = holder("boss", "desk", org="team")
        role = other.grants.get().role.code
        post = actions.create_post(organisation="gang", role=role, actor=ROOT)
        actions.appoint(post.code, user=somebody, actor=ROOT)
        actions.close_organisation("team", actor=ROOT)
        assert not Organisation.objects.filter(code__in=["team", "gang"], active=True).exists()
        assert not Grant.objects.in_force(NOON).filter(user__in=[somebody, other]).exists()
        somebody.refresh_from_db()
        assert (somebody.is_active, somebody.organisation.code) == (True, "gang")
        with pytest.raises(Conflict, match="closed_already"):
            actions.close_organisation("team", actor=ROOT)


class TestAsOf:
    def test_the_tree_is_shown_as_it_stood_stands_and_will_stand(self, town):
        at(NOON + timedelta(days=1))
        actions.move_organisation("team", parent="d449901", actor=ROOT)
        actions.close_organisation("gang", at=NOON + timedelta(days=9), actor=ROOT)
        actions.change_organisation("bureau", names={"zh": "新局", "en": "New bureau"}, actor=ROOT)

        def seen(moment):
            return {node.code: node for node in selectors.tree(moment)}

        past, now, coming = seen(NOON), seen(None), seen(NOON + timedelta(days=10))
        assert past["gang"].path == "centre.bureau.team.gang"
        assert past["bureau"].names["en"] == "Office bureau"
        assert (now["gang"].path, now["gang"].active) == ("centre.d449901.team.gang", True)
        assert now["bureau"].names["en"] == "New bureau"
        assert not coming["gang"].active
        assert seen(NOON - timedelta(days=1)) == {}

    def test_a_move_that_is_planned_is_seen_in_the_tree_of_that_day(self, town):
        actions.move_organisation("team", parent="d449901", at=NOON + timedelta(days=5), actor=ROOT)
        tree = {node.code: node for node in selectors.tree(NOON + timedelta(days=6))}
        assert (tree["team"].parent, tree["gang"].path) == ("d449901", "centre.d449901.team.gang")

    def test_a_search_keeps_the_way_to_what_it_finds(self, town):
        found = selectors.found_in(selectors.tree(), "gang")
        assert [node.code for node in found] == ["centre", "bureau", "team", "gang"]

    def test_former_paths_lead_to_the_present_one(self, town):
        at(NOON + timedelta(days=1))
        actions.move_organisation("team", parent="d449901", actor=ROOT)
        assert selectors.moved_paths() == {
            "centre.bureau.team": "centre.d449901.team",
            "centre.bureau.team.gang": "centre.d449901.team.gang",
        }
        actions.move_organisation("team", parent="bureau", actor=ROOT)
        assert selectors.moved_paths() == {
            "centre.d449901.team": "centre.bureau.team",
            "centre.d449901.team.gang": "centre.bureau.team.gang",
        }


def test_the_area_of_the_other_district_is_no_obstacle_in_the_city(town):
    actions.move_organisation("appearance-449902", parent="bureau", actor=ROOT)
    assert where()["appearance-449902"] == "centre.bureau.appearance-449902"
    assert Organisation.objects.get(code="appearance-449902").area == THERE != HERE
