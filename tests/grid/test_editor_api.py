"""The grid editor over HTTP: drafted, edited, checked, published."""

import pytest
from django.test import Client

from tests.accounts.factories import holder
from tests.grid.factories import SIDE, SOUTH, WEST, put_map

pytestmark = pytest.mark.django_db
VERSIONS = "/api/grid/versions"
FIRST = "449901001001001"


@pytest.fixture
def admin() -> Client:
    """Somebody who administers the platform."""
    client = Client()
    client.force_login(holder("boss", "admin"))
    return client


def at(column: float, row: float) -> list[float]:
    return [round(WEST + column * SIDE, 7), round(SOUTH + row * SIDE, 7)]


class Draft:
    """A draft behind its API."""

    def __init__(self, client: Client) -> None:
        self.client = client
        made = client.post(VERSIONS, {"note": "x"}, content_type="application/json")
        assert made.status_code == 201, made.content
        self.path = f"{VERSIONS}/{made.json()['id']}"
        self.revision = 0

    def post(self, part: str, **given):
        answer = self.client.post(
            f"{self.path}/{part}", {"revision": self.revision, **given}, content_type="application/json"
        )
        if answer.status_code == 200 and "revision" in answer.json():
            self.revision = answer.json()["revision"]
        return answer

    def edit(self, op: str, **given):
        return self.post("edits", op=op, **given)


@pytest.fixture
def draft(admin) -> Draft:
    put_map()
    return Draft(admin)


def test_a_cell_is_split_and_the_halves_merged_again(draft):
    line = {"type": "LineString", "coordinates": [at(0.5, 0.5), at(0.5, 2.5)]}
    split = draft.edit("split", code=FIRST, line=line)
    assert split.status_code == 200, split.content
    body = split.json()
    assert {one["id"] for one in body["changed"]} >= {FIRST, "449901001001005"}
    assert body["problems"] == []
    assert (body["can_undo"], body["can_redo"]) == (True, False)
    merged = draft.edit("merge", codes=[FIRST, "449901001001005"]).json()
    assert merged["removed"] == ["449901001001005"]
    assert merged["problems"] == []
    assert draft.post("check").json() == {"state": "checked", "problems": []}
    assert draft.client.get(draft.path).json()["problems"] == 0


def test_an_act_is_undone_and_done_again(draft):
    before = draft.client.get(f"{draft.path}/cells").json()
    moved = draft.edit("move_vertex", **{"from": at(1, 1), "to": at(1.2, 1.1)}).json()
    assert len(moved["changed"]) == 4
    assert moved["problems"] == []
    after = draft.client.get(f"{draft.path}/cells").json()
    assert draft.post("undo").status_code == 200
    assert draft.client.get(f"{draft.path}/cells").json() == before
    assert draft.post("redo").status_code == 200
    assert draft.client.get(f"{draft.path}/cells").json() == after


def test_a_map_with_a_gap_is_not_published_and_its_fix_mends_it(draft):
    assert draft.edit("delete", code=FIRST).json()["problems"][0]["code"] == "grid.gap"
    refused = draft.post("publish")
    assert refused.status_code == 409
    assert refused.json()["code"] == "grid.version_invalid"
    problem = refused.json()["params"]["problems"][0]
    assert problem["geometry"]["type"] == "Polygon"
    fixed = draft.edit("fix", problem=problem["id"])
    assert fixed.status_code == 200, fixed.content
    assert fixed.json()["problems"] == []
    assert draft.post("publish").json()["state"] == "published"


def test_two_versions_are_held_against_each_other(draft):
    line = {"type": "LineString", "coordinates": [at(0.5, 0.5), at(0.5, 2.5)]}
    draft.edit("split", code=FIRST, line=line)
    draft.edit("describe", code="449902001001001", grade=4)
    old = draft.client.get(VERSIONS).json()[-1]["id"]
    new = draft.path.rsplit("/", 1)[1]
    body = draft.client.get(f"/api/grid/compare?old={old}&new={new}").json()
    assert body["counts"] == {"added": 1, "removed": 0, "moved_edge": 1, "redescribed": 1, "same": 10}
    changes = {one["id"]: one["properties"]["change"] for one in body["cells"]["features"]}
    assert changes == {FIRST: "shape", "449901001001005": "added", "449902001001001": "description"}
    assert body["regions"] == []
