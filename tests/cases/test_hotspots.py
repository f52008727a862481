"""Hotspots: planted clusters are found, chance alone is not called one, and every number is the list behind it."""

import random
from math import comb, exp, fsum, lgamma, log

import pytest
from django.test import Client

from cases import selectors
from cases.models import Case
from cases.rules.hotspots import Telling, discoveries, hot_cells, hot_hours, near, repeats, tail
from cases.rules.questions import list_of
from core.geo import haversine_m
from tests.cases.factories import HERE, THERE, Town, point, reported

WEST, SOUTH, STEP = 116.70, 23.36, 0.001
GROUND = {f"{x:02d}{y:02d}": (WEST + x * STEP, SOUTH + y * STEP) for x in range(20) for y in range(20)}


def strewn(seed: int, many: int) -> dict[str, int]:
    """So many cases, each in any cell."""
    drawn = random.Random(seed)
    counts: dict[str, int] = {}
    for _ in range(many):
        cell = drawn.choice(sorted(GROUND))
        counts[cell] = counts.get(cell, 0) + 1
    return counts


def test_the_tail_is_the_sum_of_the_chances_beyond():
    assert tail(0, 3.0, 3.0) == 1.0
    assert tail(1, 2.0, 2.0) == pytest.approx(1 - 0.1353352832)
    size, share = 4, 0.25  # a negative binomial of whole size, counted by hand
    mean, variance = size * (1 - share) / share, size * (1 - share) / share**2
    below = sum(comb(n + size - 1, n) * share**size * (1 - share) ** n for n in range(10))
    assert tail(10, mean, variance) == pytest.approx(1 - below)


@pytest.mark.parametrize(("count", "mean", "more"), [(1, 0.2, 1), (30, 40.0, 1), (700, 600.0, 3), (9900, 1e4, 1.0001)])
def test_the_tail_of_few_and_of_thousands_is_the_plain_sum(count, mean, more):
    variance = mean * more if more > 1.001 else mean
    size = mean * mean / (variance - mean) if variance > mean else 0.0

    def chance(n: int) -> float:
        if not size:
            return exp(n * log(mean) - mean - lgamma(n + 1))
        ways = lgamma(n + size) - lgamma(size) - lgamma(n + 1)
        return exp(ways + size * log(mean / variance) + n * log(1 - mean / variance))

    plain = 1 - fsum(chance(n) for n in range(count))
    assert tail(count, mean, mean * more) == pytest.approx(plain, abs=1e-9)


def test_of_what_is_discovered_a_share_may_be_false_and_no_more():
    assert discoveries([0.01, 0.02, 0.03, 0.9], 0.05) == 0.03
    assert discoveries([0.04, 0.5, 0.6, 0.9], 0.05) == 0.0
    assert discoveries([], 0.05) == 0.0


def test_a_planted_cluster_is_found_where_it_was_planted():
    counts = strewn(1, 200)
    planted = {f"{x:02d}{y:02d}" for x in (9, 10, 11) for y in (9, 10, 11)}
    for cell in planted:
        counts[cell] = counts.get(cell, 0) + 6
    found = hot_cells(counts, GROUND, 160)
    assert found is not None
    assert planted <= {one.cell for one in found}
    assert all(8 <= int(one.cell[:2]) <= 12 and 8 <= int(one.cell[2:]) <= 12 for one in found), "only there"
    assert found[0].cell == "1010"
    assert found[0].around == sum(counts[cell] for cell in planted)


def test_chance_alone_is_seldom_called_a_cluster():
    alarms = sum(bool(hot_cells(strewn(seed, 150), GROUND, 160)) for seed in range(40))
    assert alarms <= 4, "a share of 0.05 of the cities without any cluster may have one by chance"


def test_too_little_is_not_judged():
    assert hot_cells(strewn(1, 10), GROUND, 160) is None
    assert hot_cells({"0000": 500}, {"0000": (WEST, SOUTH)}, 160) is None


