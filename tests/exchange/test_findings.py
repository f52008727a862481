"""What a dry run shows: every fault with its place in words, and as a file; the map as it is and as it would be."""

import csv
import io

import pytest
from django.utils import translation
from openpyxl import Workbook

from core.errors import Invalid
from core.sentences import sentence_of
from exchange import actions, selectors
from exchange.actions import findings
from exchange.contracts import State
from exchange.models import ImportJob
from exchange.sentences import fault_lines
from tests.assets.factories import row, types
from tests.exchange.factories import ADMIN, TREE, checked, collection, imported, polygon, run, square, uploaded
from tests.exchange.test_pages import admin, sent
from tests.grid.factories import middle, put_map

__all__ = ["admin"]
pytestmark = pytest.mark.django_db
LAMP = row()["code"]


def points(**values: str) -> str:
    """A CSV of one component."""
    return f"{','.join(values)}\n{','.join(values.values())}\n"


def in_english(job: ImportJob) -> list[str]:
    with translation.override("en"):
        return fault_lines(job.report)


def test_a_missing_field_and_a_wrong_setting_are_named_in_the_language_of_the_reader():
    job = uploaded(TREE)
    with pytest.raises(Invalid) as refused, translation.override("en"):
        actions.map_columns(str(job.uid), actor=ADMIN, mapping={"code": "code"})
    with translation.override("en"):
        assert sentence_of(refused.value) == "Choose the column of the field Name (name)."
    with translation.override("zh-hans"):
        assert "名称" in sentence_of(refused.value)
    boundaries = uploaded(collection(polygon(square(114, 22), name="x")), "b.geojson", kind="boundaries")
    with pytest.raises(Invalid) as refused:
        actions.map_columns(str(boundaries.uid), actor=ADMIN, mapping=boundaries.mapping, options={"level": "moon"})
    with translation.override("en"):
        assert "Level of the outlines" in sentence_of(refused.value)


def test_a_fault_of_a_field_without_a_column_is_named_as_the_form_names_the_field():
    put_map()
    types()
    lon, lat = map(str, middle(0, 0))
    job = checked(points(lon=lon, lat=lat), "a.csv", kind="components", options={"type": "street_light"})
    assert in_english(job)[0].startswith("Row 1 (line 2), field Sequence number: ")
    with translation.override("zh-hans"):
        assert fault_lines(job.report)[0].startswith("第 1 条（第 2 行），字段“顺序号”")
    far = checked(points(code=LAMP, x="170", y="80"), "a.csv", kind="components")
    assert in_english(far)[0].startswith("Row 1 (line 2), column x: "), "a column that was chosen goes by its own name"
    none = collection({"type": "Feature", "properties": {"code": LAMP}, "geometry": None})
    shapeless = checked(none, "a.geojson", kind="components")
    assert in_english(shapeless)[0].startswith("Row 1 (line 1), field Shape: ")


def test_all_faults_come_as_a_file_that_no_spreadsheet_runs(admin, monkeypatch):
    monkeypatch.setattr(findings, "MOST_FAULTS", 150)
    bad = "".join(f"=1+{number},坏,,street\n" for number in range(400))
    job = sent(admin, TREE + bad)
    page = f"/imports/{job.uid}/"
    actions.map_columns(str(job.uid), actor=ADMIN, mapping=job.mapping)
    actions.work(str(job.uid))
    faults = selectors.job(str(job.uid), ADMIN).report["faults"]
    assert len(faults) == 150
    seen = admin.get(page).content.decode()
    assert "400 处错误中的前 100 处" in seen
    assert f'href="{page}faults.csv"' in seen
    answer = admin.get(f"{page}faults.csv", headers={"Accept-Language": "en"})
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert lines[0] == ["Row", "Line", "Column", "Why"]
    assert [line[0] for line in lines[1:]] == [str(number) for number in range(5, 405)]
    assert all(not cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)
    assert "attachment" in answer["Content-Disposition"]


