"""Calendars for programs: what was read can be sent back, and an edition that is past is refused."""

import pytest
from django.test import Client

from grid.models import Calendar
from tests.accounts.factories import holder
from tests.grid.test_calendars import office

pytestmark = pytest.mark.django_db
PATH = "/api/calendars/office_hours"


@pytest.fixture
def boss():
    """An administrator of the whole city, as a program."""
    office()
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin"))
    return client


def put(client, told, **more):
    return client.put(PATH, {**told, **more}, "application/json")


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
    again = boss.post(f"{PATH}/reset").json()
    assert (again["closed"], again["edition"], again["differs"]) == (told["closed"], 3, False)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Somebody else has changed the calendar office_hours meanwhile. Look at it again."),
        ("zh-hans", "日历 office_hours 已被他人修改，请重新查看。"),
    ],
)
def test_an_edition_that_is_past_is_refused(boss, language, sentence):
    told = boss.get(PATH).json()
    put(boss, told, closed=[])
    boss.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    answer = put(boss, told, closed=["2026-12-24"])
    assert (answer.status_code, answer.json()["code"]) == (409, "grid.calendar_stale")
    assert answer.json()["message"] == sentence
    assert Calendar.objects.get().closed == []


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"weekly": [["8 to noon"], *[[]] * 6]}, "grid.calendar_unreadable"),
        ({"weekly": [[]] * 7}, "grid.calendar_without_hours"),
        ({"closed": ["2026-12-24"], "extra": {"2026-12-24": ["09:00-12:00"]}}, "grid.calendar_day_twice"),
        ({"extra": {"Christmas": ["09:00-12:00"]}}, "grid.calendar_unreadable"),
        ({"weekly": [[]] * 6}, "request.invalid"),
        ({"edition": None}, "request.invalid"),
    ],
)
def test_what_cannot_be_read_is_refused(boss, given, code):
    answer = put(boss, boss.get(PATH).json(), **given)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert Calendar.objects.get().edition == 1


def test_a_calendar_that_is_not_there_is_not_made(boss):
    told = boss.get(PATH).json()
    assert boss.put("/api/calendars/night", told, "application/json").status_code == 404
    assert boss.get(f"{PATH}?area=449900").status_code == 404
    assert Calendar.objects.count() == 1
