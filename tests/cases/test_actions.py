"""A case through its life, by the people whose duty each step is, and what must not have happened."""

import inspect
from dataclasses import fields
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError

from cases import actions, selectors
from cases.contracts import KIND_OF_VERB, CaseNews
from cases.models import Case, Category, Clock, Clue, Evidence, Move, Reporter
from cases.rules import VERBS
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.scope import NOBODY, Actor, Ground
from core.trace import use_trace
from journal.models import Entry
from tests.cases.factories import (
    AREA_HERE,
    CAMERA,
    CATEGORIES,
    CITY,
    HERE,
    OUTSIDE,
    STORY,
    THERE,
    asked,
    brought_to,
    category,
    granted,
    picture,
    point,
    reported,
    standing,
    take,
)  # fmt: skip


def kinds(number: str) -> list[str]:
    return list(Entry.objects.filter(subject=number).order_by("id").values_list("kind", flat=True))


def refused(call, error: type[Exception], code: str) -> None:
    with pytest.raises(error) as told:
        call()
    assert told.value.code == code


# ---- the straight story


def test_a_case_goes_from_report_to_close(town):
    case = brought_to(town, "closed")
    assert (case.stage, case.version) == ("closed", 11)
    verbs = ["report", *(verb for verb, _who, _given in STORY)]
    moves = list(Move.objects.order_by("version"))
    assert [move.verb for move in moves] == verbs
    assert [move.version for move in moves] == list(range(1, 12))
    assert all(earlier.after == later.before for earlier, later in zip(moves, moves[1:], strict=False))
    assert kinds(case.number) == [KIND_OF_VERB[verb] for verb in verbs]


def test_every_verb_has_exactly_one_function():
    for verb in VERBS:
        assert inspect.isfunction(getattr(actions, verb)), verb
        assert getattr(actions, verb).__doc__
        assert all(p.kind == p.KEYWORD_ONLY for name, p in inspect.signature(getattr(actions, verb)).parameters.items()
                   if name != "number")  # fmt: skip


def test_an_entry_tells_where_the_case_stands_and_nothing_about_persons(town):
    brought_to(town, "handling")
    data = Entry.objects.filter(kind="case.assigned.v1").get().data
    assert set(data) == {field.name for field in fields(CaseNews)}
    assert data["organisation"] == f"d{HERE}-appearance"
    assert (data["stage"], data["version"], data["district"], data["category"]) == ("handling", 6, HERE, "E0407")
    assert town.key("handler") not in str(data)


def test_an_entry_reaches_the_area_and_the_department(town):
    brought_to(town, "handling")
    scopes = set(Entry.objects.get(kind="case.assigned.v1").scopes)
    assert {"city", f"d:{HERE}", f"dept:d{HERE}-appearance"} <= scopes
    assert f"d:{THERE}" not in scopes


def test_the_trace_of_the_report_goes_with_the_case_to_its_last_entry(town):
    with use_trace("frame-1"):
        case = reported(town)
    with use_trace("another-request"):
        brought_to(town, "closed", case)
    assert set(Entry.objects.filter(subject=case.number).values_list("trace", flat=True)) == {"frame-1"}


# ---- what must not happen


@pytest.mark.parametrize("who", ["desk", "handler", "district_dispatcher", "city_dispatcher", "acceptor", "collector"])
def test_only_the_supervision_centre_closes(town, who):
    case = brought_to(town, "checked")
    refused(lambda: take(town, case, "close", who, closing="a"), Forbidden, "case.not_your_duty")
    assert Case.objects.get().stage == "checked"
    assert Entry.objects.filter(kind="case.closed.v1").count() == 0


@pytest.mark.parametrize("who", ["district_dispatcher2", "desk2", "handler2"])
@pytest.mark.parametrize("verb", ["dispatch", "close", "confirm", "submit"])
def test_strangers_are_not_even_told_that_the_case_exists(town, who, verb):
    case = brought_to(town, "at_district")
    given = {"dispatch": {"department": f"d{HERE}-appearance"}, "close": {"closing": "a"}, "submit": {"result": "x"}}
    refused(lambda: take(town, case, verb, who, **given.get(verb, {})), NotFound, "case.unknown")
    assert Case.objects.get().version == case.version


def test_nobody_can_do_nothing(town):
    case = reported(town)
    refused(lambda: actions.accept(case.number, actor=NOBODY, version=1), NotFound, "case.unknown")
    assert list(selectors.visible_to(NOBODY)) == []


