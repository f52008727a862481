"""Who may add and see cameras, incidents and pictures, through the API and the pages, in both languages."""

from typing import Any

import pytest
from django.test import Client

from tests.cases.factories import SETUP, Town, point
from tests.video.factories import ADDRESS, ADMIN, OTHER_DISTRICT, person, put_up, ready, wish, zones
from tests.video.painted import SPOT
from tests.video.test_incidents import START, stand, taken
from video import actions
from video.models import Camera, Incident, Lease, Rule, Still

pytestmark = pytest.mark.django_db
SECRETS = ("Geheim-7", "operator", "/secret-path")


@pytest.fixture
def people(town: Town) -> dict[str, Client]:
    """A signed-in client for each kind of person."""
    ready()
    named = {
        "admin": person("admin", "admin", "camera.see"),
        "watcher": person("watcher", "camera.see"),
        "stranger": person("stranger", "camera.see", area=OTHER_DISTRICT),
        "nobody": person("nobody"),
        "acceptor": person("reviewer", "camera.see", "accept", "case.see"),
    }
    clients = {"anonymous": Client()}
    for name, user in named.items():
        clients[name] = Client()
        clients[name].force_login(user)
    return clients


def post(client: Client, body: Any, path: str = "/api/cameras") -> Any:
    return client.post(path, body, content_type="application/json")


def test_an_administrator_adds_a_camera_with_zone_rule_and_dwell_and_the_address_never_comes_back(
    people: dict[str, Client],
) -> None:
    answer = post(people["admin"], wish(url=ADDRESS + "/secret-path"))
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["area"].startswith("449900.449901.")
    assert body["host"] == "rtsp://127.0.0.1:8554"
    (rule,) = body["zones"][0]["rules"]
    assert (rule["template"], rule["dwell_seconds"], rule["mode"], rule["category"]) == (
        "vehicle-no-parking", 8.0, "automatic", "E0407",
    )  # fmt: skip
    for path in ("/api/cameras", "/api/cameras/corner", "/video/", "/admin/video/camera/"):
        text = people["admin"].get(path).content.decode()
        assert not any(secret in text for secret in SECRETS), path
    assert not any(secret in Camera.objects.get().secret_url for secret in SECRETS)


def test_nobody_else_adds_or_changes_a_camera(people: dict[str, Client]) -> None:
    put_up("there")
    for name in ("watcher", "stranger", "nobody", "acceptor"):
        answer = post(people[name], wish())
        assert (answer.status_code, answer.json()["code"]) == (403, "video.not_admin")
        changed = people[name].patch("/api/cameras/there", {"enabled": False}, content_type="application/json")
        assert changed.status_code == 404
    assert Camera.objects.get().enabled


def test_who_would_retire_a_class_sees_which_cameras_report_it(people: dict[str, Client]) -> None:
    put_up("there")
    page = people["admin"].get("/classes/E0407/cameras/").content.decode()
    assert "there" in page
    assert "1 条摄像机规则按此小类上报" in page
    other = people["admin"].get("/classes/E0506/cameras/").content.decode()
    assert "0 条摄像机规则按此小类上报" in other
    Rule.objects.update(enabled=False)
    assert "0 条摄像机规则" in people["admin"].get("/classes/E0407/cameras/").content.decode()
    for name in ("watcher", "stranger", "nobody"):
        assert people[name].get("/classes/E0407/cameras/").status_code == 403


