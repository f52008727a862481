"""What cities really send: each fault is a sentence with row and column, and the rest of the file still previews."""

import gzip
import io
import json
import zipfile

import pytest
import shapefile

from core.errors import DomainError, Forbidden
from core.scope import machine
from core.sentences import sentence_of
from exchange import actions
from exchange.codecs import open_source
from exchange.models import ImportJob
from exchange.rules.records import Limits
from exchange.sentences import fault_lines
from grid import selectors
from tests.exchange.factories import (
    CGCS2000_ZONE_38,
    TREE,
    checked,
    codes,
    collection,
    imported,
    polygon,
    square,
    suspicions,
    uploaded,
    workbook,
    zipped_shapefile,
)

pytestmark = pytest.mark.django_db
HERE = (114.05, 22.54)


def refused(content, name="file.csv", **given) -> str:
    with pytest.raises(DomainError) as error:
        uploaded(content, name, **given)
    assert sentence_of(error.value) != error.value.code
    assert not ImportJob.objects.exists()
    return error.value.code


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("4.40304E+11", "exchange.code_mangled"),
        ("4.4e11", "exchange.code_mangled"),
        ("44030400200", "grid.region_code"),
        ("44030400200x", "grid.region_code"),
        ("440305002000", "grid.region_parent"),
        ("440304001000", "grid.code_twice"),
        ("", "exchange.empty_cell"),
        ("4403040020\x0000", "exchange.nul"),
    ],
)
def test_a_spoilt_code_costs_its_own_row_only(cell, fault):
    job = checked(TREE + f"{cell},坏街道,440304000000,street\n440304003000,好街道,440304000000,street\n")
    assert codes(job) == [(5, fault)]
    assert (job.report["counts"]["add"], job.report["counts"]["refuse"]) == (5, 1)
    assert job.report["faults"][0]["line"] == 6
    assert job.report["faults"][0]["column"] in ("code", "parent_code")
    assert "6" in fault_lines(job.report)[0]
    assert selectors.newest_draft() == 0, "nothing is written before somebody confirms"


def test_a_spreadsheet_that_made_numbers_of_codes_is_told_so():
    head = ("代码", "名称", "级别")
    job = checked(workbook(head, (440300000000, "深圳市", "市"), ("440304000000", "福田区", "区")), "a.xlsx")
    assert job.report["counts"]["add"] == 2, "twelve digits survive as a number"
    spoilt_code = workbook(("code", "lon", "lat"), (4403040137000001, 114.05, 22.54))
    job = checked(spoilt_code, "b.xlsx", kind="components")
    assert codes(job) == [(1, "exchange.code_mangled")], "sixteen do not"


def test_a_community_without_a_street_and_a_child_before_its_parent():
    lines = TREE.splitlines()
    orphan = "440304009001,无主社区,440304009000,community"
    job = checked("\n".join([lines[0], *reversed(lines[1:]), orphan]))
    assert codes(job) == [(5, "grid.region_parent")]
    assert job.report["counts"]["add"] == 4


def test_one_open_quotation_mark_does_not_swallow_the_file():
    job = checked(TREE + '"440304002000,街道,440304000000,street\n440304003000,好街道,440304000000,street\n')
    assert codes(job) == [(5, "exchange.unreadable_row")]
    assert job.report["counts"]["add"] == 5


def test_a_line_without_end_is_cut_and_the_next_one_read(tmp_path):
    file = tmp_path / "long.csv.gz"
    with gzip.open(file, "wt", encoding="utf-8") as text:
        text.write("code,name\n1,a\n2," + "x" * 3_000_000 + "\n3,c\n")
    limits = Limits(line_chars=10_000)
    found = list(open_source(file, "csv", limits=limits).records())
    assert [(record.line, [fault.code for fault in record.faults]) for record in found] == [
        (2, []), (3, ["exchange.line_too_long"]), (4, []),
    ]  # fmt: skip
    with pytest.raises(DomainError, match="unpacks_too_large"):
        list(open_source(file, "csv", limits=Limits(unpacked_bytes=1_000_000, line_chars=10_000)).records())


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * 60_000_000)
        archive.writestr("a.dbf", b"\0" * 100)
    return held.getvalue()


def test_bombs_and_files_of_no_kind_are_refused_whole():
    assert refused(bomb(), "bomb.zip", kind="boundaries") == "exchange.zip_bomb"
    assert refused(bomb(), "bomb.xlsx") == "exchange.zip_bomb"
    assert refused(b"PK\x03\x04nonsense", "a.zip", kind="boundaries") == "exchange.broken_archive"
    assert refused(b"SQLite format 3\x00" + b"\0" * 100, "a.gpkg", kind="boundaries") == "exchange.broken_geopackage"
    assert refused(b"", "a.csv") == "exchange.file_empty"
    assert refused(b"%PDF-1.7", "a.pdf") == "exchange.unknown_format"
    assert refused(b'{"a": 1}', "a.geojson", kind="boundaries") == "exchange.no_features"
    assert refused("a,b\n", kind="nothing") == "exchange.unknown_kind"
    with pytest.raises(Forbidden):
        actions.upload("a.csv", [b"code,name\n"], kind="divisions", actor=machine("somebody", "case.see"))


def spoilt(shape: dict, **more) -> dict:
    return {"type": "Feature", "properties": {"code": "440304", **more}, "geometry": shape}


