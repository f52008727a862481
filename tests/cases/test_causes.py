"""Why cases went wrong, their seasons and their sources: counts that are the length of the lists they lead to."""

import csv
import io
import re
from datetime import date, timedelta
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client, override_settings

from cases import selectors
from cases.contracts.causes import Cause
from cases.contracts.questions import Group, Question
from cases.rules.seasons import grounds, once_only, profile, too_little
from core import clock
from core.errors import Invalid
from core.scope import machine
from exchange import actions as exchange
from tests.cases.conftest import Time
from tests.cases.factories import HERE, at, brought_to, granted, reported, take

SEES = machine("test:sees", "case.see")
YEAR = Question(date(2026, 1, 1), date(2026, 11, 16))


def browser(town, who="leader"):
    client = Client()
    client.force_login(town.people[who])
    return client


@pytest.fixture(scope="module")
def standing_cases(standing_town: Any, django_db_blocker: Any, tmp_path_factory: Any) -> None:
    """One case that failed its check, was closed late and opened again; one returned; one refused; one straight."""
    source, town = Time(at("2026-11-16T08:00:00+08:00")), standing_town
    clock.set_source(source)
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("evidence")):
        case = brought_to(town, "checking")
        case = take(town, case, "check_fail", "collector", reason="仍有残留", photos="@")
        case = brought_to(town, "handling", take(town, case, "rework", "city_dispatcher"))
        source.pass_by(hours=9)
        case = take(town, brought_to(town, "closed", case), "reopen", "leader", reason="复发")
        brought_to(town, "closed", case)
        back = granted(town, brought_to(town, "dispatched"), "return", "desk", "leader", reason="不属本单位")
        take(town, back, "send_back", "desk")
        take(town, reported(town, source="citizen", actor=machine("portal", "case.report")), "reject", "acceptor",
             reason="误报")  # fmt: skip
        brought_to(town, "closed")
    clock.set_source(None)


@pytest.fixture
def lived(standing_cases, town):
    """The town with its cases, in the evening of a Monday in November."""
    clock.set_source(lambda: at("2026-11-16T20:00:00+08:00"))
    yield town
    clock.set_source(None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cause", "told", "found", "of"),
    [
        (Cause.REWORKED, {"仍有残留": 1}, 1, 3),
        (Cause.REOPENED, {"复发": 1}, 1, 2),
        (Cause.RETURNED, {"不属本单位": 1}, 1, 3),
        (Cause.REFUSED, {"误报": 1}, 1, 4),
        (Cause.VOIDED, {}, 0, 4),
        (Cause.REDONE, {}, 0, 3),
    ],
)
def test_each_number_of_a_cause_is_the_length_of_the_list_behind_it(lived, cause, told, found, of):
    answer = selectors.causes(YEAR, cause, SEES)
    assert ({one.key: one.found for one in answer.reasons}, answer.whole.found, answer.whole.of) == (told, found, of)
    for one in (answer.whole, *answer.reasons, *(one for rows in answer.apart.values() for one in rows)):
        assert selectors.filtered(one.cases, SEES).count() == one.found
        assert selectors.filtered(one.of_cases, SEES).count() == one.of


@pytest.mark.django_db
def test_a_late_case_says_what_else_went_wrong_with_it(lived):
    late = brought_to(lived, "handling")
    clock.set_source(lambda: at("2026-11-17T20:00:00+08:00"))
    brought_to(lived, "closed", late)
    answer = selectors.causes(Question(date(2026, 1, 1), date(2026, 11, 17)), Cause.LATE, SEES)
    assert (answer.whole.found, answer.whole.of) == (1, 3), "who is opened again begins anew"
    assert {one.key: one.found for one in answer.reasons} == {
        "straight": 1, "returned": 0, "reworked": 0, "extended": 0,
    }  # fmt: skip
    for one in answer.reasons:
        assert selectors.filtered(one.cases, SEES).count() == one.found
    assert [one.key for one in answer.apart[Group.ORG]] == [f"d{HERE}-appearance"]


@pytest.mark.django_db
def test_the_page_leads_to_the_cases_and_a_neighbour_sees_none(lived):
    page = browser(lived).get("/insights/causes/?why=returned")
    assert page.status_code == 200
    assert "不属本单位" in page.content.decode()
    (row,) = page.context["reasons"]
    listed = browser(lived).get(row["cases"])
    assert listed.status_code == 200
    assert f"{row['one'].found}" == "1"
    assert browser(lived, "desk2").get("/api/insights/causes?why=returned").json()["total"]["found"] == 0
    told = browser(lived).get("/api/insights/causes?why=returned").json()
    assert told["reasons"][0]["cases"]["why"] == "returned:不属本单位"


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["why=x", "why=late%00", "since=x", "colour=red", "area=1%00"])
def test_what_is_no_question_about_causes_is_refused(lived, query):
    assert browser(lived).get(f"/insights/causes/?{query}").status_code == 400
    assert browser(lived).get(f"/api/insights/causes?{query}").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["x", "returned:", "late:x", "returned:" + "长" * 201, "returned:\x00"])
def test_a_filter_that_names_no_cause_is_refused(lived, why):
    assert browser(lived).get(f"/api/cases?{urlencode({'why': why})}").status_code == 400


