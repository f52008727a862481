"""Calendars for programs: what was read can be sent back, and an edition that is past is refused."""

import pytest
from django.test import Client

from grid.actions import save_calendar
from grid.models import Calendar
from tests.accounts.factories import ROOT, holder
from tests.cases.factories import CITY, HERE, THERE, build_town
from tests.grid.test_calendars import office
from tests.seen import tag_at

pytestmark = pytest.mark.django_db
PATH = "/api/calendars/office_hours"


@pytest.fixture
def boss():
    """An administrator of the whole city, as a program."""
    office()
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin"))
    return client


def put(client, told, seen=None, **more):
    return client.put(PATH, {**told, **more}, "application/json", headers=seen or tag_at(client, PATH))


def test_what_was_read_is_sent_back_and_changes_nothing(boss):
    told = boss.get(PATH).json()
    assert told["weekly"][0] == ["08:00-12:00", "14:00-18:00"]
    assert [row["code"] for row in boss.get("/api/calendars").json()] == ["office_hours"]
    assert put(boss, told).json() == told
    assert Calendar.objects.get().edition == 1


def test_days_are_saved_and_taken_back_to_the_pack(boss):
    told = boss.get(PATH).json()
    extra = {**told["extra"], "2026-12-26": ["09:00-12:00"]}
    saved = put(boss, told, closed=[*told["closed"], "2026-12-24"], extra=extra).json()
    assert (saved["edition"], saved["differs"]) == (2, True)
    assert Calendar.objects.get().extra["2026-12-26"] == [[540, 720]]
    again = boss.post(f"{PATH}/reset", headers=tag_at(boss, PATH)).json()
    assert (again["closed"], again["edition"], again["differs"]) == (told["closed"], 3, False)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Somebody else has changed this since you read it. Nothing was written."),
        ("zh-hans", "您读取之后，已有他人修改了此内容，未写入任何改动。"),
    ],
)
def test_what_somebody_else_changed_since_it_was_read_is_not_overwritten(boss, language, sentence):
    told, seen = boss.get(PATH).json(), tag_at(boss, PATH)
    put(boss, told, closed=[])
    boss.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    answer = put(boss, told, seen, closed=["2026-12-24"])
    assert (answer.status_code, answer.json()["code"]) == (412, "version.stale")
    assert answer.json()["message"] == sentence
    assert boss.post(f"{PATH}/reset", headers=seen).status_code == 412
    assert boss.put(PATH, told, "application/json").status_code == 428
    assert Calendar.objects.get().closed == []


def test_an_area_gets_a_calendar_of_its_own(boss):
    build_town()
    round_the_clock = {"code": "round_the_clock", "names": {"zh": "全天候", "en": "Always"}, "round_the_clock": True}
    save_calendar(round_the_clock, actor=ROOT)
    area, path = f"{CITY}.{HERE}", "/api/calendars"
    above = boss.get(PATH).json()
    given = {"code": "office_hours", "area": area, "names": {"zh": "金港办公时间", "en": "Jingang hours"},
             "closed": ["2026-12-24"]}  # fmt: skip
    made = boss.post(path, given, "application/json")
    assert (made.status_code, made.json()["closed"]) == (201, ["2026-12-24"])
    assert made.json()["weekly"] == above["weekly"], "what was left out is as in the calendar above"
    assert made["ETag"] == tag_at(boss, f"{PATH}?area={area}")["If-Match"]
    twice = boss.post(path, given, "application/json")
    assert (twice.status_code, twice.json()["code"]) == (409, "grid.calendar_exists")
    for more, code in (
        ({"area": "449900.999999"}, "grid.calendar_unknown_area"),
        ({"code": "round_the_clock"}, "grid.calendar_round_the_clock"),
        ({"code": "nights"}, "grid.no_calendar"),
    ):
        refused = boss.post(path, {**given, "area": f"{CITY}.{THERE}", **more}, "application/json")
        assert refused.json()["code"] == code
    assert [row.code for row in Calendar.objects.exclude(area="")] == ["office_hours"]
    assert boss.get(PATH).json() == above, "the city's own stays"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"weekly": [["8 to noon"], *[[]] * 6]}, "grid.calendar_unreadable"),
        ({"weekly": [[]] * 7}, "grid.calendar_without_hours"),
        ({"closed": ["2026-12-24"], "extra": {"2026-12-24": ["09:00-12:00"]}}, "grid.calendar_day_twice"),
        ({"extra": {"Christmas": ["09:00-12:00"]}}, "grid.calendar_unreadable"),
        ({"weekly": [[]] * 6}, "request.invalid"),
    ],
)
def test_what_cannot_be_read_is_refused(boss, given, code):
    answer = put(boss, boss.get(PATH).json(), **given)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert Calendar.objects.get().edition == 1


def test_a_calendar_that_is_not_there_is_not_made(boss):
    told = boss.get(PATH).json()
    seen = tag_at(boss, PATH)
    assert boss.put("/api/calendars/night", told, "application/json", headers=seen).status_code == 404
    assert boss.get(f"{PATH}?area=449900").status_code == 404
    assert Calendar.objects.count() == 1