BOW_TIE = [[0, 0], [0.01, 0.01], [0.01, 0], [0, 0.01], [0, 0]]
SHAPES = {
    "exchange.shape_invalid": {"type": "Polygon", "coordinates": [[[114 + x, 22 + y] for x, y in BOW_TIE]]},
    "exchange.ring_open": {"type": "Polygon", "coordinates": [square(*HERE)[:-1]]},
    "exchange.no_shape": {"type": "Polygon", "coordinates": []},
    "exchange.not_in_degrees": {"type": "Polygon", "coordinates": [square(500_000, 2_500_000, 100)]},
    "exchange.axes_swapped": {"type": "Polygon", "coordinates": [square(22.54, 114.05)]},
    "exchange.too_many_vertices": {"type": "LineString", "coordinates": [[114.0, 22.0]] * 260_000},
    "exchange.bad_geometry": {"type": "Blob", "coordinates": [1]},
}


@pytest.mark.parametrize("fault", sorted(SHAPES))
def test_a_bad_shape_costs_its_own_row_only(fault):
    imported(TREE)
    good = polygon(square(*HERE), code="440304")
    job = checked(collection(spoilt(SHAPES[fault]), good), "a.geojson", kind="boundaries")
    assert codes(job) == [(1, fault)]
    assert job.report["counts"]["add"] == 1
    assert [one["properties"]["outcome"] for one in job.preview if one["properties"]["outcome"] != "refuse"] == ["add"]


@pytest.mark.parametrize(
    ("number", "fault"),
    [("NaN", "exchange.not_a_number"), ("1e308", "exchange.not_in_degrees"), ("1e999", "exchange.not_finite")],
)
def test_numbers_that_are_no_coordinates(number, fault):
    imported(TREE)
    text = collection(polygon(square(*HERE), code="440304"), polygon(square(*HERE), code="440300")).decode()
    job = checked(text.replace("114.05,", f"{number},", 3), "a.geojson", kind="boundaries")
    assert codes(job) == [(1, fault)]
    assert job.report["counts"]["add"] == 1


def test_a_broken_feature_says_where_and_the_file_goes_on():
    imported(TREE)
    good = json.dumps(polygon(square(*HERE), code="440304"))
    text = '{"type":"FeatureCollection","features":[\n{"type":"Feature","properties":{"code": nope}},\n' + good + "\n]}"
    job = checked(text, "a.geojson", kind="boundaries")
    assert codes(job) == [(1, "exchange.bad_json")]
    assert job.report["faults"][0]["line"] == 2
    assert job.report["counts"]["add"] == 1
    cut = checked(text[:-20], "a.geojson", kind="boundaries")
    assert [code for _, code in codes(cut)] == ["exchange.bad_json", "exchange.file_ends_early"]


@pytest.mark.parametrize(("encoding", "cpg"), [("gbk", ""), ("gbk", "936"), ("utf-8", "UTF-8"), ("utf-8", "")])
def test_shapefiles_of_chinese_offices_are_read_in_their_encoding_and_plane(encoding, cpg):
    imported(TREE)
    ring = [[38505000, 2494000], [38505000, 2495000], [38506000, 2495000], [38506000, 2494000], [38505000, 2494000]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    content = zipped_shapefile([({"XZQMC": "福田区"}, shape)], encoding=encoding, cpg=cpg, prj=CGCS2000_ZONE_38)
    job = checked(content, "界线.zip", kind="boundaries")
    assert codes(job) == []
    assert job.report["rows"] == [{"line": 1, "code": "440304", "outcome": "add"}]
    west, south, *_ = job.report["bounds"]
    assert (west, south) == (pytest.approx(114.0486, abs=0.001), pytest.approx(22.544, abs=0.01))


def test_a_broken_shape_in_a_shapefile_costs_its_own_row_only():
    imported(TREE)
    good = {"type": "Polygon", "coordinates": [square(*HERE)]}
    rows = [({"code": "440300"}, shapefile.Shape(shapefile.NULL)), ({"code": "440304"}, good)]
    job = checked(zipped_shapefile(rows), "a.zip", kind="boundaries")
    assert codes(job) == [(1, "exchange.no_shape")]
    assert job.report["counts"]["add"] == 1


def cells(*squares: tuple[str, float, float]) -> bytes:
    return collection(*[polygon(square(west, south), code=code) for code, west, south in squares])


def test_cells_outside_their_community_over_each_other_or_of_nobody():
    imported(TREE)
    imported(collection(polygon(square(114.05, 22.54, 0.004), code="440304001001")), "c.geojson", kind="boundaries")
    home = "440304001001"
    job = checked(
        cells(
            (f"{home}001", 114.050, 22.540), (f"{home}002", 114.0535, 22.540), (f"{home}003", 114.051, 22.5415),
            (f"{home}004", 114.0515, 22.5415), ("440304001999001", 114.052, 22.540), (f"{home}000", 114.052, 22.543),
            (f"{home}001", 114.052, 22.543),
        ),
        "cells.geojson",
        kind="cells",
    )  # fmt: skip
    assert codes(job) == [
        (2, "grid.cell_outside"), (3, "grid.cells_overlap"), (4, "grid.cells_overlap"), (5, "grid.cell_community"),
        (6, "grid.cell_code"), (7, "grid.code_twice"),
    ]  # fmt: skip
    assert job.report["counts"]["add"] == 1
    assert suspicions(job) == {}


def test_a_cell_lands_in_the_draft_with_its_area():
    imported(TREE)
    imported(collection(polygon(square(114.05, 22.54, 0.004), code="440304001001")), "c.geojson", kind="boundaries")
    job = imported(cells(("440304001001001", 114.050, 22.540)), "cells.geojson", kind="cells")
    assert job.report["told"]["cells"] == 1
    assert set(selectors.draft_cells(selectors.newest_draft())) == {"440304001001001"}