def test_an_old_version_changes_nothing(town):
    case = brought_to(town, "accepted")
    refused(
        lambda: actions.register(case.number, actor=town.actor("leader"), version=1, condition="a"), Stale, "case.stale"
    )
    assert Case.objects.get().stage == "accepted"
    assert Move.objects.count() == 2


def test_a_refused_step_leaves_no_move_no_entry_no_clock(town):
    case = brought_to(town, "handling")
    before = (Move.objects.count(), Entry.objects.count(), Clock.objects.count(), Evidence.objects.count())
    refused(
        lambda: take(town, case, "submit", "handler_b", result="x", photos="@"), Conflict, "case.assigned_to_another"
    )
    assert (Move.objects.count(), Entry.objects.count(), Clock.objects.count(), Evidence.objects.count()) == before


def test_another_districts_department_is_refused(town):
    case = brought_to(town, "at_district")
    refused(
        lambda: take(town, case, "dispatch", "district_dispatcher", department=f"d{THERE}-appearance"),
        Invalid,
        "case.target_serves_elsewhere",
    )


def test_the_history_cannot_be_changed_or_deleted(town):
    brought_to(town, "handled")
    for table in ("cases_move", "cases_evidence"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET actor = 'x'"):
            with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_the_database_refuses_a_closed_case_without_its_time(town):
    case = reported(town)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(number=case.number).update(stage="closed")


def test_the_database_refuses_a_registered_case_without_a_promise(town):
    case = brought_to(town, "registered")
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(number=case.number).update(promise={})


# ---- report


def test_a_report_is_told_once_however_often_it_is_sent(town):
    first = reported(town, source_ref="r1")
    again = reported(town, source_ref="r1", description="anders")
    assert (again.number, again.repeated, first.repeated) == (first.number, True, False)
    assert kinds(first.number) == ["case.reported.v1"]


def test_the_number_is_region_day_and_serial(time, town):
    first, second = reported(town), reported(town, THERE)
    assert first.number[:14] == f"{HERE}20261116"
    assert second.number[:14] == f"{THERE}20261116"
    assert int(second.number[14:]) == int(first.number[14:]) + 1


def test_the_day_of_a_number_is_the_citys_day(time, town):
    time.be("2026-11-15T23:30:00+00:00")
    assert reported(town).number[6:14] == "20261116"


def test_a_place_on_no_cell_waits_unlocated_and_is_located_by_the_acceptor(town):
    lon, lat = OUTSIDE
    case = reported(town, lon=lon, lat=lat)
    assert (case.located, case.area, case.district) == (False, "", "")
    assert case.number.startswith(CITY)
    refused(lambda: take(town, case, "accept", "acceptor"), Conflict, "case.unlocated")
    lon, lat = point(THERE)
    located = actions.locate(case.number, lon, lat, actor=town.actor("acceptor"), version=1)
    assert (located.district, located.version, located.stage) == (THERE, 2, "reported")
    assert kinds(case.number) == ["case.reported.v1", "case.located.v1"]
    assert take(town, located, "accept", "acceptor").stage == "accepted"


def test_only_an_acceptor_locates_and_only_inside_the_grid(town):
    case = reported(town, lon=OUTSIDE[0], lat=OUTSIDE[1])
    lon, lat = point()

    def locate(who: str, x: float, y: float) -> None:
        actions.locate(case.number, x, y, actor=town.actor(who), version=1)

    refused(lambda: locate("leader", lon, lat), Forbidden, "case.not_your_duty")
    refused(lambda: locate("acceptor", *OUTSIDE), Invalid, "case.outside_grid")
    refused(lambda: locate("acceptor", float("nan"), lat), Invalid, "case.bad_point")
    refused(lambda: locate("district_dispatcher", lon, lat), NotFound, "case.unknown")
    assert Case.objects.get().area == ""


def test_an_address_alone_is_enough_to_be_kept(town):
    case = reported(town, lon=None, lat=None, address="中山路 1 号")
    assert not case.located


def test_a_report_outside_ones_ground_is_refused(town):
    lon, lat = point(THERE)
    narrow = Actor("patrol", "Patrol", {"case.report": (Ground(area=f"{CITY}.{HERE}"),)})
    refused(
        lambda: actions.report(actor=narrow, source="vehicle", source_ref="v1", category="E0407", lon=lon, lat=lat),
        Forbidden,
        "case.not_your_ground",
    )
    assert Case.objects.count() == 0


@pytest.mark.parametrize("who", ["leader", "desk", "handler", "city_dispatcher", "evaluator"])
def test_those_without_the_duty_do_not_report(town, who):
    refused(lambda: reported(town, actor=town.actor(who)), Forbidden, "case.may_not_report")
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lon": 200.0}, "case.bad_point"),
        ({"lon": float("nan")}, "case.bad_point"),
        ({"lat": None}, "case.bad_point"),
        ({"source": "oracle"}, "case.unknown_source"),
        ({"source_ref": ""}, "case.needs_source_ref"),
        ({"source_ref": "x" * 201}, "case.needs_source_ref"),
        ({"category": "E9999"}, "case.unknown_category"),
        ({"description": "a\x00b"}, "case.bad_text"),
        ({"description": "\ud800"}, "case.bad_text"),
        ({"description": "x" * 5000}, "case.text_too_long"),
        ({"category": "", "description": ""}, "case.needs_category_or_text"),
    ],
)
def test_a_report_that_makes_no_sense_is_refused(town, changes, code):
    refused(lambda: reported(town, **changes), Invalid, code)
    assert Case.objects.count() == 0


