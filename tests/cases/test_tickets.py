"""Tickets of the hotline as a file: open ones are reported, old ones kept as the past, doubts listed, nothing lost."""

from datetime import UTC, datetime

import pytest

from cases import selectors
from cases.models import Case, Move, Withheld
from cases.rules.tickets import class_words
from core.scope import machine
from core.written import moment_of
from exchange.contracts import State
from exchange.models import ImportJob
from journal.models import Entry
from tests.cases import hotline_city
from tests.cases.factories import CITY, HERE, OUTSIDE, SETUP, point
from tests.exchange.factories import checked, codes, imported, suspicions

SEES = machine("test:sees", "case.see")
HEAD = "工单编号,受理时间,办结时间,问题类别,问题描述,地址,所属区,经度,纬度\n"
LON, LAT = point(HERE)


def line(ticket="T1", created="2026-11-01 08:00", closed="", kind="机动车乱停放", district=HERE, at=(LON, LAT)):
    place = ",".join(map(str, at)) if at else ","
    return f"{ticket},{created},{closed},{kind},堵住出口,金砂路 12 号,{district},{place}\n"


def file(*lines):
    return HEAD + "".join(lines)


def taken(*lines, **options):
    """The import of these lines, done."""
    job = imported(file(*lines), kind="tickets", options=options)
    assert job.state == State.DONE, job.failure
    return job


def case(ticket, system="12345"):
    return Case.objects.select_related("category").get(source="hotline12345", source_ref=f"{system}:{ticket}")


@pytest.mark.django_db
def test_an_open_ticket_becomes_a_report_like_any_other(town, time):
    job = taken(line())
    found = case("T1")
    assert (found.stage, found.category_code, found.district) == ("reported", "E0407", HERE)
    assert found.reported_at == datetime(2026, 11, 1, 0, tzinfo=UTC)
    assert Entry.objects.get(kind="case.reported.v1").subject == found.number
    assert job.report["told"] == {"open": 1, "closed": 0}


@pytest.mark.django_db
def test_the_import_of_a_file_keeps_no_number_of_anybody(town, time):
    told = line().replace("堵住出口", "堵住出口，回电 138-7650-4321")
    job = taken(told)
    assert "堵住出口，回电 138****4321" in job.header["sample"][0]
    kept = ImportJob.objects.filter(uid=job.uid).values().get()
    assert "7650" not in str(kept)
    assert Withheld.objects.get().text.endswith("138-7650-4321"), "it is kept where it is asked for with a reason"


@pytest.mark.django_db
def test_an_old_ticket_is_a_closed_case_with_its_history_and_is_told_of_once(town, time):
    taken(line("T1", closed="2026/11/2 9:30"), line("T2", closed="2026-11-03 10:00:00"))
    found = case("T1")
    assert (found.stage, found.closed_at, found.registered_at) == (
        "closed",
        datetime(2026, 11, 2, 1, 30, tzinfo=UTC),
        None,
    )
    assert [(move.verb, move.before, move.after, move.at) for move in selectors.history(found)] == [
        ("report", "", "reported", found.reported_at), ("archive", "reported", "closed", found.closed_at),
    ]  # fmt: skip
    assert found.number.startswith(f"{HERE}20261101")
    told = Entry.objects.get(kind="case.history_taken.v1")
    assert (told.data["cases"], told.data["system"]) == (2, "12345")
    assert not Entry.objects.filter(kind__in=["case.reported.v1", "case.closed.v1"]).exists(), "nobody judges the past"


@pytest.mark.django_db
def test_the_same_ticket_comes_in_once_whoever_sends_it_again(town, time):
    first = taken(line("T1"), line("T2", closed="2026-11-02 09:00"))
    numbers = set(Case.objects.values_list("number", flat=True))
    again = taken(line("T1", closed="2026-11-05 09:00"), line("T2", closed="2026-11-02 09:00"), line("T3"))
    assert (first.counts["add"], again.counts["add"], again.counts["same"]) == (2, 1, 2)
    assert numbers < set(Case.objects.values_list("number", flat=True))
    assert case("T1").stage == "reported", "what the hotline closed is closed here by nobody but our own"
    assert (1, "ticket.closed_there") in codes(again)
    assert taken(line("T1"), system="other").counts["add"] == 1, "another system counts for itself"


@pytest.mark.django_db
def test_what_is_doubtful_is_taken_and_listed(town, time):
    job = taken(
        line("T1", kind="Bulky Items"),
        line("T2", at=OUTSIDE),
        line("T3", at=None, closed="2026-11-02 09:00"),
        line("T4", district="龙滨区"),
        line("T5", district="金港区"),
        line("T6", kind="垃圾"),
        classes="垃圾 = E0110",
    )
    assert (job.counts["add"], job.counts["refuse"]) == (6, 0)
    assert codes(job) == [(2, "ticket.unlocated"), (3, "ticket.unlocated"), (4, "ticket.other_district")]
    assert suspicions(job) == dict.fromkeys(
        ["ticket.unknown_classes", "ticket.many_open", "ticket.many_unlocated", "ticket.many_elsewhere"], False
    )
    assert case("T6").category_code == "E0110"
    assert {case(ticket).number[:6] for ticket in ("T2", "T3")} == {CITY}, "without a place they are the city's"
    unknown = case("T1")
    assert unknown.description == "Bulky Items\n堵住出口", "the word is not lost"
    assert [row.number for row in selectors.filtered({"queue": "unclassified"}, SEES)] == [unknown.number]
    assert [row.number for row in selectors.filtered({"queue": "unlocated"}, SEES)] == [case("T2").number]


