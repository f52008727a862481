"""A step with all the cases of a filter: frozen, looked at, confirmed, done once each by whichever worker lives."""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import revoke
from accounts.models import Grant
from cases import actions, selectors
from cases.actions import bulk_jobs
from cases.models import BulkItem, BulkJob, Case, Move, StepsModel
from core.errors import Conflict, Forbidden, Invalid, NotFound
from exchange.actions import ask_export, fetch_export, write_export
from journal.adapters import nudge
from journal.models import Entry
from tests.cases.factories import HERE, SETUP, THERE, brought_to, reported, standing

pytestmark = pytest.mark.django_db
JSON, JOBS = "application/json", "/api/cases/bulk-jobs"


def program(town, who):
    client = Client(headers={"accept-language": "en"})
    client.force_login(town.people[who])
    return client


def asked(town, verb="accept", who="acceptor", given=None, **filters):
    return actions.ask_bulk(verb, filters, actor=town.actor(who), given=given or {})


def worked():
    """Everything that waits for a worker is done."""
    while actions.work_bulk():
        pass


def looked(town, *args, **more):
    job = asked(town, *args, **more)
    worked()
    job.refresh_from_db()
    assert job.state == "looked"
    return job


def outcomes(job):
    return dict(BulkItem.objects.filter(job=job).values_list("case__number", "outcome"))


def steps(verb):
    return Counter(Move.objects.filter(verb=verb).values_list("case__number", flat=True))


@pytest.fixture
def one_by_one(monkeypatch):
    """A worker that lets go after every case."""
    monkeypatch.setattr(bulk_jobs, "SLICE", -1.0)


def test_all_that_pass_the_filter_are_looked_at_confirmed_and_done_once_each(town):
    fine = [reported(town), reported(town, THERE)]
    other, ended = brought_to(town, "accepted"), reported(town)
    actions.reject(ended.number, actor=town.actor("acceptor"), version=1, reason="x")
    job = looked(town, open="true")
    assert outcomes(job) == {**{case.number: "fine" for case in fine}, other.number: "refused"}
    assert selectors.bulk_counts([job])[job.pk] == (0, 2, 0, 1)
    (why,) = selectors.bulk_reasons(job)
    assert (why.code, why.cases) == ("case.wrong_stage", 1)
    assert not steps("accept")[fine[0].number], "a look changes nothing"
    late = reported(town)
    for _twice in range(2):
        actions.confirm_bulk(job.uid, actor=town.actor("acceptor"))
    worked()
    job.refresh_from_db()
    assert (job.state, outcomes(job)) == ("done", {**{case.number: "done" for case in fine}, other.number: "refused"})
    assert steps("accept") == {one.number: 1 for one in (*fine, other)}
    assert standing(late).stage == "reported", "who came after the look is not among them"
    told = {entry.kind: entry.data for entry in Entry.objects.filter(subject=f"bulk:{job.uid}")}
    assert told["bulk.begun.v1"] == {"verb": "accept", "state": "doing", "cases": 3, "done": 0, "refused": 1}
    assert told["bulk.ended.v1"] == {"verb": "accept", "state": "done", "cases": 3, "done": 2, "refused": 1}


def test_a_case_that_changed_since_the_look_is_told_as_changed_and_left_alone(town):
    fine, changed = reported(town), reported(town)
    job = looked(town, "reject", given={"reason": "重复，来电 13812345678"}, open="true")
    actions.accept(changed.number, actor=town.actor("acceptor"), version=1)
    actions.confirm_bulk(job.uid, actor=town.actor("acceptor"))
    worked()
    item = BulkItem.objects.get(job=job, case__number=changed.number)
    assert (item.outcome, item.code, standing(changed).stage) == ("refused", "case.stale", "accepted")
    assert "第 1 版" in selectors.bulk_sentence(item)
    assert standing(fine).stage == "rejected"
    assert "13812345678" not in str(list(BulkJob.objects.values())), "its words stand, masked, with the cases"


def test_a_duty_taken_away_in_between_stops_it(town, one_by_one):
    for _case in range(3):
        reported(town)
    job = looked(town, open="true")
    actions.confirm_bulk(job.uid, actor=town.actor("acceptor"))
    assert actions.work_bulk()
    revoke(Grant.objects.get(user=town.people["acceptor"]).pk, actor=SETUP)
    worked()
    job.refresh_from_db()
    assert (job.state, job.failure) == ("stopped", "bulk.rights_gone")
    assert sorted(outcomes(job).values()) == ["done", "fine", "fine"]
    assert sum(steps("accept").values()) == 1
    with pytest.raises(Forbidden):
        asked(town, open="true")


