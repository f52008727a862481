"""Reports that two workers make at the same time, really committed: apart from the tests that roll back to a town."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.actions import grant, upsert_role
from evaluation import actions
from evaluation.contracts import REPORT_MADE
from evaluation.models import ReportFile, ReportRun
from journal.models import Entry
from tests.cases.factories import CITY, SETUP, names
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
