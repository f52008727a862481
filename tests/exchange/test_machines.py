"""Machines outside report over HTTP: once, on their own ground, whatever their clocks and nets do."""

import json
from datetime import timedelta, timezone
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Case, Clue, Evidence
from core import clock
from core.errors import Conflict, Invalid, Stale
from core.schema import schema_problems
from core.versions import version_of
from exchange import actions, selectors
from exchange.actions import machine_calls
from exchange.contracts.machines import CallState
from exchange.models import CallPicture, Machine, MachineCall
from exchange.rules import machines as rules
from journal.models import Entry
from tests.accounts.factories import holder
from tests.cases.factories import HERE, OUTSIDE, SETUP, THERE, brought_to, names, picture, point
from tests.cases.test_query_counts import cost

ABOUT = {"names": names("积水计 7 号", "Gauge 7"), "kind": "sensor", "classes": ["E0506", "E0407"], "areas": [HERE]}


@pytest.fixture
def gauge(town) -> actions.MachineMade:
    return actions.make_machine("gauge-7", told=ABOUT, actor=SETUP)


@pytest.fixture
def boss(town) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("machines-boss", "admin"))
    return client


def found(event: str = "e1", **more: Any) -> dict[str, Any]:
    """A report of something at a place that the gauge may report in."""
    lon, lat = point()
    told = {"event": event, "at": clock.now().isoformat(), "class": "E0407", "text": "占道停放", "lon": lon, "lat": lat}
    return {**told, **more}


def follow(event: str, kind: str, about: str = "e1", **more: Any) -> dict[str, Any]:
    return {"event": event, "kind": kind, "about": about, "at": clock.now().isoformat(), **more}


def sent(made: actions.MachineMade, told: Any, *photos: bytes, key: str = "", language: str = "en") -> tuple[int, Any]:
    """What the city answers the machine."""
    headers = {"Authorization": f"Bearer {key or made.key}", "Accept-Language": language}
    where, client = f"/api/machines/{made.row.code}/reports", Client()
    if photos:
        files = [SimpleUploadedFile(f"{n}.jpg", one) for n, one in enumerate(photos)]
        answer = client.post(where, {"report": json.dumps(told), "photos": files}, headers=headers)
    else:
        answer = client.post(where, json.dumps(told), "application/json", headers=headers)
    return answer.status_code, answer.json()


def codes(answer: Any) -> list[str]:
    return [one["code"] for one in answer["flags"]]


# ------------------------------------------------------------------ in


def test_a_report_becomes_one_case_however_often_it_is_sent_and_tells_where_it_stands(town, gauge):
    told = found(values={"level_cm": 23.5, "battery": "low", "wet": True})
    (status, first), (again, second) = sent(gauge, told), sent(gauge, json.loads(json.dumps(told, sort_keys=True)))
    case = Case.objects.get()
    assert (status, again) == (201, 200)
    assert (first["state"], first["case"], first["flags"], first["stands"]) == ("taken", case.number, [], "Reported")
    assert {**second, "flags": []} == first
    assert (case.source, case.source_ref, case.district) == ("sensor", "gauge-7:e1", HERE)
    assert case.attributes == {"machine": "gauge-7", "values": {"level_cm": 23.5, "battery": "low", "wet": True}}
    row = MachineCall.objects.get()
    assert (row.times, row.whole, case.reported_by) == (2, {}, "machine:gauge-7")
    read = Client().get("/api/machines/gauge-7/reports/e1", headers={"Authorization": f"Bearer {gauge.key}"})
    assert read.json()["case"] == case.number


def test_what_is_personal_in_the_words_of_a_machine_outside_is_masked_in_the_case_too(town, gauge):
    sent(gauge, found(text="车主电话 13812345678", values={"plate": "粤D12345", "call": "13912345678"}))
    case = Case.objects.get()
    assert case.description == "车主电话 138****5678"
    assert case.attributes["values"] == {"plate": "粤D12345", "call": "139****5678"}
    assert "13812345678" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_what_its_class_lets_register_itself_does(town, gauge):
    _status, answer = sent(gauge, found(**{"class": "E0506"}))
    assert answer["stands"] == "To be dispatched"
    assert Case.objects.get(number=answer["case"]).registered_at is not None