def test_who_reported_stays_apart_from_the_case(town):
    case = reported(
        town, actor=town.actor("acceptor"), source="phone", reporter={"name": "李四", "phone": "138", "callback": True}
    )
    assert Reporter.objects.get().phone == "138"
    assert Case.objects.get().callback_wanted
    assert "李四" not in str(Entry.objects.get(subject=case.number).data)


def test_a_camera_registers_by_itself_where_its_class_says_so(town):
    lon, lat = point()
    case = actions.report(actor=CAMERA, source="camera", source_ref="7:1", category="E0506", lon=lon, lat=lat)
    assert (case.stage, case.condition, case.priority) == ("registered", "a", 1)
    assert list(Move.objects.values_list("verb", "actor")) == [
        ("report", "camera:7"), ("accept", "rule:auto"), ("register", "rule:auto"),
    ]  # fmt: skip
    assert kinds(case.number) == ["case.reported.v1", "case.accepted.v1", "case.registered.v1"]


@pytest.mark.parametrize("code", ["E0407", ""])
def test_a_camera_does_not_register_other_classes(town, code):
    lon, lat = point()
    case = actions.report(
        actor=CAMERA, source="camera", source_ref="7:1", category=code, description="?", lon=lon, lat=lat
    )
    assert case.stage == "reported"


def test_an_unlocated_report_of_a_camera_does_not_register_itself(town):
    case = actions.report(
        actor=CAMERA, source="camera", source_ref="7:1", category="E0506", lon=OUTSIDE[0], lat=OUTSIDE[1]
    )
    assert (case.stage, case.located) == ("reported", False)


def test_a_report_rolled_back_leaves_nothing(town):
    def report_and_fail() -> None:
        with transaction.atomic():
            reported(town)
            raise RuntimeError("boom")

    with pytest.raises(RuntimeError, match="boom"):
        report_and_fail()
    assert (Case.objects.count(), Entry.objects.filter(kind="case.reported.v1").count()) == (0, 0)


def test_a_clue_hangs_on_the_case_once_and_a_report_of_it_finds_the_case(town):
    case = reported(town)
    for _ in range(2):
        actions.attach_clue(case.number, actor=CAMERA, source="camera", source_ref="7:9", note="auch gesehen")
    assert Clue.objects.count() == 1
    assert kinds(case.number).count("case.clue_attached.v1") == 1
    lon, lat = point()
    again = actions.report(actor=CAMERA, source="camera", source_ref="7:9", category="E0407", lon=lon, lat=lat)
    assert (again.number, again.repeated) == (case.number, True)
    assert Case.objects.count() == 1


# ---- the other paths


def test_verified_reports_come_back_to_the_acceptor(town):
    case = take(town, reported(town), "send_verify", "acceptor", collector="@collector")
    refused(lambda: take(town, case, "verify", "collector2", verdict=True), Conflict, "case.tasked_to_another")
    case = take(town, case, "verify", "collector", verdict=False, photos="@", note="没有看到")
    assert (case.stage, case.version) == ("reported", 3)
    assert Move.objects.last().given == {"verdict": False, "note": "没有看到"}
    assert take(town, case, "reject", "acceptor", reason="不属实").stage == "rejected"