def test_cancelled_in_between_no_further_case_is_stepped(town, one_by_one):
    for _case in range(3):
        reported(town)
    acceptor = town.actor("acceptor")
    job = looked(town, open="true")
    actions.confirm_bulk(job.uid, actor=acceptor)
    with pytest.raises(Conflict):
        asked(town, open="true")
    assert actions.work_bulk()
    actions.cancel_bulk(job.uid, actor=acceptor)
    assert not actions.work_bulk()
    assert sum(steps("accept").values()) == 1
    with pytest.raises(Conflict):
        actions.cancel_bulk(job.uid, actor=acceptor)
    assert actions.confirm_bulk(job.uid, actor=acceptor).state == "cancelled", "confirmed again, it stays cancelled"
    again = looked(town, open="true")
    third = asked(town, open="true")
    again.refresh_from_db()
    assert again.state == "cancelled", "what was only looked at goes when another one is asked for"
    assert third.state == "looking"
    with pytest.raises(Conflict):
        actions.confirm_bulk(third.uid, actor=acceptor)


def test_nobody_touches_what_they_may_not_see_and_nobody_sees_anothers_job(town):
    mine, theirs = (brought_to(town, "dispatched", district=HERE), brought_to(town, "registered", district=THERE))
    job = looked(town, "assign", "desk", {"handler": town.key("handler")})
    assert outcomes(job) == {mine.number: "fine"}
    actions.confirm_bulk(job.uid, actor=town.actor("desk"))
    worked()
    assert (standing(mine).stage, standing(theirs).version) == ("handling", theirs.version)
    client = program(town, "desk2")
    for path in ("", "/results"):
        assert client.get(f"{JOBS}/{job.uid}{path}").status_code == 404
    assert client.post(f"{JOBS}/{job.uid}/cancel", {}, JSON).status_code == 404
    assert client.get(f"/cases/bulk/jobs/{job.uid}/").status_code == 404
    with pytest.raises(NotFound):
        ask_export("bulk_results", "csv", {"job": str(job.uid)}, actor=town.actor("desk2"))
    assert client.post(JOBS, {"verb": "assign", "given": {"handler": town.key("handler2")}}, JSON).status_code == 400


