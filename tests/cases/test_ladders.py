"""Who is told when a limit runs out: rung by rung, once each, late after an outage and then saying so; who says it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from cases import actions, rules, selectors
from cases.actions import sweeping
from cases.models import Case, Clock, Ladder, Rung
from core.errors import Conflict, Forbidden, Invalid, Stale
from core.scope import machine
from core.versions import version_of
from journal.models import Entry
from packs.adapters.library import read_library
from tests.accounts.factories import holder
from tests.cases.conftest import Time
from tests.cases.factories import Town, at, brought_to, granted, reported, standing
from tests.cases.test_clocks import dispatched, handling

ROOT = machine("tests", "admin")
FULL = [
    {"share": 0.5, "tell": ["post"]},
    {"share": 0.75, "tell": ["post", "leader"]},
    {"late": 0, "tell": ["leader"]},
    {"late": 60, "tell": ["leader", "district"]},
    {"late": 240, "tell": ["district", "city"]},
]


def ladder(
    rungs: list[dict[str, Any]] = FULL, *, clock: str = "handling", stage: str = "", category: str = ""
) -> Ladder:
    given = {"clock_kind": clock, "stage": stage, "category": category, "rungs": rungs, "reason": "试行"}
    return actions.save_ladder(actor=ROOT, **given)


def climbed() -> list[str]:
    return list(Rung.objects.filter(clock__kind="handling").values_list("code", flat=True))


def told(kind: str) -> int:
    return Entry.objects.filter(kind=kind, data__clock="handling").count()


def test_every_rung_is_told_once_when_it_is_reached_and_not_before(time: Time, town: Town) -> None:
    ladder()
    dispatched(town)
    seen = []
    for minutes in (59, 1, 30, 30, 1, 58, 1, 180, 600):
        time.pass_by(minutes=minutes)
        actions.sweep(), actions.sweep()
        seen.append(len(climbed()))
    assert seen == [0, 1, 2, 2, 3, 3, 4, 5, 5]
    assert climbed() == ["w50", "w75", "breach", "l60", "l240"]
    assert [told(f"{kind}.v1") for kind in ("case.due_soon", "case.overdue", "clock.escalated")] == [2, 1, 2]
    last = Entry.objects.filter(kind="clock.escalated.v1").last().data
    assert (last["rung"], last["tell"], last["late_minutes"]) == ("l240", ["district", "city"], 240)


def test_after_an_outage_the_breach_and_what_follows_are_told_in_order_and_say_that_they_are_late(
    time: Time, town: Town
) -> None:
    ladder()
    case = dispatched(town)
    time.pass_by(hours=9)
    client = Client()
    client.force_login(town.people["leader"])
    assert actions.sweep() == 3
    assert climbed() == ["breach", "l60", "l240"]
    assert told("case.due_soon.v1") == 0, "nobody can heed a warning now"
    rung = Rung.objects.get(code="l60")
    assert (rung.at, rung.told_at) == (case.due_at + timedelta(hours=1), time())
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "超时 60 分钟" in page
    assert "迟告" in page


def test_who_dies_in_the_middle_of_a_sweep_has_told_nothing_or_all_of_a_case(
    time: Time, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ladder()
    for _ in range(3):
        dispatched(town)
    time.pass_by(hours=9)
    record, calls = sweeping.journal.record, []

    def dying(*args: Any, **given: Any) -> None:
        calls.append(1)
        if len(calls) == 6:
            raise KeyboardInterrupt
        record(*args, **given)

    monkeypatch.setattr(sweeping.journal, "record", dying)
    with pytest.raises(KeyboardInterrupt):
        actions.sweep()
    assert Rung.objects.count() == Entry.objects.filter(actor="rule:clocks").count() < 6
    monkeypatch.undo()
    actions.sweep()
    assert sorted(climbed()) == sorted(["breach", "l60", "l240"] * 3)
    assert Rung.objects.count() == Entry.objects.filter(actor="rule:clocks").count()
    assert actions.sweep() == 0


def test_the_database_alone_refuses_to_tell_a_rung_twice(time: Time, town: Town) -> None:
    ladder()
    dispatched(town)
    time.pass_by(hours=1)
    actions.sweep()
    again = Rung.objects.get(code="w50")
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_a_ladder_of_the_class_counts_before_one_of_the_stage_before_one_of_the_clock(time: Time, town: Town) -> None:
    ladder([{"share": 0.1, "tell": ["post"]}], clock="")
    ladder([{"share": 0.2, "tell": ["post"]}], clock="stage")
    ladder([{"share": 0.3, "tell": ["post"]}], clock="stage", stage="at_district")
    case = reported(town)
    assert [rung["code"] for rung in Clock.objects.get(stage="reported").rungs] == ["w20", "breach"]
    brought_to(town, "at_district", case)
    assert Clock.objects.get(stage="at_district", kind="stage").rungs[0]["code"] == "w30"
    assert handling().rungs[0]["code"] == "w10"
    ladder([{"share": 0.4, "tell": ["post"]}], clock="", category="E0407")
    reported(town)
    assert Clock.objects.latest("pk").rungs[0]["code"] == "w40"


def test_a_changed_ladder_leaves_running_clocks_as_they_were_promised(time: Time, town: Town) -> None:
    dispatched(town)
    before = handling().rungs
    ladder()
    assert handling().rungs == before
    assert [rung["code"] for rung in before] == ["w75", "breach"]


def test_rungs_stand_still_with_their_clock_and_move_with_it(time: Time, town: Town) -> None:
    ladder()
    case = dispatched(town)
    time.pass_by(minutes=70)
    actions.sweep()
    granted(town, case, "hold", "desk", "leader", until=time() + timedelta(days=2))
    time.pass_by(days=1, hours=23)
    assert actions.sweep() == 0
    time.pass_by(hours=1)
    actions.end_holds()
    time.pass_by(minutes=19)
    assert actions.sweep() == 0
    time.pass_by(minutes=1)
    assert actions.sweep() == 1
    assert climbed() == ["w50", "w75"]


def test_the_lamp_is_green_then_yellow_from_the_first_warning_then_red(time: Time, town: Town) -> None:
    ladder()
    case = dispatched(town)
    client = Client()
    client.force_login(town.people["leader"])
    seen, chips = [], []
    for minutes in (0, 59, 1, 60, 1):
        time.pass_by(minutes=minutes)
        (row,) = [one for one in selectors.why_due(Case.objects.get()) if one["kind"] == "handling"]
        page = client.get(f"/cases/{case.number}/?queue=open").content.decode()
        lit = re.findall(r'lamp--(\w+)"[^>]*></span> <cc-sla [^>]*soon="(\d+)"', page)
        assert lit == [(row["lamp"], "3600")] * 2, (
            "in the list and on the case, right before what ticks, which follows it"
        )
        seen.append(row["lamp"])
        chips += re.findall(r'<cc-sla class="chip chip--(\w+)"', page)
    assert chips == ["normal", "normal", "caution", "serious", "critical"], (
        "no colour but the one of the lamp beside it"
    )
    assert seen == ["green", "green", "yellow", "yellow", "red"]
    assert rules.lamp(None, None, time()) == "off"


# ---------------------------------------------------------------- a promise is moved


def moved(town: Town, case: Any, who: str = "leader", **given: Any) -> Any:
    ready = {"kind": "handling", "due_at": at("2026-11-26T12:00:00+08:00"), "reason": "台风停工", **given}
    return actions.reschedule(case.number, actor=town.actor(who), version=standing(case).version, **ready)


def test_a_promise_is_moved_with_a_reason_and_both_ends_stand_in_the_history(time: Time, town: Town) -> None:
    ladder()
    case = dispatched(town)
    before, until = case.due_at, time() + timedelta(hours=10)
    time.pass_by(minutes=61)
    actions.sweep()
    after = moved(town, case, due_at=until)
    assert (after.due_at, after.version) == (until, case.version + 1)
    move = selectors.history(Case.objects.get())[-1]
    assert (move.verb, move.given["reason"]) == ("reschedule", "台风停工")
    assert (at(move.given["before"]), at(move.given["after"])) == (before, until)
    assert Entry.objects.filter(kind="case.rescheduled.v1", data__due_at=until.isoformat()).count() == 1
    assert rules.moment_of(handling().rungs[0]) == handling().started_at + timedelta(hours=5)
    why = selectors.reasons(town.actor("leader"), [(case.number, after.version)])
    assert "台风停工" in why[(case.number, after.version)]
    assert before.isoformat() in why[(case.number, after.version)]
    time.be((until + timedelta(minutes=1)).isoformat())
    actions.sweep()
    assert climbed() == ["w50", "breach"], "warned once of each end; the second warning came too late to be heeded"


def test_a_promise_moved_after_a_pause_has_its_warnings_ahead_and_not_within_the_time_that_stood_still(
    time: Time, town: Town
) -> None:
    ladder()
    case, began = dispatched(town), time()
    time.pass_by(minutes=12)
    granted(town, case, "hold", "desk", "leader", until=time() + timedelta(hours=20))
    time.pass_by(hours=20)
    actions.end_holds()
    assert standing(case).due_at == began + timedelta(hours=22)
    moved(town, case, due_at=began + timedelta(hours=26))
    stand = {rung["code"]: (rules.moment_of(rung) - began) / timedelta(hours=1) for rung in handling().rungs}
    assert stand == {"w50": 23, "w75": 24.5, "breach": 26, "l60": 27, "l240": 30}
    assert standing(case).due_at == handling().due_at
    assert (actions.sweep(), climbed()) == (0, [])


@pytest.mark.parametrize(
    ("who", "given", "error", "code"),
    [
        ("desk", {}, Forbidden, "case.not_your_duty"),
        ("city_dispatcher", {}, Forbidden, "case.not_your_duty"),
        ("leader", {"reason": " "}, Invalid, "case.needs_reason"),
        ("leader", {"due_at": at("2026-01-02T00:00:00+08:00")}, Invalid, "case.needs_later_due"),
        ("leader", {"kind": "stage"}, Conflict, "case.no_such_clock"),
    ],
)
def test_a_promise_is_not_moved(time: Time, town: Town, who: str, given: Any, error: Any, code: str) -> None:
    case = dispatched(town)
    before = (case.due_at, Entry.objects.count())
    with pytest.raises(error) as caught:
        moved(town, case, who, **given)
    assert caught.value.code == code
    assert before == (standing(case).due_at, Entry.objects.count())


def test_a_broken_promise_is_not_mended_by_another_nor_that_of_a_held_case(time: Time, town: Town) -> None:
    held = granted(town, dispatched(town), "hold", "desk", "leader", until=time() + timedelta(days=2))
    late = dispatched(town)
    time.pass_by(hours=3)
    for case, code in ((held, "case.held"), (late, "case.reschedule_too_late")):
        with pytest.raises(Conflict) as caught:
            moved(town, case, due_at=time() + timedelta(days=9))
        assert caught.value.code == code


def test_a_promise_is_moved_no_farther_at_once_than_the_longest_limit_a_class_may_have(time: Time, town: Town) -> None:
    case, client = dispatched(town), Client()
    client.force_login(town.people["leader"])
    send = {"content_type": "application/json", "headers": {"If-Match": f'"{case.version}"'}}
    most = case.due_at + timedelta(days=3650)
    for until in ("9999-12-31T23:59:59+08:00", (most + timedelta(seconds=1)).isoformat()):
        body = {"kind": "handling", "due_at": until, "reason": "停电"}
        answer = client.post(f"/api/cases/{case.number}/reschedule", body, **send)
        assert (answer.status_code, answer.json()["code"]) == (400, "case.later_due_too_far")
    assert (standing(case).due_at, standing(case).version) == (case.due_at, case.version)
    assert moved(town, case, due_at=most).due_at == most


def test_only_a_promise_that_is_not_broken_yet_is_offered_to_be_moved(time: Time, town: Town) -> None:
    case, client = brought_to(town, "at_district"), Client()
    client.force_login(town.people["leader"])
    offered = []
    for minutes in (0, 40):
        time.pass_by(minutes=minutes)
        form = client.get(f"/cases/{case.number}/").context["move_form"]
        offered.append({code for code, _name in form.fields["kind"].choices})
    assert offered == [{"stage", "handling"}, {"handling"}]
    given = {"version": case.version, "kind": "stage", "due_at": "2026-12-24T12:00", "reason": "停电"}
    late = client.post(f"/cases/{case.number}/reschedule/", given)
    assert (late.status_code, "时限已经超过" in late.content.decode()) == (409, True)


def test_programs_move_a_promise_and_read_the_ladder(time: Time, town: Town) -> None:
    case, client = dispatched(town), Client()
    client.force_login(town.people["leader"])
    body = {"kind": "handling", "due_at": (time() + timedelta(hours=9)).isoformat(), "reason": "停电"}
    send = {"content_type": "application/json", "headers": {"If-Match": f'"{case.version}"'}}
    assert client.post(f"/api/cases/{case.number}/reschedule", body, **send).status_code == 200
    assert client.post(f"/api/cases/{case.number}/reschedule", body, **send).status_code == 412
    (row,) = [one for one in client.get(f"/api/cases/{case.number}/clocks").json() if one["kind"] == "handling"]
    assert row["lamp"] == "green"
    assert [(rung["code"], rung["told"]) for rung in row["rungs"]] == [("w75", None), ("breach", None)]


# ---------------------------------------------------------------- why


def test_why_names_the_calendar_every_odd_day_pauses_extensions_and_moves(time: Time, town: Town) -> None:
    time.be("2026-11-20T17:00:00+08:00")
    case = dispatched(town, "b")
    case = granted(town, case, "extension", "desk", "district_dispatcher", "city_dispatcher", minutes=60)
    case = granted(town, case, "hold", "desk", "leader", until=at("2026-11-24T09:00:00+08:00"))
    time.be("2026-11-24T09:00:00+08:00")
    actions.end_holds()
    moved(town, case)
    (one,) = [each for each in selectors.account(Case.objects.get()) if each.why["kind"] == "handling"]
    assert [(day.day.day, day.kind) for day in one.days] == [
        (20, "work"), (21, "free"), (22, "free"), (23, "work"), (24, "work"), (25, "work"), (26, "work"),
    ]  # fmt: skip
    assert [day.minutes for day in one.days][:4] == [0, 0, 0, 0], "it stood still from the first minute on"
    assert (len(one.pauses), len(one.extensions), len(one.moves)) == (1, 1, 1)
    client = Client()
    client.force_login(town.people["desk"])
    told = client.get(f"/cases/{case.number}/why/").content.decode()
    for words in ("工作时间", "2026-11-21", "休息日", "延期", "台风停工", "11-26 12:00"):
        assert words in told, words


def test_the_days_of_why_add_up_to_the_limit(time: Time, town: Town) -> None:
    time.be("2026-11-20T17:00:00+08:00")
    case, client = dispatched(town, "b"), Client()
    client.force_login(town.people["desk"])
    told = client.get(f"/cases/{case.number}/why/").content.decode()
    assert "11-20 60 + 11-23 180 = 240" in told.replace("\n", "")


# ---------------------------------------------------------------- who says it


def test_administrators_alone_write_ladders_and_only_such_that_can_be_climbed(time: Time, town: Town) -> None:
    given = {"clock_kind": "handling", "stage": "", "category": "", "rungs": FULL, "reason": "试行"}
    faulty = {
        "ladder.needs_reason": {"reason": " "},
        "ladder.rungs": {"rungs": []},
        "ladder.share": {"rungs": [{"share": 1.5, "tell": ["post"]}]},
        "ladder.tell": {"rungs": [{"late": 60, "tell": []}]},
        "ladder.twice": {"rungs": [FULL[0], FULL[0]]},
        "ladder.unknown_clock": {"clock_kind": "lunch"},
        "ladder.stage_of_post": {"stage": "reported"},
        "case.unknown_category": {"category": "E9999"},
    }
    for code, wrong in faulty.items():
        with pytest.raises(Invalid) as caught:
            actions.save_ladder(actor=ROOT, **{**given, **wrong})
        assert caught.value.code == code
    with pytest.raises(Forbidden):
        actions.save_ladder(actor=town.actor("leader"), **given)
    assert Ladder.objects.count() == 0
    seen = version_of(ladder().told())
    ladder([{"late": 0, "tell": ["leader"]}])
    with pytest.raises(Stale):
        actions.save_ladder(actor=ROOT, seen=seen, **given)
    assert Entry.objects.filter(kind="ladder.changed.v1").last().data["after"] == ["breach: leader"]


def test_what_the_city_says_outlasts_the_pack_and_can_be_taken_back(time: Time, town: Town) -> None:
    actions.put_ladders([{"clock": "handling", "rungs": FULL[:2]}, {"rungs": FULL[2:]}], pack="test")
    row = ladder([{"share": 0.9, "tell": ["city"]}])
    actions.put_ladders([{"clock": "handling", "rungs": FULL}], pack="test")
    assert {str(one): one.rungs[0].get("share") for one in selectors.ladders()} == {"handling": 0.9}
    actions.end_ladder(row.pk, actor=ROOT, reason="恢复")
    assert selectors.ladder(row.pk).rungs == rules.ordered(FULL)
    own = ladder(clock="total")
    actions.end_ladder(own.pk, actor=ROOT, reason="不用")
    assert [str(one) for one in selectors.ladders()] == ["handling"]


def test_the_base_pack_ships_a_ladder_that_tells_the_city_after_a_working_day(time: Time, town: Town) -> None:
    actions.put_ladders(read_library().packs["base"].document["ladders"], pack="base")
    dispatched(town)
    assert [rung["code"] for rung in handling().rungs] == ["w75", "breach", "l120", "l480"]
    assert handling().rungs[-1]["tell"] == ["district", "city"]
    reported(town)
    assert [rung["code"] for rung in Clock.objects.latest("pk").rungs] == ["w75", "breach", "l60", "l240"]


def test_an_administrator_writes_a_ladder_in_the_browser(time: Time, town: Town) -> None:
    boss, client = holder("root", "admin", "case.see"), Client()
    client.force_login(boss)
    assert "时限已用 75%" in client.get("/ladders/").content.decode(), "what counts without any"
    rows = {"rung0-number": "60", "rung0-when": "share", "rung0-tell": ["post"], "rung1-number": "90",
            "rung1-when": "late", "rung1-tell": ["leader", "city"]}  # fmt: skip
    new = {"clock_kind": "handling", "stage": "", "category": "E0407", "reason": "试行", **rows}
    assert client.post("/ladders/new/", {**new, "rung0-when": ""}).status_code == 400
    assert client.post("/ladders/new/", {**new, "clock_kind": "", "stage": "reported"}).status_code == 400
    assert client.post("/ladders/new/", new).status_code == 302
    assert client.post("/ladders/new/", new).status_code == 409
    row = Ladder.objects.get()
    assert [rules.rung_code(rung) for rung in row.rungs] == ["w60", "breach", "l90"]
    page = client.get(f"/ladders/{row.pk}/")
    seen = page.context["version"]
    ladder(category="E0407")
    late = client.post(f"/ladders/{row.pk}/", {**rows, "reason": "改", "version": seen})
    assert late.status_code == 412
    assert "超时 240 分钟" in late.content.decode(), "what it says now"


def test_no_rung_that_was_typed_is_lost_where_somebody_else_took_some_away(time: Time, town: Town) -> None:
    row, client = ladder(), Client()
    client.force_login(holder("root", "admin", "case.see"))
    form = client.get(f"/ladders/{row.pk}/").context
    last = len(form["form"].rows) - 1
    ladder([{"share": 0.9, "tell": ["city"]}])
    typed = {f"rung{place}-number": "" for place in range(last)} | {"reason": "改", "version": form["version"]}
    typed |= {f"rung{last}-number": "77", f"rung{last}-when": "late", f"rung{last}-tell": ["leader"]}
    late = client.post(f"/ladders/{row.pk}/", typed)
    assert late.status_code == 412
    assert f'name="rung{last}-number" value="77"' in late.content.decode()
    assert client.post(f"/ladders/{row.pk}/", {**typed, "version": late.context["version"]}).status_code == 302
    assert [rules.rung_code(rung) for rung in selectors.ladder(row.pk).rungs] == ["breach", "l77"]


def test_a_ladder_is_ended_only_as_it_was_looked_at(time: Time, town: Town) -> None:
    row, client = ladder(category="E0407"), Client()
    client.force_login(holder("root", "admin", "case.see"))

    def end(reason: str, version: str) -> Any:
        return client.post(f"/ladders/{row.pk}/end/", {"reason": reason, "version": version})

    def version(page: Any) -> str:
        return next(str(one["version"]) for one in page.context["rows"] if one["row"] == row)

    looked_at = version(client.get("/ladders/"))
    assert end("", looked_at).status_code == 400
    ladder([{"share": 0.5, "tell": ["city"]}], category="E0407")
    for seen in (looked_at, ""):
        late = end("不用了", seen)
        assert (late.status_code, Ladder.objects.filter(pk=row.pk).exists()) == (412, True)
    shown = late.content.decode().split("<details")[-1]
    assert shown.startswith(' class="step" open>'), "the fold stands open"
    assert 'value="不用了"' in shown, "with what was typed"
    assert end("不用了", version(late)).status_code == 302
    assert Ladder.objects.count() == 0
    assert end("不用了", looked_at).status_code == 404


def test_a_shift_leader_moves_a_promise_on_the_page_of_the_case(time: Time, town: Town) -> None:
    case, client = dispatched(town), Client()
    client.force_login(town.people["leader"])
    assert f'action="/cases/{case.number}/reschedule/"' in client.get(f"/cases/{case.number}/").content.decode()
    given = {"version": case.version, "kind": "handling", "due_at": "2026-12-24T12:00", "reason": "停电"}
    early = client.post(f"/cases/{case.number}/reschedule/", {**given, "due_at": "2026-01-01T12:00"})
    assert early.status_code == 400
    assert "只能改到更晚" in early.content.decode()
    stale = client.post(f"/cases/{case.number}/reschedule/", {**given, "version": case.version - 1})
    form = stale.context["move_form"]
    assert (stale.status_code, form["version"].value()) == (412, str(case.version))
    assert standing(case).due_at == case.due_at
    again = {name: form[name].value() for name in given}
    assert client.post(f"/cases/{case.number}/reschedule/", again).status_code == 302
    assert standing(case).due_at == at("2026-12-24T12:00:00+08:00")
    assert "12-24 12:00 · 停电" in client.get(f"/cases/{case.number}/").content.decode()


def asking(town: Town) -> tuple[Client, str]:
    """An administrator's program, and where ladders are."""
    browser = Client()
    browser.force_login(holder("root", "admin"))
    return browser, "/api/ladders"


