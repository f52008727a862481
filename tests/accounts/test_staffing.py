"""Posts, contracts, crews, rosters: who is where, and nobody where they must not be."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts import actions, selectors
from accounts.actions import Wish
from accounts.models import Watch
from core import clock
from core.errors import Conflict, DomainError, Forbidden
from core.scope import Ground
from journal.models import Entry
from tests.accounts.factories import HERE, ROOT, city, holder, organisation, person, role

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
SHIFTS = {
    "day": {"names": {"zh": "早班", "en": "Day"}, "hours": "08:00-16:00"},
    "evening": {"names": {"zh": "中班", "en": "Evening"}, "hours": "16:00-00:00"},
    "night": {"names": {"zh": "夜班", "en": "Night"}, "hours": "00:00-08:00"},
    "long": {"names": {"zh": "长班", "en": "Long"}, "hours": "20:00-09:00"},
}


@pytest.fixture
def town():
    clock.set_source(lambda: NOON)
    made = city()
    role("desk", "desk", "case.see")
    role("shift_leader", "supervise", "case.see")
    return made


@pytest.fixture
def shifts(town):
    actions.adopt_shifts(SHIFTS, pack="base", actor=ROOT)


def at(moment):
    clock.set_source(lambda: moment)


def refused(code, verb, /, *args, **given):
    before = Entry.objects.count()
    with pytest.raises(DomainError) as caught:
        verb(*args, **given)
    assert caught.value.code == code
    assert Entry.objects.count() == before, "a refusal leaves no entry"
    return caught.value


class TestPosts:
    def test_holding_a_post_gives_its_role_and_leaving_it_takes_it(self, town):
        post = actions.create_post(organisation="appearance-449901", role="desk", actor=ROOT)
        somebody = person("somebody", "appearance-449901")
        assert not selectors.actor_of(somebody).holds("desk")
        held = actions.appoint(post.code, user=somebody, actor=ROOT)
        ground = Ground("centre.d449901.appearance-449901", HERE)
        assert selectors.actor_of(somebody).rights["desk"] == (ground,)
        at(NOON + timedelta(hours=1))
        actions.leave_post(held.pk, actor=ROOT)
        assert not selectors.actor_of(somebody).holds("desk")

    def test_two_posts_that_would_judge_each_other_are_refused_by_name(self, town):
        desk = actions.create_post(organisation="appearance-449901", role="desk", actor=ROOT,
                                   names={"zh": "市容调度", "en": "Desk"})  # fmt: skip
        leader = actions.create_post(organisation="centre", role="shift_leader", actor=ROOT,
                                     names={"zh": "值班长", "en": "Leader"})  # fmt: skip
        both = person("both", "centre")
        actions.appoint(leader.code, user=both, actor=ROOT)
        error = refused("accounts.desk_and_supervises", actions.appoint, desk.code, user=both, actor=ROOT)
        assert {error.params["first"], error.params["second"]} == {
            "市容调度 (机构appearance-449901)",
            "值班长 (机构centre)",
        }
        assert both.grants.count() == 1

    def test_one_may_follow_the_other_in_time(self, town):
        desk = actions.create_post(organisation="appearance-449901", role="desk", actor=ROOT)
        leader = actions.create_post(organisation="centre", role="shift_leader", actor=ROOT)
        both, later = person("both", "centre"), NOON + timedelta(days=30)
        actions.appoint(leader.code, user=both, valid_until=later, actor=ROOT)
        actions.appoint(desk.code, user=both, valid_from=later, actor=ROOT)
        assert both.grants.count() == 2

    def test_a_post_that_is_given_up_has_nobody_in_it(self, town):
        post = actions.create_post(organisation="centre", role="shift_leader", actor=ROOT)
        somebody = person("somebody", "centre")
        actions.appoint(post.code, user=somebody, actor=ROOT)
        actions.change_post(post.code, active=False, actor=ROOT)
        assert not selectors.actor_of(somebody).holds("supervise")
        refused("accounts.post_closed", actions.appoint, post.code, user=somebody, actor=ROOT)

    def test_a_local_administrator_does_not_fill_posts_elsewhere(self, town):
        post = actions.create_post(organisation="appearance-449902", role="desk", actor=ROOT)
        local = selectors.actor_of(holder("local", "admin", org="d449901", organisation="d449901"))
        with pytest.raises(Forbidden):
            actions.appoint(post.code, user=person("somebody"), actor=local)
        assert not selectors.administered_posts(local).exists()


class TestContractors:
    @pytest.fixture
    def firm(self, town):
        organisation("firm", "d449901", HERE, kind="contractor", level="district")
        return actions.create_post(organisation="firm", role="desk", actor=ROOT)

    def test_grants_end_with_the_contract_and_follow_its_end(self, firm):
        worker = person("worker", "firm")
        refused("accounts.no_contract", actions.appoint, firm.code, user=worker, actor=ROOT)
        ends = NOON + timedelta(days=100)
        contract = actions.make_contract("firm", number="HT-1", valid_from=NOON, valid_until=ends, actor=ROOT)
        assert actions.appoint(firm.code, user=worker, actor=ROOT).valid_until == ends
        longer = ends + timedelta(days=10)
        actions.end_contract_on(contract.pk, until=longer, actor=ROOT)
        assert worker.grants.get().valid_until == longer
        actions.end_contract_on(contract.pk, until=NOON + timedelta(days=1), actor=ROOT)
        at(NOON + timedelta(days=1))
        assert not selectors.actor_of(worker).holds("desk")

    def test_two_contracts_at_one_time_and_a_contract_of_a_department_are_refused(self, firm):
        given = {"number": "HT", "valid_from": NOON, "valid_until": NOON + timedelta(days=9), "actor": ROOT}
        actions.make_contract("firm", **given)
        refused("accounts.contracts_overlap", actions.make_contract, "firm", **given)
        refused("accounts.not_a_contractor", actions.make_contract, "d449901", **given)

    def test_a_crew_has_its_members_and_one_leader(self, firm):
        first, second = person("first", "firm"), person("second", "firm")
        crew = actions.create_crew(organisation="firm", code="crew-1", names={"zh": "一班", "en": "One"}, actor=ROOT)
        actions.join_crew(crew.code, user_id=first.pk, leads=True, actor=ROOT)
        actions.join_crew(crew.code, user_id=second.pk, leads=True, actor=ROOT)
        led = {one.user.username: one.leads for one in selectors.members_of([crew.code])}
        assert led == {"first": False, "second": True}
        stranger = person("stranger", "d449902")
        refused("accounts.not_of_the_staff", actions.join_crew, crew.code, user_id=stranger.pk, actor=ROOT)
        actions.leave_crew(crew.code, user_id=first.pk, actor=ROOT)
        actions.change_crew(crew.code, active=False, actor=ROOT)
        assert not selectors.members_of([crew.code]).exists()


class TestRosters:
    def test_a_week_is_saved_as_a_whole_and_tells_who_is_on_duty(self, shifts):
        somebody = person("somebody", "centre", phone="13800000001")
        actions.save_roster("centre", week=MONDAY, wishes=[Wish(somebody.pk, MONDAY, "day")], actor=ROOT)
        (found,) = selectors.on_duty()
        assert (found.label, found.shift, found.until) == ("somebody", "day", NOON + timedelta(hours=4))
        assert selectors.on_duty("centre.d449901") == []
        assert selectors.on_duty(at=found.until) == [], "an end is exclusive"
        actions.save_roster("centre", week=MONDAY, wishes=[], actor=ROOT)
        assert not Watch.objects.exists()
        counts = [e.data for e in Entry.objects.filter(kind="accounts.roster_changed.v1").order_by("id")]
        assert [(one["added"], one["removed"]) for one in counts] == [(1, 0), (0, 1)]

    def test_nobody_has_two_shifts_at_once_across_midnight_or_across_organisations(self, shifts):
        somebody, tuesday = person("somebody", "appearance-449901"), MONDAY + timedelta(days=1)
        night = [Wish(somebody.pk, MONDAY, "long"), Wish(somebody.pk, tuesday, "day")]
        refused("accounts.shifts_overlap", actions.save_roster, "d449901", week=MONDAY, wishes=night, actor=ROOT)
        actions.save_roster("d449901", week=MONDAY, wishes=night[:1], actor=ROOT)
        refused("accounts.shifts_overlap", actions.save_roster, "appearance-449901", week=MONDAY,
                wishes=[Wish(somebody.pk, tuesday, "night")], actor=ROOT)  # fmt: skip
        assert Watch.objects.count() == 1

    def test_evening_then_night_is_one_after_the_other(self, shifts):
        somebody = person("somebody", "centre")
        wishes = [Wish(somebody.pk, MONDAY, "evening"), Wish(somebody.pk, MONDAY + timedelta(days=1), "night")]
        assert len(actions.save_roster("centre", week=MONDAY, wishes=wishes, actor=ROOT)) == 2

    def test_last_week_is_copied_but_for_who_has_left(self, shifts):
        stays, leaves = person("stays", "centre"), person("leaves", "centre")
        wishes = [Wish(who.pk, MONDAY, "day") for who in (stays, leaves)]
        actions.save_roster("centre", week=MONDAY, wishes=wishes, actor=ROOT)
        actions.change_person(leaves.pk, active=False, actor=ROOT)
        week = MONDAY + timedelta(days=7)
        copied = actions.copy_week("centre", week=week, actor=ROOT)
        assert [(row.user.username, row.day) for row in copied] == [("stays", week)]
        assert len(actions.copy_week("centre", week=week, actor=ROOT)) == 1
        refused("accounts.no_last_week", actions.copy_week, "d449901", week=week, actor=ROOT)

    def test_strangers_unknown_shifts_and_other_weeks_are_refused(self, shifts):
        somebody, other = person("somebody", "centre"), person("other")
        for code, wish in (
            ("accounts.not_of_the_staff", Wish(other.pk, MONDAY, "day")),
            ("accounts.no_such_shift", Wish(somebody.pk, MONDAY, "never")),
            ("accounts.day_outside_week", Wish(somebody.pk, MONDAY + timedelta(days=7), "day")),
        ):
            refused(code, actions.save_roster, "centre", week=MONDAY, wishes=[wish], actor=ROOT)


def test_a_link_to_set_a_password_is_good_once(client, town):
    made = person("somebody", "centre", password=None)
    (invited,) = actions.invite([made.pk], actor=ROOT)
    page = client.get(invited.path, follow=True)
    address = page.redirect_chain[-1][0]
    answer = client.post(address, {"password1": "a-long-password-7", "password2": "a-long-password-7"})
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.check_password("a-long-password-7")
    client.logout()
    again = client.get(invited.path, follow=True)
    assert b'name="password1"' not in again.content
    actions.change_person(made.pk, active=False, actor=ROOT)
    with pytest.raises(Conflict):
        actions.invite([made.pk], actor=ROOT)
