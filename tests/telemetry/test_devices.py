"""Devices in their register: who keeps and sees them, through pages and API, in both languages."""

from typing import Any

import pytest
from django.test import Client

from journal.models import Entry
from telemetry.models import Device, Downlink, Terminal
from tests.accounts.factories import CITY, HERE, THERE, city, holder
from tests.telemetry.terminals import device

pytestmark = pytest.mark.django_db
WISH: dict[str, Any] = {
    "code": "truck-7", "names": {"zh": "七号车", "en": "Truck seven"}, "kind": "vehicle", "protocol": "jt808",
    "address": "013912340007", "plate": "粤A70007", "area": HERE,
}  # fmt: skip


@pytest.fixture
def town(db: None) -> None:
    """A city with its offices."""
    city()


def client(name: str, *rights: str, area: str = CITY) -> Client:
    signed_in = Client()
    signed_in.force_login(holder(name, *rights, area=area))
    return signed_in


def post(door: Client, path: str, body: Any) -> Any:
    return door.post(path, body, content_type="application/json")


def test_an_administrator_registers_a_device_and_no_code_of_it_is_ever_told(town: None) -> None:
    admin = client("keeper", "admin", "device.see")
    answer = post(admin, "/api/devices", WISH)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["address"], answer.json()["latest"]) == ("13912340007", None)
    Terminal.objects.update(secret_hash="f" * 64, registered_at=Device.objects.get().created_at)
    for path in ("/api/devices", "/api/devices/truck-7", "/devices/", "/devices/truck-7/"):
        assert "ffff" not in admin.get(path).content.decode()
    assert post(admin, "/api/devices", WISH).json()["code"] == "telemetry.device_exists"
    assert post(admin, "/api/devices", {**WISH, "code": "truck-8"}).json()["code"] == "telemetry.address_taken"
    assert [entry.kind for entry in Entry.objects.filter(subject="truck-7")] == ["telemetry.device_added.v1"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "rocket"}, {"code": "a b"}, {"address": ""}, {"interval_s": 10**30}, {"plate": "粤\x00"}, {"more": 1},
        {"area": "x"}, {"names": {"zh": "\x00"}}, {"enabled_until": "yesterday"}, {"code": "x" * 65}, {"model": "none"},
        {"enabled_from": "0001-01-01T00:00:00+14:00"}, {"enabled_until": "9999-12-31T23:59:59-14:00"},
    ],
)  # fmt: skip
def test_a_device_that_is_described_wrongly_is_refused(town: None, wrong: dict[str, Any]) -> None:
    answer = post(client("keeper", "admin"), "/api/devices", {**WISH, **wrong})
    assert answer.status_code == 400
    assert not Device.objects.exists()


def test_a_district_keeps_and_sees_its_own_devices_only(town: None) -> None:
    there = client("far", "admin", "device.see", "desk", area=THERE)
    assert post(there, "/api/devices", WISH).status_code == 403
    device("truck-1", area=HERE)
    assert there.get("/api/devices").json()["results"] == []
    assert "truck-1" not in there.get("/devices/").content.decode()
    for path in ("/api/devices/truck-1", "/devices/truck-1/", "/api/devices/truck-1/downlinks"):
        assert there.get(path).status_code == 404
    assert post(there, "/api/devices/truck-1/downlinks", {"text": "x"}).status_code == 404
    assert there.post("/devices/truck-1/switch/", {"enabled": "no"}).status_code == 404
    assert Device.objects.get().enabled_until is None
    for page in ("0", "x", "1" * 30, "0000001" + "9" * 20):
        assert there.get(f"/api/devices?page={page}").status_code == 400
    assert client("nobody").get("/api/devices").status_code == 403


def test_only_who_commands_tells_a_driver_and_the_same_form_tells_once(town: None) -> None:
    device("truck-1", area=HERE)
    watcher, commander = client("watcher", "device.see"), client("commander", "device.see", "command.city")
    said = {"text": "去石炮台", "key": "one"}
    assert watcher.post("/devices/truck-1/texts/", said).status_code == 403
    for _twice in range(2):
        assert commander.post("/devices/truck-1/texts/", said).status_code == 302
    assert Downlink.objects.get().body == {"text": "去石炮台", "flags": 12}
    refused = commander.post("/devices/truck-1/texts/", {"text": "长" * 300, "key": "two"})
    assert (refused.status_code, Downlink.objects.count()) == (400, 1)
    for body in ({}, {"parameters": {"zz": "00"}}, {"parameters": {"1": "0"}}, {"text": "\x00"}):
        assert post(commander, "/api/devices/truck-1/downlinks", body).status_code == 400
    page = commander.get("/devices/truck-1/").content.decode()
    assert "等待" in page
    assert "去石炮台" in page


@pytest.mark.parametrize(("language", "heading"), [("zh-hans", "登记设备"), ("en", "Register a device")])
def test_a_device_is_registered_and_switched_off_by_hand(town: None, language: str, heading: str) -> None:
    admin = client("keeper", "admin", "device.see")
    given = {"HTTP_ACCEPT_LANGUAGE": language}
    assert heading in admin.get("/devices/new/", **given).content.decode()
    typed = {
        **{name: value for name, value in WISH.items() if name != "names"},
        "name_zh": "七号车",
        "interval_s": "30",
    }
    refused = admin.post("/devices/new/", {**typed, "address": "a b"}, **given)
    assert (refused.status_code, "七号车" in refused.content.decode()) == (400, True)
    assert admin.post("/devices/new/", typed, **given).status_code == 302
    listed = admin.get("/devices/?q=粤A7&kind=vehicle", **given).content.decode()
    assert "13912340007" in listed
    assert admin.get("/devices/?kind=rocket", **given).status_code == 400
    assert admin.post("/devices/truck-7/switch/", {"enabled": "no"}, **given).status_code == 302
    assert Device.objects.get().enabled_until is not None
    assert admin.post("/devices/truck-7/switch/", {"enabled": "yes"}, **given).status_code == 302
    assert Device.objects.get().enabled_until is None


def test_a_page_of_devices_takes_the_same_number_of_queries_however_many_there_are(
    town: None, django_assert_num_queries: Any
) -> None:
    watcher = client("watcher", "device.see")
    device("truck-1", area=HERE)
    watcher.get("/api/devices")
    with django_assert_num_queries(4) as asked:
        watcher.get("/api/devices")
    for number in range(2, 9):
        device(f"truck-{number}", f"1391234000{number}", area=HERE)
    with django_assert_num_queries(len(asked.captured_queries)):
        assert len(watcher.get("/api/devices").json()["results"]) == 8
