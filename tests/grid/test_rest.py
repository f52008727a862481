"""The map over HTTP, for whoever is signed in."""

import gzip
import math

import pytest
from django.db import connection
from django.test import Client

from core import tiles
from grid import actions, selectors
from simulator import city
from tests.accounts.factories import person
from tests.grid.factories import ADMIN, middle, put_map
from tests.grid.mvt import decode

pytestmark = pytest.mark.django_db
TILE = "/tiles/{layer}/{z}/{x}/{y}.mvt"


def address(layer: str, z: int = 13) -> str:
    """The tile of that zoom in which the tiny map begins."""
    lon, lat = middle(0, 0)
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
    return TILE.format(layer=layer, z=z, x=x, y=y)


@pytest.fixture
def visitor() -> Client:
    """Somebody who is signed in and has no right at all."""
    client = Client()
    client.force_login(person("visitor"))
    return client


def read(answer) -> dict:
    body = gzip.decompress(answer.content) if answer.get("Content-Encoding") == "gzip" else answer.content
    return decode(body)


def test_nobody_sees_a_tile_or_a_place_without_signing_in():
    put_map()
    for path in (
        address("cells"),
        address("regions"),
        address("base"),
        "/api/map",
        "/api/regions",
        "/api/place?lon=1&lat=1",
    ):
        assert Client().get(path).status_code in (401, 403)


