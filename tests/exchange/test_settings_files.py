"""What a city has set is taken away as files; supervision areas come in again, equal, without whoever walks them."""

import csv

import pytest
from django.test import Client

from accounts import actions as accounts
from accounts import selectors as people
from exchange.contracts import Geometry, State, datasets
from grid import actions as grid
from grid.models import Calendar, Patrol, SupervisionArea
from tests.accounts.factories import ROOT, city, holder
from tests.cases.factories import CITY, HERE
from tests.exchange.factories import ADMIN, checked, codes, imported
from tests.grid.factories import put_map
from tests.grid.test_calendars import office

pytestmark = pytest.mark.django_db
FIRST = "449901001001"
NAMES = {"zh": "石炮一网", "en": "Shipao 1"}
HEAD = "代码,名称,英文名称,单元网格\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def root():
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(holder("boss", "admin"))
    return client


def told(client: Client, name: str) -> str:
    answer = client.get(f"/api/exports/{name}.csv")
    assert answer.status_code == 200
    return b"".join(answer).decode("utf-8-sig")


def rows(client: Client, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(told(client, name).splitlines()))


def area(code: str = "A1", cells: str = f"{FIRST}001 {FIRST}002"):
    return grid.save_supervision_area(code, actor=ADMIN, names=NAMES, cells=cells)


class TestSupervisionAreas:
    @pytest.fixture(autouse=True)
    def _map(self):
        put_map()

    def test_they_go_out_with_their_cells_and_collectors(self, root):
        area()
        walker = holder("walker", "collect")
        grid.assign_collector("A1", actor=ADMIN, user_id=walker.pk)
        found = rows(root, "supervision_areas")
        assert [row["code"] for row in found] == ["A1"]
        assert found[0]["cells"] == f"{FIRST}001;{FIRST}002"
        assert (found[0]["name"], found[0]["collectors"]) == ("石炮一网", walker.label)

    def test_what_goes_out_comes_in_again_equal_and_who_collects_stays(self, root):
        area()
        area("A2", FIRST)
        walker = holder("walker", "collect")
        grid.assign_collector("A1", actor=ADMIN, user_id=walker.pk)
        out = told(root, "supervision_areas")
        again = checked(out, kind="supervision_areas")
        assert (again.report["counts"]["same"], again.report["counts"]["change"]) == (2, 0)
        SupervisionArea.objects.filter(code="A2").delete()
        grid.save_supervision_area("A1", actor=ADMIN, names={"zh": "别名", "en": "Other"}, cells=f"{FIRST}003")
        job = imported(out, kind="supervision_areas")
        assert (job.state, job.counts["add"], job.counts["change"]) == (State.DONE, 1, 1)
        assert told(root, "supervision_areas") == out
        assert Patrol.objects.get().valid_until is None

    def test_a_file_without_english_names_leaves_them(self):
        area()
        job = imported(f"代码,名称,单元网格\nA1,新名,{FIRST}001\n", kind="supervision_areas")
        assert job.counts["change"] == 1
        assert SupervisionArea.objects.get().names == {"zh": "新名", "en": "Shipao 1"}

    def test_each_wrong_row_is_named_by_its_line_and_the_others_are_taken(self):
        area("GONE")
        grid.dissolve_supervision_area("GONE", actor=ADMIN)
        text = HEAD + "".join([
            f"B1,一,One,{FIRST}001\n",
            f"B1,二,Two,{FIRST}002\n",
            "B 2,三,Three,449901001001\n",
            "B3,四,Four,449901001001999\n",
            "B4,五,Five,hello\n",
            f"GONE,六,Six,{FIRST}001\n",
            "B5,七,Seven,4.49901E+14\n",
            f"B6,{'八' * 61},Eight,{FIRST}001\n",
        ])  # fmt: skip
        job = imported(text, kind="supervision_areas")
        assert codes(job) == [
            (2, "grid.supervision_twice"), (3, "grid.supervision_code"), (4, "grid.cells_unknown"),
            (5, "grid.cell_unread"), (6, "grid.supervision_dissolved"), (7, "grid.cell_rounded"),
            (8, "grid.supervision_name_long"),
        ]  # fmt: skip
        assert list(SupervisionArea.objects.filter(dissolved_at=None).values_list("code", flat=True)) == ["B1"]
        assert SupervisionArea.objects.get(code="B1").names["zh"] == "一"
        unread = next(fault for fault in job.report["faults"] if fault["code"] == "grid.cell_unread")
        assert unread["line"] == unread["params"]["line"], "the line of the file, not of the cell"


def test_calendars_go_out_day_by_day(root):
    office()
    calendar = Calendar.objects.get()
    found = rows(root, "calendars")
    assert [row["day"] for row in found if row["kind"] == "weekly"] == list("1234567")
    assert found[0]["hours"] == "08:00-12:00;14:00-18:00"
    assert {row["day"] for row in found if row["kind"] == "closed"} == set(calendar.closed)
    assert {row["day"] for row in found if row["kind"] == "extra"} == set(calendar.extra)


def test_organisations_go_out_with_duties_and_from_when_until_when_they_stood_so(time, root):
    city()
    before = people.tree()
    time.pass_by(minutes=10)
    accounts.change_organisation("appearance-449901", actor=ROOT, names={"zh": "新名", "en": "New"})
    found = rows(root, "organisations")
    now = {row["code"]: row for row in found if not row["valid_until"]}
    assert {node.code: ";".join(node.duties) for node in before} == {code: row["duties"] for code, row in now.items()}
    assert {node.code: node.parent for node in before} == {code: row["parent"] for code, row in now.items()}
    past = [row for row in found if row["valid_until"]]
    assert [row["code"] for row in past] == ["appearance-449901"]
    assert past[0]["name"] != now["appearance-449901"]["name"] == "新名"
    assert past[0]["valid_until"] == now["appearance-449901"]["valid_from"]


def test_only_what_has_shapes_is_offered_as_a_shapefile(root):
    page = root.get("/imports/").content.decode()
    for name, one in datasets().items():
        assert f"/api/exports/{name}.xlsx" in page
        assert (f"/api/exports/{name}.zip" in page) == (one.geometry is not Geometry.NONE)


@pytest.mark.parametrize("name", ["supervision_areas", "organisations", "special_rules", "calendars"])
def test_only_who_administers_the_whole_city_takes_them_away(name):
    part = Client()
    part.force_login(holder("part", "admin", area=f"{CITY}.{HERE}"))
    assert part.get(f"/api/exports/{name}.csv").status_code == 403
