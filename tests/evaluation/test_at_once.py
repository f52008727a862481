"""What two do at the same time (reports, appeals), really committed: apart from the tests that roll back to a town."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.actions import grant, upsert_role
from core.errors import Conflict
from core.scope import machine
from evaluation import actions
from evaluation.contracts import APPEAL_SIGNED, REPORT_MADE
from evaluation.models import Fact, ReportFile, ReportRun
from journal.models import Entry
from tests.cases.factories import CITY, SETUP, brought_to, names
from tests.evaluation.test_reports import planned


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_each_report_once(real_town, time):
    upsert_role(code="judge", names=names("考评员", "Judge"), permissions=("score.see",), actor=SETUP)
    grant(user=real_town.people["evaluator"], role="judge", area=CITY, actor=SETUP)
    for _turn in range(3):
        planned(real_town)
    time.be("2026-12-01T09:00:00+08:00")

    def work(_number: int) -> int:
        try:
            return actions.make_reports(lambda options, suffix, actor: (b"made", 1))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(work, range(2))) == 9
    assert ReportRun.objects.filter(state="made").count() == ReportFile.objects.count() == 9
    assert Entry.objects.filter(kind=REPORT_MADE).count() == 9


@pytest.mark.django_db(transaction=True)
def test_of_two_who_grant_the_same_appeal_at_once_one_is_told_of_the_other(real_town):
    case = brought_to(real_town, "closed")
    actions.keep_facts([case.number])
    actions.save_appeal_rule({"closed": True, "late": False, "reviewers": 2}, pack="test")
    row = actions.appeal(case.number, actor=real_town.actor("desk"), reason="暴雨停工")

    def judged(name: str) -> str:
        try:
            judge = machine(name, "score.see", "evaluate")
            return actions.decide_appeal(row.pk, actor=judge, grant=True, answer="属实", seen=0).state
        except Conflict as told:
            return told.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(judged, ("one", "two")))
    assert found == ["evaluation.appeal_signed_meanwhile", "open"]
    assert not Fact.objects.filter(exempt=True).exists()
    assert Entry.objects.filter(kind=APPEAL_SIGNED).count() == 1
