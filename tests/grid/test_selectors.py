"""Where points lie, and which hours hold there."""

import random
import time
from datetime import date
from math import inf, nan
from statistics import median

import pytest

from core.errors import NotFound
from grid import actions, selectors
from simulator import city
from tests.grid.factories import ADMIN, SIDE, SOUTH, WEST, middle, put_map

pytestmark = pytest.mark.django_db


@pytest.fixture
def tiny():
    return put_map()


@pytest.fixture
def town():
    """A generated town of about 200 cells."""
    return actions.import_grid(city.build(5, 200).as_grid(), actor=ADMIN)


def test_a_point_lies_in_its_cell_community_and_district(tiny):
    place = selectors.place_at(*middle(2, 1))
    assert place.cell == "449901001002001"
    assert place.area == "449900.449901.449901001.449901001002"
    assert place.district == "449901"
    assert place.names == {"zh": "金港区 · 石炮街道 · 002社区", "en": "Jingang · Shipao · Community 002"}


@pytest.mark.parametrize(
    ("column", "row", "cell"),
    [
        (1, 1.5, "449901001001001"),  # between two cells of a community
        (2, 1.5, "449901001001002"),  # between two communities
        (4, 1.5, "449901001002002"),  # between two districts
        (1, 1, "449901001001001"),  # where four cells meet
        (0, 0, "449901001001003"),  # the outermost corner of the city
    ],
)
def test_a_point_on_a_border_belongs_to_the_lowest_code(tiny, column, row, cell):
    assert selectors.place_at(round(WEST + column * SIDE, 7), round(SOUTH + row * SIDE, 7)).cell == cell


@pytest.mark.parametrize("point", [(116.0, 23.35), (116.7005, 24.0), (nan, 23.35), (inf, 0), (200, 100), (0, 0)])
def test_a_point_outside_the_map_lies_nowhere(tiny, point):
    assert selectors.place_at(*point) is None


def test_before_a_map_is_published_nothing_lies_anywhere():
    assert selectors.place_at(*middle(0, 0)) is None
    assert selectors.city() is None
    assert selectors.bounds() is None
    assert selectors.map_version() == 0
    assert selectors.places_at([(116.7, 23.35)]) == [None]


def test_a_place_costs_one_query(tiny, django_assert_num_queries):
    with django_assert_num_queries(1):
        selectors.place_at(*middle(0, 0))


def test_a_place_is_told_within_milliseconds(town):
    rng = random.Random(7)
    points = [(116.70 + rng.uniform(-0.008, 0.008), 23.36 + rng.uniform(-0.005, 0.005)) for _ in range(200)]
    assert any(median_time(points) < 0.005 for _ in range(25)), "not even in the quietest of many moments"


def median_time(points):
    """Of many questions; where the machine is busy with something else, another moment tells what they cost."""
    times = []
    for point in points:
        began = time.perf_counter()
        selectors.place_at(*point)
        times.append(time.perf_counter() - began)
    return median(times)


def test_every_cell_finds_itself_and_every_point_inside_finds_one_cell(town):
    drawn = city.build(5, 200)
    west, south, east, north = selectors.bounds()
    rng = random.Random(3)
    points = [(rng.uniform(west, east), rng.uniform(south, north)) for _ in range(300)]
    together = selectors.places_at(points)
    assert [(p.cell, p.area) if p else None for p in (selectors.place_at(*point) for point in points)] == together
    assert 0.5 < sum(place is not None for place in together) / len(points) < 1
    spots = {cell.code: drawn.plan.degrees(cell.geom).representative_point() for cell in drawn.cells}
    found = selectors.places_at([(spot.x, spot.y) for spot in spots.values()])
    assert [cell for cell, _ in found] == list(spots)


def test_regions_are_told_by_code_level_and_parent(tiny):
    assert [view.code for view in selectors.regions("district")] == ["449901", "449902"]
    assert [view.code for view in selectors.children("449901001")] == ["449901001001", "449901001002"]
    street = selectors.region("449901001")
    assert (street.level, street.parent, street.names["zh"]) == ("street", "449901", "石炮街道")
    assert selectors.region("449909") is None
    assert selectors.city().area_m2 == pytest.approx(sum(v.area_m2 for v in selectors.regions("district")), rel=1e-6)


def test_bounds_hold_the_whole_city(tiny):
    assert selectors.bounds() == pytest.approx((WEST, SOUTH, WEST + 6 * SIDE, SOUTH + 2 * SIDE))


def test_an_anchor_lies_inside_its_region(town):
    for view in [*selectors.regions("district"), *selectors.regions("community")]:
        assert selectors.place_at(*view.anchor).area.startswith(view.path)


def test_cells_are_counted_under_a_path_and_not_under_its_namesake(tiny):
    assert selectors.cell_count() == 12
    assert selectors.cell_count("449900.449901") == 8
    assert selectors.cell_count("449900.449901.449901001.449901001001") == 4
    assert selectors.cell_count("449900.44990") == 0


def test_a_cell_names_its_place(tiny):
    assert selectors.cell_place("449902001001001").district == "449902"
    assert selectors.cell_place("449909001001001") is None


OFFICE = {"code": "office_hours", "names": {"zh": "工作时间", "en": "Office hours"}, "weekly": {"mon": ["08:00-12:00"]}}


def test_the_nearest_calendar_above_a_place_counts():
    actions.save_calendar(OFFICE, actor=ADMIN)
    actions.save_calendar({**OFFICE, "area": "449900.449901", "weekly": {"mon": ["09:00-12:00"]}}, actor=ADMIN)
    areas = ("", "449900", "449900.449901", "449900.449901.449901001", "449900.4499010")
    starts = [selectors.calendar("office_hours", area).weekly[0][0][0] for area in areas]
    assert starts == [480, 480, 540, 540, 480]


def test_a_calendar_keeps_holidays_and_make_up_days():
    given = {**OFFICE, "closed": ["2026-10-01"], "extra": {"2026-10-10": ["08:00-12:00"]}, "tz": "Asia/Shanghai"}
    actions.save_calendar(given, actor=ADMIN)
    found = selectors.calendar("office_hours")
    assert found.closed == {date(2026, 10, 1)}
    assert found.extra == {date(2026, 10, 10): ((480, 720),)}
    assert found.tz == "Asia/Shanghai"
    assert not found.round_the_clock


def test_a_calendar_nobody_wrote_is_an_error_with_its_name():
    with pytest.raises(NotFound) as missing:
        selectors.calendar("weekends")
    assert (missing.value.code, missing.value.params) == ("grid.no_calendar", {"calendar": "weekends"})


def test_outlines_are_small_rings_around_each_district(tiny):
    rings = selectors.outlines("district")
    assert set(rings) == {"449901", "449902"}
    assert rings["449901"][0][0] == rings["449901"][0][-1]
