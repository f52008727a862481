"""Codes, hours, and every reason why a map is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid import codecs
from grid.contracts import CodePlan, Level
from grid.rules import codes, hours
from grid.rules.drawing import problems_of
from grid.sentences import listed
from tests.grid.factories import changed, feature, region, square, tiny_map

PLAN = CodePlan()


def refusals(drawn) -> list[tuple[str, dict]]:
    return [(problem.code, dict(problem.params)) for problem in problems_of(codecs.read(drawn), PLAN)]


@pytest.mark.parametrize("code", ["449901001001001", "449901001001999"])
def test_a_cell_code_is_fifteen_digits(code):
    assert codes.is_cell_code(code, PLAN)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "44990100100100",
        "4499010010010011",
        "449901001001000",
        "44990100100100x",
        "４49901001001001",
        "449901001001001\n",
    ],
)
def test_what_looks_like_a_cell_code_and_is_none(code):
    assert not codes.is_cell_code(code, PLAN)


def test_region_codes_have_the_digits_of_their_level():
    lengths = {
        Level.CITY: "449900",
        Level.DISTRICT: "449901",
        Level.STREET: "449901001",
        Level.COMMUNITY: "449901001002",
    }
    for level, code in lengths.items():
        assert codes.is_region_code(code, level, PLAN)
        assert not codes.is_region_code(code + "1", level, PLAN)
    assert codes.is_child("449901", Level.DISTRICT, "449900")
    assert not codes.is_child("440101", Level.DISTRICT, "449900")
    assert not codes.is_child("449902001", Level.STREET, "449901")


def test_the_district_of_a_path_is_its_second_part():
    assert codes.district_of("449900.449901.449901001.449901001003") == "449901"
    assert codes.district_of("449900") == codes.district_of("") == ""


def test_a_sound_map_has_no_problem():
    assert refusals(tiny_map()) == []


def test_an_overlap_is_told_with_both_cells_and_its_size():
    def spoil(cells):
        cells[0]["geometry"]["coordinates"] = [
            square(0, 1, 1, 1)[:1] + [[116.7015, 23.351], [116.7015, 23.352], [116.700, 23.352], [116.700, 23.351]]
        ]

    found = refusals(changed(cells=spoil))
    assert ("grid.cells_overlap", {"code": "449901001001001", "other": "449901001001002"}) in [
        (code, {k: v for k, v in params.items() if k != "area"}) for code, params in found
    ]
    area = next(params["area"] for code, params in found if code == "grid.cells_overlap")
    assert area == pytest.approx(0.0005 * 0.001 * 111_195**2 * 0.918, rel=0.01)


def test_a_gap_is_told_with_its_community_and_its_size():
    found = refusals(changed(cells=lambda cells: cells.pop(5)))
    assert [code for code, _ in found] == ["grid.gap"]
    assert found[0][1]["code"] == "449901001002"
    assert found[0][1]["area"] == pytest.approx(0.001**2 * 111_195**2 * 0.918, rel=0.01)


def test_a_cell_across_a_community_is_told():
    def spoil(cells):
        cells[1]["geometry"]["coordinates"] = [square(1, 1, 2, 1)]

    found = dict(refusals(changed(cells=spoil)))
    assert found["grid.cell_outside"]["code"] == "449901001001002"
    assert "grid.cells_overlap" in found


def test_a_cell_in_another_community_than_its_code_says_is_outside():
    def spoil(cells):
        cells[0]["geometry"], cells[4]["geometry"] = cells[4]["geometry"], cells[0]["geometry"]

    assert {code for code, _ in refusals(changed(cells=spoil))} == {"grid.cell_outside", "grid.gap"}


def test_regions_that_overlap_or_leave_their_parent_are_told():
    def spoil(regions):
        regions[2]["geometry"]["coordinates"] = [square(3, 0, 4, 2)]

    codes_found = {code for code, _ in refusals(changed(regions=spoil))}
    assert {"grid.regions_overlap", "grid.region_outside"} <= codes_found


SPOILED = {
    "grid.cell_code": {"cells": lambda cells: cells[0]["properties"].update(code="44990100100100")},
    "grid.code_twice": {"cells": lambda cells: cells[0]["properties"].update(code=cells[1]["properties"]["code"])},
    "grid.cell_community": {"cells": lambda cells: cells[0]["properties"].update(code="449909001001001")},
    "grid.cell_grade": {"cells": lambda cells: cells[0]["properties"].update(grade=9)},
    "grid.geometry": {"cells": lambda cells: cells[0]["geometry"].update(
        coordinates=[[[116.7, 23.35], [116.701, 23.351], [116.701, 23.35], [116.7, 23.351], [116.7, 23.35]]])},
    "grid.region_code": {"regions": lambda rows: rows[3]["properties"].update(code="44990100")},
    "grid.region_level": {"regions": lambda rows: rows[3]["properties"].update(level="village")},
    "grid.region_parent": {"regions": lambda rows: rows[3]["properties"].update(parent="449902")},
    "grid.region_name": {"regions": lambda rows: rows[3]["properties"].update(names={"zh": "石炮街道"})},
    "grid.one_city": {"regions": lambda rows: rows.append(region("449910", "city", "", square(0, 0, 6, 2)))},
    "grid.base_kind": {"base": lambda rows: rows[0]["properties"].update(kind="castle")},
    "grid.unreadable_feature": {"cells": lambda cells: cells.append({"type": "Feature", "properties": {}})},
}  # fmt: skip


@pytest.mark.parametrize("code", SPOILED)
def test_each_kind_of_mistake_is_named(code):
    found = refusals(changed(**SPOILED[code]))
    assert code in {told for told, _ in found}


def test_every_mistake_is_listed_at_once_in_plain_sentences():
    def spoil(cells):
        cells[0]["properties"]["code"] = "1"
        cells[1]["properties"]["grade"] = 7
        cells[2]["properties"]["code"] = "449909001001001"

    told = listed(problems_of(codecs.read(changed(cells=spoil)), PLAN))
    assert len(told) == 3
    assert all("%(" not in sentence for sentence in told)


def test_rounding_of_coordinates_is_forgiven_and_a_drawn_mistake_is_not():
    def nudge(by):
        def spoil(cells):
            ring = cells[0]["geometry"]["coordinates"][0]
            cells[0]["geometry"]["coordinates"] = [
                [[x + by, y] if (x, y) == tuple(ring[1]) else [x, y] for x, y in ring]
            ]

        return spoil

    assert refusals(changed(cells=nudge(1e-8))) == []
    assert refusals(changed(cells=nudge(5e-5))) != []


def test_a_map_that_is_no_map_says_which_file():
    assert refusals({"regions": {"type": "Feature"}, "cells": []})[:2] == [
        ("grid.unreadable_file", {"file": "regions.geojson"}),
        ("grid.unreadable_file", {"file": "cells.geojson"}),
    ]


def test_a_shape_outside_the_earth_is_not_in_degrees():
    found = refusals(changed(base=lambda rows: rows.append(feature([[0, 0], [500, 0], [500, 5], [0, 0]], kind="park"))))
    assert found == [("grid.geometry", {"code": "park", "why": "not in degrees"})]


OFFICE = {
    "code": "office_hours",
    "names": {"zh": "工作时间", "en": "Office hours"},
    "weekly": {"mon": ["08:00-12:00", "14:00-18:00"]},
}


def test_hours_may_be_written_in_three_ways():
    expected = ((480, 720), (840, 1080))
    assert hours.spans(["08:00-12:00", "14:00-18:00"]) == expected
    assert hours.spans([["08:00", "12:00"], ["14:00", "18:00"]]) == expected
    assert hours.spans([[480, 720], [840, 1080]]) == expected


@pytest.mark.parametrize(
    "written", [["12:00-08:00"], ["08:00-12:00", "11:00-13:00"], ["8-12"], ["08:00-24:01"], [5], ["08:60-09:00"]]
)
def test_hours_that_make_no_sense_are_refused(written):
    with pytest.raises((ValueError, TypeError)):
        hours.spans(written)


@given(st.lists(st.integers(0, 1440), min_size=2, max_size=10, unique=True).filter(lambda edges: len(edges) % 2 == 0))
def test_any_ordered_hours_survive_writing_and_reading(edges):
    edges = sorted(edges)
    pairs = tuple(zip(edges[::2], edges[1::2], strict=True))
    written = [f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in pairs]
    assert hours.spans(written) == pairs


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"code": ""}, "grid.calendar_without_code"),
        ({"names": {"zh": "工作时间"}}, "grid.calendar_name_missing"),
        ({"tz": "Asia/Atlantis"}, "grid.calendar_unknown_zone"),
        ({"weekly": {"monday": ["08:00-12:00"]}}, "grid.calendar_unreadable"),
        ({"weekly": {}}, "grid.calendar_without_hours"),
        ({"weekly": {}, "round_the_clock": True}, None),
        ({"closed": ["2026-02-30"]}, "grid.calendar_unreadable"),
        ({"closed": ["2026-02-14"], "extra": {"2026-02-14": ["08:00-12:00"]}}, "grid.calendar_day_twice"),
    ],
)
def test_a_calendar_is_refused_for_the_reason_it_deserves(change, code):
    assert [problem.code for problem in hours.problems({**OFFICE, **change})] == ([code] if code else [])


def test_a_calendar_is_stored_in_minutes_and_iso_dates():
    columns = hours.readable({**OFFICE, "closed": [date(2026, 1, 1)], "extra": {"2026-02-14": ["08:00-12:00"]}})
    assert columns["weekly"] == [[[480, 720], [840, 1080]], [], [], [], [], [], []]
    assert columns["closed"] == ["2026-01-01"]
    assert columns["extra"] == {"2026-02-14": [[480, 720]]}
