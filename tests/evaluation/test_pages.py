"""Boards as people and programs read them: every number leads to exactly its cases, and nobody sees others' persons."""

import re
from html import unescape

import pytest
from django.test import Client

from accounts.actions import grant, upsert_role
from evaluation import actions
from evaluation.models import Appeal, Publication
from tests.cases.factories import CITY, HERE, SETUP, THERE, brought_to, names, reported

CHINESE = {"Accept-Language": "zh-hans"}


def signed_in(town, person: str) -> Client:
    client = Client()
    client.force_login(town.people[person])
    return client


@pytest.fixture
def november(time, town, scheme):
    """Cases in every state; an evaluator of the city, a leader who only sees scores, seen on 17 November."""
    upsert_role(code="judge", names=names("考评员", "Judge"), permissions=("score.see",), actor=SETUP)
    for person in ("evaluator", "leader"):
        grant(user=town.people[person], role="judge", area=CITY, actor=SETUP)
    grant(user=town.people["desk"], role="judge", org=f"d{HERE}-appearance", actor=SETUP)
    held = [brought_to(town, stage).number for stage in ("reported", "handling", "checking", "closed", "closed")]
    late = brought_to(town, "handled")
    time.pass_by(hours=3)
    held.append(brought_to(town, "closed", late).number)
    actions.keep_facts(held)
    time.be("2026-11-17T09:00:00+08:00")
    return late


def numbers(page) -> list[tuple[str, str]]:
    """Every number that is a link to cases, with the link."""
    found = re.findall(r'<a href="(/scores/cases/[^"]+)">(?:[^<0-9]*)(\d+)', page.content.decode())
    return [(unescape(link), number) for link, number in found]


BOARDS = ("", "?level=organisation", "?level=person", "?level=source&show=reporting", "?level=post&show=closing",
          "?level=street&show=sending", "?level=city")  # fmt: skip


def test_every_number_of_a_board_leads_to_as_many_cases(november, town):
    judge = signed_in(town, "evaluator")
    for query in BOARDS:
        page = judge.get(f"/scores/{query}", headers=CHINESE)
        assert page.status_code == 200
        links = set(numbers(page))
        assert links, query
        for link, number in sorted(links)[:6]:
            listed = judge.get(link, headers=CHINESE).content.decode()
            assert f": {number}</h1>" in listed, link


def test_programs_read_the_same_board(november, town):
    judge = signed_in(town, "evaluator")
    body = judge.get("/api/scores/board?level=district&period=month").json()
    here = body["lines"][0]
    assert (here["key"], here["rank"], here["score"]) == (HERE, 1, 82.0)
    handled = next(part for part in here["parts"] if part["code"] == "handled")["cells"][0]
    assert (handled["numerator"], handled["denominator"]) == (4, 5)
    behind = judge.get("/api/scores/cases?level=district&period=month&ref=handle_owed&key=" + HERE).json()
    assert behind["count"] == len(behind["cases"]) == 5
    measures = judge.get("/api/scores/measures").json()
    assert next(one for one in measures if one["code"] == "handled_rate")["denominator"] == "handle_owed"


def test_a_rate_that_is_of_nothing_is_a_dash(november, town):
    body = signed_in(town, "evaluator").get("/api/scores/board?level=district&period=month&show=closing").json()
    there = next(line for line in body["lines"] if line["key"] == THERE)
    assert {cell["rate"] for cell in there["cells"]} == {None}
    page = signed_in(town, "evaluator").get("/scores/?level=district&show=closing").content.decode()
    assert '<td class="number">0.0%<br>' in page, "the district that reworked nothing"
    assert '<td class="number">—<br>' in page


def test_persons_are_shown_to_who_evaluates_and_others_see_themselves(november, town):
    body = signed_in(town, "evaluator").get("/api/scores/board?level=person").json()
    handler = next(line for line in body["lines"] if line["key"] == town.key("handler"))
    assert handler["names"]["zh"] == "Handler"
    alone = signed_in(town, "leader").get("/api/scores/board?level=person&show=closing").json()
    assert [line["key"] for line in alone["lines"]] == [town.key("leader")]
    hidden = signed_in(town, "leader").get(
        f"/api/scores/cases?level=person&ref=handled&key={town.key('handler')}"
    ).json()  # fmt: skip
    assert hidden["count"] == 0
    page = signed_in(town, "leader").get(f"/scores/cases/?level=person&ref=handled&key={town.key('handler')}")
    assert "Handler" not in page.content.decode()


def test_a_department_sees_itself_and_no_other(november, town):
    body = signed_in(town, "desk").get("/api/scores/board?level=organisation").json()
    assert [line["key"] for line in body["lines"]] == [f"d{HERE}-appearance"]


