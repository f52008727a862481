"""Calendars: the pasted arrangement, the look before saving, and promises that never move."""

from datetime import date

import pytest
from django.test import Client

from cases.models import Clock
from core.errors import Conflict
from grid import actions, selectors
from grid.models import Calendar
from grid.rules.holidays import read_arrangement
from journal.models import Entry
from packs.adapters.library import read_library
from tests.accounts.factories import ROOT, holder
from tests.cases.factories import brought_to, build_town

NOTICE = """国务院办公厅关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。"""
PATH = "/calendars/office_hours/"


def test_the_notice_of_the_state_council_reads_as_the_base_pack_has_it():
    found = read_arrangement(NOTICE, 2026)
    calendars = read_library().packs["base"].document["calendars"]
    office = next(row for row in calendars if row["code"] == "office_hours")
    assert sorted(map(str, found.closed)) == [day for day in map(str, office["closed"]) if day.startswith("2026")]
    assert sorted(map(str, found.extra)) == ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20",
                                             "2026-10-10"]  # fmt: skip
    assert found.faults == []


@pytest.mark.parametrize(
    ("line", "closed", "extra"),
    [
        ("2027-02-06..2027-02-07 休", {date(2027, 2, 6), date(2027, 2, 7)}, set()),
        ("2027/2/13\t班", set(), {date(2027, 2, 13)}),
        ("2月27日至3月1日放假，共3天", {date(2027, 2, 27), date(2027, 2, 28), date(2027, 3, 1)}, set()),
        ("2027-02-06 holiday", {date(2027, 2, 6)}, set()),
    ],
)
def test_a_table_reads_too(line, closed, extra):
    found = read_arrangement(line, 2027)
    assert (found.closed, found.extra, found.faults) == (closed, extra, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2027-02-31 休", "grid.day_unreadable"),
        ("2027-02-09..2027-02-06 休", "grid.day_unreadable"),
        ("2028-01-01 休", "grid.day_of_another_year"),
        ("2027-03-05", "grid.day_unclear"),
        ("2027-02-06 休\n2027-02-06 班", "grid.day_both"),
        ("", "grid.no_days_found"),
        ("新年快乐", "grid.no_days_found"),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_its_line(text, code):
    assert [fault.code for fault in read_arrangement(text, 2027).faults] == [code]


@pytest.fixture
def boss(db):
    """An administrator's browser, in a city with office hours."""
    client = Client()
    client.force_login(holder("calendar-boss", "admin"))
    client.cookies["django_language"] = "en"
    return client


def office() -> None:
    """The base pack's office hours."""
    calendars = read_library().packs["base"].document["calendars"]
    actions.save_calendar(next(row for row in calendars if row["code"] == "office_hours"), actor=ROOT, pack="base")


def form_of(client: Client, **more: str) -> dict[str, str]:
    """What the page's form would send."""
    form = client.get(f"{PATH}?year=2026").context["form"]
    return {name: str(form[name].value() or "") for name in form.fields} | {"year": "2026", **more}


def test_a_pasted_arrangement_is_seen_saved_and_journalled(boss):
    office()
    row = Calendar.objects.get(code="office_hours")
    read = boss.post(PATH, form_of(boss, act="read", paste="2026-12-24 休\n2026-12-26 班"))
    assert Calendar.objects.get(pk=row.pk).closed == row.closed, "reading changes nothing"
    diff, form = read.context["diff"], read.context["form"]
    assert diff["closed_added"] == ["2026-12-24"]
    assert "2026-10-01" in diff["closed_removed"], "the year is replaced"
    given = {name: str(form[name].value() or "") for name in form.fields} | {"year": "2026", "seen": diff["seal"]}
    assert boss.post(PATH, {**given, "act": "save"}).status_code == 302
    saved = Calendar.objects.get(pk=row.pk)
    assert [day for day in saved.closed if day.startswith("2026")] == ["2026-12-24"]
    assert saved.extra["2026-12-26"] == [[480, 720], [840, 1080]]
    assert [day for day in saved.closed if day.startswith("2027")], "other years stay"
    assert (saved.edition, saved.differs) == (2, True)
    entry = Entry.objects.filter(kind="grid.calendar_changed.v1").latest("id")
    assert entry.data["closed_added"] == ["2026-12-24"]
    office()
    assert Calendar.objects.get(pk=row.pk).extra == saved.extra, "the pack speaks again and the city's days stay"
    assert boss.post(PATH, {"act": "reset"}).status_code == 302
    assert Calendar.objects.get(pk=row.pk).differs is False


def test_only_what_was_seen_is_saved_and_a_stale_edition_is_refused(boss):
    office()
    given = form_of(boss, act="save", seen="nonsense", closed="2026-12-24")
    answer = boss.post(PATH, given)
    assert answer.status_code == 409
    assert Calendar.objects.get(code="office_hours").edition == 1
    row = Calendar.objects.get(code="office_hours")
    with pytest.raises(Conflict):
        actions.save_calendar({"code": row.code, **row.columns(), "closed": []}, actor=ROOT, edition=7)


def test_hours_that_cannot_be_read_are_refused_with_a_sentence_and_stay_on_the_page(boss):
    office()
    answer = boss.post(PATH, form_of(boss, act="look", day0="8 to noon"))
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "these hours cannot be read" in page
    assert "8 to noon" in page
    assert Calendar.objects.get(code="office_hours").edition == 1


def test_changing_a_calendar_never_moves_a_promise(db):
    town = build_town()
    brought_to(town, "dispatched")
    promised = list(Clock.objects.order_by("pk").values_list("pk", "due_at"))
    assert any(due for _pk, due in promised)
    for row in Calendar.objects.filter(round_the_clock=False):
        columns = {"code": row.code, "area": row.area, **row.columns(), "weekly": {"sun": ["00:00-01:00"]}}
        actions.save_calendar(columns, actor=ROOT)
    assert list(Clock.objects.order_by("pk").values_list("pk", "due_at")) == promised


def test_the_example_shows_the_deadline_before_and_after(boss):
    office()
    answer = boss.post(PATH, form_of(boss, act="look", closed="2030-01-01\n2030-01-02"))
    examples = answer.context["diff"]["examples"]
    assert any(one["moves"] for one in examples)
    assert "A promise already made keeps its hour" in answer.content.decode()
    assert selectors.calendar_of("office_hours").edition == 1