def test_the_same_event_with_other_words_is_refused_and_changes_nothing(town, gauge):
    sent(gauge, found())
    status, answer = sent(gauge, found(text="别的事"))
    assert (status, answer["code"]) == (409, "machine.other_content")
    assert Case.objects.get().description == "占道停放"
    assert Machine.objects.get().trouble["code"] == "machine.other_content"


@pytest.mark.parametrize(
    ("more", "code", "sentence"),
    [
        ({"class": "E9999"}, "machine.unknown_class", "There is no class E9999 that a new case may be of."),
        ({"class": "C0101"}, "machine.other_class", "This machine may not report the class C0101."),
        ({"component": "4499010101000001"}, "case.unknown_component", None),
    ],
)
def test_what_cannot_be_taken_is_kept_with_a_code_and_a_sentence(town, gauge, more, code, sentence):
    status, answer = sent(gauge, found(**more))
    assert (status, answer["state"], answer["code"], answer["case"]) == (422, "refused", code, "")
    assert answer["message"] == sentence or sentence is None and answer["message"] != code
    assert MachineCall.objects.get().state == CallState.REFUSED
    assert not Case.objects.exists()


def test_no_machine_reports_outside_its_areas_but_one_of_the_whole_city_may_lie_beside_the_grid(town, gauge):
    for place in (point(THERE), OUTSIDE):
        lon, lat = place
        status, answer = sent(gauge, found(f"e{lon}", lon=lon, lat=lat))
        assert (status, answer["code"]) == (422, "machine.other_area")
    assert not Case.objects.exists()
    free = actions.make_machine("free", told={**ABOUT, "areas": []}, actor=SETUP)
    assert sent(free, found(lon=point(THERE)[0], lat=point(THERE)[1]))[0] == 201
    status, answer = sent(free, found("e2", lon=OUTSIDE[0], lat=OUTSIDE[1]))
    assert (status, codes(answer)) == (201, ["machine.unlocated"])


def test_what_was_refused_is_judged_anew_when_it_is_sent_again_even_put_right(town, gauge):
    assert sent(gauge, found(**{"class": "E9999"}))[0] == 422
    status, answer = sent(gauge, found())
    assert (status, answer["state"], MachineCall.objects.get().times) == (200, "taken", 2)
    sent(gauge, wrong := found("e2", **{"class": "C0101"}))
    actions.change_machine("gauge-7", told={"classes": []}, seen=None, actor=SETUP)
    assert sent(gauge, wrong)[1]["state"] == "taken"


def test_what_was_refused_and_comes_put_right_hours_later_is_of_then_and_not_from_the_future(time, town, gauge):
    assert sent(gauge, found(**{"class": "E9999"}))[0] == 422
    time.pass_by(hours=3)
    status, answer = sent(gauge, found())
    assert (status, answer["state"], answer["flags"]) == (200, "taken", [])
    assert Case.objects.get().reported_at == clock.now()


def test_late_and_early_clocks_are_flagged_and_an_early_one_is_not_believed(town, gauge):
    zone = timezone(timedelta(hours=23, minutes=59))  # further from UTC than the database knows
    at = (clock.now() - timedelta(hours=50, minutes=1)).astimezone(zone)
    assert codes(sent(gauge, found(at=at.isoformat()))[1]) == ["machine.late"]
    assert Case.objects.get().reported_at == at
    early = sent(gauge, found("e2", at=(clock.now() + timedelta(hours=3)).isoformat()))[1]
    assert codes(early) == ["machine.from_the_future"]
    assert Case.objects.get(number=early["case"]).reported_at <= clock.now()