def test_a_verification_must_be_pictured_where_the_class_says_so(town):
    case = take(town, reported(town, category="E0110"), "send_verify", "acceptor", collector="@collector")
    refused(lambda: take(town, case, "verify", "collector", verdict=True), Invalid, "case.needs_photo_verify")


def test_who_stands_before_it_reports_with_a_picture_where_the_class_says_so(town):
    refused(lambda: reported(town, category="E0110", photos=[]), Invalid, "case.needs_photo_report")
    assert Case.objects.count() == 0
    assert reported(town, category="E0110", photos=[picture()]).photo is True
    told = reported(town, category="E0110", source="phone", actor=town.actor("acceptor"), photos=[])
    assert told.photo is False, "who telephones has no camera"


def test_a_collector_is_named_from_the_ground_of_the_case(town):
    case = reported(town)
    refused(
        lambda: take(town, case, "send_verify", "acceptor", collector="@handler"), Invalid, "case.unknown_collector"
    )


def test_a_handler_is_named_from_the_department_that_has_the_case(town):
    case = brought_to(town, "dispatched")
    refused(lambda: take(town, case, "assign", "desk", handler="@handler2"), Invalid, "case.unknown_handler")


def test_a_department_takes_an_assignment_back_to_give_it_to_another_or_to_ask_for_its_return(town):
    case = brought_to(town, "handling")
    refused(lambda: take(town, case, "revoke", "desk", reason=""), Invalid, "case.needs_reason")
    refused(lambda: take(town, case, "revoke", "handler", reason="r"), Forbidden, "case.not_your_duty")
    refused(lambda: asked(town, case, "return", "desk"), Conflict, "case.request_unfit")
    began = Clock.objects.get(kind="handling").started_at
    back = take(town, case, "revoke", "desk", reason="处置人员请假")
    assert (back.stage, back.handler, back.org) == ("dispatched", "", case.org)
    clock = Clock.objects.get(kind="handling")
    assert (clock.started_at, clock.stopped_at) == (began, None), "the clock of the department runs on"
    assert case.number not in {row.number for row in Case.objects.filter(selectors.waiting_for(town.actor("handler")))}
    returned = take(town, granted(town, back, "return", "desk", "leader"), "send_back", "desk")
    assert returned.stage == "returned"
    other = take(town, brought_to(town, "handling"), "revoke", "desk", reason="换人")
    assert take(town, other, "assign", "desk", handler="@handler_b").handler == town.key("handler_b")


def test_work_that_is_not_good_enough_goes_back_to_the_same_handler(town):
    case = take(town, brought_to(town, "handled"), "redo", "desk", reason="还有垃圾")
    assert (case.stage, case.handler) == ("handling", town.key("handler"))
    refused(lambda: take(town, case, "submit", "handler", result="好了"), Invalid, "case.needs_photo_handle")
    assert take(town, case, "submit", "handler", result="好了", photos="@").stage == "handled"


def test_a_picture_put_there_first_counts_for_the_step(town):
    case = brought_to(town, "handling")
    actions.attach(case.number, actor=town.actor("handler"), content=picture(), stage="handle")
    assert Case.objects.get().version == case.version
    assert take(town, case, "submit", "handler", result="好了").stage == "handled"


def test_a_failed_check_goes_back_to_the_same_department(town):
    case = take(town, brought_to(town, "checking"), "check_fail", "collector", reason="车还在", photos="@")
    assert (case.stage, case.rework_count, case.organisation) == ("rework", 1, f"d{HERE}-appearance")
    case = take(town, case, "rework", "district_dispatcher")
    assert (case.stage, case.organisation, case.handler) == ("dispatched", f"d{HERE}-appearance", "")


def test_feedback_that_is_not_true_goes_back(town):
    case = take(town, brought_to(town, "fed_back"), "refuse_feedback", "acceptor", reason="照片不符")
    assert (case.stage, case.rework_count) == ("rework", 1)


