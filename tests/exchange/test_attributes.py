"""The attributes of a type as real files write them: headers in Chinese or cut short, values with words and units."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapefile import POINT, Shape

from assets import selectors as components
from assets.rules import attribute_columns, cast
from exchange import actions
from exchange.models import ImportJob
from packs import actions as packs
from tests.assets.factories import row, types
from tests.exchange.factories import ADMIN, checked, codes, imported, uploaded, zipped_shapefile
from tests.exchange.test_pages import admin, sent
from tests.exchange.test_round_trips import FORMATS, exported
from tests.grid.factories import middle, put_map

__all__ = ["admin"]
pytestmark = pytest.mark.django_db
COVER = "4499010101000001"
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "material": {"type": "string", "x-names": {"zh": "材质", "en": "Material"}},
        "diameter_mm": {"type": "integer", "x-names": {"zh": "直径", "en": "Diameter"}, "x-unit": "mm"},
        "fall_net": {"type": "boolean", "x-names": {"zh": "防坠网", "en": "Fall-protection net"}},
        "grade": {"enum": [1, 2, 3], "x-names": {"zh": "养护等级", "en": "Upkeep grade"}},
        "laid": {"type": "string", "format": "date", "x-names": {"zh": "铺设日期", "en": "Laid"}},
    },
}


@pytest.fixture
def catalogue():
    """The map, and the component types that are shipped."""
    put_map()
    packs.apply(["catalogue-components"], actor=ADMIN)


def covers(*rows: dict[str, str]) -> bytes:
    """A Shapefile of points; a column that one row has is empty in the others."""
    empty = dict.fromkeys([name for one in rows for name in one], "")
    places = [Shape(POINT, points=[middle(n, 0)]) for n, _one in enumerate(rows)]
    return zipped_shapefile([({**empty, **one}, place) for one, place in zip(rows, places, strict=True)], cpg="GBK")


def test_a_gbk_shapefile_becomes_covers_of_the_shipped_catalogue(catalogue):
    file = covers(
        {"标识码": COVER, "状态": "破损", "材质": "球墨铸铁", "直径": "700 mm", "防坠网": "有", "归": "水", "备": "x"},
        {"标识码": COVER[:-1] + "2", "材质": "复合", "直径": "0.8m", "防坠网": "否"},
    )  # fmt: skip
    job = imported(file, "井盖.zip", kind="components", options={"type": "water_cover"})
    assert job.counts == {"add": 2, "change": 0, "same": 0, "retire": 0, "leave": 0, "refuse": 0}, job.report["faults"]
    assert job.mapping["attributes.material"] == "材质"
    assert job.options["attributes"] == [], "the type allows nothing else, so nothing else is kept"
    first, second = (components.asset(code, actor=ADMIN) for code in (COVER, COVER[:-1] + "2"))
    assert first.attributes == {"material": "球墨铸铁", "diameter_mm": 700, "fall_net": True}
    assert second.attributes == {"material": "复合", "diameter_mm": 800, "fall_net": False}
    assert (first.state, second.state) == ("damaged", "intact")
    again = checked(file, "井盖.zip", kind="components", options={"type": "water_cover"})
    assert again.report["counts"]["same"] == 2


def test_a_value_that_is_not_understood_names_its_column_and_a_chosen_rest_is_refused(catalogue):
    file = covers({"code": COVER, "直径": "很大", "别的": "x"})
    job = checked(file, "a.zip", kind="components", options={"type": "water_cover"})
    assert [(one["column"], one["code"]) for one in job.report["faults"]] == [("直径", "assets.bad_attributes")]
    kept = checked(covers({"code": COVER, "别的": "x"}), "a.zip", kind="components",
                   options={"type": "water_cover"}, attributes=["别的"])  # fmt: skip
    assert codes(kept) == [(1, "assets.bad_attributes")]


def test_a_type_that_was_exported_is_imported_into_that_type_without_any_change(catalogue):
    file = covers({"code": COVER, "材质": "铸铁", "直径": "700"}, {"code": COVER[:-1] + "2", "承载等级": "D400"})
    imported(file, "a.zip", kind="components", options={"type": "water_cover"})
    for suffix in sorted(FORMATS):
        out = exported("components", suffix, type="water_cover")
        job = checked(out, f"components.{suffix}", kind="components", options={"type": "water_cover"})
        assert job.report["counts"]["same"] == 2, (suffix, job.report["faults"])


def test_choosing_the_type_on_the_page_asks_for_its_attributes_and_keeps_no_rest(catalogue, admin):
    lon, lat = middle(0, 0)
    job = sent(admin, f"code,lon,lat,材质,直径,备注\n{COVER},{lon},{lat},铸铁,700,旧\n", kind="components")
    page = f"/imports/{job.uid}/"
    before = admin.get(page).content.decode()
    assert "map_attributes.material" not in before
    assert before.count("checked") == 3
    form = {f"map_{name}": column for name, column in job.mapping.items()} | {"set_type": "water_cover"}
    shown = admin.post(page, form | {"again": "1", "map_name": "备注"}).content.decode()
    for field, column in (("attributes.material", "材质"), ("attributes.diameter_mm", "直径"), ("name", "备注")):
        assert f'<option value="{column}" selected>' in shown.split(f'name="map_{field}"')[1].split("</select>")[0]
    assert "checked" not in shown
    assert ImportJob.objects.get(uid=job.uid).state == "uploaded", "shown anew, nothing is decided"
    settings = {"set_encoding": "utf-8", "set_crs": "EPSG:4326", "set_datum": "wgs84", "set_new_geometry": "point"}
    answer = admin.post(page, form | settings | {"attributes": []})
    assert answer.status_code == 302, "also where no script showed the form anew"
    actions.work(str(job.uid))
    done = ImportJob.objects.get(uid=job.uid)
    assert (done.mapping["attributes.diameter_mm"], done.report["counts"]["add"]) == ("直径", 1), done.report["faults"]


def test_a_field_that_somebody_left_empty_is_not_guessed(catalogue):
    file = covers({"code": COVER, "材质": "铸铁"})
    job = checked(file, "a.zip", kind="components", options={"type": "water_cover"},
                  mapping={"attributes.material": ""})  # fmt: skip
    assert "attributes.material" not in job.mapping


def test_an_open_type_keeps_what_is_left_over():
    put_map()
    types()
    file = covers({"code": row()["code"].replace("0137", "0305"), "colour": "red"})
    job = checked(file, "a.zip", kind="components", options={"type": "litter_bin"})
    assert (job.options["attributes"], job.report["counts"]["add"]) == (["colour"], 1)
    assert uploaded(file, "a.zip", kind="components").options["attributes"] == ["colour"]


def test_a_header_cut_by_a_dbf_is_recognised_and_one_that_could_be_two_is_not():
    words = {column.name: column.aliases for column in attribute_columns(SCHEMA)}
    assert {"diameter_m", "diameter", "直径"} <= set(words["attributes.diameter_mm"])
    assert "fall-prote" in words["attributes.fall_net"]
    two = {name: {"type": "string", "x-names": {"zh": name, "en": name}} for name in ("height_above", "height_abovf")}
    cut = [set(column.aliases) for column in attribute_columns({"properties": two})]
    assert not cut[0] & cut[1]


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        ("diameter_mm", "700", 700), ("diameter_mm", "700.0", 700), ("diameter_mm", 700.0, 700),
        ("diameter_mm", "70 cm", 700), ("diameter_mm", "0.7米", 700), ("diameter_mm", "700毫米", 700),
        ("diameter_mm", "700 W", "700 W"), ("diameter_mm", "600-700", "600-700"), ("diameter_mm", "nan", "nan"),
        ("fall_net", "是", True), ("fall_net", "无", False), ("fall_net", 1, True), ("fall_net", "N", False),
        ("fall_net", "也许", "也许"), ("grade", "2", 2), ("grade", 2.0, 2), ("grade", "三级", 3), ("grade", "9", "9"),
        ("laid", "2020/3/5", "2020-03-05"), ("laid", "2020年3月5日", "2020-03-05"), ("laid", "20200305", "2020-03-05"),
        ("laid", "2020-13-05", "2020-13-05"), ("material", 12.0, "12"),
    ],
)  # fmt: skip
def test_a_cell_means_what_its_property_says(field, written, meant):
    assert cast(SCHEMA, {field: written}) == {field: meant}
    assert type(cast(SCHEMA, {field: written})[field]) is type(meant)


@given(st.sampled_from(sorted(SCHEMA["properties"])), st.one_of(st.text(max_size=12), st.floats(), st.integers()))
def test_what_was_understood_once_is_understood_as_the_same_again(field, value):
    once = cast(SCHEMA, {field: value})
    assert str(cast(SCHEMA, once)) == str(once)