def test_pictures_are_evidence_and_one_that_cannot_be_taken_is_left_out_and_said(town, gauge, settings):
    status, answer = sent(gauge, found(), picture("olive"), b"no picture at all")
    assert (status, codes(answer)) == (201, ["picture.unknown_kind"])
    assert Evidence.objects.filter(case__number=answer["case"]).count() == 1
    large = picture("navy") + b"\0" * (21 * 1024 * 1024)
    status, answer = sent(gauge, found("e2"), picture("teal"), large)
    assert (status, codes(answer)) == (201, ["picture.too_large"])
    assert "20 MB" in answer["flags"][0]["message"]
    assert Evidence.objects.filter(case__number=answer["case"]).count() == 1


def test_a_word_that_comes_before_its_report_waits_and_later_ones_hang_on_the_case_in_order(town, gauge):
    status, early = sent(gauge, follow("e2", "still", values={"level_cm": 20}))
    assert (status, early["state"], early["code"]) == (202, "waiting", "machine.before_first")
    number = sent(gauge, found())[1]["case"]
    assert [row.state for row in MachineCall.objects.order_by("event")] == [CallState.TAKEN] * 2
    assert "level_cm = 20" in Clue.objects.get(source_ref="gauge-7:e2").note
    over = follow("e3", "cleared")
    assert [sent(gauge, over)[1]["case"] for _ in range(2)] == [number] * 2
    assert Clue.objects.get(source_ref="gauge-7:e3").note == "设备报告：已恢复"
    before = (clock.now() - timedelta(minutes=30)).isoformat()
    status, older = sent(gauge, {**follow("e4", "still"), "at": before})
    assert (status, older["state"], codes(older)) == (200, "old", ["machine.older"])
    assert Clue.objects.filter(case__number=number).count() == 2


def test_a_word_of_a_clock_far_ahead_does_not_silence_those_that_follow(town, gauge):
    number = sent(gauge, found())[1]["case"]
    ahead = sent(gauge, {**follow("e2", "still"), "at": (clock.now() + timedelta(days=400)).isoformat()})[1]
    assert (ahead["state"], codes(ahead)) == ("taken", ["machine.from_the_future"])
    over = sent(gauge, follow("e3", "cleared"))[1]
    assert (over["state"], over["case"], over["flags"]) == ("taken", number, [])


def test_pictures_with_a_further_word_are_left_out_and_said(town, gauge):
    number = sent(gauge, found())[1]["case"]
    status, answer = sent(gauge, follow("e2", "still"), picture("olive"))
    assert (status, answer["state"], codes(answer)) == (200, "taken", ["machine.pictures_of_found_only"])
    assert not Evidence.objects.filter(case__number=number).exists()


def test_a_word_about_an_ended_case_says_so(town, gauge):
    case = brought_to(town, "closed")
    sent(gauge, found())
    MachineCall.objects.update(subject=case.number)
    status, answer = sent(gauge, follow("e2", "still"))
    assert (status, codes(answer)) == (200, ["machine.case_ended"])
    assert Case.objects.get(number=case.number).stage == "closed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"event": ""}, {"event": "a b"}, {"event": "e\x00"}, {"at": "2026-11-30T09:00:00"}, {"at": "soon"},
        {"lon": 181}, {"lon": 10**30}, {"lat": None}, {"values": {"a": {"b": 1}}}, {"values": {"a": 10**30}},
        {"text": "x" * 4001}, {"text": "a\x00"}, {"kind": "gone"}, {"kind": "still"}, {"more": 1}, {"class": None},
    ],
)  # fmt: skip
def test_what_breaks_the_contract_is_refused_and_stands_with_the_machine(town, gauge, wrong):
    status, answer = sent(gauge, {**found(), **wrong})
    assert (status, answer["code"].partition(".")[0]) in {(400, "machine"), (400, "json")}
    assert not MachineCall.objects.exists()
    assert Machine.objects.get().trouble["code"] == answer["code"]


def test_the_contract_is_a_schema_and_published(db):
    assert schema_problems(rules.CALL) == []
    assert Client().get("/api/machines/schema").json() == rules.CALL