def test_how_many_at_most_is_data_and_nothing_is_no_job(town):
    reported(town), reported(town)
    StepsModel.objects.update(bulk_most=1)
    for filters, code in (({"open": "true"}, "bulk.too_many"), ({"q": "没有的词"}, "bulk.nothing"),
                          ({"colour": "red"}, "case.unknown_filter")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            asked(town, **filters)
        assert refused.value.code == code
    with pytest.raises(Invalid):
        asked(town, "submit", open="true")
    assert not BulkJob.objects.exists()


def test_programs_ask_look_confirm_and_read_the_sentence_of_each_case(town):
    fine, wrong = reported(town), brought_to(town, "accepted")
    client = program(town, "acceptor")
    made = client.post(JOBS, {"verb": "accept", "filters": {"open": "true"}}, JSON)
    assert (made.status_code, made.json()["state"], made.json()["waiting"]) == (201, "looking", 2)
    at = f"{JOBS}/{made.json()['uid']}"
    worked()
    seen = client.get(at).json()
    assert (seen["state"], seen["fine"], seen["refused"]) == ("looked", 1, 1)
    assert seen["reasons"][0]["count"] == 1
    assert "not possible now" in seen["reasons"][0]["message"]
    assert client.post(f"{at}/confirm", {}, JSON).json()["state"] == "doing"
    worked()
    lines = {line["number"]: line for line in client.get(f"{at}/results").json()["results"]}
    assert (lines[fine.number]["outcome"], lines[fine.number]["stage"]) == ("done", "accepted")
    assert lines[fine.number]["key"].endswith(fine.number)
    assert (lines[wrong.number]["outcome"], lines[wrong.number]["code"]) == ("refused", "case.wrong_stage")
    assert [one["number"] for one in client.get(f"{at}/results?outcome=done").json()["results"]] == [fine.number]
    assert client.get(JOBS).json()[0]["done"] == 1
    for bad in ("outcome=red", "after=x", f"after={10**30}"):
        assert client.get(f"{at}/results?{bad}").status_code == 400
    for body in ({}, {"verb": "dance"}, {"verb": "accept", "given": {"colour": "red"}},
                 {"verb": "accept", "filters": {"q": "a\x00b"}},
                 {"verb": "accept", "filters": {"q": "x" * 500}}):  # fmt: skip
        assert client.post(JOBS, body, JSON).status_code == 400
    assert client.get(f"{JOBS}/{UUID(int=1)}").status_code == 404


def test_people_choose_all_of_the_list_look_confirm_and_take_the_results_away(town, settings, tmp_path):
    cases = [brought_to(town, "registered"), brought_to(town, "registered"), reported(town)]
    client = program(town, "city_dispatcher")
    assert "Choose all 3 cases that pass the filter" in client.get("/cases/?queue=open").content.decode()
    chosen = client.post("/cases/bulk/all/", {"filters": "queue=open"}).content.decode()
    assert ("3 cases" in chosen, "Dispatch 2" in chosen) == (True, True)
    form = {"filters": "queue=open", "verb": "dispatch", "version": 1, "act": "preview"}
    assert client.post("/cases/bulk/all/", {**form, "department": "nobody"}).status_code == 400
    asked_for = client.post("/cases/bulk/all/", {**form, "department": f"d{HERE}-appearance"})
    at = asked_for.headers["Location"]
    assert "0 of 3 cases looked at" in client.get(at).content.decode()
    assert "HX-Refresh" not in client.get(f"{at}progress/").headers
    worked()
    assert client.get(f"{at}progress/").headers["HX-Refresh"] == "true"
    page = client.get(at).content.decode()
    assert ("2 would change, 1 would be refused" in page, "Do it with 2 cases" in page) == (True, True)
    assert client.post(f"{at}confirm/").status_code == 302
    worked()
    page = client.get(f"{at}?outcome=refused").content.decode()
    assert "2 changed, 1 refused, 0 not done" in page
    assert cases[2].number[:6] in page.replace(" ", "")
    assert client.post(f"{at}cancel/").status_code == 409
    assert "Dispatch" in client.get("/cases/bulk/jobs/").content.decode()
    assert client.post("/cases/bulk/all/", {"filters": "queue=nothing"}).status_code == 400
    settings.DATA_DIR = tmp_path
    job = BulkJob.objects.get()
    file = ask_export("bulk_results", "csv", {"job": str(job.uid)}, actor=town.actor("city_dispatcher"))
    write_export(str(file.uid))
    with fetch_export(str(file.uid), actor=town.actor("city_dispatcher"))[1] as held:
        lines = held.read().decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert sum("case.wrong_stage" in line and "not possible now" in line for line in lines) == 1


def test_many_cases_cost_the_pages_no_more_queries_than_two(town):
    client, counts = program(town, "acceptor"), []
    for more in (2, 3):
        for _case in range(more):
            reported(town)
        job = looked(town, open="true")
        with CaptureQueriesContext(connection) as seen:
            assert client.post("/cases/bulk/all/", {"filters": "open=true", "verb": "accept"}).status_code == 200
            assert client.get(f"/cases/bulk/jobs/{job.uid}/").status_code == 200
            assert client.get(f"{JOBS}/{job.uid}/results").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_jobs_are_kept_for_a_month(town, time):
    reported(town)
    job = looked(town, open="true")
    time.pass_by(days=29)
    assert actions.drop_bulk_jobs() == 0
    time.pass_by(days=2)
    assert (actions.drop_bulk_jobs(), BulkJob.objects.filter(pk=job.pk).exists()) == (1, False)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_and_redis_emptied_each_case_is_stepped_once(real_town, monkeypatch):
    cases = [reported(real_town) for _case in range(5)]
    job = looked(real_town, open="true")
    actions.confirm_bulk(job.uid, actor=real_town.actor("acceptor"))
    url = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {**os.environ, "DATABASE_URL": f"{url}/{connection.settings_dict['NAME']}"}
    command = [sys.executable, "-m", "tests.cases.dying_bulk"]
    assert subprocess.run(command, cwd=configured.BASE_DIR, env=environment, timeout=240).returncode == -signal.SIGKILL
    assert sorted(outcomes(job).values()) == ["done", "done", "fine", "fine", "fine"]
    assert sum(steps("accept").values()) == 2, "the third step was taken and never committed"
    monkeypatch.setattr(bulk_jobs, "LEASE", timedelta(days=1))
    assert not actions.work_bulk(), "its lease still holds"
    nudge.connect().flushdb()
    monkeypatch.setattr(bulk_jobs, "LEASE", timedelta(days=-1))
    worked()
    job.refresh_from_db()
    assert (job.state, set(outcomes(job).values())) == ("done", {"done"})
    assert steps("accept") == {case.number: 1 for case in cases}
    assert not BulkItem.objects.filter(repeated=True).exists()
    assert Entry.objects.filter(kind="case.accepted.v1").count() == 5
    assert {row.version for row in Case.objects.all()} == {2}
