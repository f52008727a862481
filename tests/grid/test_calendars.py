"""Calendars: the pasted arrangement, the look before saving, and promises that never move."""

from datetime import date, timedelta

import pytest
from django.test import Client

from cases.models import Clock
from core import clock
from grid import actions, selectors
from grid.models import Calendar
from grid.rules.holidays import read_arrangement
from journal.models import Entry
from packs.adapters.library import read_library
from tests.accounts.factories import ROOT, holder
from tests.cases.factories import CITY, HERE, THERE, brought_to, build_town, take
from tests.seen import version_at

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
    page = client.get(f"{PATH}?year=2026").context
    return sent(page, year="2026", **more)


def sent(page, **more: str) -> dict[str, str]:
    """What the form of a page that was answered would send."""
    form = page["form"]
    given = {name: str(form[name].value() or "") for name in form.fields}
    return {**given, "version": page["version"], **more}


def test_a_pasted_arrangement_is_seen_saved_and_journalled(boss):
    office()
    for strange in ("²", "9" * 5000):
        assert boss.get(PATH, {"year": strange}).status_code == 200
    row = Calendar.objects.get(code="office_hours")
    read = boss.post(PATH, form_of(boss, act="read", paste="2026-12-24 休\n2026-12-26 班"))
    assert Calendar.objects.get(pk=row.pk).closed == row.closed, "reading changes nothing"
    diff = read.context["diff"]
    assert diff["closed_added"] == ["2026-12-24"]
    assert "2026-10-01" in diff["closed_removed"], "the year is replaced"
    assert boss.post(PATH, sent(read.context, year="2026", seen=diff["seal"], act="save")).status_code == 302
    saved = Calendar.objects.get(pk=row.pk)
    assert [day for day in saved.closed if day.startswith("2026")] == ["2026-12-24"]
    assert saved.extra["2026-12-26"] == [[480, 720], [840, 1080]]
    assert [day for day in saved.closed if day.startswith("2027")], "other years stay"
    assert (saved.edition, saved.differs) == (2, True)
    entry = Entry.objects.filter(kind="grid.calendar_changed.v1").latest("id")
    assert entry.data["closed_added"] == ["2026-12-24"]
    office()
    assert Calendar.objects.get(pk=row.pk).extra == saved.extra, "the pack speaks again and the city's days stay"
    assert boss.post(PATH, {"act": "reset", "version": version_at(boss, PATH)}).status_code == 302
    assert Calendar.objects.get(pk=row.pk).differs is False


def test_only_what_was_looked_at_is_saved(boss):
    office()
    given = form_of(boss, act="save", seen="nonsense", closed="2026-12-24")
    answer = boss.post(PATH, given)
    assert answer.status_code == 409
    assert Calendar.objects.get(code="office_hours").edition == 1


def test_what_somebody_else_changed_meanwhile_is_shown_and_not_overwritten(boss):
    office()
    row = Calendar.objects.get(code="office_hours")
    mine = form_of(boss, closed="2026-12-24", day0="09:00-12:00")
    theirs = {"code": row.code, **row.columns(), "closed": [*row.closed, "2026-12-31"]}
    actions.save_calendar(theirs, actor=ROOT)
    for act in ("look", "save", "read"):
        answer = boss.post(PATH, {**mine, "act": act, "seen": "x"})
        assert answer.status_code == 412
        page = answer.content.decode()
        assert "2026-12-31" in page.split("What was changed meanwhile")[1].split("</section>")[0]
        assert "09:00-12:00" in page, "what was typed stays"
    assert boss.post(PATH, {"act": "reset", "version": mine["version"]}).status_code == 412
    assert Calendar.objects.get(code="office_hours").closed == sorted(theirs["closed"])
    looked = boss.post(PATH, {**mine, "act": "look", "version": answer.context["version"]})
    again = sent(looked.context, year="2026", act="save", seen=looked.context["diff"]["seal"])
    assert boss.post(PATH, again).status_code == 302, "with open eyes it may be replaced"
    assert Calendar.objects.get(code="office_hours").closed == ["2026-12-24"]


def dispatched(town, district):
    """A case with a limit of four working hours that has just been given to its district."""
    case = brought_to(town, "accepted", district=district)
    case = take(town, case, "register", "leader", condition="b")
    return take(town, case, "dispatch_district", "city_dispatcher", district_centre=f"d{district}")


def handled_by(case):
    """Until when its handling was promised."""
    return Clock.objects.get(case__number=case.number, kind="handling").due_at


def test_a_region_gets_a_calendar_that_new_cases_follow_and_old_promises_do_not(boss):
    town = build_town()
    office()
    dispatched(town, HERE)
    promised = list(Clock.objects.order_by("pk").values_list("pk", "due_at"))
    area, now = f"{CITY}.{HERE}", clock.now()
    assert "Jingang" in boss.get("/calendars/new/").content.decode()
    path = f"/calendars/new/?code=office_hours&area={area}"
    begun = boss.get(path)
    assert begun.context["form"]["day0"].value() == "08:00-12:00, 14:00-18:00", "it starts from the city's"
    read = boss.post(path, {**sent(begun.context, year="2026"), "act": "read", "paste": NOTICE})
    assert "2026-10-01" in read.context["form"]["closed"].value()
    rest = "\n".join((now + timedelta(days=days)).date().isoformat() for days in range(-1, 40))
    typed = sent(read.context, year="2026", zh="金港办公时间", en="Jingang hours", closed=rest, extra="")
    look = boss.post(path, {**typed, "act": "look"})
    assert not Calendar.objects.filter(area=area).exists(), "a look saves nothing"
    saved = boss.post(path, sent(look.context, year="2026", act="save", seen=look.context["diff"]["seal"]))
    assert (saved.status_code, saved["Location"]) == (302, f"/calendars/office_hours/?year=2026&area={area}")
    assert boss.get(saved["Location"]).status_code == 200
    assert Calendar.objects.get(area=area).names["en"] == "Jingang hours"
    assert Entry.objects.filter(kind="grid.calendar_changed.v1", area=area).count() == 1
    assert list(Clock.objects.order_by("pk").values_list("pk", "due_at"))[: len(promised)] == promised
    assert handled_by(dispatched(town, HERE)) > now + timedelta(days=38), "here nobody works until then"
    assert handled_by(dispatched(town, THERE)) < now + timedelta(days=20), "there the city's calendar counts"
    assert boss.get(path).status_code == 409, "the region has one already"


@pytest.mark.parametrize("given", ["code=office_hours&area=449900.999999", "code=nights&area=449900", "area=449900"])
def test_a_calendar_begins_only_where_there_is_a_region_and_something_to_start_from(boss, given):
    build_town()
    office()
    assert boss.get(f"/calendars/new/?{given}").status_code == 400
    assert not Calendar.objects.exclude(area="").exists()


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