# ------------------------------------------------------------------ who may


def test_only_its_own_key_opens_and_the_one_before_for_the_overlap(town, gauge):
    other = actions.make_machine("other", told=ABOUT, actor=SETUP)
    for key in (other.key, "m1_x", "é"):
        assert sent(gauge, found(), key=key)[1]["code"] == "machine.bad_key"
    nobody = Client().post("/api/machines/nobody/reports", found(), "application/json")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "machine.bad_key")
    new = actions.change_key("gauge-7", overlap_hours=2, actor=SETUP)
    told = found()
    assert [sent(gauge, told, key=key)[0] for key in (gauge.key, new.key)] == [201, 200]
    Machine.objects.filter(code="gauge-7").update(both_until=clock.now() - timedelta(seconds=1))
    assert (sent(gauge, found("e9"), key=gauge.key)[0], sent(gauge, found("e9"), key=new.key)[0]) == (401, 201)
    again = actions.change_key("gauge-7", overlap_hours=0, actor=SETUP)
    assert (sent(gauge, found("e8"), key=new.key)[0], sent(gauge, found("e8"), key=again.key)[0]) == (401, 201)
    assert gauge.key not in json.dumps(list(Machine.objects.values_list("digest", "digest_before")))


def test_a_machine_that_is_switched_off_reports_nothing(town, gauge):
    actions.switch_machine("gauge-7", enabled=False, actor=SETUP)
    assert sent(gauge, found())[1]["code"] == "machine.is_off"
    assert not Case.objects.exists()
    told = [entry.data for entry in Entry.objects.filter(kind="machine.changed.v1").order_by("id")]
    assert (told[-1]["fields"], told[-1]["enabled"]) == (["enabled"], False)


def test_above_its_rate_a_machine_waits_for_the_next_hour(town, gauge, time):
    actions.change_machine("gauge-7", told={"hourly": 2}, seen=None, actor=SETUP)
    told = found()
    assert [sent(gauge, told)[0] for _ in range(3)] == [201, 200, 429]
    Machine.objects.update(hour_from=clock.now() - rules.HOUR)
    assert sent(gauge, told)[0] == 200


def test_what_somebody_kept_and_did_not_live_to_use_is_used(town, gauge):
    sent(gauge, follow("e2", "still"))
    now = clock.now()
    told = found()
    MachineCall.objects.create(
        machine=gauge.row, event="e1", kind="found", digest="-", body={}, whole=told, photos=1, at=now,
        received_at=now - timedelta(minutes=5),
    )  # fmt: skip
    assert actions.process_left_calls() == 1
    assert [row.state for row in MachineCall.objects.all()] == [CallState.TAKEN] * 2
    assert [one["code"] for one in MachineCall.objects.get(event="e1").flags] == ["machine.without_pictures"]
    assert (Case.objects.count(), actions.process_left_calls()) == (1, 0)


def left_lying(gauge, event: str, whole: dict[str, Any], **more: Any) -> MachineCall:
    """A call that somebody kept a while ago and did not live to use."""
    now = clock.now()
    told = {"kind": "found", "digest": "-", "body": {}, "at": now, "received_at": now - timedelta(minutes=5), **more}
    return MachineCall.objects.create(machine=gauge.row, event=event, whole=whole, **told)


def test_a_call_that_breaks_is_parked_with_its_error_and_the_others_are_served(town, gauge):
    broken = left_lying(gauge, "e0", {})
    left_lying(gauge, "e1", found())
    assert actions.process_left_calls() == 2
    broken.refresh_from_db()
    assert (MachineCall.objects.get(event="e1").state, broken.state) == (CallState.TAKEN, CallState.RECEIVED)
    assert broken.error.startswith("KeyError in _found")
    for tries in (1, 1, 1, 1, 0):
        assert actions.process_left_calls() == tries
    broken.refresh_from_db()
    assert (broken.state, broken.error[:8], [one["code"] for one in broken.flags]) == (
        CallState.REFUSED, "KeyError", ["machine.gave_up"],
    )  # fmt: skip
    assert (sent(gauge, found("e0"))[0], Case.objects.count()) == (200, 2), "said again, it is judged anew"
    assert MachineCall.objects.get(event="e0").error == ""


