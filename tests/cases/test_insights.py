"""Insights: a question is an address, its answer one sentence, and every number the list of exactly its cases."""

import csv
import io
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client, override_settings

from cases import selectors
from cases.contracts import CaseView
from cases.contracts.questions import Counts, Group, Measure, Question, Versus
from cases.models import Case
from cases.rules.questions import address_of, compared, list_of, question_from
from cases.templatetags.insight_words import percent
from core import clock
from core.errors import Invalid
from exchange import actions as exchange
from tests.accounts.factories import holder
from tests.cases.conftest import Time
from tests.cases.factories import CAMERA, HERE, OUTSIDE, THERE, Town, at, brought_to, reported

TODAY = date(2026, 11, 16)


def browser(town: Town, who: str = "leader") -> Client:
    client = Client()
    client.force_login(town.people[who])
    return client


def by_camera(town: Town, place: str, **more: Any) -> CaseView:
    return reported(town, place, actor=CAMERA, source="camera", **more)


@pytest.fixture(scope="module")
def standing_cases(standing_town: Town, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Three cases by camera of which two are closed, one of them late; one by a collector; one without a place."""
    source = Time(at("2026-03-01T23:30:00+08:00"))
    clock.set_source(source)
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("evidence")):
        first = brought_to(standing_town, "closed", by_camera(standing_town, HERE))
        Case.objects.filter(number=first.number).update(handled_late=True)
        source.be("2026-11-16T08:15:00+08:00")
        brought_to(standing_town, "closed", by_camera(standing_town, HERE))
        by_camera(standing_town, THERE, category="E0110")
        reported(standing_town, HERE)
        reported(standing_town, lon=OUTSIDE[0], lat=OUTSIDE[1])
    clock.set_source(None)


@pytest.fixture
def lived(standing_cases: None, town: Town, time: Time) -> Town:
    """The town with its five cases, on a Monday in November."""
    return town


def question(**given: str) -> Question:
    return question_from(given, TODAY)


def test_without_words_it_is_this_year_and_an_address_asks_the_same_again():
    asked = question(source="camera", by="month", measure="on_time", versus="year", area=HERE)
    assert (asked.since, asked.until) == (date(2026, 1, 1), TODAY)
    assert question_from(address_of(asked), date(2030, 1, 1)) == asked
    assert address_of(question()) == {"since": "2026-01-01", "until": "2026-11-16"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"colour": "red"}, "question.unknown_part"),
        ({"x\x00": "1"}, "question.unknown_part"),
        ({"measure": "beauty"}, "question.unknown_word"),
        ({"by": "10" * 30}, "question.unknown_word"),
        ({"area": "449901,449902"}, "question.unknown_word"),
        ({"since": "2026-02-30"}, "question.bad_day"),
        ({"since": "0001-01-01"}, "question.bad_day"),
        ({"since": "2026-11-17"}, "question.backwards"),
        ({"since": "2021-01-01", "until": "2026-11-16"}, "question.too_long"),
    ],
)
def test_what_is_no_question_is_refused_by_name(given, code):
    with pytest.raises(Invalid) as refused:
        question_from(given, TODAY)
    assert refused.value.code == code


def test_a_period_is_held_against_as_many_days_before_or_the_same_days_a_year_before():
    asked = Question(date(2024, 2, 29), date(2024, 3, 9), versus=Versus.BEFORE)
    before = compared(asked)
    assert before is not None
    assert (before.since, before.until) == (date(2024, 2, 19), date(2024, 2, 28))
    year = compared(Question(date(2024, 2, 29), date(2024, 3, 9), versus=Versus.YEAR))
    assert year is not None
    assert (year.since, year.until) == (date(2023, 2, 28), date(2023, 3, 9))
    assert compared(question()) is None


def test_a_month_is_cut_at_the_ends_of_the_question():
    asked = Question(date(2026, 2, 10), date(2026, 3, 5), by=Group.MONTH)
    assert list_of(asked, "2026-02-01") == {"whole": "true", "since": "2026-02-10", "until": "2026-02-28"}
    assert list_of(asked, "2026-03-01") == {"whole": "true", "since": "2026-03-01", "until": "2026-03-05"}


def test_a_share_is_never_rounded_up_to_all():
    assert percent(1.0) == "100%"
    assert percent(10837 / 10838) == "99.9%"
    assert percent(None) == "—"
    assert Counts(reported=3).value(Measure.ON_TIME) is None


def test_the_sentence_of_the_article_is_one_question(lived):
    page = browser(lived).get("/insights/?source=camera&category=E0407&measure=on_time")
    assert page.status_code == 200
    assert (
        "2026 年至今，由视频发现，小类为“E0407 机动车乱停放”，共 2 件，已结案 2 件，其中按期结案 50%。"
        in page.content.decode()
    )
    late = Case.objects.get(handled_late=True)
    Case.objects.filter(pk=late.pk).update(handled_late=False)
    english = browser(lived).get("/insights/?source=camera&category=E0407", headers={"accept-language": "en"})
    assert "2026 so far: 2 cases were reported by Camera" in english.content.decode()
    assert "all closed in time." in english.content.decode()


def every_list(found: selectors.Answer) -> list[tuple[int, dict[str, str]]]:
    """Each number of an answer with the filters of its list."""
    told = []
    for group, counts in [(None, found.total), *((one, one.counts) for one in found.groups)]:
        top, below = found.lists(group)
        above, under = counts.over(found.question.measure)
        told.append((above, top))
        if below is not None and under is not None:
            told.append((under, below))
    return told


@pytest.mark.parametrize("by", list(Group))
def test_every_number_is_the_length_of_the_list_behind_it(lived, by):
    for turn, who in enumerate(("leader", "district_dispatcher", "desk2")):
        actor = lived.actor(who)
        measure = list(Measure)[(list(Group).index(by) + 2 * turn) % len(Measure)]
        found = selectors.answer(question(by=by, measure=measure), actor)
        for number, filters in every_list(found):
            assert selectors.filtered(filters, actor).count() == number, (who, measure, filters)
        if by is not Group.NONE:
            assert sum(one.counts.reported for one in found.groups) == found.total.reported


def test_a_number_on_the_page_opens_exactly_its_cases(lived):
    client = browser(lived)
    page = client.get("/insights/?by=district&measure=closed")
    row = next(row for row in page.context["rows"] if row["name"] == "金港区")
    listed = client.get(row["denominator"])
    assert listed.status_code == 200
    assert listed.context["count"] == row["over"][1] == 3
    assert client.get(row["numerator"]).context["count"] == row["over"][0] == 2


def test_hours_months_and_weekdays_are_those_of_the_city(lived):
    actor = lived.actor("leader")

    def keys(by: str) -> list[tuple[str, int]]:
        return [(one.key, one.counts.reported) for one in selectors.answer(question(by=by), actor).groups]

    assert keys("hour") == [("8", 4), ("23", 1)]
    assert keys("month") == [("2026-03-01", 1), ("2026-11-01", 4)]
    assert keys("weekday") == [("1", 4), ("7", 1)]
    assert keys("week") == [("2026-02-23", 1), ("2026-11-16", 4)]
    assert keys("day") == [("2026-03-01", 1), ("2026-11-16", 4)]


def test_the_median_runs_from_report_to_closing(lived):
    Case.objects.filter(stage="closed").update(closed_at=at("2026-11-16T10:15:00+08:00"))
    Case.objects.filter(handled_late=True).update(closed_at=at("2026-03-02T00:30:00+08:00"))
    found = selectors.answer(question(measure="minutes"), lived.actor("leader"))
    assert found.total.minutes == 90.0
    assert found.total.value(Measure.MINUTES) == 90.0


def test_a_person_of_a_district_counts_that_district_only(lived):
    page = browser(lived, "district_dispatcher").get("/insights/?by=district")
    assert [row["name"] for row in page.context["rows"]] == ["金港区"]
    assert page.context["total"].reported == 3
    there = browser(lived, "district_dispatcher").get(f"/api/insights?area={THERE}").json()
    assert (there["total"]["reported"], there["groups"]) == (0, [])
    whole = browser(lived).get("/api/insights").json()
    assert whole["total"]["reported"] == 5


def test_the_same_for_programs_with_the_lists_behind_it(lived):
    told = browser(lived).get("/api/insights?source=camera&by=category&measure=closed&versus=before").json()
    assert told["question"]["source"] == "camera"
    assert (told["total"]["numerator"], told["total"]["denominator"]) == (2, 3)
    assert {one["key"]: one["value"] for one in told["groups"]} == {"E0407": 1.0, "E0110": 0.0}
    assert told["before"]["reported"] == 0
    assert told["begins"] == "2026-03-01"
    listed = browser(lived).get("/api/cases", told["groups"][0]["numerator_cases"]).json()
    assert len(listed["results"]) == told["groups"][0]["numerator"]


@pytest.mark.parametrize("query", ["measure=x", "source=nobody", "category=%00", "area=1%27", "cell=a", "hour=24"])
def test_a_page_that_is_asked_nonsense_says_so(lived, query):
    page = browser(lived).get(f"/insights/?{query}")
    assert page.status_code == 400
    assert page.context["refusal"]
    assert browser(lived).get(f"/api/insights?{query}").status_code == 400


def test_whoever_sees_no_cases_asks_nothing(lived):
    client = Client()
    client.force_login(holder("outsider", "score.see"))
    assert client.get("/insights/").status_code == 403
    assert client.get("/api/insights").status_code == 403
    assert client.post("/exports/", {"dataset": "insights", "format": "csv"}).status_code == 403


def test_the_answer_is_taken_away_as_a_file_within_the_rights_of_who_takes_it(lived):
    actor = lived.actor("district_dispatcher")
    address = dict(parse_qsl(urlsplit("?by=district&measure=closed").query))
    job = exchange.ask_export("insights", "csv", address, actor=actor)
    exchange.write_export(str(job.uid))
    _job, file = exchange.fetch_export(str(job.uid), actor=actor)
    with file:
        rows = list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert [(row["group"], row["key"], row["reported"], row["closed"]) for row in rows] == [
        ("total", "", "3", "2"), ("district", HERE, "3", "2"),
    ]  # fmt: skip
    assert rows[1]["name_zh"] == "金港区"
    with pytest.raises(Invalid):
        exchange.ask_export("insights", "csv", {"by": "=1+1"}, actor=actor)


def test_history_that_is_too_short_is_said(lived):
    assert "您能看到的第一件上报在 2026-03-01" in browser(lived).get("/insights/").content.decode()
    assert "您能看到的第一件上报" not in browser(lived).get("/insights/?since=2026-03-01").content.decode()


def test_filters_that_the_form_of_the_list_has_not_stay_when_it_is_sent(lived):
    page = browser(lived).get(f"/cases/?whole=true&area={HERE}&source=camera").content.decode()
    assert f'<input type="hidden" name="area" value="{HERE}">' in page
    assert '<input type="hidden" name="source"' not in page


@pytest.mark.parametrize("near", ["116.7,23.36,501", "116.7,23.36", "999,1,5", "116.7,99,5", "a,b,c"])
def test_a_place_that_is_none_is_refused(town, near):
    with pytest.raises(Invalid, match="bad_filter"):
        selectors.filtered({"near": near}, town.actor("leader"))
