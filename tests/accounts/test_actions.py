"""The verbs of accounts, through their doors, with a database."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts import actions, selectors
from accounts.models import Grant, Organisation, Role, User
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import NOBODY, Ground, machine
from journal.models import Entry
from tests.accounts.factories import CITY, HERE, ROOT, THERE, city, holder, organisation, person, role

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def kinds(subject: str) -> list[str]:
    return list(Entry.objects.filter(subject=subject).order_by("id").values_list("kind", flat=True))


def refused(error, expected, verb, /, **given):
    before = Entry.objects.count()
    with pytest.raises(error) as caught:
        verb(**given)
    assert caught.value.code == expected
    assert Entry.objects.count() == before, "a refusal leaves no entry"


class TestOrganisations:
    def test_an_organisation_knows_its_path(self):
        organisation("centre", area=CITY, kind="centre")
        made = organisation("d449901", "centre", HERE, kind="district_centre", level="district")
        assert made.path == "centre.d449901"
        entry = Entry.objects.get(subject="organisation:d449901")
        assert (entry.kind, entry.org, entry.area) == ("accounts.organisation_created.v1", "centre.d449901", HERE)
        assert entry.scopes == ["city", "d:449901"]

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"code": "a.b"}, "accounts.bad_code"),
            ({"code": ""}, "accounts.bad_code"),
            ({"code": "x\n"}, "accounts.bad_code"),
            ({"code": "x", "area": "449900."}, "accounts.bad_area"),
            ({"code": "x", "area": "hier"}, "accounts.bad_area"),
            ({"code": "x", "level": "planet"}, "accounts.bad_level"),
            ({"code": "x", "names": {"zh": "机构", "en": " "}}, "accounts.name_missing"),
            ({"code": "x", "parent": "centre", "area": "449800"}, "accounts.area_outside_parent"),
            ({"code": "x", "parent": "centre", "area": ""}, "accounts.area_outside_parent"),
            ({"code": "x", "duties": ["Bad Duty"]}, "accounts.bad_code"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, given, code):
        organisation("centre", area=CITY)
        refused(Invalid, code, organisation, **given)
        assert Organisation.objects.count() == 1

    def test_the_same_code_twice_is_a_conflict(self):
        organisation("centre")
        refused(Conflict, "accounts.organisation_exists", organisation, code="centre")

    def test_under_nothing_there_is_nothing(self):
        refused(NotFound, "accounts.no_such_organisation", organisation, code="x", parent="nowhere")

    def test_a_city_does_not_stand_under_a_street(self):
        organisation("street", level="street")
        refused(Invalid, "accounts.level_above_parent", organisation, code="x", parent="street", level="city")

    def test_the_adopted_model_decides_which_kinds_there_are(self):
        kinds = {"centre": {"names": {"zh": "中心", "en": "Centre"}, "levels": ["city"]}}
        actions.adopt_model(kinds, pack="base", actor=ROOT)
        organisation("centre", kind="centre", level="city")
        refused(Invalid, "accounts.unknown_kind", organisation, code="x", kind="department")
        refused(Invalid, "accounts.kind_not_at_level", organisation, code="x", kind="centre", level="street")
        actions.adopt_model({}, pack="base", actor=ROOT)
        organisation("x", kind="department")

    def test_a_change_is_recorded_once_and_no_change_not_at_all(self):
        organisation("cg", duties=["appearance"])
        for _ in range(2):
            actions.change_organisation("cg", duties=["sanitation", "appearance"], actor=ROOT)
        assert selectors.organisation("cg").duties == ["appearance", "sanitation"]
        assert kinds("organisation:cg") == ["accounts.organisation_created.v1", "accounts.organisation_changed.v1"]

    def test_an_administrator_of_a_district_makes_organisations_there_only(self):
        city()
        here = selectors.actor_of(holder("district-admin", "admin", area=HERE))
        made = actions.create_organisation(
            code="new", names={"zh": "新", "en": "New"}, kind="department", level="district",
            parent="d449901", area=HERE, actor=here,
        )  # fmt: skip
        assert made.path == "centre.d449901.new"
        refused(
            Forbidden, "accounts.not_an_administrator", actions.create_organisation, code="other", parent="d449902",
            names={"zh": "新", "en": "New"}, kind="department", level="district", area=THERE, actor=here,
        )  # fmt: skip
        refused(Forbidden, "accounts.not_an_administrator", actions.adopt_model, kinds={}, pack="x", actor=here)

    @pytest.mark.parametrize("actor", [NOBODY, machine("video", "case.report")])
    def test_nobody_else_makes_organisations(self, actor):
        with pytest.raises(Forbidden):
            actions.create_organisation(code="x", names={"zh": "x", "en": "x"}, kind="k", level="city", actor=actor)


class TestResponsibility:
    def test_the_organisation_with_the_duty_nearest_to_the_place_comes_first(self):
        city()
        organisation("city-cg", "centre", CITY, duties=["appearance"])
        place = f"{HERE}.449901001.449901001003"
        assert [o.code for o in selectors.carrying("appearance", place)] == ["appearance-449901", "city-cg"]
        assert [o.code for o in selectors.carrying("appearance", f"{CITY}.449903")] == ["city-cg"]

    def test_switched_off_organisations_are_responsible_for_nothing(self):
        city()
        actions.change_organisation("appearance-449901", active=False, actor=ROOT)
        assert selectors.carrying("appearance", HERE) == []

    def test_an_area_that_only_begins_alike_is_not_covered(self):
        organisation("cg", area="449900.44990", duties=["appearance"])
        assert selectors.carrying("appearance", HERE) == []

    def test_the_tree_below_an_organisation(self):
        city()
        organisation("d4499010")
        codes = [o.code for o in selectors.organisations(under="centre.d449901")]
        assert codes == ["d449901", *(f"{d}-449901" for d in ("appearance", "landscaping", "municipal", "sanitation"))]
        assert [o.code for o in selectors.organisations("centre")] == ["centre"]


class TestPeople:
    def test_nobody_is_born_with_rights(self):
        actor = selectors.actor_of(person())
        assert actor.rights == {}
        assert not selectors.people_with("case.see")

    def test_the_entry_names_nobody(self):
        made = person(label="张三", phone="13812345678")
        entry = Entry.objects.get(subject=f"user:{made.pk}")
        assert entry.data == {"user_id": made.pk, "organisation": "", "active": True}
        assert entry.scopes == [f"user:{made.pk}"]

    def test_a_weak_password_is_refused(self):
        refused(Invalid, "accounts.weak_password", person, password="12345")
        assert not User.objects.exists()

    def test_a_name_is_taken_once(self):
        person()
        refused(Conflict, "accounts.username_taken", person)

    def test_an_inactive_person_is_nobody(self):
        made = holder("somebody", "case.see")
        actions.change_person(made.pk, active=False, actor=ROOT)
        assert selectors.actor_of(User.objects.get()) is NOBODY
        assert selectors.people_with("case.see") == []

    def test_nobody_switches_themselves_off(self):
        made = holder("boss", "admin")
        boss = selectors.actor_of(made)
        refused(
            Forbidden, "accounts.switches_off_self", actions.change_person, user_id=made.pk, active=False, actor=boss
        )

    def test_an_administrator_of_one_district_cannot_take_a_person_of_another(self):
        city()
        here = selectors.actor_of(holder("district-admin", "admin", area=HERE))
        stranger = person("stranger", "d449902")
        refused(
            Forbidden, "accounts.not_an_administrator", actions.change_person,
            user_id=stranger.pk, password="another-long-one-8", actor=here,
        )  # fmt: skip

    def test_the_first_administrator_comes_once(self):
        actions.first_administrator(username="root", password="a-long-password-7", label="Root", actor=ROOT)
        refused(
            Conflict, "accounts.not_the_first", actions.first_administrator,
            username="again", password="a-long-password-7", label="Again", actor=ROOT,
        )  # fmt: skip

    def test_the_language_is_one_of_ours(self):
        actor = selectors.actor_of(person())
        actions.speak("en", actor=actor)
        assert User.objects.get().language == "en"
        refused(Invalid, "accounts.no_such_language", actions.speak, language="tlh", actor=actor)
        refused(Forbidden, "accounts.not_signed_in", actions.speak, language="en", actor=ROOT)


class TestGrants:
    def test_a_grant_gives_the_roles_permissions_over_its_ground(self):
        city()
        made = holder("desk", "desk", "case.see", org="d449901", organisation="d449901")
        actor = selectors.actor_of(made)
        assert actor.key == f"user:{made.pk}"
        assert actor.org == "centre.d449901"
        assert actor.rights == {"case.see": (Ground("centre.d449901"),), "desk": (Ground("centre.d449901"),)}
        assert actor.may("desk", org="centre.d449901.appearance-449901")
        assert not actor.may("desk", org="centre.d449902")
        assert not actor.may("desk")

    def test_the_same_grant_twice_is_one(self):
        made = person()
        role("viewer", "case.see")
        first, second = (actions.grant(user=made, role="viewer", area=HERE, actor=ROOT) for _ in range(2))
        assert first.pk == second.pk
        assert kinds(f"user:{made.pk}").count("accounts.granted.v1") == 1

    def test_handling_and_supervising_the_same_ground_is_refused_with_a_code(self):
        city()
        made = holder("somebody", "supervise", area=HERE)
        role("handler", "handle")
        refused(
            Conflict, "accounts.handles_and_supervises", actions.grant,
            user=made, role="handler", org="appearance-449901", actor=ROOT,
        )  # fmt: skip
        actions.grant(user=made, role="handler", area=THERE, actor=ROOT)
        assert selectors.actor_of(made).may("handle", area=THERE)

    def test_a_grant_that_begins_later_conflicts_already_now(self):
        made = person()
        role("handler", "handle")
        role("leader", "supervise")
        next_week = clock.now() + timedelta(days=7)
        actions.grant(user=made, role="handler", valid_from=next_week, actor=ROOT)
        refused(Conflict, "accounts.handles_and_supervises", actions.grant, user=made, role="leader", actor=ROOT)
        actions.grant(user=made, role="leader", valid_until=next_week, actor=ROOT)

    def test_changing_a_role_cannot_smuggle_in_a_conflict(self):
        made = holder("somebody", "supervise")
        role("helper", "case.see")
        actions.grant(user=made, role="helper", actor=ROOT)
        refused(
            Conflict, "accounts.handles_and_supervises", actions.upsert_role,
            code="helper", names={"zh": "助手", "en": "Helper"}, permissions=["handle"], actor=ROOT,
        )  # fmt: skip

    def test_a_refused_change_of_a_role_leaves_it_as_it_was(self):
        holder("somebody", "supervise")
        with pytest.raises(Conflict):
            role("role-somebody", "supervise", "handle")
        assert Role.objects.get(code="role-somebody").permissions == ["supervise"]

    def test_grants_begin_and_end(self):
        made = person()
        role("viewer", "case.see")
        clock.set_source(lambda: NOON)
        actions.grant(
            user=made,
            role="viewer",
            valid_from=NOON + timedelta(hours=1),
            valid_until=NOON + timedelta(hours=2),
            actor=ROOT,
        )
        seen = []
        for hours in (0, 1, 1.99, 2):
            clock.set_source(lambda hours=hours: NOON + timedelta(hours=hours))
            seen.append(selectors.actor_of(made).may("case.see"))
        assert seen == [False, True, True, False]

    def test_a_grant_does_not_end_before_it_begins(self):
        made = person()
        role("viewer", "case.see")
        refused(
            Invalid, "accounts.ends_before_it_begins", actions.grant,
            user=made, role="viewer", valid_until=clock.now() - timedelta(seconds=1), actor=ROOT,
        )  # fmt: skip

    def test_revoked_means_from_now_on_and_stays_on_record(self):
        made = holder("somebody", "case.see")
        row = Grant.objects.get()
        actions.revoke(row.pk, actor=ROOT)
        actions.revoke(row.pk, actor=ROOT)
        assert selectors.actor_of(made).rights == {}
        row.refresh_from_db()
        assert row.revoked_by == ROOT.key
        assert kinds(f"user:{made.pk}")[-2:] == ["accounts.granted.v1", "accounts.revoked.v1"]

    def test_nobody_grants_to_themselves(self):
        made = holder("boss", "admin")
        role("leader", "supervise")
        refused(
            Forbidden, "accounts.grants_to_self", actions.grant,
            user=made, role="leader", actor=selectors.actor_of(made),
        )  # fmt: skip

    def test_a_district_administrator_grants_within_the_district_only(self):
        city()
        here = selectors.actor_of(holder("district-admin", "admin", area=HERE))
        role("viewer", "case.see")
        made = person()
        actions.grant(user=made, role="viewer", area=f"{HERE}.449901001", actor=here)
        for ground in ({"area": THERE}, {"area": ""}, {"area": CITY}, {"org": "d449901"}):
            refused(
                Forbidden,
                "accounts.not_an_administrator",
                actions.grant,
                user=made,
                role="viewer",
                actor=here,
                **ground,
            )

    def test_an_organisation_may_be_named_by_code_or_path_and_must_exist(self):
        city()
        role("viewer", "case.see")
        made = person()
        assert actions.grant(user=made, role="viewer", org="d449901", actor=ROOT).org == "centre.d449901"
        assert actions.grant(user="somebody", role="viewer", org="centre.d449902", actor=ROOT).org == "centre.d449902"
        for org in ("nowhere", "d449902.d449901", "centre.centre.d449901"):
            refused(
                NotFound, "accounts.no_such_organisation", actions.grant, user=made, role="viewer", org=org, actor=ROOT
            )

    def test_a_retired_role_gives_nothing_and_cannot_be_granted(self):
        made = holder("somebody", "case.see", "admin")
        actions.retire_role("role-somebody", actor=ROOT)
        assert selectors.actor_of(made).rights == {}
        assert not User.objects.get().is_staff
        refused(NotFound, "accounts.no_such_role", actions.grant, user=made, role="role-somebody", actor=ROOT)

    def test_an_unknown_permission_is_refused(self):
        refused(
            Invalid, "accounts.unknown_permission", actions.upsert_role,
            code="x", names={"zh": "x", "en": "x"}, permissions=["rule.the.world"], actor=ROOT,
        )  # fmt: skip

    def test_the_administration_pages_open_by_the_right_admin_everywhere(self):
        assert holder("boss", "admin").is_staff
        assert not holder("district", "admin", area=HERE).is_staff
        assert not holder("other", "supervise").is_staff


class TestWho:
    def test_people_with_a_right_over_a_place(self):
        city()
        holder("everywhere", "collect")
        holder("here", "collect", area=HERE)
        holder("there", "collect", area=THERE)
        holder("elsewhere", "accept")
        assert [p.label for p in selectors.people_with("collect", area=f"{HERE}.1")] == ["everywhere", "here"]
        assert [p.label for p in selectors.people_with("collect")] == ["everywhere"]

    def test_an_actor_costs_one_query_once_the_account_is_known(self, django_assert_num_queries):
        city()
        made = User.objects.select_related("organisation").get(pk=holder("desk", "desk", organisation="centre").pk)
        with django_assert_num_queries(1):
            selectors.actor_of(made)

    def test_whom_we_do_not_know_is_not_found(self):
        with pytest.raises(NotFound):
            selectors.person(0)
        with pytest.raises(NotFound):
            selectors.organisation("x")
        assert selectors.actor_named("x") is NOBODY


class TestDemo:
    def test_one_person_per_role_and_nobody_conflicts(self):
        city()
        for code, permissions in DEMO_ROLES.items():
            role(code, *permissions)
        first = actions.seed_people(actor=ROOT)
        entries = Entry.objects.count()
        assert actions.seed_people(actor=ROOT) == first
        assert Entry.objects.count() == entries, "seeding again changes nothing"
        assert len(first) == len({person.username for person in first}) == 14

    def test_the_desk_belongs_to_its_district_and_cannot_close(self):
        city()
        for code, permissions in DEMO_ROLES.items():
            role(code, *permissions)
        actions.seed_people(actor=ROOT)
        desk, leader = selectors.actor_named("desk"), selectors.actor_named("leader")
        assert desk.may("desk", org="centre.d449901.appearance-449901", area=HERE)
        assert not desk.may("desk", org="centre.d449902.appearance-449902")
        assert not desk.holds("supervise")
        assert leader.may("supervise", area=f"{THERE}.449902001")
        assert leader.may("supervise"), "the unlocated queue belongs to the city centre"

    def test_without_organisations_it_says_what_is_missing(self):
        with pytest.raises(Conflict) as caught:
            actions.seed_people(actor=ROOT)
        assert caught.value.code == "accounts.demo_needs_organisations"


DEMO_ROLES = {
    "collector": ["collect", "case.see"],
    "acceptor": ["accept", "case.see"],
    "shift_leader": ["supervise", "case.see"],
    "city_dispatcher": ["command.city", "case.see"],
    "district_dispatcher": ["command.district", "case.see"],
    "department_desk": ["desk", "case.see"],
    "handler": ["handle", "case.see"],
    "evaluator": ["evaluate", "case.see"],
    "administrator": ["admin"],
    "data_protection": ["person.see", "person.hold", "case.see"],
    "wall_operator": ["wall.see"],
}