def test_a_tile_of_cells_holds_codes_and_areas(visitor):
    put_map()
    answer = visitor.get(address("cells"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    cells = {cell["code"]: cell for cell in read(answer)["cells"]}
    assert "449901001001001" in cells
    first = cells["449901001001001"]
    assert first["id"] == 449901001001001
    assert first["area"] == "449900.449901.449901001.449901001001"
    assert (first["land_use"], first["grade"], first["type"]) == ("residential", 1, 3)


def test_a_tile_of_regions_holds_levels_and_both_names(visitor):
    put_map()
    regions = {row["code"]: row for row in read(visitor.get(address("regions")))["regions"]}
    assert (regions["449901"]["level"], regions["449901"]["zh"], regions["449901"]["en"]) == (
        "district",
        "金港区",
        "Jingang",
    )
    assert {row["level"] for row in regions.values()} == {"city", "district", "street", "community"}


def test_a_tile_of_the_base_map_holds_kinds_and_classes(visitor):
    put_map()
    base = read(visitor.get(address("base")))["base"]
    assert {(row["kind"], row["class"], row["zh"]) for row in base} == {
        ("road", "arterial", "长平大道"),
        ("river", "main", "澄江"),
    }


def test_far_away_only_what_can_be_seen_is_sent(visitor):
    actions.import_grid(city.build(5, 200).as_grid(), actor=ADMIN)
    near, far = (
        read(visitor.get(address("regions", 11)))["regions"],
        read(visitor.get(address("regions", 9)))["regions"],
    )
    assert {row["level"] for row in near} == {"city", "district", "street", "community"}
    assert {row["level"] for row in far} == {"city", "district", "street"}
    assert visitor.get(address("cells", 9)).status_code == 204
    assert len(read(visitor.get(address("cells", 11)))["cells"]) == selectors.cell_count()


def test_an_empty_tile_is_no_content_and_a_tile_of_no_world_is_not_found(visitor):
    put_map()
    assert visitor.get(TILE.format(layer="cells", z=16, x=0, y=0)).status_code == 204
    for z, x, y in ((2, 4, 0), (2, 0, 4), (23, 0, 0), (40, 0, 0)):
        assert visitor.get(TILE.format(layer="cells", z=z, x=x, y=y)).status_code == 404
    assert visitor.get("/tiles/secrets/1/0/0.mvt").status_code == 404


def test_a_browser_that_has_the_tile_is_told_so(visitor):
    put_map()
    first = visitor.get(address("cells"))
    again = visitor.get(address("cells"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    other = visitor.get(address("cells"), headers={"If-None-Match": '"something-else"'})
    assert other.status_code == 200


def test_the_tag_changes_with_the_content_and_only_with_it(visitor):
    put_map()
    before = visitor.get(address("cells"))["ETag"]
    put_map()
    assert visitor.get(address("cells"))["ETag"] == before
    other = city.build(5, 200).as_grid()
    actions.import_grid(other, actor=ADMIN)
    assert visitor.get(address("cells")).get("ETag") != before


def test_tiles_are_compressed_for_those_who_can_read_it(visitor):
    put_map()
    plain = visitor.get(address("cells"))
    packed = visitor.get(address("cells"), headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    assert {"Accept-Encoding", "Cookie"} <= {part.strip() for part in packed["Vary"].split(",")}


def test_a_tile_of_the_present_version_is_kept_and_any_other_is_asked_again(visitor):
    version = put_map().version
    assert visitor.get(address("cells") + f"?v={version}")["Cache-Control"] == "private, max-age=31536000, immutable"
    for stale in ("", f"?v={version + 1}", "?v=x"):
        assert visitor.get(address("cells") + stale)["Cache-Control"] == "private, no-cache"


def test_a_tile_is_served_whatever_the_client_accepts(visitor):
    put_map()
    for accept in ("*/*", "application/x-protobuf", "text/html"):
        assert visitor.get(address("cells"), headers={"Accept": accept}).status_code == 200


def test_the_map_tells_where_its_tiles_are(visitor):
    version = put_map().version
    told = visitor.get("/api/map").json()
    assert told["version"] == version
    assert told["tiles"]["cells"] == f"/tiles/cells/{{z}}/{{x}}/{{y}}.mvt?v={version}"
    assert told["bounds"] == pytest.approx([116.7, 23.35, 116.706, 23.352])


def test_a_place_is_told_by_its_point(visitor):
    put_map()
    lon, lat = middle(0, 0)
    told = visitor.get(f"/api/place?lon={lon}&lat={lat}").json()
    assert (told["cell"], told["district"], told["names"]["zh"]) == (
        "449901001001003",
        "449901",
        "金港区 · 石炮街道 · 001社区",
    )
    outside = visitor.get("/api/place?lon=1&lat=1")
    assert (outside.status_code, outside.json()["code"]) == (404, "grid.outside")


@pytest.mark.parametrize("query", ["", "?lon=1", "?lon=a&lat=b"])
def test_a_point_that_is_none_is_a_bad_request(visitor, query):
    answer = visitor.get(f"/api/place{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "grid.bad_point")


def test_a_point_of_nan_lies_nowhere(visitor):
    put_map()
    assert visitor.get("/api/place?lon=nan&lat=inf").status_code == 404


def test_regions_are_listed_by_level_or_parent(visitor):
    put_map()
    assert [row["code"] for row in visitor.get("/api/regions").json()] == ["449901", "449902"]
    assert [row["code"] for row in visitor.get("/api/regions?parent=449901").json()] == ["449901001"]
    assert len(visitor.get("/api/regions?level=community").json()) == 3
    assert visitor.get("/api/regions?level=planet").status_code == 400


@pytest.mark.parametrize("layer", ["regions", "cells", "base", "assets"])
def test_martin_could_serve_the_layer(layer):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_function_identity_arguments(oid), pg_get_function_result(oid), provolatile, proparallel"
            "  FROM pg_proc WHERE proname = %s",
            [f"tile_{layer}"],
        )
        assert cursor.fetchall() == [
            ("z integer, x integer, y integer, query json", "TABLE(mvt bytea, etag text)", "s", "s")
        ]


def test_a_draft_is_on_no_tile(visitor):
    put_map(publish_now=False)
    assert visitor.get(address("cells")).status_code == 204


def test_tiles_of_cells_far_out_are_kept_with_the_map_and_equal_to_those_cut_now(visitor):
    version = put_map().version
    for z in (10, 12):
        z, x, y = (int(part) for part in address("cells", z).removesuffix(".mvt").split("/")[3:])
        with connection.cursor() as cursor:
            cursor.execute("SELECT mvt FROM grid_kepttile WHERE version_id = %s AND z = %s", [version, z])
            kept = [bytes(mvt) for (mvt,) in cursor.fetchall()]
            cursor.execute("SELECT mvt FROM cut_cells(%s, %s, %s, %s)", [z, x, y, version])
            assert bytes(cursor.fetchone()[0]) in kept
        assert len(read(visitor.get(address("cells", z)))["cells"]) == 12


def test_a_process_keeps_the_tiles_it_cut_and_never_too_many():
    cuts: list[str] = []

    def cut(key: str) -> tuple[bytes, str]:
        cuts.append(key)
        return b"x" * 400, key

    drawer = tiles.Drawer(room=2000)
    for key in ("a", "b", "a", "c", "d", "a"):
        assert drawer.get(key, lambda key=key: cut(key)).digest == key
    assert cuts == ["a", "b", "c", "d"]
    drawer.clear()
    drawer.get("a", lambda: cut("a"))
    assert cuts[-1] == "a"
