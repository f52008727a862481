"""Working calendars come in from files: days and hours as people write them, whole calendars or none."""

from datetime import date

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.contracts import State
from grid import actions as grid
from grid.models import Calendar
from grid.rules.calendar_days import CLOSED, EXTRA, WEEKLY, Day, read_day
from journal.models import Entry
from tests.accounts.factories import HERE, ROOT, holder
from tests.exchange.factories import checked, codes, imported, suspicions, workbook
from tests.grid.factories import put_map

KIND = "calendars"
HEAD = "日历代码,区域,名称,英文名称,类型,日期,时段\n"


HALF_DAY = ["08:00-12:00"]


def office() -> Calendar:
    """Office hours with two days of rest and a make-up day."""
    return grid.save_calendar({
        "code": "office_hours", "names": {"zh": "办公时间", "en": "Office hours"},
        "weekly": [["08:00-12:00", "14:00-18:00"]] * 5 + [[], []], "closed": ["2026-10-01", "2026-10-02"],
        "extra": {"2026-10-10": HALF_DAY},
    }, actor=ROOT)  # fmt: skip


@pytest.fixture
def root():
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin"))
    return client


@pytest.fixture
def calendars():
    """Office hours of the city, those of a district with a day of rest more, and one round the clock."""
    put_map()
    base = office()
    grid.save_calendar({**base.columns(), "code": base.code, "area": HERE, "closed": [*base.closed, "2026-12-24"]},
                       actor=ROOT)  # fmt: skip
    always = {"names": {"zh": "全天候", "en": "Always"}, "round_the_clock": True}
    grid.save_calendar({"code": "always", **always}, actor=ROOT)
    return base


def exported(client: Client, suffix: str = "csv") -> bytes:
    return b"".join(client.get(f"/api/exports/{KIND}.{suffix}"))


def counts(job) -> dict[str, int]:
    return {name: count for name, count in (job.counts or job.report["counts"]).items() if count}


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_goes_out_changes_nothing_and_makes_an_empty_installation_equal(calendars, root, suffix):
    out, text = exported(root, suffix), exported(root)
    rows = text.count(b"\n") - 1
    same = checked(out, f"a.{suffix}", kind=KIND)
    assert (codes(same), counts(same)) == ([], {"same": rows})
    Calendar.objects.all().delete()
    job = imported(out, f"a.{suffix}", kind=KIND)
    assert (job.state, codes(job), counts(job)) == (State.DONE, [], {"add": rows})
    assert exported(root) == text


@pytest.mark.django_db
def test_one_edited_day_is_one_change_and_the_journal_tells_it(calendars, root):
    out = exported(root).decode("utf-8-sig")
    line = next(line for line in out.splitlines() if HERE in line and "2026-12-24" in line)
    edited = out.replace(line, line.replace("closed,2026-12-24,", "extra,2026/12/24,9:00—12:00"))
    job = imported(edited, kind=KIND)
    assert {name: count for name, count in counts(job).items() if name != "same"} == {"change": 1}
    held = Calendar.objects.get(area=HERE)
    assert held.extra["2026-12-24"] == [[540, 720]]
    assert "2026-12-24" not in held.closed
    news = Entry.objects.filter(kind="grid.calendar_changed.v1").latest("id").data
    assert (news["extra_added"], news["closed_removed"], news["hours"]) == (["2026-12-24"], ["2026-12-24"], False)
    assert Calendar.objects.get(code=calendars.code, area="").edition == calendars.edition, "the city's is untouched"


@pytest.mark.django_db
def test_next_years_holidays_are_added_and_the_other_days_stay_unless_told_otherwise(calendars):
    code = calendars.code
    text = f"日历代码,类型,日期,时段\n{code},休息日,2031年1月1日,\n{code},补班,2031.1.3,08:00-12:00；14:00-18:00\n"
    job = imported(text, kind=KIND)
    assert counts(job) == {"add": 2}
    held = Calendar.objects.get(code=code, area="")
    assert set(held.closed) == {*calendars.closed, "2031-01-01"}
    assert held.weekly == calendars.weekly
    again = checked(text, kind=KIND, options={"left_out": "take_out"})
    gone = len(calendars.closed) + len(calendars.extra)
    assert (counts(again), suspicions(again)) == ({"same": 2, "retire": gone}, {"grid.calendar_days_left_out": True})
    imported(text, kind=KIND, options={"left_out": "take_out"})
    held.refresh_from_db()
    assert (held.closed, held.extra) == (["2031-01-01"], {"2031-01-03": [[480, 720], [840, 1080]]})