def test_a_word_that_breaks_does_not_take_the_first_call_with_it(town, gauge):
    ago = clock.now() - timedelta(minutes=10)
    broken = left_lying(gauge, "e2", {"values": "x"}, kind="still", about="e1", state=CallState.WAITING)
    sent(gauge, follow("e3", "still", at=ago.isoformat()))
    assert sent(gauge, found())[0] == 201
    broken.refresh_from_db()
    assert (broken.state, bool(broken.error)) == (CallState.WAITING, True)
    assert MachineCall.objects.get(event="e3").state == CallState.TAKEN
    for _turn in range(4):
        actions.process_left_calls()
    broken.refresh_from_db()
    assert (broken.state, actions.process_left_calls()) == (CallState.REFUSED, 0)


def test_pictures_are_kept_before_they_are_used_and_are_there_for_whoever_goes_on(town, gauge, monkeypatch):
    def killed(*_given: Any, **_more: Any) -> None:
        raise ConnectionError("the process is gone")

    with monkeypatch.context() as dying:
        dying.setattr(machine_calls, "process_call", killed)
        with pytest.raises(ConnectionError):
            actions.hear(gauge.row, found(), photos=(picture("olive"), picture("navy")))
    assert (Case.objects.count(), CallPicture.objects.count()) == (0, 2)
    MachineCall.objects.update(received_at=clock.now() - timedelta(minutes=5))
    assert actions.process_left_calls() == 1
    assert MachineCall.objects.get().flags == []
    assert (Evidence.objects.filter(phase="report").count(), CallPicture.objects.count()) == (2, 0)


def test_pictures_that_were_lost_are_told_of_in_a_late_report_too(town, gauge):
    now = clock.now()
    MachineCall.objects.create(
        machine=gauge.row, event="e1", kind="found", digest="-", body={}, whole=found(), photos=1,
        at=now - timedelta(hours=30), received_at=now - timedelta(minutes=5),
    )  # fmt: skip
    actions.process_left_calls()
    told = [one["code"] for one in MachineCall.objects.get().flags]
    assert told == ["machine.late", "machine.without_pictures"]


def test_whoever_looks_for_what_was_left_reads_no_call_that_is_done_with(town, gauge):
    with CaptureQueriesContext(connection) as seen:
        actions.process_left_calls()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + seen.captured_queries[0]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "exchange_call_unused" in plan


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"names": {"zh": "只有中文"}}, "machine.bad_field"), ({"kind": "collector"}, "machine.bad_field"),
        ({"hourly": 0}, "machine.bad_field"), ({"classes": ["E9999"]}, "hotline.no_such_class"),
        ({"areas": ["1"]}, "hotline.no_such_region"), ({"organisation": "nobody"}, "machine.no_organisation"),
        ({"datum": "mars"}, "machine.bad_field"),
    ],
)  # fmt: skip
def test_a_machine_that_makes_no_sense_is_not_set_up(town, more, code):
    with pytest.raises(Invalid) as refused:
        actions.make_machine("m", told={**ABOUT, **more}, actor=SETUP)
    assert refused.value.code == code
    assert not Machine.objects.exists()


def test_codes_are_once_and_whoever_saves_says_what_they_saw(town, gauge):
    with pytest.raises(Conflict):
        actions.make_machine("gauge-7", told=ABOUT, actor=SETUP)
    for code in ("new", "schema", "A", "", "x" * 41):
        with pytest.raises(Invalid):
            actions.make_machine(code, told=ABOUT, actor=SETUP)
    seen = version_of(selectors.machine_told(gauge.row))
    actions.change_machine("gauge-7", told={"hourly": 7}, seen=seen, actor=SETUP)
    with pytest.raises(Stale):
        actions.change_machine("gauge-7", told={"hourly": 8}, seen=seen, actor=SETUP)
    assert Machine.objects.get().hourly == 7


