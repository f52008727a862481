"""The scoreboard through its two doors, in both languages, and closed to who may not see it."""

import pytest
from django.test import Client

from accounts.actions import grant, upsert_role
from evaluation import actions
from tests.cases.factories import CITY, HERE, SETUP, brought_to, names


@pytest.fixture
def judge(time, town, scheme) -> Client:
    """Somebody who may see scores of the whole city, signed in."""
    upsert_role(code="judge", names=names("考评员", "Judge"), permissions=("score.see",), actor=SETUP)
    grant(user=town.people["evaluator"], role="judge", area=CITY, actor=SETUP)
    closed = brought_to(town, "closed").number
    actions.mark_case(closed)
    actions.keep_facts([closed])
    time.pass_by(minutes=1)
    client = Client()
    client.force_login(town.people["evaluator"])
    return client


def test_the_page_shows_the_score_with_its_numerators(judge):
    page = judge.get("/scores/", headers={"Accept-Language": "zh-hans"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "金港区" in text
    assert "100.0" in text
    assert "考评排行" in text


def test_the_page_speaks_english(judge):
    text = judge.get("/scores/?level=organisation", headers={"Accept-Language": "en"}).content.decode()
    assert "Scoreboard" in text
    assert "考评排行" not in text


@pytest.mark.parametrize("query", ["days=abc", "days=0", "days=-1", "days=99999", "level=planet", "days=%00"])
def test_a_bad_question_gets_a_sentence_and_no_fault(judge, query):
    assert judge.get(f"/scores/?{query}").status_code == 400
    refused = judge.get(f"/api/scores?{query}")
    assert refused.status_code == 400
    assert refused.json()["message"]


def test_the_api_gives_the_same_rows(judge):
    body = judge.get("/api/scores?level=district&days=1").json()
    first, second = body["rows"]
    assert (first["code"], first["score"], first["cases"]) == (HERE, 100.0, 1)
    assert second["score"] is None


def test_the_scoreboard_asks_the_database_the_same_number_of_times_however_many_marks(
    judge, time, town, django_assert_max_num_queries
):
    actions.mark_case(brought_to(town, "closed").number)
    time.pass_by(minutes=1)
    judge.get("/api/me")  # once a minute it is noted that somebody is there
    with django_assert_max_num_queries(12):
        judge.get("/api/scores?level=district&days=1")


def test_who_may_not_see_scores_is_refused_at_both_doors(time, town, scheme):
    client = Client()
    client.force_login(town.people["handler"])
    assert client.get("/api/scores").status_code == 403
    assert client.get("/scores/").status_code == 403


def test_nobody_is_sent_to_sign_in(time, town, scheme):
    assert Client().get("/scores/").status_code == 302
    assert Client().get("/api/scores").status_code in (401, 403)
