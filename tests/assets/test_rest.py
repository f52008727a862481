"""Components over HTTP."""

import gzip

import pytest
from django.test import Client

from tests.accounts.factories import holder
from tests.assets.factories import put, row, types
from tests.assets.test_selectors import tile_of
from tests.grid.factories import middle, put_map
from tests.grid.mvt import decode

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    """Somebody who may see cases in the whole city, and two components."""
    put_map()
    types()
    put(row("4499010137000001", 0), row("4499010305000001", 1))
    client = Client()
    client.force_login(holder("visitor", "case.see"))
    return client


def address(z=15):
    z, x, y = tile_of(0, 0, z)
    return f"/tiles/assets/{z}/{x}/{y}.mvt"


def test_nobody_sees_components_without_signing_in():
    for path in ("/api/assets?lon=1&lat=1", "/api/assets/counts", "/api/assets/4499010137000001", address()):
        assert Client().get(path).status_code in (401, 403)


def test_components_near_a_point(visitor):
    lon, lat = middle(0, 0)
    found = visitor.get(f"/api/assets?lon={lon}&lat={lat}&metres=200").json()
    assert [item["code"] for item in found] == ["4499010137000001", "4499010305000001"]
    assert found[0]["metres"] == 0
    only = visitor.get(f"/api/assets?lon={lon}&lat={lat}&metres=200&types=litter_bin").json()
    assert [item["type"] for item in only] == ["litter_bin"]


@pytest.mark.parametrize(
    "query",
    ["", "?lon=1", "?lon=1&lat=b", "?lon=1&lat=1&metres=-1", "?lon=1&lat=1&metres=9000", "?lon=1&lat=1&metres=nan"],
)
def test_a_search_without_sense_is_a_bad_request(visitor, query):
    answer = visitor.get(f"/api/assets{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "assets.bad_search")


def test_one_component_and_the_one_that_is_not(visitor):
    assert visitor.get("/api/assets/4499010137000001").json()["type_names"]["zh"] == "路灯"
    missing = visitor.get("/api/assets/4499010137999999")
    assert (missing.status_code, missing.json()["code"]) == (404, "assets.unknown")


def test_counts_by_area(visitor):
    assert {item["type"]: item["count"] for item in visitor.get("/api/assets/counts").json()} == {
        "street_light": 1,
        "litter_bin": 1,
    }
    assert visitor.get("/api/assets/counts?area=449900.449902").json() == []


def test_a_tile_with_tag_and_compression(visitor):
    first = visitor.get(address(), headers={"Accept-Encoding": "gzip"})
    body = gzip.decompress(first.content) if first.get("Content-Encoding") == "gzip" else first.content
    assert {item["code"] for item in decode(body)["assets"]} == {"4499010137000001", "4499010305000001"}
    again = visitor.get(address(), headers={"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]})
    assert again.status_code == 304
    put(row("4499010137000005", 1, 1))
    assert (
        visitor.get(address(), headers={"Accept-Encoding": "gzip", "If-None-Match": first["ETag"]}).status_code == 200
    )
    assert visitor.get("/tiles/assets/3/9/0.mvt").status_code == 404
    assert visitor.get("/tiles/assets/15/0/0.mvt").status_code == 204