def test_neighbours_are_those_within_the_metres():
    beside = near(GROUND, 160)
    assert len(beside["1010"]) == 9
    assert len(beside["0000"]) == 4
    for cell in ("0000", "0507", "1919"):
        by_hand = {other for other in GROUND if haversine_m(*GROUND[cell], *GROUND[other]) <= 160}
        assert set(beside[cell]) == by_hand


def test_an_hour_stands_out_of_its_day_and_its_hour_not_of_the_night():
    week = {(day, hour): 2 if hour < 7 else 20 for day in range(1, 8) for hour in range(24)}
    assert hot_hours(week) == []
    week[(6, 20)] = 70
    assert [(one.weekday, one.hour) for one in hot_hours(week)] == [(6, 20)]


def test_a_class_that_comes_back_is_one_place_and_another_class_beside_it_none():
    spot = (116.7, 23.36)
    tellings = [Telling(key, "E0407", spot[0] + key * 0.00005, spot[1]) for key in range(5)]
    tellings += [Telling(10 + key, "E0110", *spot) for key in range(2)]
    [place] = repeats(tellings, 50, 3)
    assert (place.middle.category, place.members) == ("E0407", (0, 1, 2, 3, 4))
    assert repeats(tellings, 50, 6) == []
    assert [len(one.members) for one in repeats(tellings, 5.2, 2)] == [3, 3, 2]


def test_thousands_of_cases_of_one_spot_are_one_place():
    camera = [Telling(key, "E0407", 116.7, 23.36) for key in range(20_000)]
    near_by = [Telling(20_000 + key, "E0407", 116.7002, 23.36) for key in range(2)]
    [place] = repeats([*reversed(camera), *near_by], 30, 3)
    assert (place.middle.key, len(place.members)) == (0, 20_002)


def browser(town: Town, who: str = "leader") -> Client:
    client = Client()
    client.force_login(town.people[who])
    return client


def test_repeat_places_and_hours_lead_to_exactly_their_cases(town, time):
    lon, lat = point(HERE)
    for shift in (0.0, 0.0001, 0.0002):
        reported(town, lon=lon + shift, lat=lat)
    reported(town, lon=lon + 0.0008, lat=lat)
    reported(town, THERE)
    actor = town.actor("leader")
    found = selectors.hotspots(selectors.question_here({}), actor, around=160, metres=30, times=3)
    assert found.places is not None
    [place] = found.places
    assert selectors.filtered(selectors.repeat_list(found, place), actor).count() == len(place.members) == 3
    for (weekday, hour), many in found.week.items():
        filters = {**list_of(selectors.question_here({})), "weekday": str(weekday), "hour": str(hour)}
        assert selectors.filtered(filters, actor).count() == many == 5
    page = browser(town).get("/insights/hotspots/?metres=30")
    assert "数据太少" in page.content.decode()
    assert browser(town).get(page.context["places"][0]["cases"]).context["count"] == 3


def test_a_person_of_a_district_finds_hotspots_of_that_district_only(town, time):
    for _ in range(3):
        reported(town, THERE)
    reported(town, HERE)
    told = browser(town, "district_dispatcher").get("/api/insights/hotspots").json()
    assert (told["reported"], told["ground"], told["places"]) == (1, 4, [])
    whole = browser(town).get("/api/insights/hotspots").json()
    assert (whole["reported"], whole["ground"]) == (4, 8)
    assert [one["found"] for one in whole["places"]] == [3]
    assert len(browser(town).get("/api/cases", whole["places"][0]["cases"]).json()["results"]) == 3
    assert Case.objects.count() == 4


@pytest.mark.parametrize(
    "query", ["metres=0", "metres=1e3", "times=²", f"around={10**30}", "until=0001-01-01", "since=x"]
)
def test_numbers_that_are_none_are_refused(town, query):
    assert browser(town).get(f"/insights/hotspots/?{query}").status_code == 400
    assert browser(town).get(f"/api/insights/hotspots?{query}").status_code == 400
