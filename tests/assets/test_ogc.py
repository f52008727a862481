"""The layers of the city through OGC API Features: what programs read, page by page, and what they are refused."""

import shutil
import subprocess
from base64 import b64encode
from contextlib import suppress

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts import actions as accounts
from accounts.selectors import actor_of
from core import clock
from core.errors import Invalid
from grid.rules import features
from tests.accounts.factories import HERE, THERE, holder, person
from tests.assets.factories import put, row, types
from tests.grid.factories import middle, put_map

OGC = "/ogc"
CODES = ["4499010137000001", "4499010137000002", "4499010305000001", "4499020137000001"]


def town() -> None:
    """Three components in one district, one in the next."""
    put_map()
    types()
    put(row(CODES[0], 0), row(CODES[1], 1), row(CODES[2], 1, 1), row(CODES[3], 4))


def reader(name: str = "reader", area: str = "") -> Client:
    """Somebody who may see cases on this ground, signed in."""
    client = Client()
    client.force_login(holder(name, "case.see", area=area))
    return client


def items(client: Client, layer: str = "components", **asked: object) -> dict:
    answer = client.get(f"{OGC}/collections/{layer}/items", asked)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/geo+json"
    return answer.json()


def codes(page: dict) -> list[str]:
    return [feature["id"] for feature in page["features"]]


@pytest.mark.django_db
def test_nobody_reads_a_layer_without_signing_in():
    town()
    for path in ("/", "", "/api", "/conformance", "/collections", "/collections/cells", "/collections/cells/items"):
        assert Client().get(OGC + path).status_code == 401


@pytest.mark.django_db
def test_the_landing_page_leads_everywhere():
    town()
    client = reader()
    links = {link["rel"]: link for link in client.get(f"{OGC}/").json()["links"]}
    assert set(links) == {"self", "service-desc", "conformance", "data"}
    for link in links.values():
        answer = client.get(link["href"].removeprefix("http://testserver"))
        assert (answer.status_code, answer["Content-Type"]) == (200, link["type"])
    kept = client.get(f"{OGC}/conformance").json()["conformsTo"]
    assert {address.rpartition("/")[2] for address in kept} == {"core", "oas30", "geojson"}


@pytest.mark.django_db
def test_collections_are_the_map_all_components_and_each_type_that_stands():
    town()
    found = reader().get(f"{OGC}/collections").json()["collections"]
    assert [one["id"] for one in found] == [
        "regions",
        "cells",
        "components",
        "components-litter_bin",
        "components-street_light",
    ]
    assert found[1]["extent"]["spatial"]["bbox"] == [pytest.approx([116.7, 23.35, 116.706, 23.352])]
    assert found[1]["crs"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]


@pytest.mark.django_db
def test_the_description_names_every_filter_and_the_most_of_a_page():
    town()
    told = reader().get(f"{OGC}/api").json()
    assert told["openapi"] == "3.0.3"
    assert told["components"]["parameters"]["limit"]["schema"]["maximum"] == features.MOST
    asked = told["paths"]["/collections/components/items"]["get"]["parameters"]
    assert {part["name"] for part in asked if "name" in part} == {"state", "cell", "type"}


@pytest.mark.django_db
def test_a_page_links_to_the_next_until_all_were_read_once():
    town()
    client = reader()
    page = items(client, limit=3)
    assert (page["numberReturned"], page["numberMatched"]) == (3, 4)
    read, address = codes(page), next(link["href"] for link in page["links"] if link["rel"] == "next")
    page = client.get(address.removeprefix("http://testserver")).json()
    assert read + codes(page) == CODES
    assert (page["numberReturned"], "numberMatched" in page) == (1, False)
    assert "next" not in {link["rel"] for link in page["links"]}


@pytest.mark.django_db
def test_a_component_is_geojson_with_names_departments_and_attributes():
    town()
    lon, lat = middle(0, 0)
    feature = reader().get(f"{OGC}/collections/components/items/{CODES[0]}").json()
    assert feature["geometry"] == {"type": "Point", "coordinates": [pytest.approx(lon), pytest.approx(lat)]}
    told = feature["properties"]
    assert (told["type"], told["type_zh"], told["state"]) == ("street_light", "路灯", "intact")
    assert told["area"] == "449900.449901.449901001.449901001001"


@pytest.mark.django_db
def test_a_box_and_properties_narrow_a_layer():
    town()
    client = reader()
    lon, lat = middle(0, 0)
    assert codes(items(client, bbox=f"{lon - 1e-4},{lat - 1e-4},{lon + 1e-4},{lat + 1e-4}")) == CODES[:1]
    assert codes(items(client, bbox="170,-90,-170,90")) == []
    assert codes(items(client, type="litter_bin")) == [CODES[2]]
    assert codes(items(client, "components-litter_bin")) == [CODES[2]]
    assert codes(items(client, state="lost")) == []
    assert codes(items(client, "regions", level="district")) == ["449901", "449902"]
    assert codes(items(client, "regions", parent="449900")) == ["449901", "449902"]
    assert len(items(client, "cells", bbox=f"{lon},{lat},{lon},{lat}")["features"]) == 1