def test_a_small_matter_is_settled_on_the_spot_with_pictures_before_and_after(town):
    case = reported(town, category="E0110", source="phone", actor=town.actor("acceptor"), photos=[])
    refused(lambda: take(town, case, "settle", "collector"), Invalid, "case.needs_photo_report")
    refused(lambda: take(town, case, "settle", "collector", before="@"), Invalid, "case.needs_photo_handle")
    done = take(town, case, "settle", "collector", before="@", after="@")
    assert (done.stage, done.registered_at) == ("closed", None)
    refused(lambda: take(town, done, "reopen", "leader", reason="x"), Conflict, "case.never_registered")
    assert selectors.outcome(case.number).organisation == ""


def test_other_classes_are_not_settled_on_the_spot(town):
    refused(lambda: take(town, reported(town), "settle", "collector"), Conflict, "case.not_to_settle")


def test_a_reopened_case_keeps_its_promise_and_starts_its_clocks_anew(town):
    case = take(town, brought_to(town, "closed"), "reopen", "leader", reason="又停了")
    assert (case.stage, case.closed_at, case.org, case.condition) == ("registered", None, "", "a")
    assert list(Clock.objects.filter(stopped_at=None).values_list("kind", "round")) == [("total", 2)]
    again = take(town, case, "dispatch", "city_dispatcher", department=f"d{HERE}-appearance")
    assert Clock.objects.get(kind="handling", stopped_at=None).round == 2
    assert again.stage == "dispatched"


def test_a_citizen_who_asked_is_called_back(town):
    lon, lat = point()
    case = actions.report(
        actor=town.actor("acceptor"), source="phone", source_ref=uuid4().hex, category="E0407", lon=lon, lat=lat,
        reporter={"phone": "138", "callback": True},
    )  # fmt: skip
    case = brought_to(town, "checked", case)
    refused(lambda: take(town, case, "close", "leader", closing="a"), Invalid, "case.needs_callback")
    assert take(town, case, "close", "leader", closing="a", callback="市民满意").stage == "closed"


def test_what_a_citizen_said_when_called_back_is_kept_and_never_made_up(town):
    told = {"name": "李", "phone": "138", "callback": True}
    wished = brought_to(town, "checked", reported(town, actor=town.actor("acceptor"), source="phone", reporter=told))
    other = brought_to(town, "checked")
    no = Invalid, "case.no_callback_wanted"
    refused(lambda: take(town, other, "close", "leader", closing="a", satisfaction="satisfied"), *no)
    closing = {"closing": "a", "callback": "已告知"}
    no = Invalid, "case.unknown_satisfaction"
    refused(lambda: take(town, wished, "close", "leader", **closing, satisfaction="great\x00"), *no)
    assert take(town, wished, "close", "leader", **closing, satisfaction="fair").satisfaction == "fair"
    assert take(town, other, "close", "leader", closing="a").satisfaction == ""
    assert Move.objects.get(case__number=wished.number, verb="close").given["satisfaction"] == "fair"
    found = selectors.filtered({"satisfaction": "fair,unsatisfied"}, town.actor("leader"))
    assert [one.number for one in found] == [wished.number]
    for wrong in ("good", "fair,", "\x00"):
        refused(lambda wrong=wrong: selectors.filtered({"satisfaction": wrong}, town.actor("leader")), Invalid,
                "case.bad_filter")  # fmt: skip
    again = take(town, standing(wished), "reopen", "leader", reason="又停了")
    assert again.satisfaction == "fair"


def test_the_city_may_dispatch_to_a_department_directly(town):
    case = take(town, brought_to(town, "registered"), "dispatch", "city_dispatcher", department=f"d{HERE}-appearance")
    assert case.stage == "dispatched"


# ---- what was promised


def test_a_later_catalogue_changes_nothing_that_was_promised(town):
    case = brought_to(town, "registered")
    changed = category(conditions=[{**category()["conditions"][0], "limit": {"value": 9, "unit": "work_day"}}])
    actions.save_categories([changed, *CATEGORIES[1:]], pack="test")
    dispatched = take(town, case, "dispatch", "city_dispatcher", department=f"d{HERE}-appearance")
    assert Clock.objects.get(kind="handling").minutes == 120
    row = Case.objects.get(number=dispatched.number)
    assert (row.category.version, row.promise["category_version"]) == (1, 1)
    assert Category.objects.filter(code="E0407").count() == 2


def test_a_case_not_yet_registered_is_judged_by_the_class_in_force(town):
    case = brought_to(town, "accepted")
    only_z = category(conditions=[{**category()["conditions"][0], "code": "z"}])
    actions.save_categories([only_z, *CATEGORIES[1:]], pack="test")
    refused(lambda: take(town, case, "register", "leader", condition="a"), Invalid, "case.unknown_condition")
    done = take(town, case, "register", "leader", condition="z")
    assert (done.condition, Case.objects.get().promise["category_version"]) == ("z", 2)