# ------------------------------------------------------------------ for administrators


def test_the_pages_make_a_machine_show_its_key_once_and_its_calls_with_their_outcome(town, boss):
    given = {"code": "bus-9", "zh": "巡检车", "en": "Patrol car", "kind": "vehicle", "datum": "wgs84", "hourly": "60",
             "classes": "E0407, E0506", "areas": HERE, "enabled": "on"}  # fmt: skip
    assert boss.post("/machines/new/", {**given, "classes": "E9999"}).status_code == 400
    made = boss.post("/machines/new/", given)
    row = Machine.objects.get()
    (key,) = {word for word in made.content.decode().split('"') if word.startswith("m1_")}
    bus = actions.MachineMade(row, key)
    assert sent(bus, found(text="电话 13812345678"))[0] == 201
    sent(bus, found("e2", **{"class": "C0101"}))
    page = boss.get("/machines/bus-9/").content.decode()
    assert key not in page
    assert "This machine may not report the class C0101." in page
    assert Case.objects.get().number in page
    assert "13812345678" not in page
    taken = boss.get("/machines/bus-9/?state=taken").content.decode()
    assert (">e1<" in taken, ">e2<" in taken) == (True, False)
    for strange in ("state=x", "after=x", "after=" + "9" * 30, "state=%00"):
        assert boss.get(f"/machines/bus-9/?{strange}").status_code == 400, strange
    many = cost(lambda: boss.get("/machines/bus-9/"))
    for n in range(3, 7):
        sent(bus, found(f"e{n}"))
    assert cost(lambda: boss.get("/machines/bus-9/")) == many
    assert boss.post("/machines/bus-9/act/", {"act": "burn"}).status_code == 400
    assert Machine.objects.get().enabled
    assert boss.post("/machines/bus-9/act/", {"act": "off"}).status_code == 302
    assert boss.post("/machines/bus-9/act/", {"act": "key", "overlap_hours": "-1"}).status_code == 400
    other = boss.post("/machines/bus-9/act/", {"act": "key", "overlap_hours": "0"}).content.decode()
    assert "m1_" in other
    assert sent(bus, found("e9"))[0] == 401
    assert "1 refused" in boss.get("/machines/").content.decode()


def test_the_case_shows_what_was_measured(town, gauge):
    number = sent(gauge, found(values={"level_cm": 23.5}))[1]["case"]
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(town.people["acceptor"])
    page = client.get(f"/cases/{number}/").content.decode()
    assert "level_cm" in page
    assert "23.5" in page


def test_programs_set_up_a_machine_and_read_its_calls(town, boss):
    made = boss.post("/api/machines", {**ABOUT, "code": "api-1"}, "application/json")
    assert made.status_code == 201
    answer = made.json()
    assert sent(actions.MachineMade(Machine.objects.get(), answer["key"]), found())[0] == 201
    calls = boss.get("/api/machines/api-1/calls?state=taken").json()["calls"]
    assert [(one["event"], one["state"], one["body"]["class"]) for one in calls] == [("e1", "taken", "E0407")]
    read = boss.get("/api/machines/api-1")
    assert "key" not in read.json()
    change = {**ABOUT, "hourly": 5}
    assert boss.put("/api/machines/api-1", change, "application/json").status_code == 428
    seen = {"If-Match": read.headers["ETag"]}
    assert boss.put("/api/machines/api-1", change, "application/json", headers=seen).json()["hourly"] == 5
    assert boss.put("/api/machines/api-1", change, "application/json", headers=seen).status_code == 412
    new = boss.post("/api/machines/api-1/key", {"overlap_hours": 0}, "application/json").json()["key"]
    assert sent(actions.MachineMade(Machine.objects.get(), new), found())[0] == 409
