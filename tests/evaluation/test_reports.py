"""Reports that come by themselves: each period once, whoever makes it, and for nobody who may not see it."""

import io
from datetime import date
from datetime import time as clock_time

import pytest
from openpyxl import load_workbook

from accounts.actions import grant
from core.errors import Conflict, Forbidden, NotFound
from evaluation import actions, forms, rules, selectors
from evaluation.contracts import REPORT_FETCHED, REPORT_MADE, REPORT_PLANNED
from evaluation.models import ReportFile, ReportPlan, ReportRun
from evaluation.rules.plans import day_due, periods_due
from evaluation.selectors import Question
from exchange.contracts.messages import tidings_of
from journal.models import Entry
from journal.selectors import view
from tests.cases.factories import CITY, HERE, SETUP, THERE
from tests.evaluation.test_pages import CHINESE, november, signed_in

__all__ = ["november"]


def planned(town, who: str = "evaluator", within: str = "", every: str = "week", level: str = "organisation", **more):
    """A weekly report on the second day after its end, at half past eight."""
    asked = Question(level, rules.period_of(every, date(2026, 11, 16)), within)
    told = {
        "scheme": "",
        "show": "handling",
        "day": 2,
        "at": clock_time(8, 30),
        "formats": ["xlsx"],
        "language": "zh-hans",
    }
    return actions.plan_report(asked, every=every, actor=town.actor(who), **{**told, "language": "zh-hans", **more})


def make() -> int:
    return actions.make_reports(forms.file_of)


def test_the_days_on_which_reports_are_due_follow_their_periods():
    week = rules.period_of("week", date(2026, 11, 16))
    assert (day_due(week, 1), day_due(week, 7)) == (date(2026, 11, 23), date(2026, 11, 29))
    found = list(periods_due("month", 28, date(2026, 1, 15), date(2026, 3, 28)))
    assert [one.since for one in found] == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    for every, most in (("week", 7), ("month", 28)):
        for day in (1, most):
            dues = [day_due(one, day) for one in periods_due(every, day, date(2027, 1, 1), date(2027, 12, 31))]
            assert len(dues) == len(set(dues)) == (52 if every == "week" else 12)


def test_a_report_comes_once_when_it_is_due_and_late_beats_catch_up(november, town, time):
    planned(town)
    assert make() == 0, "what was due before it was asked for is not made"
    time.be("2026-11-24T08:29:00+08:00")
    assert make() == 0
    time.be("2026-11-24T08:30:00+08:00")
    assert (make(), make()) == (1, 0)
    time.be("2026-12-09T00:00:00+08:00")
    assert make() == 2, "the two weeks in which nothing beat"
    assert list(ReportRun.objects.order_by("since").values_list("since", "state")) == [
        (date(2026, 11, 16), "made"), (date(2026, 11, 23), "made"), (date(2026, 11, 30), "made"),
    ]  # fmt: skip
    assert ReportFile.objects.count() == Entry.objects.filter(kind=REPORT_MADE).count() == 3


def test_a_report_is_the_board_of_its_period_and_who_fetched_it_is_on_record(november, town, time):
    planned(town, within=HERE)
    time.be("2026-11-24T09:00:00+08:00")
    make()
    run = ReportRun.objects.get()
    page = signed_in(town, "evaluator").get(f"/scores/reports/{run.pk}.xlsx")
    assert page["Content-Disposition"] == f'attachment; filename="scores-organisation-{HERE}-week-2026-11-16.xlsx"'
    rows = list(load_workbook(io.BytesIO(page.content)).worksheets[0].iter_rows(min_row=3, values_only=True))
    asked = Question("organisation", rules.Period("week", run.since, run.until), HERE)
    board = selectors.measured(town.actor("evaluator"), asked, "handling")
    assert [(row[0], row[1]) for row in rows] == [(line.names["zh"], line.cells[0].tally.net) for line in board]
    assert Entry.objects.get(kind=REPORT_FETCHED).actor == town.key("evaluator")
    told = tidings_of(view(Entry.objects.get(kind=REPORT_MADE), 1))
    assert [(one.occasion, one.people, one.href) for one in told] == [
        ("report.ready", {town.people["evaluator"].pk}, "/scores/reports/")
    ]


def test_a_worker_that_was_killed_or_is_slow_leaves_one_report(november, town, time):
    planned(town)
    time.be("2026-11-24T09:00:00+08:00")

    def killed(options, suffix, actor):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.make_reports(killed)
    assert (make(), ReportFile.objects.count()) == (0, 0), "as long as it may live, nobody else begins"

    def slow(options, suffix, actor):
        time.pass_by(minutes=16)
        assert actions.make_reports(forms.file_of) == 1, "it was silent for too long: another one has made it"
        return b"late", 1

    time.pass_by(minutes=16)
    assert actions.make_reports(slow) == 0, "and what the slow one made is left"
    assert ReportRun.objects.get().state == "made"
    assert [bytes(row.content) for row in ReportFile.objects.all()] != [b"late"]