@pytest.mark.django_db
def test_a_time_asks_for_the_map_of_that_time_and_for_components_changed_in_it():
    town()
    client, now = reader(), clock.now()
    assert items(client, "cells", datetime=now.isoformat())["numberMatched"] == 12
    assert items(client, "cells", datetime="2001-01-01")["numberMatched"] == 0
    assert items(client, "cells", datetime="2001-01-01/..")["numberMatched"] == 12
    assert items(client, datetime="../2001-01-01")["numberMatched"] == 0
    assert items(client, datetime="2001-01-01/..")["numberMatched"] == 4


@pytest.mark.django_db
def test_removed_components_are_on_no_layer():
    town()
    put(row(CODES[0], 0, state="removed"))
    client = reader()
    assert codes(items(client)) == CODES[1:]
    assert client.get(f"{OGC}/collections/components/items/{CODES[0]}").status_code == 404


@pytest.mark.django_db
def test_people_of_a_district_read_its_components_and_the_whole_map():
    town()
    here, there = reader("here", HERE), reader("there", THERE)
    assert (codes(items(here)), codes(items(there))) == (CODES[:3], CODES[3:])
    assert there.get(f"{OGC}/collections/components/items/{CODES[0]}").status_code == 404
    assert items(there, "cells")["numberMatched"] == 12
    nothing = Client()
    nothing.force_login(person("nothing"))
    assert items(nothing)["numberMatched"] == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"bbox": "1,2,3"}, "grid.ogc_bbox"),
        ({"bbox": "1,9,3,4"}, "grid.ogc_bbox"),
        ({"bbox": "nan,1,2,3"}, "grid.ogc_bbox"),
        ({"bbox": "-500,1,2,3"}, "grid.ogc_bbox"),
        ({"limit": "0"}, "grid.ogc_limit"),
        ({"limit": "-1"}, "grid.ogc_limit"),
        ({"limit": "ten"}, "grid.ogc_limit"),
        ({"limit": "１０"}, "grid.ogc_limit"),
        ({"datetime": "yesterday"}, "grid.ogc_datetime"),
        ({"datetime": "2026-02-30"}, "grid.ogc_datetime"),
        ({"datetime": "2026-02-02/2026-01-01"}, "grid.ogc_datetime"),
        ({"datetime": "a/b/c"}, "grid.ogc_datetime"),
        ({"colour": "red"}, "grid.ogc_parameter"),
        ({"f": "gml"}, "grid.ogc_format"),
        ({"after": "\0"}, "grid.ogc_value"),
        ({"type": "x" * 300}, "grid.ogc_value"),
    ],
)
def test_a_wrong_parameter_is_refused_with_a_sentence(asked, code):
    town()
    answer = reader().get(f"{OGC}/collections/components/items", asked)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["message"] != code


@pytest.mark.django_db
def test_more_than_a_page_holds_is_a_full_page_and_an_unknown_collection_is_not_found():
    town()
    client = reader()
    assert items(client, limit=999_999)["numberReturned"] == 4
    for path in ("secrets", "components-secrets", "secrets/items", "cells/items/1"):
        assert client.get(f"{OGC}/collections/{path}").status_code == 404


@pytest.mark.django_db
def test_a_page_asks_the_database_no_more_for_many_than_for_few(django_assert_max_num_queries):
    town()
    client = reader()
    with django_assert_max_num_queries(9):
        items(client, limit=2)


@given(st.text(max_size=40))
def test_whatever_stands_in_a_box_or_a_time_is_understood_or_refused(text):
    for read in (features.boxes, features.period, features.limit):
        with suppress(Invalid):
            read(text)


@pytest.mark.django_db
def test_a_key_reads_what_its_owner_may_read_and_changes_nothing():
    town()
    owner = holder("surveyor", "case.see", area=HERE)
    _key, text = accounts.make_key(label="QGIS", days=30, actor=actor_of(owner))
    basic = {"Authorization": "Basic " + b64encode(f"surveyor:{text}".encode()).decode()}
    for headers in (basic, {"Authorization": f"Bearer {text}"}):
        answer = Client(headers=headers).get(f"{OGC}/collections/components/items")
        assert codes(answer.json()) == CODES[:3]
    assert Client(headers=basic).post("/api/keys", {"label": "more"}).status_code == 401


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="gdal-bin is not installed")
def test_ogrinfo_reads_every_component(live_server):
    town()
    owner = holder("gis", "case.see")
    _key, text = accounts.make_key(label="GDAL", days=1, actor=actor_of(owner))
    command = ["ogrinfo", "-ro", "-al", f"OAPIF:{live_server.url}{OGC}"]
    told = subprocess.run(
        [*command, "--config", "GDAL_HTTP_USERPWD", f"gis:{text}", "-oo", "PAGE_SIZE=3"],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    counts = dict(
        zip(
            [line.partition(": ")[2] for line in told.stdout.splitlines() if line.startswith("Layer name")],
            [int(line.partition(": ")[2]) for line in told.stdout.splitlines() if line.startswith("Feature Count")],
            strict=True,
        )
    )
    assert counts == {
        "regions": 8, "cells": 12, "components": 4, "components-litter_bin": 1, "components-street_light": 3,
    }  # fmt: skip
    assert told.stdout.count("OGRFeature(components):") == 4
    assert all(f"code (String) = {code}" in told.stdout for code in CODES)