def test_without_signing_in_nothing_opens(people: dict[str, Client]) -> None:
    for path in ("/api/cameras", "/api/incidents", "/api/stills/1/public"):
        assert people["anonymous"].get(path).status_code == 401
    assert people["anonymous"].get("/video/").status_code == 302
    assert post(people["anonymous"], wish()).status_code == 401


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"url": "file:///etc/passwd"}, "video.bad_address"),
    ({"url": "rtsp://169.254.169.254/latest"}, "video.address_not_allowed"),
    ({"url": "http://127.0.0.1/"}, "video.address_not_allowed"),
    ({"url": "concat:/etc/passwd|x"}, "video.bad_address"),
    ({"url": "rtsp://127.0.0.1:99999999/x"}, "video.bad_address"),
    ({"url": "rtsp://127.0.0.1/a\nb"}, "video.bad_address"),
    ({"url": "rtsp://no-such-host.invalid/x"}, "video.address_not_allowed"),
    ({"lon": 999}, "video.bad_camera"),
    ({"code": "../x"}, "video.bad_camera"),
    ({"code": "a\x00b"}, "json.nul"),
    ({"surprise": 1}, "video.bad_camera"),
    ({"zones": [{"polygon": [[0, 0], [1, 1], [1, 0], [0, 1]]}]}, "video.bad_polygon"),
    ({"zones": [{"polygon": [[0, 0], [0.001, 0], [0, 0.001]]}]}, "video.bad_polygon"),
    ({"zones": [{"polygon": [[0, 0], [2, 0], [0, 1]]}]}, "video.bad_camera"),
    ({"zones": zones(0.5)}, "video.bad_camera"),
    ({"zones": zones(8, template="no-such")}, "video.no_template"),
    ({"zones": zones(8) + zones(9)}, "video.bad_camera"),
)


def test_what_cannot_be_is_refused_with_a_code_and_a_sentence(people: dict[str, Client]) -> None:
    for change, code in REFUSED:
        answer = post(people["admin"], wish(**change))
        body = answer.json()
        assert (answer.status_code, body["code"]) == (400, code), change
        assert body["message"] != code
        assert not any(secret in answer.content.decode() for secret in SECRETS), change
    assert not Camera.objects.exists()


def test_what_is_wrong_with_a_camera_is_said_in_the_readers_language(people: dict[str, Client]) -> None:
    people["admin"].cookies["django_language"] = "zh-hans"
    body = post(people["admin"], wish(lon=999)).json()
    assert body["params"] == {"field": "/lon", "why": "schema.maximum"}
    assert body["message"] == "摄像机描述的 /lon 不符合要求：数值超出允许的范围。"


def test_a_body_that_is_no_camera_is_a_bad_request(people: dict[str, Client]) -> None:
    for body in ("[]", '"x"', "null", "{", '{"code": 1}'):
        assert post(people["admin"], body).status_code == 400


def test_the_same_code_twice_is_a_conflict(people: dict[str, Client]) -> None:
    assert post(people["admin"], wish()).status_code == 201
    answer = post(people["admin"], wish())
    assert (answer.status_code, answer.json()["code"]) == (409, "video.camera_exists")


def test_an_administrator_switches_a_camera_off_and_its_lease_ends(people: dict[str, Client]) -> None:
    put_up()
    taken()
    answer = people["admin"].patch("/api/cameras/corner", {"enabled": False}, content_type="application/json")
    assert (answer.status_code, answer.json()["enabled"]) == (200, False)
    assert Lease.objects.count() == 1
    bad = people["admin"].patch("/api/cameras/corner", {"url": "http://10.0.0.1/"}, content_type="application/json")
    assert bad.json()["code"] == "video.address_not_allowed"


def test_each_sees_the_cameras_and_incidents_of_their_ground(people: dict[str, Client]) -> None:
    put_up()
    stand(taken(), START, START + 12, SPOT)
    incident = Incident.objects.get()
    still = incident.stills.first()
    paths = ("/api/cameras/corner", f"/api/incidents/{incident.uid}", f"/api/stills/{still.pk}/public")
    for path in (*paths, f"/video/incidents/{incident.uid}/"):
        assert people["watcher"].get(path).status_code == 200, path
        assert people["stranger"].get(path).status_code == 404, path
        assert people["nobody"].get(path).status_code == 403, path
    assert people["watcher"].get(f"/api/stills/{still.pk}/raw").status_code == 403
    assert people["watcher"].get(f"/api/stills/{still.pk}/other").status_code == 404
    listed = people["watcher"].get("/api/incidents", {"state": "open"}).json()["results"]
    assert [one["id"] for one in listed] == [str(incident.uid)]
    assert people["stranger"].get("/api/incidents").json()["results"] == []
    assert people["stranger"].get("/api/cameras").json()["results"] == []
    (camera,) = people["watcher"].get("/api/cameras").json()["results"]
    assert camera["host"] == ""
    assert camera["open_incidents"] == 1
    picture = people["watcher"].get(f"/api/stills/{still.pk}/public")
    assert picture["Content-Type"] == "image/jpeg"
    assert picture["Cache-Control"].startswith("private")


