"""Roads, water and parks from files: into the draft, on tiles, found by name, told as addresses, given away again."""

import pytest
from django.test import Client

from core.geo import wgs84_to_bd09, wgs84_to_gcj02
from exchange import actions as exchange
from exchange.contracts import Outcome
from grid import actions, selectors
from grid.models import BaseFeature
from grid.rules.base_features import class_of, kind_of
from tests.accounts.factories import holder
from tests.exchange.factories import ADMIN, DATA, checked, collection, imported, suspicions
from tests.grid.factories import SIDE, SOUTH, WEST, put_map, square
from tests.grid.test_real_maps import as_map, shapes

ROADS = DATA / "roads" / "shenzhen_futian_roads.geojson"


def drawn(shape: str, at: list, /, **properties) -> dict:
    return {"type": "Feature", "properties": properties, "geometry": {"type": shape, "coordinates": at}}


def street(row: float, **properties) -> dict:
    """A road from west to east through the tiny map."""
    return drawn("LineString", [[WEST, SOUTH + row * SIDE], [WEST + 6 * SIDE, SOUTH + row * SIDE]], **properties)


@pytest.mark.parametrize(
    ("written", "kind", "said"),
    [
        ("secondary", "road", "arterial"), ("primary_link", "road", "primary"), ("['steps', 'path']", "road", "lane"),
        ("次干路", "road", "collector"), ("三级", "road", "三级"), ("", "road", ""), ("bay", "river", "bay"),
    ],
)  # fmt: skip
def test_the_classes_of_other_maps_are_said_in_the_words_of_ours(written, kind, said):
    assert class_of(written, kind) == said
    assert (kind_of("公园"), kind_of(" Highway "), kind_of("building")) == ("park", "road", "")


@pytest.mark.django_db
def test_every_row_is_judged_and_nothing_is_written_before_the_confirmation():
    put_map()
    file = collection(
        street(0.5, name="新开路", highway="tertiary"),
        drawn("Polygon", [square(1, 0)], kind="公园", name="滨河公园"),
        drawn("Polygon", [square(2, 0)], name="一块地"),
        street(1.5, kind="铁路"),
        street(1.5, highway="x" * 21),
        street(1.5, name="长" * 101),
    )
    job = checked(file, "base.geojson", kind="base")
    assert job.report["counts"] == {**dict.fromkeys(map(str, Outcome), 0), "add": 2, "refuse": 4}
    assert [fault["code"] for fault in job.report["faults"]] == [
        "grid.base_shape", "grid.base_kind", "exchange.text_too_long", "exchange.text_too_long",
    ]  # fmt: skip
    assert suspicions(job) == {"grid.base_unproven": False}, "two features prove nothing"
    assert BaseFeature.objects.count() == 2, "the road and the river there were"


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing_and_a_replacement_takes_only_its_kind():
    put_map()
    first = imported(collection(street(0.5, name="旧路"), street(1.5, name="新开路")), "a.geojson", kind="base")
    draft = first.report["told"]["version"]
    assert selectors.base_counts(draft) == {"road": 3, "river": 1}
    newer = collection(street(1.5, name="新开路"), street(1.7, name="更新路"))
    assert checked(newer, "b.geojson", kind="base").report["counts"]["same"] == 1
    told = {"options": {"replace": "yes"}}
    assert suspicions(checked(newer, "b.geojson", kind="base", **told)) == {
        "grid.base_replaced": False, "grid.base_unproven": False,
    }  # fmt: skip
    job = imported(newer, "b.geojson", kind="base", **told)
    assert job.report["told"] == {"version": draft, "removed": 2, "base": {"road": 2, "river": 1}}
    names = {names["zh"] for names in BaseFeature.objects.filter(version=draft).values_list("names", flat=True)}
    assert names == {"新开路", "更新路", "澄江"}
    assert selectors.base_counts(selectors.map_version()) == {"road": 1, "river": 1}, "the map in force is untouched"


def streets(by=lambda lon, lat: (lon, lat)) -> bytes:
    """The grid of streets along the cells of a town of 5 km, as somebody draws them."""
    lines = [[by(WEST + 8 * n * SIDE, SOUTH + k * SIDE / 2) for k in range(90)] for n in range(6)]
    return collection(*(drawn("LineString", [list(at) for at in line], name=f"纵{n}") for n, line in enumerate(lines)))


@pytest.mark.django_db
@pytest.mark.parametrize(("datum", "by"), [("GCJ02", wgs84_to_gcj02), ("BD09", wgs84_to_bd09)])
def test_roads_of_a_bent_map_are_told_by_the_roads_there_are(datum, by):
    put_map()
    imported(streets(), "roads.geojson", kind="base")
    bent = checked(streets(by), "again.geojson", kind="base")
    assert suspicions(bent) == {"grid.base_bent": True}
    assert bent.report["suspicions"][0]["params"]["datum"] == datum
    assert suspicions(checked(streets(), "true.geojson", kind="base")) == {}
    straight = checked(streets(by), "told.geojson", kind="base", options={"datum": datum.lower()})
    assert suspicions(straight) == {}, "read on its own datum it is sound"


@pytest.mark.django_db
def test_roads_beside_the_city_are_suspected():
    put_map()
    far = [drawn("LineString", [[100 + n, 30], [100 + n, 31]], name="远") for n in range(3)]
    assert suspicions(checked(collection(*far), "far.geojson", kind="base")) == {"grid.outside_city": True}


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", ["csv", "geojson", "gpkg", "xlsx"])
def test_what_is_given_away_comes_back_without_a_change(suffix):
    put_map()
    BaseFeature.objects.filter(kind="road").update(rank="secondary")  # which files mostly mean as OpenStreetMap does
    out = exchange.export("base", suffix, {}, actor=ADMIN)
    content = out.file.read() if out.file else "".join(out.text or ()).encode()
    job = checked(content, f"base.{suffix}", kind="base")
    assert job.report["counts"] == {**dict.fromkeys(map(str, Outcome), 0), "same": 2}, job.report["faults"]


@pytest.mark.django_db
def test_the_roads_of_a_real_district_are_found_by_name_told_as_addresses_and_drawn():
    if not ROADS.exists():
        pytest.skip("the real roads are not here")
    actions.import_grid(as_map(shapes()), actor=ADMIN)
    client = Client()
    client.force_login(holder("boss", "admin"))
    place = {"lon": 114.03981185, "lat": 22.5444093}
    assert client.get("/api/address", place).json()["road"] == {}
    job = imported(ROADS, "roads.geojson", kind="base")
    assert job.counts["add"] + job.counts["same"] == 4009
    assert client.get("/api/search", {"q": "景田路"}).json() == [], "a draft is nobody's map yet"
    draft = job.report["told"]["version"]
    actions.publish(draft, actor=ADMIN)
    found = client.get("/api/search", {"q": "景田路"}).json()
    assert (found[0]["kind"], found[0]["names"]["zh"]) == ("road", "景田路")
    address = client.get("/api/address", place).json()
    assert address["road"]["zh"] == "景田路"
    assert address["metres"] < 2
    tile = client.get("/tiles/base/14/13382/7138.mvt", {"v": draft})
    assert tile.status_code == 200
    assert "景田路".encode() in tile.content