@pytest.mark.django_db
def test_what_cannot_be_read_is_refused_line_by_line_and_the_rest_is_taken(town, time):
    job = taken(
        line("T1", created="yesterday"), line(""), line("T2", created="2027-01-01"), line("T3", closed="2026-10-01"),
        line("T4"), line("T4"),
    )  # fmt: skip
    assert (job.counts["add"], job.counts["refuse"]) == (1, 5)
    assert codes(job) == [
        (1, "ticket.bad_moment"), (2, "exchange.empty_cell"), (3, "ticket.bad_moment"),
        (4, "ticket.closed_before_created"), (6, "ticket.twice"),
    ]  # fmt: skip
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_a_look_before_stores_nothing_and_wrong_settings_are_told(town, time):
    assert checked(file(line()), kind="tickets").state == State.CHECKED
    assert not Case.objects.exists()
    for wrong in ({"zone": "Mars/Olympus"}, {"classes": "垃圾=E9999"}):
        job = checked(file(line()), kind="tickets", options=wrong)
        assert job.state == State.FAILED, wrong
        assert job.failure["code"] in ("ticket.bad_zone", "case.unknown_category")


@pytest.mark.django_db
def test_the_first_1500_requests_of_a_real_city_lie_where_the_file_says(time):
    hotline_city.build()
    job = imported(
        hotline_city.first(1500), kind="tickets", options={"system": "la311", "zone": "America/Los_Angeles"}
    )  # fmt: skip
    assert job.state == State.DONE, job.failure
    assert (job.counts["add"], job.counts["refuse"]) == (1500, 0)
    elsewhere = [row for row, code in codes(job) if code == "ticket.other_district"]
    outside = [row for row, code in codes(job) if code == "ticket.unlocated"]
    assert len(elsewhere) + len(outside) == 9, "1,491 of 1,500 lie in the district that they name"
    assert Case.objects.exclude(area="").count() == 1500 - len(outside)
    doubted = {f"la311:{ticket}" for ticket in _tickets(elsewhere)}
    for found in Case.objects.exclude(area=""):
        named = hotline_city.district_code(found.attributes["district"])
        assert (found.district != named) == (found.source_ref in doubted)
    assert Case.objects.exclude(stage="closed").count() == 6, "those that the file has no closing time of"
    assert Move.objects.count() == 2 * 1494 + 6
    assert Case.objects.filter(category=None).count() == 1500, "this city knows none of their classes"


def _tickets(rows):
    lines = hotline_city.first(1500).decode().splitlines()
    return {lines[row].split(",")[0].strip('"') for row in rows}


@pytest.mark.django_db
def test_49_of_the_whole_file_stay_open_and_its_faults_are_listed(time):
    hotline_city.build()
    job = checked(
        hotline_city.first(10_000), kind="tickets", options={"system": "la311", "zone": "America/Los_Angeles"}
    )  # fmt: skip
    assert job.state == State.CHECKED, job.failure
    assert job.report["counts"]["add"] == 10_000
    verdicts = [code for _row, code in codes(job)]
    assert verdicts.count("ticket.unlocated") >= 11, "11 have no point at all"
    told = {one["code"]: one["params"] for one in job.report["suspicions"]}
    assert told["ticket.many_open"] == {"count": 49}
    assert "Bulky Items (4470)" in told["ticket.unknown_classes"]["words"]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-01 08:00", datetime(2026, 11, 1, 8, tzinfo=UTC)),
        ("2026/1/2 8:05:09", datetime(2026, 1, 2, 8, 5, 9, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T08:00:00+08:00", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026年1月2日 8:05", datetime(2026, 1, 2, 8, 5, tzinfo=UTC)),
        ("2026-1-2 08:05:09.250+08:00", datetime(2026, 1, 2, 0, 5, 9, 250_000, tzinfo=UTC)),
        (str(datetime(2026, 1, 2, 8, 5, tzinfo=UTC)), datetime(2026, 1, 2, 8, 5, tzinfo=UTC)),
        ("2026-13-01", None),
        ("2026-01-02 25:00", None),
        ("soon", None),
        ("45962.5", None),
        ("0001-01-01", None),
        ("9999-12-31T23:59:59+00:00", None),
    ],
)
def test_moments_as_files_write_them(text, moment):
    assert moment_of(text, UTC) == moment


def test_words_for_classes_as_a_setting_gives_them():
    assert class_words("Bulky Items=e0110；垃圾 = E0110;=E1;x=\n") == {"bulkyitems": "E0110", "垃圾": "E0110"}
    assert SETUP.may("admin")