def test_the_same_catalogue_again_makes_no_new_version(town):
    actions.save_categories(CATEGORIES, pack="test")
    assert Category.objects.count() == len(CATEGORIES)


def test_a_class_that_disappears_is_retired_and_its_cases_go_on(town):
    case = brought_to(town, "registered")
    actions.save_categories(CATEGORIES[1:], pack="test")
    assert selectors.category("E0407") is None
    refused(lambda: reported(town), Invalid, "case.unknown_category")
    assert brought_to(town, "closed", case).stage == "closed"


# ---- who is responsible, who works


def test_the_responsible_department_is_the_one_whose_ground_covers_the_place(town):
    found = selectors.responsible("E0407", AREA_HERE)
    assert found.organisation == f"d{HERE}-appearance"
    assert (found.why["reason"], found.why["duty"], found.why["by"]) == ("found", "appearance", "district")


@pytest.mark.parametrize(("code", "area"), [("E9999", AREA_HERE), ("E0407", ""), ("E0407", "449900.449909")])
def test_where_nobody_is_responsible_the_reason_says_what_is_missing(town, code, area):
    found = selectors.responsible(code, area)
    assert found.organisation == ""
    assert found.why["reason"] in ("no_duty", "no_organisation")


def test_a_level_that_the_citys_model_does_not_name_is_refused(town):
    actions.save_steps_model({"model": "x", "names": {}, "levels": {"close": ["district"]}}, pack="test")
    case = brought_to(town, "checked")
    refused(lambda: take(town, case, "close", "leader", closing="a"), Forbidden, "case.not_your_level")


def test_whoever_handled_a_case_does_not_judge_it_even_with_the_duty(town):
    case = brought_to(town, "checking")
    Case.objects.filter(number=case.number).update(handler=town.key("collector"))
    refused(lambda: take(town, case, "check_pass", "collector", photos="@"), Conflict, "case.judges_own_work")


# ---- queues


def test_a_case_waits_for_exactly_those_whose_step_comes_next(town):
    case, waits = reported(town), {}
    for verb, who, given in (*STORY, ("", "", {})):
        waits[case.stage] = {
            name
            for name in town.people
            if selectors.filtered({"queue": "mine"}, town.actor(name)).filter(number=case.number)
        }
        if verb:
            case = take(town, case, verb, who, **given)
    assert waits == {
        "reported": {"acceptor"},
        "accepted": {"leader", "leader2"},
        "registered": {"city_dispatcher"},
        "at_district": {"district_dispatcher"},
        "dispatched": {"desk"},
        "handling": {"handler"},
        "handled": {"desk"},
        "fed_back": {"acceptor"},
        "checking": {"collector"},
        "checked": {"leader", "leader2"},
        "closed": set(),
    }


def test_counts_and_queues_agree(town):
    brought_to(town, "handling"), brought_to(town, "closed"), reported(town, lon=OUTSIDE[0], lat=OUTSIDE[1])
    for name in town.people:
        actor = town.actor(name)
        told = selectors.counts(actor)
        assert told == {queue: selectors.filtered({"queue": queue}, actor).count() for queue in selectors.QUEUES}


def test_open_cases_near_a_place_are_found_by_metres(town):
    lon, lat = point()
    case = reported(town)
    brought_to(town, "closed")
    east = lon + 50 / 102_100
    assert [row.number for row in selectors.open_cases_near(east, lat, 60, "E0407")] == [case.number]
    assert selectors.open_cases_near(east, lat, 40, "E0407") == []
    assert selectors.open_cases_near(east, lat, 60, "E0110") == []


def test_the_wall_reads_what_the_news_told(town):
    case = brought_to(town, "handling")
    (row,) = selectors.wall_cases("")
    told = Entry.objects.get(kind="case.assigned.v1").data
    assert {k: v for k, v in row.items() if k != "verb"} == {k: v for k, v in told.items() if k != "verb"}
    assert row["number"] == case.number
    assert selectors.wall_cases(f"{CITY}.{THERE}") == []


# ---- words


def test_the_page_of_the_workflow_is_what_the_table_says():
    call_command("workflow", "--check")