def test_the_faults_stay_when_the_file_is_gone_and_a_new_check_forgets_the_old_ones(admin):
    job = sent(admin, TREE + "1,坏,,street\n")
    uid = str(job.uid)
    for _again in range(2):
        actions.map_columns(uid, actor=ADMIN, mapping=job.mapping)
        actions.work(uid)
    assert len(list(selectors.faults_of(selectors.job(uid, ADMIN)))) == 1
    done = run(selectors.job(uid, ADMIN))
    assert done.state == State.DONE
    assert len(b"".join(admin.get(f"/imports/{uid}/faults.csv")).decode().splitlines()) == 2


def test_a_fault_free_import_leaves_nothing_behind(admin, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = imported(TREE)
    assert not list(settings.DATA_DIR.glob(f"imports/{job.uid.hex}*"))


def test_the_map_shows_what_is_there_now_beside_what_would_be(admin):
    put_map()
    types()
    lon, lat = middle(0, 0)
    imported(points(code=LAMP, lon=str(lon), lat=str(lat)), "a.csv", kind="components")
    job = checked(points(code=LAMP, lon=str(lon + 0.0001), lat=str(lat)), "a.csv", kind="components")
    drawn = [(one["properties"]["outcome"], one["geometry"]["coordinates"][0]) for one in job.preview]
    assert drawn == [("before", pytest.approx(lon)), ("change", pytest.approx(lon + 0.0001))]
    page = admin.get(f"/imports/{job.uid}/")
    assert "地图上的灰色" in page.content.decode()
    assert [one["level"] for one in page.context["points"]] == ["caution"]


def test_a_new_outline_is_drawn_over_the_one_in_force():
    imported(TREE)
    for side, outcomes in ((0.1, ["add"]), (0.11, ["before", "change"])):
        file = collection(polygon(square(114, 22.5, side), code="440304"))
        job = imported(file, "b.geojson", kind="boundaries")
        assert [one["properties"]["outcome"] for one in job.preview] == outcomes


def test_a_shape_that_crosses_itself_is_drawn_as_refused():
    imported(TREE)
    crossed = [[114, 22.5], [114.1, 22.6], [114.1, 22.5], [114, 22.6], [114, 22.5]]
    job = checked(collection(polygon(crossed, code="440304")), "b.geojson", kind="boundaries")
    assert [fault["code"] for fault in job.report["faults"]] == ["exchange.shape_invalid"]
    assert [one["properties"]["outcome"] for one in job.preview] == ["refuse"]
    assert job.report["bounds"] == [114, 22.5, 114.1, 22.6]


def test_another_sheet_is_chosen_on_the_page(admin):
    job = uploaded(two_sheets(), "two.xlsx")
    page = f"/imports/{job.uid}/"
    seen = admin.get(page).content.decode()
    assert '<option value="说明" selected>说明</option>' in seen
    assert admin.post(page, {"layer": "区划"}).status_code == 302
    chosen = ImportJob.objects.get(uid=job.uid)
    assert (chosen.header["layer"], chosen.mapping["code"], chosen.state) == ("区划", "代码", "uploaded")
    actions.map_columns(str(job.uid), actor=ADMIN, mapping=chosen.mapping)
    actions.work(str(job.uid))
    assert selectors.job(str(job.uid), ADMIN).report["counts"]["add"] == 1
    assert admin.post(page, {"layer": "nowhere"}).status_code == 400
    assert 'id="layer"' not in admin.get(f"/imports/{uploaded(TREE).uid}/").content.decode()


def two_sheets() -> bytes:
    """A workbook whose first sheet explains the second one."""
    book = Workbook()
    book.active.title = "说明"
    book.active.append(["这是说明"])
    book.create_sheet("区划").append(["代码", "名称"])
    book["区划"].append(["440300000000", "深圳市"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