def test_a_program_makes_reads_and_changes_a_ladder_and_a_stale_one_is_told_so(town: Town) -> None:
    browser, where = asking(town)
    given = {"clock": "handling", "rungs": FULL, "reason": "试行"}
    made = browser.post(where, given, content_type="application/json")
    assert (made.status_code, made.json()["rungs"], made.json()["own"]) == (201, FULL, True)
    assert [row["id"] for row in browser.get(where).json()] == [made.json()["id"]]
    again = browser.post(where, given, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "ladder.exists")
    one = f"{where}/{made.json()['id']}"
    other = {"rungs": FULL[:3], "reason": "少一些"}
    assert browser.put(one, other, content_type="application/json").status_code == 428
    seen = {"If-Match": made["ETag"]}
    saved = browser.put(one, other, content_type="application/json", headers=seen)
    assert (saved.status_code, saved.json()["rungs"], saved.json()["reason"]) == (200, FULL[:3], "少一些")
    stale = browser.put(one, {**other, "rungs": FULL}, content_type="application/json", headers=seen)
    assert (stale.status_code, stale.json()["code"]) == (412, "version.stale")
    assert browser.get(one).json()["rungs"] == FULL[:3]
    assert browser.get(one)["ETag"] == saved["ETag"] != made["ETag"]


