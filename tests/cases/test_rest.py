"""Cases over HTTP: versions, keys, filters, refusals with a code and a sentence."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from cases.models import Case, Evidence, Move
from tests.cases.factories import AREA_HERE, HERE, OUTSIDE, THERE, Town, brought_to, picture, point, reported


class Door:
    """The API as one person uses it."""

    def __init__(self, town: Town, who: str) -> None:
        self.client = APIClient()
        self.client.force_login(town.people[who])

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(f"/api/{path}", params)

    def post(self, path: str, body: Any = None, *, version: int | str | None = None, key: str | None = None) -> Any:
        headers = {}
        if version is not None:
            headers["If-Match"] = version if isinstance(version, str) else f'"{version}"'
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.client.post(f"/api/{path}", body if body is not None else {}, format="json", headers=headers)


def report_body(**changes: Any) -> dict[str, Any]:
    lon, lat = point()
    return {"category": "E0407", "description": "占道停放", "lon": lon, "lat": lat, **changes}


def test_a_report_answers_201_with_its_version_as_etag(town):
    answer = Door(town, "collector").post("cases", report_body(), key="k1")
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    body = answer.json()
    assert body["stage"] == "reported"
    assert body["area"] == AREA_HERE
    assert body["place"] == {"zh": "金港区 · 石炮街道 · 一社区", "en": body["place"]["en"]}
    assert "notice" not in body


def test_the_same_key_again_is_the_same_case(town):
    door = Door(town, "collector")
    first = door.post("cases", report_body(), key="k1")
    again = door.post("cases", report_body(description="再说一次"), key="k1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["number"] == first.json()["number"]
    assert again.json()["description"] == "占道停放"
    assert Case.objects.count() == 1


def test_a_collector_sends_the_picture_that_the_class_asks_for_with_the_report(town):
    door, told = Door(town, "collector"), report_body(category="E0110", reporter={"callback": False})
    bare = door.post("cases", told, key="k1")
    assert (bare.status_code, bare.json()["code"]) == (400, "case.needs_photo_report")
    parts = {"report": json.dumps(told), "photos": SimpleUploadedFile("a.jpg", picture(), "image/jpeg")}
    headers = {"Idempotency-Key": "k1"}
    answer = door.client.post("/api/cases", parts, format="multipart", headers=headers)
    assert (answer.status_code, answer.json()["photo"]) == (201, True)
    assert Evidence.objects.get().phase == "report"
    broken = door.client.post("/api/cases", {"report": "{"}, format="multipart", headers=headers)
    assert (broken.status_code, broken.json()["code"]) == (400, "json.malformed")
    strange = {"report": SimpleUploadedFile("r.json", b"{}", "application/json")}
    as_file = door.client.post("/api/cases", strange, format="multipart", headers=headers)
    assert (as_file.status_code, as_file.json()["code"]) == (400, "case.report_is_text")


def test_the_same_key_of_another_person_is_another_case(town):
    Door(town, "collector").post("cases", report_body(), key="k1")
    Door(town, "collector2").post("cases", report_body(), key="k1")
    assert Case.objects.count() == 2


@pytest.mark.parametrize("key", [None, "", "x" * 161, "two words", "中"])
def test_a_report_without_a_usable_key_is_refused(town, key):
    headers = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}
    answer = Door(town, "collector").client.post("/api/cases", report_body(), format="json", **headers)
    assert answer.status_code == 400
    assert answer.json()["code"] == "case.idempotency_key_needed"
    assert Case.objects.count() == 0


def test_a_report_outside_the_grid_is_kept_with_a_sentence(town):
    lon, lat = OUTSIDE
    answer = Door(town, "collector").post("cases", report_body(lon=lon, lat=lat), key="k1")
    assert answer.status_code == 201
    assert answer.json()["located"] is False
    assert answer.json()["notice"] != ""
    assert Case.objects.get().area == ""


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"lon": None}, "case.bad_point"),
        ({"category": "E9999"}, "case.unknown_category"),
        ({"category": "", "description": ""}, "case.needs_category_or_text"),
        ({"lon": None, "lat": None}, "case.needs_place"),
        ({"colour": "red"}, "case.unknown_field"),
        ({"lon": 200}, "request.invalid"),
        ({"lon": "here"}, "request.invalid"),
        ({"source": "oracle"}, "request.invalid"),
        ({"reported_at": "2099-01-01T00:00:00Z"}, "case.bad_time"),
    ],
)
def test_a_report_that_makes_no_sense_says_why(town, body, code):
    answer = Door(town, "collector").post("cases", report_body(**body), key="k1")
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert answer.json()["message"] not in ("", code)
    assert Case.objects.count() == 0


@pytest.mark.parametrize("source", ["department", "opinion"])
def test_what_another_department_or_the_media_tell_is_taken_up_by_the_acceptor_alone(town, source):
    body = report_body(source=source, description="转办：路面破损")
    assert Door(town, "acceptor").post("cases", body, key="k1").status_code == 201
    assert Door(town, "collector").post("cases", body, key="k1").status_code == 403
    assert [row.source for row in Case.objects.all()] == [source]
    listed = Door(town, "acceptor").get(f"cases?source={source}").json()["results"]
    assert [one["source"] for one in listed] == [source]


@pytest.mark.parametrize("source", ["camera", "sensor", "vehicle"])
def test_a_person_cannot_report_in_the_name_of_a_machine(town, source):
    answer = Door(town, "collector").post("cases", report_body(source=source, category="E0506"), key="k1")
    assert answer.status_code == 403
    assert answer.json()["code"] == "case.may_not_report"
    assert Case.objects.count() == 0


def test_a_step_answers_with_the_new_version(town):
    case = reported(town)
    answer = Door(town, "acceptor").post(f"cases/{case.number}/accept", version=1)
    assert answer.status_code == 200
    assert answer.headers["ETag"] == '"2"'
    assert answer.json()["stage"] == "accepted"


def test_a_step_without_a_version_is_428(town):
    case = reported(town)
    answer = Door(town, "acceptor").post(f"cases/{case.number}/accept")
    assert answer.status_code == 428
    assert answer.json()["code"] == "case.version_needed"
    assert Case.objects.get().stage == "reported"


@pytest.mark.parametrize("version", ["1", "*", 'W/"1"', '"1", "2"', '"0"', '"-1"', '"99999999999"', ""])
def test_a_version_that_is_none_of_ours_is_400(town, version):
    case = reported(town)
    answer = Door(town, "acceptor").post(f"cases/{case.number}/accept", version=version)
    assert answer.status_code == 400
    assert answer.json()["code"] == "case.bad_version"


def test_an_old_version_is_412_and_says_how_the_case_stands_now_and_who_was_faster(town):
    case = brought_to(town, "accepted")
    answer = Door(town, "acceptor").post(f"cases/{case.number}/accept", version=1)
    assert answer.status_code == 412
    faster = Move.objects.latest("version").actor_label
    assert answer.json()["params"] == {"given": 1, "current": 2, "stage": "accepted", "by": faster}
    assert answer.json()["message"].startswith(f"{faster}已先行办理")
    assert "待立案" in answer.json()["message"]
    assert Move.objects.count() == 2


def test_a_step_of_another_stage_is_409_with_the_stage(town):
    case = brought_to(town, "accepted")
    answer = Door(town, "acceptor").post(f"cases/{case.number}/accept", version=2)
    assert answer.status_code == 409
    assert answer.json()["code"] == "case.wrong_stage"
    assert answer.json()["params"] == {"verb": "accept", "stage": "accepted"}


def test_a_step_of_another_duty_is_403(town):
    case = brought_to(town, "handling")
    answer = Door(town, "handler").post(f"cases/{case.number}/close", {"closing": "a"}, version=case.version)
    assert answer.status_code == 403
    assert answer.json()["code"] == "case.not_your_duty"


@pytest.mark.parametrize("who", ["district_dispatcher2", "desk2", "handler2"])
@pytest.mark.parametrize("path", ["", "/moves", "/clocks", "/steps", "/responsible", "/reporter", "/evidence"])
def test_strangers_cannot_even_see_that_a_case_exists(town, who, path):
    case = brought_to(town, "handling")
    answer = Door(town, who).get(f"cases/{case.number}{path}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "case.unknown"


@pytest.mark.parametrize("number", ["1", "9" * 20, "%00", "x" * 300, "44990120261116000001%20"])
def test_what_is_no_case_is_404_and_never_500(town, number):
    answer = Door(town, "acceptor").client.get(f"/api/cases/{number}")
    assert answer.status_code == 404


def test_nobody_signed_in_is_401(db):
    for path in ("cases", "cases/counts", "categories"):
        assert APIClient().get(f"/api/{path}").status_code == 401


def test_the_list_shows_only_what_one_may_see(town):
    here, there = reported(town), reported(town, THERE)
    seen = [row["number"] for row in Door(town, "district_dispatcher").get("cases").json()["results"]]
    assert seen == [here.number]
    both = [row["number"] for row in Door(town, "leader").get("cases").json()["results"]]
    assert both == [there.number, here.number]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"stage": "accepted"}, 1),
        ({"stage": "accepted,reported"}, 3),
        ({"district": THERE}, 1),
        ({"category": "E0110"}, 1),
        ({"source": "collector"}, 3),
        ({"late": "true"}, 0),
        ({"late": "false"}, 3),
        ({"open": "true"}, 3),
        ({"open": "false"}, 0),
        ({"q": "暴露垃圾"}, 1),
        ({"q": "Exposed refuse"}, 1),
        ({"q": "龙滨区"}, 1),
        ({"q": "没有的话"}, 0),
    ],
)
def test_filters_narrow_the_list(town, params, expected):
    reported(town, THERE), reported(town, category="E0110")
    brought_to(town, "accepted")
    answer = Door(town, "leader").get("cases", **params)
    assert answer.status_code == 200
    assert len(answer.json()["results"]) == expected


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"colour": "red"}, "case.unknown_filter"),
        ({"stage": "flying"}, "case.bad_filter"),
        ({"late": "yes"}, "case.bad_filter"),
        ({"district": "44%"}, "case.bad_filter"),
        ({"category": "'; --"}, "case.bad_filter"),
        ({"source": "oracle"}, "case.bad_filter"),
        ({"limit": "0"}, "case.bad_filter"),
        ({"limit": "1000"}, "case.bad_filter"),
        ({"cursor": "zz zz"}, "case.bad_filter"),
        ({"q": "nul\x00"}, "case.bad_filter"),
        ({"limit": "１"}, "case.bad_filter"),
    ],
)
def test_a_wrong_filter_is_a_400_with_a_code_and_a_sentence(town, params, code):
    answer = Door(town, "leader").get("cases", **params)
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert answer.json()["message"] not in ("", code)


def test_pages_follow_one_another_without_doubles(town):
    numbers = [reported(town).number for _ in range(5)]
    door, seen, cursor = Door(town, "leader"), [], None
    while True:
        body = door.get("cases", limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += [row["number"] for row in body["results"]]
        cursor = body["next"]
        if cursor is None:
            break
    assert seen == numbers[::-1]


def test_the_cursor_of_what_came_before_leads_back_over_the_same_pages(town):
    for _ in range(5):
        reported(town)
    door, pages = Door(town, "leader"), []
    cursor = ""
    while cursor is not None:
        pages.append(door.get("cases", limit=2, **({"cursor": cursor} if cursor else {})).json())
        cursor = pages[-1]["next"]
    assert [len(page["results"]) for page in pages] == [2, 2, 1]
    assert pages[0]["previous"] is None
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(door.get("cases", limit=2, cursor=back[-1]["previous"]).json())
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in pages]
    assert door.get("cases", limit=2, cursor=back[-1]["next"]).json()["results"] == pages[1]["results"]
    other = door.get("cases", limit=2, cursor=pages[1]["previous"], district=THERE).json()
    assert other == {"results": [], "next": None, "previous": None}, "nothing stands before, nor behind"


def upload(door: Door, number: str, content: bytes, phase: str = "report", name: str = "a.jpg") -> Any:
    file = SimpleUploadedFile(name, content, content_type="image/jpeg")
    return door.client.post(f"/api/cases/{number}/evidence", {"file": file, "phase": phase}, format="multipart")


def test_a_picture_is_added_and_its_public_copy_is_served(town):
    case, door = reported(town), Door(town, "collector")
    added = upload(door, case.number, picture())
    assert added.status_code == 201
    assert door.get(f"cases/{case.number}/evidence").json()[0]["id"] == added.json()["id"]
    seen = door.get(f"cases/{case.number}/evidence/{added.json()['id']}/public")
    assert seen.status_code == 200
    assert seen.headers["Content-Type"] == "image/jpeg"
    assert seen.headers["X-Content-Type-Options"] == "nosniff"
    assert seen.content[:3] == b"\xff\xd8\xff"


def test_a_stranger_gets_no_picture(town):
    case = reported(town)
    added = upload(Door(town, "collector"), case.number, picture()).json()
    for path in ("", "/public"):
        answer = Door(town, "district_dispatcher2").get(f"cases/{case.number}/evidence/{added['id']}{path}")
        assert answer.status_code == 404


def test_the_original_is_for_those_who_may_see_persons(town):
    case = reported(town)
    content = picture()
    added = upload(Door(town, "collector"), case.number, content).json()
    path = f"cases/{case.number}/evidence/{added['id']}"
    assert Door(town, "leader").get(path).status_code == 403
    seen = Door(town, "acceptor").get(path)
    assert seen.status_code == 200
    assert seen.content == content


def test_a_picture_of_another_case_is_not_found_through_this_one(town):
    first, second = reported(town), reported(town)
    added = upload(Door(town, "collector"), first.number, picture()).json()
    answer = Door(town, "acceptor").get(f"cases/{second.number}/evidence/{added['id']}/public")
    assert answer.status_code == 404
    assert answer.json()["code"] == "case.no_evidence"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "picture.empty_file"),
        (b"<html>hello</html>", 415, "picture.unknown_kind"),
        (b"GIF89a" + b"\x00" * 40, 415, "picture.unknown_kind"),
        (picture(size=(300, 300))[:900], 415, "picture.broken"),
    ],
)
def test_what_is_no_picture_is_refused_by_its_content(town, content, status, code):
    case = reported(town)
    answer = upload(Door(town, "collector"), case.number, content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert Case.objects.get().has_photo is False


def test_a_handler_cannot_add_a_picture_of_the_check(town):
    case = brought_to(town, "handling")
    answer = upload(Door(town, "handler"), case.number, picture(), phase="check")
    assert answer.status_code == 403


def test_a_refusal_speaks_the_language_of_the_reader(town):
    case = brought_to(town, "accepted")
    door = Door(town, "acceptor")
    door.client.credentials(HTTP_ACCEPT_LANGUAGE="en")
    english = door.post(f"cases/{case.number}/accept", version=2).json()
    assert "Accept" in english["message"]
    assert "To be registered" in english["message"]
    door.client.credentials(HTTP_ACCEPT_LANGUAGE="zh-hans")
    chinese = door.post(f"cases/{case.number}/accept", version=2).json()
    assert "受理" in chinese["message"]
    assert "待立案" in chinese["message"]
    assert chinese["params"] == english["params"]


def test_the_catalogue_is_there_to_read(town):
    door = Door(town, "collector")
    assert [row["code"] for row in door.get("categories").json()] == ["C0101", "E0110", "E0407", "E0506"]
    one = door.get("categories/E0407").json()
    assert one["conditions"][0]["limit"] == {"value": 2.0, "unit": "urgent_hour"}
    assert door.get("categories/E9999").status_code == 404


def test_counts_say_what_waits_for_me(town):
    reported(town), reported(town, THERE)
    assert Door(town, "acceptor").get("cases/counts").json() == {
        "mine": 2, "open": 2, "soon": 0, "overdue": 0, "unlocated": 0, "unclassified": 0, "coordination": 0,
        "pressed": 0, "held": 0,
        "closed": 0,
    }  # fmt: skip
    assert Door(town, "district_dispatcher").get("cases/counts").json()["mine"] == 0


def test_the_next_steps_say_what_stands_in_the_way(town):
    lon, lat = OUTSIDE
    case = reported(town, lon=lon, lat=lat)
    steps = {row["verb"]: row for row in Door(town, "acceptor").get(f"cases/{case.number}/steps").json()}
    assert set(steps) == {"send_verify", "accept", "reject", "merge"}
    assert steps["accept"]["allowed"] is False
    assert steps["accept"]["code"] == "case.unlocated"
    assert steps["reject"] == {
        "verb": "reject", "target": "rejected", "allowed": True, "code": "", "message": "", "needs": ["reason"],
    }  # fmt: skip


def test_the_responsible_department_is_named_with_the_reason(town):
    case = reported(town)
    found = Door(town, "district_dispatcher").get(f"cases/{case.number}/responsible").json()
    assert found["organisation"] == f"d{HERE}-appearance"
    assert found["why"]["duty"] == "appearance"


def test_who_reported_is_read_only_with_the_right_and_masked(town):
    body = report_body(source="phone", reporter={"name": "李", "phone": "13800000000"})
    number = Door(town, "acceptor").post("cases", body, key=uuid4().hex).json()["number"]
    assert Door(town, "leader").get(f"cases/{number}/reporter").status_code == 403
    shown = Door(town, "acceptor").get(f"cases/{number}/reporter").json()
    assert (shown["name"], shown["phone"]) == ("*", "138****0000")
    seen = json.dumps(Door(town, "leader").get(f"cases/{number}").json())
    assert "13800000000" not in seen
