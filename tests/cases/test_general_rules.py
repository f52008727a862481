"""The city's own general rules: replayed, saved, in force before the pack's, ended; in the browser and for programs."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions import change_organisation, create_user, grant, upsert_role
from cases import actions, selectors
from cases.manifest import Responsibilities
from cases.models import Case, Responsibility
from core import clock
from core.errors import Conflict, Forbidden, Invalid, Stale
from core.versions import version_of
from journal.models import Entry
from tests.accounts.factories import holder
from tests.cases.conftest import Time
from tests.cases.factories import AREA_HERE, AREA_THERE, CITY, HERE, SETUP, Town, brought_to, names

BUREAU = f"d{HERE}-appearance"
JSON, API, PAGE = "application/json", "/api/responsibility/general", "/responsibility/general/"
OF = f"{API}/appearance"
GIVEN = {"duty": "appearance", "names": names("市容", "Appearance"), "kind": "centre", "by": "city",
         "reason": "市中心直管"}  # fmt: skip
CHANGE = {key: value for key, value in GIVEN.items() if key != "duty"}
FORM = {"zh": "市容", "en": "Appearance", "kind": "centre", "by": "city", "reason": "市中心直管"}
LITTER = {"duty": "litter", "names": names("垃圾", "Litter"), "kind": "department", "by": "district", "reason": "新设"}


@pytest.fixture
def town(town: Town) -> Town:
    """The town, whose centre carries the duty as well: of a kind that only a rule of the city names."""
    change_organisation("centre", duties=["appearance"], actor=SETUP)
    return town


@pytest.fixture
def boss(town: Town) -> Client:
    """An administrator of the whole city, as browser and as program."""
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(holder("root", "admin", "case.see"))
    return client


def who(area: str = AREA_HERE) -> str:
    return selectors.responsible("E0407", area).organisation


def last_word() -> str:
    return version_of(selectors.general_told(selectors.general_rule("appearance").newest))


def saved(**changes):
    row = actions.draft_general(actor=SETUP, **{**GIVEN, **changes})
    seal = selectors.replay_general(row).seal
    return actions.save_general(row, actor=SETUP, seen=seal, version=last_word())


def ended(pk, **more):
    return actions.end_general(pk, actor=SETUP, reason="结束", seen=selectors.replay_general_end(pk).seal, **more)


def refused(code: str, kind: type, act) -> None:
    with pytest.raises(kind) as error:
        act()
    assert error.value.code == code


def own() -> list[Responsibility]:
    return list(selectors.city_rules())


def pack_says(**changes):
    row = {"duty": "appearance", "kind": "department", "by": "district", **changes}
    return {"code": "test", "responsibilities": [row]}


# ---- what counts


def test_the_citys_word_beats_the_packs_everywhere_and_says_why(boss):
    row = saved()
    assert (who(AREA_HERE), who(AREA_THERE)) == ("centre", "centre")
    page = boss.get("/responsibility/?major=E04").content.decode()
    assert f"按本市自定的一般规则 {row.pk} 负责：市中心直管" in page
    assert f'href="{PAGE}of/appearance/"' in page
    [told] = boss.get("/api/responsibility?major=E04").json()["rows"]
    assert (told["duty"]["by"], told["duty"]["own"]) == ("city", row.pk)
    assert [square["answers"][0]["responsible"] for square in told["squares"]] == ["centre", "centre"]
    answer = boss.get("/api/responsible?category=E0407&lon=116.7005&lat=23.3605").json()
    assert answer["responsible"]["code"] == "centre"
    assert [line["code"] for line in answer["why"]] == ["class_duty", "own_rule", "nearest", "arbiter"]


def test_a_special_rule_still_comes_before_the_citys_general_one(town):
    saved()
    special = actions.draft_override(actor=SETUP, category_code="E0407", area=f"{CITY}.{HERE}", organisation=BUREAU,
                                     reason="区里熟悉")  # fmt: skip
    actions.save_override(special, actor=SETUP, seen=selectors.replay_save(special).seal)
    assert (who(AREA_HERE), who(AREA_THERE)) == (BUREAU, "centre")


def test_a_rule_of_the_city_makes_and_mends_holes_and_conflicts(boss):
    saved(kind="district_centre", by="district")
    found = boss.get("/api/responsibility/faults").json()
    assert {one["category"] for one in found["holes"]} == {"C0101", "E0110", "E0407", "E0506"}
    assert {one["why"]["code"] for one in found["holes"]} == {"no_organisation"}
    saved()
    assert boss.get("/api/responsibility/faults").json()["holes"] == []


def test_applying_a_pack_again_neither_overwrites_the_citys_word_nor_loses_its_own(town):
    row, handler = saved(), Responsibilities()
    assert [(one.what, one.code) for one in handler.diff(pack_says())] == [("keep", "appearance")]
    newer = pack_says(by="street")
    assert [(one.what, one.code) for one in handler.diff(newer)] == [("change", "appearance"), ("keep", "appearance")]
    handler.apply(newer, SETUP)
    assert who() == "centre"
    assert [one.pk for one in own()] == [row.pk]
    entry = selectors.general_rule("appearance")
    assert (entry.rule.pk, entry.pack.by, entry.differs) == (row.pk, "street", True)
    ended(row.pk)
    assert (selectors.rules_in_force()["appearance"].by, who()) == ("street", BUREAU)


def test_a_pack_that_is_gone_leaves_the_citys_rule_standing(town):
    row = saved()
    Responsibilities().apply({"code": "test"}, SETUP)
    assert who() == "centre"
    ended(row.pk)
    assert selectors.responsible("E0407", AREA_HERE).why["reason"] == "no_rule"


def test_a_duty_of_the_citys_own_can_be_named_by_a_class_as_soon_as_it_has_a_rule(town):
    row = actions.draft_general(actor=SETUP, **LITTER)
    assert "litter" not in selectors.duties()
    actions.save_general(row, actor=SETUP, seen=selectors.replay_general(row).seal)
    assert selectors.duties()["litter"] == names("垃圾", "Litter")


# ---- replay, history, dates


def test_the_replay_names_the_cases_of_every_class_of_the_duty_and_what_ends(town):
    here, litter = brought_to(town, "registered"), brought_to(town, "registered", category="E0110")
    old = brought_to(town, "registered")
    Case.objects.filter(number=old.number).update(registered_at=clock.now() - timedelta(days=31))
    replay = selectors.replay_general(actions.draft_general(actor=SETUP, **GIVEN))
    assert (replay.total, {one.number for one in replay.moved}) == (2, {here.number, litter.number})
    assert {(one.before, one.after) for one in replay.moved} == {(BUREAU, "centre")}
    assert replay.instead == ()
    row = saved()
    again = selectors.replay_general(actions.draft_general(actor=SETUP, **{**GIVEN, "kind": "department"}))
    assert (again.instead, len(again.moved)) == ((row.pk,), 2)
    assert {(one.before, one.after) for one in selectors.replay_general_end(row.pk).moved} == {("centre", BUREAU)}


def test_nothing_is_saved_or_ended_that_was_not_looked_at(town):
    row = actions.draft_general(actor=SETUP, **GIVEN)
    seal, version = selectors.replay_general(row).seal, last_word()
    brought_to(town, "registered")
    for seen in (seal, "", "guess"):
        refused("responsibility.look_again", Conflict,
                lambda seen=seen: actions.save_general(row, actor=SETUP, seen=seen, version=version))  # fmt: skip
    assert own() == []
    assert not Entry.objects.filter(kind__startswith="responsibility.general").exists()
    held = saved()
    refused("responsibility.look_again", Conflict,
            lambda: actions.end_general(held.pk, actor=SETUP, reason="x", seen=seal))  # fmt: skip
    assert who() == "centre"


def test_the_journal_says_what_counted_before_and_after(town):
    row = saved()
    made = Entry.objects.get(kind="responsibility.general_changed.v1")
    assert (made.subject, made.data["rule_id"], made.data["reason"]) == (
        "general_rule:appearance",
        row.pk,
        "市中心直管",
    )
    assert (made.data["before"]["source"], made.data["before"]["level"]) == ("test", "district")
    assert (made.data["after"]["source"], made.data["after"]["level"]) == ("city", "city")
    ended(row.pk)
    over = Entry.objects.get(kind="responsibility.general_ended.v1").data
    assert (over["before"]["kind"], over["after"]["kind"], over["reason"]) == ("centre", "department", "结束")


def test_a_rule_to_come_waits_for_its_day_is_not_run_over(time: Time, town):
    day = clock.now() + timedelta(days=3)
    row = saved(valid_from=day)
    assert who() == BUREAU
    refused("responsibility.general_follows", Conflict, lambda: saved(kind="department", valid_from=clock.now()))
    for_now = saved(kind="district_centre", valid_from=clock.now(), valid_until=day)
    assert (who(), selectors.general_rule("appearance").rule.pk) == ("", for_now.pk)
    time.pass_by(days=3)
    assert (who(), selectors.general_rule("appearance").rule.pk) == ("centre", row.pk)


def test_a_rule_that_is_withdrawn_before_it_begins_leaves_all_as_it_was(time: Time, town):
    row = saved()
    later = saved(kind="department", by="district", valid_from=clock.now() + timedelta(days=2))
    row.refresh_from_db()
    assert (row.valid_until, selectors.general_rule("appearance").newest) == (later.valid_from, later)
    ended(later.pk)
    assert selectors.general_rule("appearance").to_come == ()
    at_once = saved(kind="department", by="district", valid_until=clock.now() + timedelta(days=1))
    assert (who(), at_once.before_id) == (BUREAU, row.pk), "what was withdrawn is in nobody's way"
    time.pass_by(days=2)
    assert who() == BUREAU, "the pack's word counts again"
    assert {one.pk: one.state_at(clock.now()) for one in own()} == dict.fromkeys((row.pk, later.pk, at_once.pk), "over")


def test_the_rule_whose_place_a_withdrawn_one_would_have_taken_goes_on(time: Time, town):
    row = saved()
    ended(saved(kind="department", by="district", valid_from=clock.now() + timedelta(days=2)).pk)
    time.pass_by(days=3)
    assert (who(), selectors.general_rule("appearance").rule.pk) == ("centre", row.pk)


def test_a_rule_that_goes_on_gives_way_to_the_one_behind_the_withdrawn_one(time: Time, town):
    row, day = saved(), clock.now()
    first, second = (saved(kind="department", by="district", valid_from=day + timedelta(days=n)) for n in (2, 4))
    ended(first.pk)
    row.refresh_from_db()
    assert row.valid_until == second.valid_from
    ended(second.pk)
    row.refresh_from_db()
    assert row.valid_until is None


def test_a_rule_ends_on_a_day_that_was_given_and_no_later_than_it_would(time: Time, town):
    row = saved(valid_until=clock.now() + timedelta(days=9))
    refused("responsibility.ends_anyway", Invalid, lambda: ended(row.pk, ends=clock.now() + timedelta(days=10)))
    refused("responsibility.in_the_past", Invalid, lambda: ended(row.pk, ends=clock.now() - timedelta(days=1)))
    ended(row.pk, ends=clock.now() + timedelta(days=2))
    assert who() == "centre"
    time.pass_by(days=2)
    assert who() == BUREAU
    refused("responsibility.general_over", Conflict, lambda: ended(row.pk))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"duty": "Ämter"}, "responsibility.bad_duty"),
        ({"names": {"zh": "市容"}}, "responsibility.needs_names"),
        ({"names": names("市" * 61, "x")}, "responsibility.needs_names"),
        ({"kind": "ghosts"}, "responsibility.unknown_kind"),
        ({"arbiter": ["ghosts"]}, "responsibility.unknown_kind"),
        ({"by": "planet"}, "responsibility.unknown_level"),
        ({"cooperating": ["appearance"]}, "responsibility.helps_itself"),
        ({"cooperating": ["no_such"]}, "class.unknown_duty"),
        ({"reason": " "}, "case.needs_reason"),
    ],
)
def test_a_wrong_general_rule_is_refused_with_a_sentence(town, changes, code):
    refused(code, Invalid, lambda: actions.draft_general(actor=SETUP, **{**GIVEN, **changes}))


def test_only_an_administrator_of_the_whole_city_changes_general_rules(town):
    upsert_role(code="near", names=names("区管", "Near"), permissions=["admin"], actor=SETUP)
    user = create_user(username="near", password="a town of tests 7", label="Near", organisation="centre", actor=SETUP)
    grant(user=user, role="near", area=f"{CITY}.{HERE}", actor=SETUP)
    near = Client()
    near.force_login(user)
    answer = near.put(OF, {**CHANGE, "dry_run": True}, JSON, headers={"If-Match": f'"{last_word()}"'})
    assert (answer.status_code, answer.json()["code"]) == (403, "responsibility.not_city")
    assert near.post(f"{PAGE}of/appearance/", {**FORM, "act": "look"}).status_code == 403
    row = saved()
    refused("responsibility.not_city", Forbidden, lambda: actions.end_general(
        row.pk, actor=town.actor("leader"), reason="x", seen=""))  # fmt: skip
    assert (
        near.post(f"{API}/{row.pk}/end", {"reason": "x"}, JSON, headers={"If-Match": f'"{last_word()}"'}).status_code
        == 403
    )
    assert who() == "centre"


def test_two_who_change_one_duty_do_not_undo_each_other(town):
    draft = actions.draft_general(actor=SETUP, **GIVEN)
    seal, seen = selectors.replay_general(draft).seal, last_word()
    refused("responsibility.has_rule", Conflict, lambda: actions.save_general(draft, actor=SETUP, seen=seal))
    saved(kind="district_centre", by="district")
    refused("version.stale", Stale, lambda: actions.save_general(draft, actor=SETUP, seen=seal, version=seen))
    seen = last_word()
    ended(own()[0].pk)
    refused("version.stale", Stale, lambda: actions.save_general(draft, actor=SETUP, seen=seal, version=seen))
    Responsibilities().apply(pack_says(by="street"), SETUP)
    refused("version.stale", Stale, lambda: actions.save_general(draft, actor=SETUP, seen=seal, version=seen))
    assert len(own()) == 1


def test_the_database_itself_keeps_two_rules_of_the_city_for_one_duty_apart(town):
    row = saved()
    told = {"duty": "appearance", "origin": "city", "kind": "centre", "by": "city", "reason": "x"}
    for wrong in ({"valid_from": row.valid_from + timedelta(days=1)}, {"valid_from": None}, {"origin": "pack"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Responsibility.objects.create(**{**told, **wrong})


# ---- in the browser


def test_in_the_browser_a_rule_is_first_replayed_then_saved_then_ended(town, boss):
    case = brought_to(town, "registered")
    listed = boss.get(PAGE).content.decode()
    assert "每区由一个department负责" in listed
    assert "数据包 test" in listed
    form = boss.get(f"{PAGE}of/appearance/")
    given = {**FORM, "version": form.context["version"]}
    looked = boss.post(f"{PAGE}of/appearance/", {**given, "act": "look"})
    assert "最近 30 天的 1 件案件中，有 1 件会派往他处。" in looked.content.decode()
    assert f"/cases/{case.number}/" in looked.content.decode()
    assert own() == []
    blind = boss.post(f"{PAGE}of/appearance/", {**given, "act": "save", "seen": "guess"})
    assert (blind.status_code, "请重新查看" in blind.content.decode()) == (409, True)
    seal = looked.context["replay"].seal
    assert boss.post(f"{PAGE}of/appearance/", {**given, "act": "save", "seen": seal}).status_code == 302
    [row] = own()
    listed = boss.get(PAGE).content.decode()
    assert "每市由一个centre负责" in listed
    assert "数据包 test 另有说法：每区由一个department负责" in listed
    over = boss.get(f"{PAGE}{row.pk}/end/")
    assert "恢复按数据包 test 的规则执行" in over.content.decode()
    seen = {"version": over.context["version"], "seen": over.context["replay"].seal}
    assert boss.post(f"{PAGE}{row.pk}/end/", {**seen, "reason": ""}).status_code == 400
    assert boss.post(f"{PAGE}{row.pk}/end/", {**seen, "seen": "", "reason": "结束"}).status_code == 409
    assert who() == "centre"
    assert boss.post(f"{PAGE}{row.pk}/end/", {**seen, "reason": "结束"}).status_code == 302
    assert who() == BUREAU
    assert "已终止" in boss.get(PAGE).content.decode()


def test_the_page_shows_what_another_changed_meanwhile_and_keeps_what_was_typed(town, boss):
    form = boss.get(f"{PAGE}of/appearance/")
    saved(kind="district_centre", by="district", reason="别人先改")
    given = {**FORM, "arbiter_1": "centre", "version": form.context["version"], "act": "save", "seen": "x"}
    stale = boss.post(f"{PAGE}of/appearance/", given)
    page = stale.content.decode()
    assert stale.status_code == 412
    assert "别人先改" in page
    assert '<div class="table-wrap" tabindex="0" role="region" aria-label="逐项改动">' in page
    assert "district_centre" in {one.now for one in stale.context["meanwhile"]}
    assert stale.context["form"].data["reason"] == "市中心直管"
    assert len(own()) == 1


def test_the_end_of_a_rule_stays_in_its_form_when_it_is_changed_looked_at_or_refused(time: Time, town, boss):
    until = time() + timedelta(days=30)
    saved(valid_until=until)
    form = boss.get(f"{PAGE}of/appearance/")
    field = '<input type="datetime-local" name="valid_until" value="2026-12-16T09:00" id="id_valid_until">'
    assert field in form.content.decode(), "of the rule that is changed"
    given = {**FORM, "zh": "市容环境", "valid_until": "2026-12-16T09:00", "version": form.context["version"]}
    for act, changes, status in (("look", {}, 200), ("look", {"reason": ""}, 400), ("save", {"seen": "x"}, 409)):
        answer = boss.post(f"{PAGE}of/appearance/", {**given, "act": act, **changes})
        assert (answer.status_code, field in answer.content.decode()) == (status, True)
    seal = boss.post(f"{PAGE}of/appearance/", {**given, "act": "look"}).context["replay"].seal
    assert boss.post(f"{PAGE}of/appearance/", {**given, "act": "save", "seen": seal}).status_code == 302
    assert selectors.general_rule("appearance").newest.valid_until == until


def test_a_new_duty_is_made_in_the_browser_with_who_helps_and_who_settles(boss):
    given = {**FORM, "duty": "litter", "kind": "department", "by": "street", "cooperating": ["appearance"],
             "arbiter_1": "district_centre", "arbiter_2": "centre"}  # fmt: skip
    looked = boss.post(f"{PAGE}new/", {**given, "act": "look"})
    saving = {**given, "act": "save", "seen": looked.context["replay"].seal}
    assert boss.post(f"{PAGE}new/", saving).status_code == 302
    [row] = own()
    assert (row.duty, row.by, row.cooperating, row.arbiter) == (
        "litter", "street", ["appearance"], ["district_centre", "centre"])  # fmt: skip
    again = boss.post(f"{PAGE}new/", saving)
    assert again.status_code == 409
    assert boss.get(f"{PAGE}of/litter/").context["form"].initial["arbiter_2"] == "centre"
    assert boss.get(f"{PAGE}of/nothing/").status_code == 404


# ---- for programs


def test_programs_read_change_and_end_with_seal_and_etag(town, boss):
    brought_to(town, "registered")
    [duty] = boss.get(API).json()
    assert (duty["rule"]["origin"], duty["rule"]["id"], duty["classes"]) == ("pack", None, 4)
    seen = {"If-Match": boss.get(OF)["ETag"]}
    replay = boss.put(OF, {**CHANGE, "dry_run": True}, JSON, headers=seen).json()["replay"]
    assert (replay["moved"], own()) == (1, [])
    assert boss.put(OF, {**CHANGE, "seen": replay["seal"]}, JSON).status_code == 428
    assert boss.put(OF, CHANGE, JSON, headers=seen).json()["code"] == "responsibility.look_again"
    made = boss.put(OF, {**CHANGE, "seen": replay["seal"]}, JSON, headers=seen)
    assert (made.status_code, made.json()["saved"]["origin"]) == (200, "city")
    assert boss.put(OF, {**CHANGE, "seen": replay["seal"]}, JSON, headers=seen).status_code == 412
    duty = boss.get(OF)
    assert (duty.json()["rule"]["kind"], duty.json()["pack_says"]["kind"]) == ("centre", "department")
    assert duty["ETag"] == made["ETag"]
    path, now = f"{API}/{made.json()['saved']['id']}/end", {"If-Match": made["ETag"]}
    seal = boss.post(path, {"reason": "结束", "dry_run": True}, JSON, headers=now).json()["replay"]["seal"]
    assert boss.post(path, {"reason": "结束", "seen": seal}, JSON, headers=seen).status_code == 412
    assert who() == "centre"
    over = boss.post(path, {"reason": "结束", "seen": seal}, JSON, headers=now)
    assert over.json()["saved"]["state"] == "over"
    assert who() == BUREAU


def test_programs_make_a_rule_for_a_new_duty_only(boss):
    seal = boss.post(API, {**LITTER, "dry_run": True}, JSON).json()["replay"]["seal"]
    assert boss.post(API, {**LITTER, "seen": seal}, JSON).status_code == 201
    twice = boss.post(API, {**LITTER, "seen": seal}, JSON)
    assert (twice.status_code, twice.json()["code"]) == (409, "responsibility.has_rule")
    assert boss.get(f"{API}/nothing").json()["code"] == "responsibility.no_general_of"
    assert boss.post(API, {**LITTER, "by": "planet"}, JSON).status_code == 400