@pytest.mark.django_db
def test_each_wrong_row_is_named_and_no_day_of_its_calendar_is_taken():
    put_map()
    code = office().code
    job = imported(HEAD + "".join([
        f"{code},449999,某区,Some,closed,2031-05-01,\n",
        "new,,新,New,每周,周一,08:00-12:00;11:00-13:00\n",
        "new,,新,New,每周,八,08:00-12:00\n",
        "new,,新,New,weekly,2,25:00-26:00\n",
        "new,,旧,New,weekly,3,08:00-12:00\n",
        "new,,新,New,closed,2031-13-01,\n",
        "new,,新,New,closed,2031-05-01,08:00-12:00\n",
        "new,,新,New,extra,2031-05-02,\n",
        "new,,新,New,closed,2031-05-03,\n",
        "new,,新,New,extra,2031-05-03,08:00-12:00\n",
        "new,,新,New,closed,2031-05-03,\n",
        "new,,新,New,someday,2031-05-04,\n",
        "new,,新,New,weekly,4,08:00-12:00\n",
        "lazy,,懒,Lazy,closed,2031-05-04,\n",
        "bare,,,,weekly,周五,08:00-12:00\n",
        f"{code},,,,休,2031-05-01,\n",
    ]), kind=KIND)  # fmt: skip
    assert codes(job) == [
        (1, "grid.calendar_unknown_area"), (2, "grid.hours_overlap"), (3, "grid.weekday_unread"),
        (4, "grid.hours_unread"), (5, "grid.calendar_head_differs"), (6, "grid.date_unread"),
        (7, "grid.rest_with_hours"), (8, "grid.work_without_hours"), (9, "grid.calendar_other_rows"),
        (10, "grid.day_both"), (11, "grid.calendar_day_again"), (12, "grid.day_kind"),
        (13, "grid.calendar_other_rows"), (14, "grid.calendar_without_hours"), (15, "grid.calendar_name_missing"),
        (15, "grid.calendar_name_missing"),
    ]  # fmt: skip
    assert [fault["column"] for fault in job.report["faults"][-2:]] == ["名称", "英文名称"]
    assert Calendar.objects.get().closed[-1] == "2031-05-01"


@pytest.mark.django_db
def test_a_workbook_with_real_dates_is_read():
    code = office().code
    from_sheet = workbook(["calendar", "kind", "day"], [code, "closed", date(2031, 5, 1)])
    assert counts(checked(from_sheet, "a.xlsx", kind=KIND)) == {"add": 1}


HALF_HOURS = st.lists(st.integers(0, 48), min_size=2, max_size=6, unique=True).map(sorted)


@settings(max_examples=60)
@given(HALF_HOURS, st.integers(1, 7), st.sampled_from([";", "；", "、", " "]), st.sampled_from(["-", "—", "～", "至"]))
def test_hours_are_read_as_they_are_written(edges, weekday, between, dash):
    spans = tuple((a * 30, b * 30) for a, b in zip(edges[::2], edges[1::2], strict=False))
    told = between.join(f"{a // 60:02}:{a % 60:02}{dash}{b // 60:02}:{b % 60:02}" for a, b in spans)
    assert read_day({"kind": "每周", "day": str(weekday), "hours": told}) == Day(WEEKLY, str(weekday - 1), spans)


def test_days_and_kinds_have_many_names():
    for word in ("周日", "星期天", "Sunday", "sun", "7", 7.0):
        assert read_day({"kind": "Weekly", "day": word}) == Day(WEEKLY, "6")
    for word in ("2031-05-01", "2031/5/1", "2031年5月1日", "2031-05-01 00:00:00"):
        assert read_day({"kind": "放假", "day": word}) == Day(CLOSED, "2031-05-01")
    assert read_day({"kind": "班", "day": "2031-05-08", "hours": "8:00-12:00"}) == Day(
        EXTRA, "2031-05-08", ((480, 720),)
    )
