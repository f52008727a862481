"""What goes out comes in again, equal: every format, any text, any shape."""

import csv
from pathlib import Path

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets import actions as assets
from exchange import actions
from exchange.codecs import open_source, writing
from grid import actions as grid
from grid import selectors
from tests.assets.factories import LAMP, row, types
from tests.exchange.factories import ADMIN, TREE, checked, imported
from tests.grid.factories import put_map

FORMATS = {"csv": "csv", "xlsx": "xlsx", "geojson": "geojson", "gpkg": "gpkg", "zip": "shp"}
COLUMNS = ("code", "name", "note")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cf")), max_size=20).map(
    str.strip
)
DEGREES = st.floats(-179, 179, allow_nan=False).map(lambda value: round(value, 9))


@st.composite
def rows(draw):
    found = []
    for number in range(draw(st.integers(1, 6))):
        lon, lat = draw(DEGREES), draw(DEGREES) / 2
        shape = draw(st.sampled_from([shapely.Point(lon, lat), shapely.box(lon, lat, lon + 0.01, lat + 0.01)]))
        values = {"code": f"44030{number}", "name": draw(TEXT), "note": draw(TEXT)}
        found.append((values, shapely.to_wkb(shape)))
    kind = shapely.from_wkb(found[0][1]).geom_type
    return [one for one in found if shapely.from_wkb(one[1]).geom_type == kind]


FORMULAS = st.builds("".join, st.tuples(st.text("'", max_size=2), st.sampled_from("=+-@\t\r"), TEXT))


def written(suffix: str, items, target: Path) -> Path:
    if suffix in writing.TEXTS:
        target.write_text("".join(writing.TEXTS[suffix](COLUMNS, items)), encoding="utf-8", newline="")
    else:
        target.unlink(missing_ok=True)
        writing.FILES[suffix](target, "rows", COLUMNS, items)
    return target


@pytest.mark.parametrize("suffix", sorted(FORMATS))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=rows())
def test_any_rows_are_read_back_as_they_were_written(suffix, items, tmp_path):
    source = open_source(written(suffix, items, tmp_path / "file"), FORMATS[suffix])
    found = list(source.records())
    assert [record.faults for record in found] == [[] for _ in items]
    assert [{name: str(record.values[name]) for name in COLUMNS} for record in found] == [values for values, _ in items]
    shapes = [record.shape or shapely.from_wkt(record.values["wkt"]) for record in found]
    for shape, (_, wkb) in zip(shapes, items, strict=True):
        assert shapely.equals(shapely.normalize(shape), shapely.normalize(shapely.from_wkb(wkb)))


def exported(name: str, suffix: str, **options: str) -> bytes:
    out = actions.export(name, suffix, options, actor=ADMIN)
    return out.file.read() if out.file else "".join(out.text or ()).encode()


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_a_map_that_was_exported_is_imported_without_any_change(suffix):
    put_map()
    for dataset, kind, count in (("regions", "divisions", 8), ("regions", "boundaries", 8), ("cells", "cells", 12)):
        job = checked(exported(dataset, suffix), f"{dataset}.{suffix}", kind=kind)
        assert job.report["counts"] == {"add": 0, "change": 0, "same": count, "refuse": 0, "retire": 0, "leave": 0}, (
            kind,
            job.report["faults"],
        )


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_components_that_were_exported_are_imported_without_any_change(suffix):
    put_map()
    types(LAMP)
    given_rows = [
        row(f"449901013700000{n}", n % 4, names={"zh": f"路灯{n}"}, attributes={"watt": 60.5}) for n in range(1, 5)
    ]
    assets.import_assets(given_rows, actor=ADMIN)
    job = checked(exported("components", suffix), f"components.{suffix}", kind="components")
    assert job.report["counts"] == {"add": 0, "change": 0, "same": 4, "refuse": 0, "retire": 0, "leave": 0}, job.report[
        "faults"
    ]


@pytest.mark.django_db
def test_a_tree_goes_into_an_empty_installation_as_it_left_another():
    imported(TREE)
    first = selectors.newest_draft()
    before, file = selectors.draft_regions(first), exported("regions", "csv")
    grid.discard(first, actor=ADMIN)
    imported(file)
    assert selectors.draft_regions(selectors.newest_draft()) == before


@pytest.mark.django_db
def test_a_new_draft_begins_as_the_map_in_force_and_leaves_it_alone():
    report = put_map()
    job = imported("code,name,level\n449901002,新街道,街道\n")
    draft = job.report["told"]["version"]
    assert draft != report.version
    assert len(selectors.draft_regions(draft)) == 9
    assert len(selectors.draft_cells(draft)) == 12
    assert len(selectors.draft_regions(report.version)) == 8


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=FORMULAS)
def test_no_cell_of_a_csv_begins_like_a_formula_and_none_loses_anything(text, tmp_path):
    file = written("csv", [({"code": "1", "name": text, "note": "n"}, None)], tmp_path / "file")
    with file.open(encoding="utf-8-sig", newline="") as held:
        (cell,) = [row["name"] for row in csv.DictReader(held)]
    assert cell.startswith("'")
    assert [one.values["name"] for one in open_source(file, "csv").records()] == [text]