SENSELESS = (
    "level=planet", "period=decade", "on=2026-13-01", "on=1026-01-01", "from=2026-11-02",
    "from=2026-11-02&to=2026-11-01", "days=367", "within=999", "show=all", "level=person&show=score", "scheme=none",
    "scheme=%00", "level=" + "x" * 99, "from=2020-01-01&to=2026-01-01",
)  # fmt: skip
BEHIND_NOTHING = ("ref=beauty", "ref=handled_rate", "ref=handled@green", "", "ref=handled&key=%00",
                  "ref=handled&page=0", "ref=handled&page=" + "9" * 30)  # fmt: skip


def test_a_question_that_makes_no_sense_gets_a_sentence(november, town):
    judge = signed_in(town, "evaluator")
    for query in SENSELESS:
        assert judge.get(f"/scores/?{query}").status_code in (400, 404), query
        refused = judge.get(f"/api/scores/board?{query}")
        assert refused.status_code in (400, 404), query
        assert refused.json()["message"]
    for query in BEHIND_NOTHING:
        assert judge.get(f"/api/scores/cases?{query}").status_code == 400, query


def test_a_period_is_published_and_read_and_appealed_over_the_pages(november, town, time, news_taken):
    judge, desk = signed_in(town, "evaluator"), signed_in(town, "desk")
    asked = {"level": "district", "period": "month", "on": "2026-11-01"}
    assert judge.post("/scores/published/", asked).status_code == 409
    news_taken()
    time.be("2026-12-01T09:00:00+08:00")
    judge, desk = signed_in(town, "evaluator"), signed_in(town, "desk")
    assert (
        "发布本期" in judge.get("/scores/?level=district&period=month&on=2026-11-01", headers=CHINESE).content.decode()
    )
    published = judge.post("/scores/published/", asked)
    assert published.status_code == 302
    assert "82.0" in judge.get(published["Location"]).content.decode()
    assert judge.post("/scores/published/", asked).status_code == 409
    assert Publication.objects.count() == 1
    assert desk.post("/scores/appeals/", {"case": november.number, "reason": "暴雨停工"}).status_code == 302
    row = Appeal.objects.get()
    assert desk.post(f"/scores/appeals/{row.pk}/", {"act": "grant", "answer": "好"}).status_code == 403
    grants = {"act": "grant", "answer": "属实", "seen": "0"}
    assert judge.post(f"/scores/appeals/{row.pk}/", grants).status_code == 302
    assert 'name="act" value="grant"' not in judge.get("/scores/appeals/").content.decode()
    grant(user=town.people["leader2"], role="evaluator", area=CITY, actor=SETUP)
    second = signed_in(town, "leader2")
    (line,) = second.get("/api/todo?of=appeals").json()["lines"]
    assert second.get(line["href"]).status_code == 200, "who is told of an appeal may read it"
    assert second.get("/scores/").status_code == 403, "and no scores"
    grant(user=town.people["leader2"], role="judge", area=CITY, actor=SETUP)
    second = signed_in(town, "leader2")
    assert "同意 1 / 2" in second.get("/scores/appeals/", headers=CHINESE).content.decode()
    assert second.post(f"/scores/appeals/{row.pk}/", grants).status_code == 409
    assert second.post(f"/scores/appeals/{row.pk}/", {**grants, "seen": "1"}).status_code == 302
    page = judge.get("/scores/?level=district&period=month&on=2026-11-01", headers=CHINESE).content.decode()
    assert "豁免前 82.0" in page
    assert "发布后变化 +" in page


def test_a_scheme_is_read_and_changed_over_http(november, town):
    judge = signed_in(town, "evaluator")
    held = judge.get("/api/scores/schemes/jinniu").json()
    asked = {"document": {**held["versions"][0]["document"], "full": 100}, "valid_from": "2026-12-01", "seen": 1}
    changed = judge.put("/api/scores/schemes/jinniu", {**asked, "reason": "上级要求"}, content_type="application/json")
    assert changed.status_code == 200, changed.json()
    assert [one["version"] for one in changed.json()["versions"]] == [2, 1]
    leader = signed_in(town, "leader")
    refused = leader.put("/api/scores/schemes/jinniu", {**asked, "reason": "好"}, content_type="application/json")
    assert refused.status_code == 403


def test_a_board_asks_the_database_as_often_however_many_cases(november, town, django_assert_max_num_queries):
    judge = signed_in(town, "evaluator")
    judge.get("/api/me")
    actions.keep_facts([reported(town).number for _ in range(5)])
    with django_assert_max_num_queries(14):
        judge.get("/scores/?level=district")