def test_a_report_that_is_never_done_is_given_up_and_told(november, town, time):
    planned(town)
    time.be("2026-11-24T09:00:00+08:00")

    def broken(options, suffix, actor):
        raise Conflict("paper.failed")

    for _turn in range(3):
        actions.make_reports(broken)
        time.pass_by(minutes=16)
    run = ReportRun.objects.get()
    assert (run.state, run.code, run.attempts) == ("failed", "paper.failed", 3)
    assert make() == 0


def test_rights_are_asked_for_when_it_is_made_and_when_it_is_fetched(november, town, time):
    planned(town, who="leader", within=HERE)
    time.be("2026-11-24T09:00:00+08:00")
    make()
    run = ReportRun.objects.get()
    assert signed_in(town, "leader").get(f"/scores/reports/{run.pk}.xlsx").status_code == 200
    town.people["leader"].grants.filter(role__code="judge").delete()
    grant(user=town.people["leader"], role="judge", area=f"{CITY}.{THERE}", actor=SETUP)
    assert signed_in(town, "leader").get(f"/scores/reports/{run.pk}.xlsx").status_code == 404
    assert "2026-11-16" not in signed_in(town, "leader").get("/scores/reports/").content.decode()
    time.pass_by(days=7)
    assert make() == 1
    refused = ReportRun.objects.latest("since")
    assert (refused.state, refused.code, refused.files.count()) == ("refused", "evaluation.report_not_whole", 0)


def test_who_sees_a_part_plans_and_fetches_nothing_of_the_whole(november, town, time):
    for who, within in (("desk", ""), ("desk", HERE), ("collector", HERE)):
        with pytest.raises(Forbidden):
            planned(town, who=who, within=within)
    plan = planned(town)
    time.be("2026-11-24T09:00:00+08:00")
    make()
    run = ReportRun.objects.get()
    for act in (
        lambda: actions.fetch_report(run.pk, "xlsx", actor=town.actor("desk")),
        lambda: actions.fetch_report(run.pk, "pdf", actor=town.actor("evaluator")),
        lambda: actions.end_report(plan.pk, actor=town.actor("desk")),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        planned(town, who="leader", level="person")
    assert planned(town, level="person").level == "person"
    with pytest.raises(Forbidden):
        actions.end_report(plan.pk, actor=town.actor("leader"))
    assert ReportPlan.objects.filter(ended_at=None).count() == 2


def test_files_of_reports_are_kept_for_two_years_and_that_they_were_made_for_ever(november, town, time):
    planned(town)
    time.be("2026-11-24T09:00:00+08:00")
    make()
    run = ReportRun.objects.get()
    actions.end_report(run.plan_id, actor=town.actor("evaluator"))
    time.be("2028-11-24T08:59:00+08:00")
    client = signed_in(town, "evaluator")
    assert (actions.drop_reports(), client.get(f"/scores/reports/{run.pk}.xlsx").status_code) == (0, 200)
    time.be("2028-11-24T09:01:00+08:00")
    assert actions.drop_reports() == 1
    assert client.get(f"/scores/reports/{run.pk}.xlsx").status_code == 404
    page = client.get("/scores/reports/", headers=CHINESE).content.decode()
    assert "文件已过保留期" in page
    assert ReportRun.objects.get().state == "made"


def test_a_report_that_was_ended_comes_no_more(november, town, time):
    plan = planned(town)
    signed_in(town, "evaluator").post(f"/scores/reports/{plan.pk}/end/")
    time.be("2026-11-24T09:00:00+08:00")
    assert (make(), ReportRun.objects.count()) == (0, 0)
    assert Entry.objects.filter(kind=REPORT_PLANNED).count() == 2


GOOD = {"level": "district", "show": "score", "within": "", "scheme": "", "every": "month", "day": "3", "at": "07:15",
        "formats": ["pdf"], "language": "zh-hans"}  # fmt: skip
BAD = (
    {"day": "29"}, {"day": "0"}, {"day": "x"}, {"day": "9" * 30}, {"at": "25:00"}, {"at": ""}, {"formats": []},
    {"formats": ["exe"]}, {"language": "fr"}, {"every": "hour"}, {"level": "moon"}, {"within": "\x00"},
    {"scheme": "none"}, {"show": "closing", "level": "person", "within": "nowhere"},
)  # fmt: skip


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(november, town):
    client = signed_in(town, "evaluator")
    for change in BAD:
        page = client.post("/scores/reports/", {**GOOD, **change}, headers=CHINESE)
        assert page.status_code in (400, 404), change
        assert 'role="alert"' in page.content.decode(), change
    assert 'value="07:15"' in page.content.decode()
    assert not ReportPlan.objects.exists()
    assert client.post("/scores/reports/", GOOD, headers=CHINESE).status_code == 302
    plan = ReportPlan.objects.get()
    assert (plan.day, plan.at, plan.formats, plan.area) == (3, clock_time(7, 15), ["pdf"], "")
    page = client.get("/scores/reports/", headers=CHINESE).content.decode()
    assert "每月，结束后第 3 天，07:15" in page