def test_a_program_ends_a_ladder_that_it_has_seen_and_running_clocks_keep_theirs(time: Time, town: Town) -> None:
    browser, where = asking(town)
    made = browser.post(where, {"clock": "handling", "rungs": FULL, "reason": "试行"}, content_type="application/json")
    dispatched(town)
    running, one = handling().rungs, f"{where}/{made.json()['id']}/end"
    assert browser.post(one, {"reason": "完"}, content_type="application/json").status_code == 428
    unseen = {"If-Match": '"' + 32 * "0" + '"'}
    assert browser.post(one, {"reason": "完"}, content_type="application/json", headers=unseen).status_code == 412
    assert Ladder.objects.count() == 1
    seen = {"If-Match": made["ETag"]}
    assert browser.post(one, {"reason": "完"}, content_type="application/json", headers=seen).status_code == 204
    assert (Ladder.objects.count(), handling().rungs, len(running)) == (0, running, 5)
    assert browser.post(one, {"reason": "完"}, content_type="application/json", headers=seen).status_code == 404


@pytest.mark.parametrize(
    ("rung", "code"),
    [
        ({"tell": ["post"]}, "ladder.place"),
        ({"share": 0.5, "late": 0, "tell": ["post"]}, "ladder.place"),
        ({"share": 1.5, "tell": ["post"]}, "ladder.share"),
        ({"late": -1, "tell": ["post"]}, "request.invalid"),
        ({"late": 1, "tell": ["mayor"]}, "request.invalid"),
    ],
)
def test_a_rung_that_stands_nowhere_or_tells_nobody_known_is_refused(town: Town, rung: Any, code: str) -> None:
    browser, where = asking(town)
    answer = browser.post(where, {"rungs": [rung], "reason": "试行"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Ladder.objects.exists()