def test_the_last_picture_of_a_camera_is_there_however_often_it_is_looked_at(people: dict[str, Client]) -> None:
    put_up()
    assert people["watcher"].get("/api/cameras/corner/picture").status_code == 404
    frames = taken()
    stand(frames, START, START + 3, SPOT)
    first = Still.objects.get(moment="latest")
    stand(frames, START + 60, START + 63, SPOT)
    assert Still.objects.get(moment="latest").pk > first.pk
    picture = people["watcher"].get("/api/cameras/corner/picture")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert picture["Cache-Control"] == "private, no-store"
    assert people["stranger"].get("/api/cameras/corner/picture").status_code == 404
    assert people["nobody"].get("/api/cameras/corner/picture").status_code == 403


def test_a_wrong_filter_is_a_bad_request(people: dict[str, Client]) -> None:
    for query in ("state=nonsense", "camera=%00", "page=0", "page=x", "page=-1"):
        assert people["watcher"].get(f"/api/incidents?{query}").status_code == 400


def test_the_pages_speak_chinese_and_english(people: dict[str, Client]) -> None:
    put_up()
    stand(taken(), START, START + 12, SPOT)
    incident = Incident.objects.get()
    spoken = {"zh-hans": ("摄像机", "机动车", "视频事件"), "en": ("Cameras", "Motor vehicle", "Evidence")}
    for language, words in spoken.items():
        people["watcher"].cookies["django_language"] = language
        texts = [
            people["watcher"].get(path).content.decode()
            for path in ("/video/", "/video/incidents/?state=open", f"/video/incidents/{incident.uid}/")
        ]
        assert all(any(word in text for text in texts) for word in words), language
        assert "style=" not in "".join(texts)
    assert people["watcher"].get("/video/incidents/?state=nonsense").status_code == 400


def test_the_person_who_accepts_judges_on_the_page(people: dict[str, Client]) -> None:
    put_up(zones=zones(8, mode="review"))
    stand(taken(), START, START + 12, SPOT)
    incident = Incident.objects.get()
    path = f"/video/incidents/{incident.uid}/"
    assert 'value="right"' in people["acceptor"].get(path).content.decode()
    assert 'value="right"' not in people["watcher"].get(path).content.decode()
    assert people["watcher"].post(path + "judge/", {"verdict": "right"}).status_code == 403
    assert people["acceptor"].post(path + "judge/", {"verdict": "right"}).status_code == 302
    incident.refresh_from_db()
    assert incident.case_number in people["acceptor"].get(path).content.decode()
    assert people["acceptor"].post(path + "judge/", {"verdict": "right"}).status_code == 409


def test_a_list_of_cameras_takes_a_fixed_number_of_queries(
    people: dict[str, Client], django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        put_up(f"camera-{number}")
    with django_assert_max_num_queries(16):
        assert people["watcher"].get("/video/").status_code == 200
    with django_assert_max_num_queries(12):
        assert len(people["watcher"].get("/api/cameras").json()["results"]) == 12


def test_seeding_twice_adds_nothing_and_takes_the_new_address(town: Town) -> None:
    ready()
    assert actions.seed_demo([wish()], actor=ADMIN) == 1
    assert actions.seed_demo([wish(url="rtsp://127.0.0.1:9999/corner")], actor=ADMIN) == 0
    assert Camera.objects.get().host == "rtsp://127.0.0.1:9999"
    assert Rule.objects.count() == 1


def test_a_camera_outside_the_grid_is_kept_without_an_area(town: Town) -> None:
    lon, lat = point()
    view = put_up("far", lon=lon + 5, lat=lat)
    assert view.area == ""
    assert SETUP.may("admin", area=view.area)
