"""The help: a topic for every screen, whole in both languages, found by its words, open to everybody who works here."""

import re

import pytest
from django.test import Client
from django.urls import resolve

from dashboard import selectors
from dashboard.adapters import FOLDER
from dashboard.templatetags.shell import CITY_DATA, NAVIGATION, SETTINGS
from tests.cases.factories import CITY
from tests.dashboard.test_wall import signed_in

HAN = re.compile(r"[㐀-鿿]")
COMING = (
    "grid", "organisations", "people", "roles", "calendars", "texts", "keys", "classes", "components", "census",
)  # fmt: skip
TOPICS = {topic.code: topic for topic in selectors.help_topics()}


@pytest.mark.parametrize("path", sorted({entry[0] for entry in (*NAVIGATION, *CITY_DATA, *SETTINGS)}))
def test_every_entry_of_the_bar_has_a_topic_of_its_own(path):
    assert selectors.help_of(path) != "start", f"no help for {path}: add dashboard/help/<topic>.yaml with this path"


@pytest.mark.parametrize("code", COMING)
def test_the_editors_of_a_city_have_a_topic_each(code):
    assert selectors.help_of(f"/{code}/") == code
    assert selectors.help_of(f"/{code}/anything/3/") == code


@pytest.mark.parametrize("code", TOPICS)
def test_a_topic_says_the_same_in_both_languages(code):
    zh, en = TOPICS[code].text("zh"), TOPICS[code].text("en")
    assert set(zh) == set(en) == {"title", "purpose", "steps", "words", "says"}
    for name, least in (("steps", 3), ("words", 2), ("says", 2)):
        assert len(zh[name]) == len(en[name]) >= least, name
    told = [text["title"] + text["purpose"] + "".join(text["steps"]) for text in (zh, en)]
    assert HAN.search(told[0])
    assert not HAN.search(told[1])
    assert all(set(one) == {"it", "do"} and all(one.values()) for text in (zh, en) for one in text["says"])


def test_topics_point_at_pages_and_topics_that_are_there():
    assert {path.stem for path in FOLDER.glob("*.yaml")} - {"order"} == set(TOPICS)
    for topic in TOPICS.values():
        assert set(topic.see) <= set(TOPICS) - {topic.code}, topic.code
        assert all(path.startswith("/") for path in topic.paths), topic.code
    assert resolve("/help/").url_name == "help"


def test_the_page_that_lies_deepest_has_the_topic():
    assert selectors.help_of("/cases/new/") == "report"
    assert selectors.help_of("/cases/20261122000000000001/") == "cases"
    assert selectors.help_of("/casesx/") == "start"
    assert selectors.help_of("/nowhere/") == "start"


def test_the_search_finds_words_in_titles_first_and_nothing_without_words():
    found = selectors.help_with("案件", "zh-hans")
    assert found[0]["topic"].code in {"cases", "report"}
    assert [one["topic"].code for one in selectors.help_with("Recovery codes PHONE", "en")] == ["account"]
    assert selectors.help_with("", "zh") == []
    assert selectors.help_with("qwertyuiop", "en") == []


@pytest.mark.django_db
def test_the_panel_gets_the_topic_alone_and_the_page_the_whole(town):
    client = signed_in("reads", "reads", ["case.see"], CITY)
    whole = client.get("/help/cases/").content.decode()
    part = client.get("/help/cases/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert 'data-topic="cases"' in whole
    assert 'data-topic="cases"' in part
    assert 'href="/help/cases/" data-help' in client.get("/cases/").content.decode()
    assert client.get("/help/no-such/").status_code == 404
    assert client.get("/help/?q=%00<script>").status_code == 200
    assert "<script>x" not in client.get("/help/?q=<script>x").content.decode()


@pytest.mark.django_db
def test_whoever_has_not_signed_in_is_asked_to(town):
    for path in ("/help/", "/help/cases/"):
        assert Client().get(path)["Location"].startswith("/accounts/login/")
