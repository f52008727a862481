"""Duplicates are merged and taken apart again, wholes are split and close after their parts."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actions import create_organisation
from cases import actions, selectors
from cases.contracts import Stage
from cases.models import Case, Clock, Evidence, Move, Order
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from journal.models import Entry
from tests.cases.factories import (
    CATEGORIES,
    CITY,
    HERE,
    SETUP,
    THERE,
    asked,
    brought_to,
    category,
    condition,
    granted,
    picture,
    point,
    reported,
    standing,
    take,
)
from tests.cases.shots import saved, scene
from tests.exchange.post import adopt_base, carried, told

pytestmark = pytest.mark.django_db
APPEARANCE = f"d{HERE}-appearance"
WHY = "同一处问题"


def no(call, error, code):
    before = (Move.objects.count(), Entry.objects.count())
    with pytest.raises(error) as caught:
        call()
    assert caught.value.code == code
    assert before == (Move.objects.count(), Entry.objects.count())


def merged(town, case, into, who="acceptor", reason=WHY):
    version = standing(case).version
    return actions.merge(case.number, actor=town.actor(who), version=version, into=into.number, reason=reason)


def unmerged(town, case, who="leader"):
    return actions.unmerge(case.number, actor=town.actor(who), version=standing(case).version, reason="不是一回事")


def row(case):
    return Case.objects.get(number=case.number)


def state(case):
    """All of a case but its version, and its clocks."""
    held = vars(row(case))
    clocks = list(Clock.objects.filter(case__number=case.number).order_by("pk").values())
    return {name: held[name] for name in held if name not in ("_state", "version")}, clocks


@pytest.mark.parametrize("stage", ["reported", "accepted", "at_district", "handling", "handled"])
def test_merging_and_undoing_it_leaves_the_case_exactly_as_it_stood(town, time, stage):
    first = brought_to(town, "checked") if stage != "reported" else reported(town)
    case = brought_to(town, stage)
    before = state(case)
    time.pass_by(minutes=7)
    ended = merged(town, case, first, "leader")
    assert (ended.stage, ended.duplicate_of, standing(first).absorbed) == ("voided", first.number, 1)
    assert not Clock.objects.filter(case__number=case.number, stopped_at=None).exists()
    time.pass_by(minutes=50)
    back = unmerged(town, case)
    assert state(case) == before
    assert (back.stage, back.version, standing(first).absorbed) == (stage, case.version + 2, 0)
    verbs = [move.verb for move in Move.objects.filter(case__number=case.number)]
    assert verbs[-2:] == ["merge", "unmerge"]
    kinds = set(Entry.objects.filter(kind__regex="merged|absorbed|released").values_list("kind", flat=True))
    assert kinds == {"case.merged.v1", "case.unmerged.v1", "case.absorbed.v1", "case.released.v1"}


def test_after_undoing_it_the_case_goes_on_and_its_deadline_was_no_later_for_it(town, time):
    first, case = brought_to(town, "handling"), brought_to(town, "dispatched")
    due = case.due_at
    merged(town, case, first, "leader")
    time.pass_by(hours=3)
    back = unmerged(town, case)
    assert (back.due_at, back.late) == (due, True)
    assert brought_to(town, "closed", back).stage == "closed"
    assert row(case).handled_late


def test_what_forbids_a_merging_says_so_and_changes_nothing(town, time):
    first, case, fresh = reported(town), reported(town), reported(town)
    far, refuse = reported(town, THERE), reported(town, category="E0110")
    no(lambda: merged(town, case, first, "desk"), NotFound, "case.unknown")
    no(lambda: merged(town, case, first, "collector"), Forbidden, "case.not_your_duty")
    no(lambda: merged(town, case, first, reason=" "), Invalid, "case.needs_reason")
    no(lambda: merged(town, case, case), Invalid, "case.survivor_itself")
    no(lambda: merged(town, case, far), Conflict, "case.survivor_far")
    no(lambda: merged(town, case, refuse), Conflict, "case.survivor_other_class")
    asked(town, case, "void", "acceptor")
    no(lambda: merged(town, case, first), Conflict, "case.papers_open")
    rejected = take(town, reported(town), "reject", "acceptor", reason="x")
    no(lambda: merged(town, fresh, rejected), Conflict, "case.survivor_ended")
    unknown = {"actor": town.actor("acceptor"), "version": 1, "reason": WHY}
    no(lambda: actions.merge(first.number, into="4" * 20, **unknown), Invalid, "case.unknown_survivor")
    no(lambda: actions.merge(first.number, into="", **unknown), Invalid, "case.needs_survivor")
    no(lambda: actions.merge(first.number, into=case.number, **{**unknown, "version": 9}), Stale, "case.stale")


def test_a_case_whose_order_waits_for_an_answer_is_not_merged_nor_is_it_offered(town, time):
    first, case = brought_to(town, "handling"), brought_to(town, "handling")
    later = {"requirement": "今日内办结", "due_at": time() + timedelta(hours=2)}
    leader = town.actor("leader")
    actions.order(case.number, actor=leader, version=case.version, kind="leader", **later)
    no(lambda: merged(town, case, first, "acceptor"), Forbidden, "case.not_your_duty")
    no(lambda: merged(town, case, first, "leader"), Conflict, "case.papers_open")
    offered = {step.verb: (step.allowed, step.code) for step in selectors.open_steps(row(case), leader)}
    assert offered["merge"] == (False, "case.papers_open")
    order, desk = Order.objects.get(), town.actor("desk")
    actions.reply(case.number, order.pk, actor=desk, version=standing(case).version, text="已派人")
    assert next(step for step in selectors.open_steps(row(case), leader) if step.verb == "merge").allowed
    assert merged(town, case, first, "leader").duplicate_of == first.number


def test_merging_never_moves_a_deadline_that_was_promised_earlier(town, time):
    early = brought_to(town, "registered")
    time.pass_by(minutes=1)
    late = brought_to(town, "registered")
    no(lambda: merged(town, early, late, "leader"), Conflict, "case.survivor_later")
    fresh = reported(town)
    no(lambda: merged(town, early, fresh, "leader"), Conflict, "case.survivor_later")
    no(lambda: merged(town, late, early), Forbidden, "case.not_your_duty")
    assert merged(town, late, early, "leader").duplicate_of == early.number


def test_what_was_merged_into_is_not_merged_and_undoing_waits_for_an_open_one(town):
    first, second, third = reported(town), reported(town), reported(town)
    merged(town, second, first)
    no(lambda: merged(town, first, third), Conflict, "case.merge_of_merged")
    take(town, standing(first), "reject", "acceptor", reason="不存在")
    no(lambda: unmerged(town, second), Conflict, "case.survivor_has_ended")
    voided = granted(town, third, "void", "acceptor", "leader")
    voided = take(town, voided, "void", "leader")
    no(lambda: unmerged(town, voided), Conflict, "case.wrong_stage")


def test_all_who_reported_hear_of_the_merging_and_how_the_surviving_case_goes_on_and_ends(town):
    adopt_base()
    first = reported(town)
    second = reported(town, actor=town.actor("collector2"))
    merged(town, second, first)
    carried()
    brought_to(town, "dispatched", standing(first))
    carried()
    brought_to(town, "closed", standing(first))
    carried()
    assert told(town.people["collector"])[0] == "case.ended"
    assert "case.progress" in told(town.people["collector"])
    assert told(town.people["collector2"]) == ["case.ended", "case.progress", "case.merged"]


def test_the_pictures_and_the_words_of_both_stand_with_the_case_that_goes_on(town):
    first = reported(town, photos=[picture("red")])
    second = reported(town, photos=[picture("blue")], description="路口北侧乱停")
    merged(town, second, first)
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people["acceptor"])
    pictures = client.get(f"/api/cases/{first.number}/evidence").json()
    assert len(pictures) == 2
    for one in pictures:
        assert client.get(f"/api/cases/{first.number}/evidence/{one['id']}/public").status_code == 200
    shown = client.get(f"/cases/{first.number}/").content.decode()
    assert "路口北侧乱停" in shown
    assert "1 report was merged into this case" in shown
    assert first.number in client.get(f"/cases/{second.number}/").content.decode()
    ties = client.get(f"/api/cases/{first.number}/ties").json()
    assert [one["number"] for one in ties["duplicates"]] == [second.number]


def test_a_citizen_whose_report_was_merged_is_called_back_too(town):
    first = reported(town)
    second = reported(town, actor=town.actor("acceptor"), source="phone", reporter={"name": "李", "callback": True})
    merged(town, second, first)
    case = brought_to(town, "checked", standing(first))
    no(lambda: take(town, case, "close", "leader", closing="a"), Invalid, "case.needs_callback")
    assert take(town, case, "close", "leader", closing="a", callback="已告知").stage == "closed"


# ---------------------------------------------------------------- what looks alike


def test_candidates_are_ranked_by_place_class_time_words_and_picture(town, time):
    lon, lat = point()
    same = reported(town, description="人行道上停了三辆车", photos=[picture("red")])
    far = reported(town, lon=lon + 0.0012, description="别的")
    other = reported(town, category="E0110")
    time.pass_by(hours=2)
    case = reported(town, description="人行道停了三辆车", photos=[picture("red")])
    found = selectors.alike(row(case), town.actor("acceptor"))
    assert [one.case.number for one in found] == [same.number, far.number]
    assert found[0].likeness.score == 100
    assert {code for code, _facts in found[0].likeness.grounds} >= {"place", "class", "time", "words", "picture"}
    assert other.number not in {one.case.number for one in found}
    assert selectors.alike(row(case), town.actor("district_dispatcher2")) == []


def test_the_citys_rule_says_what_is_the_same_problem_by_class_else_by_model_else_for_all(town, time):
    lon, lat = point()
    near = reported(town, lon=lon + 0.0004)
    case = reported(town)

    def grounds():
        return [dict(one.likeness.grounds) for one in selectors.alike(row(case), town.actor("acceptor"))]

    assert [one["rule"] for one in grounds()] == [{"metres": 50, "hours": 24}]
    actions.save_duplicate_rule({"metres": 30, "hours": 24}, pack="test")
    assert ["rule" in one for one in grounds()] == [False]
    models = {selectors.steps_model().code: {"metres": 45, "hours": 12}, "longhu": {"metres": 1}}
    actions.save_duplicate_rule({"metres": 30, "hours": 24, "steps_models": models}, pack="test")
    assert [one["rule"] for one in grounds()] == [{"metres": 45, "hours": 12}]
    classes = {"E0407": {"metres": 60, "reach_metres": 60}, "E0110": {"metres": 1}}
    told = {"metres": 30, "hours": 24, "steps_models": models, "classes": classes}
    actions.save_duplicate_rule(told, pack="test")
    assert [one["rule"] for one in grounds()] == [{"metres": 60, "hours": 12}]
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people["acceptor"])
    assert "one class within 60 m and 12 hours" in client.get(f"/cases/{case.number}/").content.decode()
    time.pass_by(hours=13)
    late = reported(town)
    found = selectors.alike(row(late), town.actor("acceptor"))
    assert ["rule" in dict(one.likeness.grounds) for one in found] == [False, False]
    actions.save_duplicate_rule({"metres": 30, "hours": 24, "reach_metres": 35}, pack="test")
    assert [one.case.number for one in selectors.alike(row(late), town.actor("acceptor"))] == [case.number]
    beyond = reported(town, lon=lon + 0.0011)
    given = {"version": 1, "into": case.number, "reason": WHY}
    with pytest.raises(Conflict) as refused:
        actions.merge(beyond.number, actor=town.actor("acceptor"), **given)
    assert (refused.value.code, refused.value.params["metres"]) == ("case.survivor_far", 35)
    assert standing(near).duplicate_of == ""


def test_what_looks_alike_is_shown_before_and_after_a_report(town):
    case = reported(town)
    lon, lat = point()
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people["acceptor"])
    asked_for = {"lon": lon, "lat": lat, "category": "E0407"}
    assert case.number[-4:] in client.get("/cases/alike/", asked_for).content.decode()
    assert client.get("/cases/alike/", {"lon": "x", "lat": ""}).content.decode().strip() == ""
    found = client.get("/api/cases/alike", asked_for).json()
    assert [(one["case"]["number"], one["metres"]) for one in found] == [(case.number, 0)]
    assert client.get("/api/cases/alike", {"lon": 500, "lat": 1}).status_code == 400
    second = reported(town)
    shown = client.get(f"/cases/{second.number}/").content.decode()
    assert "1 case looks like this one" in shown
    assert client.get(f"/api/cases/{second.number}/alike").json()[0]["case"]["number"] == case.number
    given = {"version": 1, "into": case.number, "reason": WHY}
    assert client.post(f"/cases/{second.number}/merge/", given).status_code == 302
    assert standing(second).duplicate_of == case.number
    assert client.post(f"/cases/{second.number}/merge/", given).status_code == 412


def test_a_picture_that_looks_the_same_is_found_before_and_after_a_report_although_it_was_saved_anew(town):
    lon, lat = point()
    first = reported(town, photos=[saved(scene(1))])
    other = reported(town, lon=lon + 0.0004, photos=[saved(scene(2))])
    again = saved(scene(1).resize((400, 300)), quality=60)
    case = reported(town, photos=[again])
    grounds = {
        one.case.number: dict(one.likeness.grounds) for one in selectors.alike(row(case), town.actor("acceptor"))
    }
    assert grounds[first.number]["look"]["bits"] <= 6
    assert "look" not in grounds[other.number]
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people["acceptor"])

    def sent(path, *pictures):
        files = [SimpleUploadedFile(f"{n}.jpg", one, "image/jpeg") for n, one in enumerate(pictures)]
        return client.post(path, {"lon": lon, "lat": lat, "category": "E0407", "photos": files})

    before = (Case.objects.count(), Evidence.objects.count())
    told = {one["case"]["number"]: [ground["code"] for ground in one["grounds"]]
            for one in sent("/api/cases/alike", again).json()}  # fmt: skip
    assert "look" in told[first.number]
    assert "picture" in told[case.number], "the very file"
    assert {"look", "picture"}.isdisjoint(told[other.number])
    shown = sent("/cases/alike/pictures/", again).content.decode()
    assert "a picture that looks the same" in shown
    assert f"/cases/{first.number}/" in shown
    assert f"/cases/{other.number}/" not in shown
    assert sent("/cases/alike/pictures/").content.decode().strip() == ""
    assert sent("/cases/alike/pictures/", b"no picture").content.decode().strip() == ""
    assert sent("/api/cases/alike", b"no picture").status_code == 415
    assert before == (Case.objects.count(), Evidence.objects.count()), "nothing that was sent is kept"


def test_nobody_learns_from_a_picture_of_a_case_that_they_may_not_see(town):
    lon, lat = point()
    reported(town, photos=[saved(scene(1))])
    client = Client()
    client.force_login(town.people["district_dispatcher2"])
    files = [SimpleUploadedFile("a.jpg", saved(scene(1)), "image/jpeg")]
    assert client.post("/api/cases/alike", {"lon": lon, "lat": lat, "photos": files}).json() == []


def opened(answer, action):
    """The open fold that holds the form that is sent there."""
    before, form = answer.content.decode().split(f'action="{action}"')
    fold = before[before.rindex("<details") :]
    assert fold.startswith('<details class="step" open>'), fold[:60]
    return form.split("</form>")[0]


def test_a_refused_merging_stands_open_with_the_sentence_and_all_that_was_typed(town):
    case = reported(town)
    client, action = Client(headers={"accept-language": "en"}), f"/cases/{case.number}/merge/"
    client.force_login(town.people["acceptor"])
    for number, why in ((case.number, "itself"), ("1" * 20, "no case"), ("", "case")):
        form = opened(client.post(action, {"version": 1, "other": number, "reason": WHY}), action)
        assert f'value="{WHY}"' in form
        assert f'value="{number}"' in form
        assert '<p class="field__error">' in form
        assert why in form
    alike = reported(town)
    late = client.post(action, {"version": 7, "into": alike.number, "other": "", "reason": WHY})
    assert (late.status_code, f'value="{alike.number}" checked' in opened(late, action)) == (412, True)
    assert client.post(action, {"version": 1, "other": alike.number, "reason": WHY}).status_code == 302
    gone = client.post(action, {"version": 1, "other": alike.number, "reason": "另一个原因"}).content.decode()
    assert (f'action="{action}"' in gone, "What you had typed" in gone, "<dd>另一个原因</dd>" in gone) == (
        False,
        True,
        True,
    )


# ---------------------------------------------------------------- split


def split(town, case, who="city_dispatcher", *parts):
    given = parts or ({"department": APPEARANCE, "task": "清运"}, {"department": APPEARANCE, "task": "修复"})
    return actions.split(case.number, actor=town.actor(who), version=standing(case).version, parts=given)


def parts_of(case):
    return [standing(one) for one in Case.objects.filter(parent=case.number).order_by("pk")]


def test_each_part_has_its_own_dispatch_and_clocks_and_the_whole_closes_after_them(town, time):
    case = brought_to(town, "registered")
    whole = split(town, case)
    assert (whole.stage, whole.parts) == ("in_parts", 2)
    one, two = parts_of(case)
    assert [(part.stage, part.organisation, part.parent) for part in (one, two)] == [
        ("dispatched", APPEARANCE, case.number)
    ] * 2
    assert (one.description, one.area, one.condition) == ("清运", case.area, "a")
    assert Clock.objects.filter(case__number=one.number, kind="handling", stopped_at=None).exists()
    no(lambda: take(town, whole, "close", "leader", closing="a"), Conflict, "case.parts_open")
    brought_to(town, "closed", one)
    no(lambda: take(town, whole, "close", "leader", closing="a"), Conflict, "case.parts_open")
    shown = {one.verb: one.code for one in selectors.open_steps(row(case), town.actor("leader"))}
    assert shown == {"close": "case.parts_open"}
    assert waits_for(town, case) == []
    take(town, granted(town, two, "void", "desk", "leader"), "void", "leader")
    assert waits_for(town, case) == ["leader"]
    closed = take(town, whole, "close", "leader", closing="a")
    assert closed.stage == "closed"
    no(lambda: take(town, standing(one), "reopen", "leader", reason="x"), Conflict, "case.parent_ended")


def test_a_part_is_promised_what_the_whole_was_and_another_condition_what_the_class_says_now(town):
    case = brought_to(town, "registered")
    slower = category(conditions=[condition("a", 9, "work_day"), condition("b", 8, "work_hour")])
    actions.save_categories([slower, *CATEGORIES[1:]], pack="test")
    split(town, case, "city_dispatcher", {"department": APPEARANCE}, {"department": APPEARANCE, "condition": "b"})
    one, two = (Case.objects.select_related("category").get(number=part.number) for part in parts_of(case))
    assert (one.promise, one.category.version) == (row(case).promise, 1)
    assert (two.promise["condition"], two.promise["category_version"], two.category.version) == ("b", 2, 2)
    handling = Clock.objects.filter(kind="handling").order_by("pk")
    assert [clock.minutes for clock in handling] == [120, 480]


def test_who_splits_a_case_is_not_told_of_its_parts_as_of_own_reports(town):
    adopt_base()
    case = brought_to(town, "registered")
    split(town, case)
    for part in parts_of(case):
        brought_to(town, "closed", part)
    take(town, standing(case), "close", "leader", closing="a")
    carried()
    assert "case.ended" not in told(town.people["city_dispatcher"])
    assert told(town.people["collector"]).count("case.ended") == 1


def test_a_whole_that_nobody_answered_for_waits_for_no_coordination_once_it_is_split(town):
    actions.save_responsibilities([], pack="test")
    case = brought_to(town, "registered")
    waiting = {"given": {"queue": "coordination"}, "actor": town.actor("city_dispatcher")}
    assert [one.number for one in selectors.filtered(**waiting)] == [case.number]
    split(town, case)
    assert not selectors.filtered(**waiting).exists()


def test_a_part_that_was_returned_goes_elsewhere_and_the_whole_waits(town):
    whole = split(town, brought_to(town, "registered"))
    part = parts_of(whole)[0]
    back = take(town, granted(town, part, "return", "desk", "leader"), "send_back", "desk")
    assert back.stage == "returned"
    no(lambda: take(town, whole, "close", "leader", closing="a"), Conflict, "case.parts_open")
    sent = take(town, back, "dispatch_district", "city_dispatcher", district_centre=f"d{HERE}")
    assert sent.stage == "at_district"


def waits_for(town, case):
    """For whom of the command the case waits."""
    people = ("leader", "city_dispatcher", "district_dispatcher")
    waiting = {who: selectors.waiting_for(town.actor(who)) for who in people}
    return [who for who in people if Case.objects.filter(waiting[who], number=case.number).exists()]


def test_a_case_whose_parts_were_all_voided_is_whole_again(town):
    whole = split(town, brought_to(town, "registered"))
    no(lambda: take(town, whole, "unite", "city_dispatcher", reason="x"), Conflict, "case.parts_open")
    assert waits_for(town, whole) == []
    for part in parts_of(whole):
        take(town, granted(town, part, "void", "desk", "leader"), "void", "leader")
    no(lambda: take(town, whole, "close", "leader", closing="a"), Conflict, "case.parts_none_closed")
    assert waits_for(town, whole) == ["city_dispatcher"]
    again = take(town, whole, "unite", "city_dispatcher", reason="一个部门即可")
    sent = take(town, again, "dispatch", "city_dispatcher", department=APPEARANCE)
    assert sent.stage == "dispatched"


def test_what_forbids_a_splitting_says_so_and_changes_nothing(town):
    case = brought_to(town, "registered")
    one = {"department": APPEARANCE}
    no(lambda: split(town, case, "city_dispatcher", one), Invalid, "case.needs_parts")
    no(lambda: split(town, case, "leader"), Forbidden, "case.not_your_duty")
    no(lambda: split(town, case, "city_dispatcher", one, {"department": ""}), Invalid, "case.needs_department")
    elsewhere = {"department": f"d{THERE}-appearance"}
    no(lambda: split(town, case, "city_dispatcher", one, elsewhere), Invalid, "case.target_serves_elsewhere")
    fresh, other = reported(town), brought_to(town, "registered")
    no(lambda: split(town, fresh), Conflict, "case.wrong_stage")
    assert not Case.objects.filter(parent__isnull=False).exists()
    whole = split(town, case)
    part = parts_of(whole)[0]
    no(lambda: merged(town, part, fresh, "leader"), Conflict, "case.merge_of_parts")
    no(lambda: merged(town, other, part, "leader"), Conflict, "case.survivor_part")


def test_the_whole_shows_how_far_its_parts_are_and_the_form_splits(town):
    case = brought_to(town, "registered")
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people["city_dispatcher"])
    assert "What it is to do" in client.get(f"/cases/{case.number}/").content.decode()
    given = {"version": case.version, "department_1": APPEARANCE, "task_1": "清运"}
    refused = client.post(f"/cases/{case.number}/split/", given)
    assert refused.status_code == 400
    assert "Name 2 to 10 parts" in refused.content.decode()
    form = opened(refused, f"/cases/{case.number}/split/")
    assert 'value="清运"' in form
    assert f'value="{APPEARANCE}" selected' in form
    assert "Name 2 to 10 parts" in form
    unheld = client.post(f"/cases/{case.number}/split/", {**given, "department_3": APPEARANCE, "task_2": "没有部门"})
    assert unheld.status_code == 400, "what was typed for a part without a department is not left out silently"
    assert 'value="没有部门"' in opened(unheld, f"/cases/{case.number}/split/")
    assert client.post(f"/cases/{case.number}/split/", {**given, "department_3": APPEARANCE}).status_code == 302
    one, two = parts_of(case)
    brought_to(town, "closed", one)
    shown = client.get(f"/cases/{case.number}/").content.decode()
    assert "Parts: 1 of 2 ended" in shown
    assert "This is a part of the case" in client.get(f"/cases/{two.number}/").content.decode()
    body = client.get(f"/api/cases/{case.number}/ties").json()
    assert [part["stage"] for part in body["parts"]] == ["closed", "dispatched"]


def test_whoever_handles_a_part_reads_what_the_whole_is_about_and_may_do_nothing_with_it(town):
    registered = brought_to(town, "registered")
    elsewhere, area = f"d{HERE}-sanitation", f"{CITY}.{HERE}"
    create_organisation(code=elsewhere, names={"zh": "环卫", "en": "Sanitation"}, kind="department", level="district",
                        parent=f"d{HERE}", area=area, actor=SETUP)  # fmt: skip
    given = {"department": APPEARANCE, "task": "清运"}, {"department": elsewhere, "task": "联系13900001111"}
    whole = split(town, registered, "city_dispatcher", *given)
    Case.objects.filter(number=whole.number).update(description="张三电话13812345678，垃圾成堆")
    mine, other = parts_of(whole)
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people["desk"])
    with pytest.raises(NotFound):
        selectors.case(whole.number, town.actor("desk"))
    page = client.get(f"/cases/{whole.number}/")
    text = page.content.decode()
    assert (page.status_code, "Parts: 0 of 2 ended" in text, "垃圾成堆" in text) == (200, True, True)
    assert (f"/cases/{mine.number}/" in text, f"/cases/{other.number}/" in text) == (True, False)
    pane = text.partition('id="whole"')[2].partition("</article>")[0]
    assert "138****5678" in pane
    assert not [word for word in ("13812345678", "13900001111", "<form", "<button") if word in pane]
    told = client.get(f"/api/cases/{mine.number}/whole").json()
    assert (told["number"], told["stage"], told["cell"]) == (whole.number, "in_parts", whole.cell)
    assert [(one["number"], one["stage"], one["seen"]) for one in told["parts"]] == [
        (mine.number, "dispatched", True), (other.number, "dispatched", False),
    ]  # fmt: skip
    assert "13812345678" not in str(told)
    assert not {"reporter", "version", "handler", "attributes", "source_ref"} & told.keys()
    for path in ("", "/moves", "/evidence", "/steps", "/ties", "/reporter", "/whole"):
        assert client.get(f"/api/cases/{whole.number}{path}").status_code == 404, path
    for path in ("close", "messages", "why"):
        asked = client.post if path == "close" else client.get
        assert asked(f"/cases/{whole.number}/{path}/", {"version": whole.version}).status_code == 404, path
    no(lambda: take(town, whole, "close", "desk", closing="a"), NotFound, "case.unknown")
    assert client.get(f"/api/cases/{other.number}/whole").status_code == 404


def test_strangers_and_whoever_has_no_part_any_more_are_not_told_of_a_whole(town):
    whole = split(town, brought_to(town, "registered"))
    part = parts_of(whole)[0]
    for who in ("district_dispatcher2", "desk"):
        client = Client()
        client.force_login(town.people[who])
        seen = who == "desk"
        assert client.get(f"/cases/{whole.number}/").status_code == (200 if seen else 404)
        assert client.get(f"/api/cases/{part.number}/whole").status_code == (200 if seen else 404)
    for one in parts_of(whole):
        take(town, granted(town, one, "return", "desk", "leader"), "send_back", "desk")
    assert client.get(f"/cases/{whole.number}/").status_code == 404
    voided = split(town, brought_to(town, "registered"))
    for one in parts_of(voided):
        take(town, granted(town, one, "void", "desk", "leader"), "void", "leader")
    assert client.get(f"/cases/{voided.number}/").status_code == 404, "nothing of it is handled any more"
    for number in ("0" * 20, "x", "9" * 40, "%00"):
        assert client.get(f"/cases/{number}/").status_code == 404
    alone = brought_to(town, "dispatched")
    assert client.get(f"/api/cases/{alone.number}/whole").json()["code"] == "case.no_part"


# ---------------------------------------------------------------- past every rule, the tables alone


def refused_by_the_database(rows, match, **fields):
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        rows.update(**fields)


def test_the_database_itself_keeps_merging_and_splitting_whole(town):
    first, case = reported(town), reported(town)
    merged(town, case, first)
    held = Case.objects.filter(number=case.number)
    version = standing(case).version + 1
    refused_by_the_database(held, "lives again", stage="reported", version=version)
    back = {"duplicate_of": None, "merged_from": "", "version": version}
    refused_by_the_database(held, "lives again", stage="accepted", **back)
    refused_by_the_database(held, "case_merged_whole", duplicate_of=None)
    refused_by_the_database(held, "same case", duplicate_of=reported(town).number)
    clock = Clock.objects.filter(case__number=first.number, kind="stage")
    assert Clock.objects.filter(case__number=case.number).update(stopped_at=None) == 1, "a merging stopped it"
    take(town, standing(first), "accept", "acceptor")
    refused_by_the_database(clock.exclude(stopped_at=None), "stays stopped", stopped_at=None)
    ended = take(town, reported(town), "reject", "acceptor", reason="x")
    third = reported(town)
    into = {"duplicate_of": ended.number, "stage": "voided", "merged_from": "reported", "version": 2}
    refused_by_the_database(Case.objects.filter(number=third.number), "one that is open", **into)


def test_the_database_itself_ends_no_whole_before_its_parts(town, time):
    whole = split(town, brought_to(town, "registered"))
    held = Case.objects.filter(number=whole.number)
    closed = {"stage": Stage.CLOSED, "closed_at": time.moment, "version": whole.version + 1}
    refused_by_the_database(held, "after all its parts", **closed)
    part = Case.objects.filter(number=parts_of(whole)[0].number)
    refused_by_the_database(part, "stays a part", parent=None)