@pytest.mark.django_db
def test_causes_are_taken_away_with_the_question_as_their_filters(lived):
    actor = lived.actor("desk2")
    assert selectors.CauseList().count({"why": "reworked"}, actor=actor) == 1, "a neighbour takes nothing but a nought"
    actor = lived.actor("leader")
    job = exchange.ask_export("causes", "csv", {"why": "reworked"}, actor=actor)
    exchange.write_export(str(job.uid))
    _job, file = exchange.fetch_export(str(job.uid), actor=actor)
    with file:
        rows = list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert [(row["told_by"], row["key"], row["cases"], row["of"]) for row in rows[:3]] == [
        ("total", "", "1", "3"), ("reason", "仍有残留", "1", "1"), ("category", "E0407", "1", "3"),
    ]  # fmt: skip
    with pytest.raises(Invalid):
        exchange.ask_export("causes", "csv", {"why": "=1+1"}, actor=actor)


@pytest.mark.django_db
def test_sources_are_compared_with_what_was_untrue(lived):
    page = browser(lived).get("/insights/sources/")
    rows = {row["name"]: row for row in page.context["rows"]}
    citizen = next(row for name, row in rows.items() if row["counts"].untrue)
    assert (citizen["counts"].reported, citizen["counts"].untrue) == (1, 1)
    assert sum(row["counts"].reported for row in rows.values()) == 4
    assert browser(lived).get("/insights/sources/?since=x").status_code == 400


@pytest.mark.django_db
def test_a_season_of_which_there_is_too_little_is_not_told(lived):
    page = browser(lived).get("/insights/seasons/")
    assert page.content.decode().count("数据太少") == 3
    told = browser(lived).get("/api/insights/seasons").json()
    assert [one["parts"] for one in told["seasons"]] == [None, None, None]


@pytest.mark.django_db
def test_every_part_of_a_season_leads_to_exactly_its_cases(lived, monkeypatch):
    monkeypatch.setattr(import_module("cases.selectors.seasons"), "too_little", lambda *_given: False)
    clock.set_source(lambda: at("2026-11-18T20:00:00+08:00"))
    found = selectors.seasons(YEAR, SEES)
    assert found.cases == 4
    for season in found.found:
        assert sum(part.found for part in season.parts) == 4
        for part in season.parts:
            assert selectors.filtered(season.lists[part.key], SEES).count() == part.found
    before = selectors.seasons(Question(date(2020, 1, 1), date(2020, 2, 1)), SEES)
    assert (before.cases, before.question.until) == (0, date(2020, 2, 1)), "of the time before there is nothing"


@pytest.mark.django_db
def test_of_many_reasons_the_most_frequent_are_told_and_how_many_more_there_are(lived, monkeypatch):
    monkeypatch.setattr(import_module("cases.selectors.causes"), "MOST", 2)
    for reason in ("重复", "重复", "别处"):
        told = reported(lived, source="citizen", actor=machine("portal", "case.report"))
        take(lived, told, "reject", "acceptor", reason=reason)
    found = selectors.causes(YEAR, Cause.REFUSED, SEES)
    assert [(one.key, one.found) for one in found.reasons] == [("重复", 2), ("别处", 1)]
    assert found.more_reasons == 1
    assert selectors.causes(YEAR, Cause.REWORKED, SEES).more_reasons == 0


@pytest.mark.django_db
def test_no_hour_or_day_beneath_a_chart_is_cut(lived, monkeypatch):
    monkeypatch.setattr(import_module("cases.selectors.seasons"), "too_little", lambda *_given: False)
    clock.set_source(lambda: at("2026-11-18T20:00:00+08:00"))
    client = browser(lived)
    for address, first in (("seasons/", "00:00"), ("?by=hour", "08:00"), ("?by=day", "11-16"), ("?by=week", "11-16")):
        page = client.get(f"/insights/{address}").content.decode()
        labels = re.findall(r'<text class="chart__label"[^>]*>([^<]*)<', page)
        assert first in labels, address
        assert not [label for label in labels if "…" in label]


def test_a_season_is_the_mean_of_its_days_against_the_mean_of_all():
    since, until = date(2025, 1, 1), date(2025, 12, 31)
    ground = grounds(Group.WEEKDAY, since, until)
    assert sum(ground.values()) == 365
    assert ground["3"] == 53, "a year that begins on a Wednesday has one more"
    parts = {part.key: part for part in profile({"3": 106, "4": 52}, ground)}
    assert parts["3"].mean == 2
    assert parts["4"].ratio == pytest.approx(1 / (158 / 365))
    assert parts["1"].ratio == 0
    assert grounds(Group.MONTH, date(2024, 2, 10), date(2024, 3, 1)) == {"2": 20, "3": 1}
    assert set(grounds(Group.HOUR, since, until).values()) == {365}
    assert [part.ratio for part in profile({}, {"1": 3})] == [None]


def test_months_take_a_year_and_a_season_two():
    since = date(2025, 1, 1)
    year = since + timedelta(days=364)
    assert not too_little(Group.MONTH, since, year, 500)
    assert too_little(Group.MONTH, since, year - timedelta(days=1), 500)
    assert too_little(Group.MONTH, since, year, 20)
    assert once_only(Group.MONTH, since, year)
    assert not once_only(Group.MONTH, since, since + timedelta(days=729))
