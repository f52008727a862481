"""The pages of the register, of change requests, of the census: with plain forms from beginning to end."""

import json
import os
from pathlib import Path

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.selectors import actor_named
from assets import actions, selectors
from assets.forms import FindingForm
from assets.models import Asset, ChangeRequest, Finding, Photo, Project, Spot
from core import clock
from exchange.actions import append_upload, begin_upload
from exchange.models import Upload
from tests.accounts.factories import holder
from tests.assets.factories import ADMIN, KERB, LAMP, line, put, row, types
from tests.assets.test_census import RULES, WEST
from tests.cases.factories import actions as cases
from tests.cases.factories import category, picture
from tests.cases.films import film
from tests.grid.factories import middle, put_map

pytestmark = pytest.mark.django_db
CODE, JIN = "4499010137000001", "449900.449901"
RECORD = Path(__file__).with_name("query_counts.json")


@pytest.fixture
def people(settings, tmp_path):
    """A keeper and two collectors in 金港区, a lamp and a kerb on the map."""
    settings.MEDIA_ROOT = tmp_path
    put_map()
    types(LAMP, KERB)
    put(row(CODE, attributes={"watt": 90}), {"code": "4499010286000001", "geometry": line(1)})
    actions.save_census_rules(RULES, pack="test")
    clients = {}
    for name, rights in {"keeper": ["component.edit", "case.see"], "lin": ["component.propose", "case.see"]}.items():
        clients[name] = Client(headers={"Accept-Language": "en"})
        clients[name].force_login(holder(name, *rights, area=JIN))
    return clients


def edit_form(**given):
    told = {"version": 1, "state": "damaged", "attr_watt": "60", "reason": "核对", "name_zh": "一号灯"}
    lon, lat = middle(0, 0)
    return {**told, "lon": lon, "lat": lat, **given}


def test_the_form_of_the_schema_edits_a_component_and_the_page_tells_it(people):
    assert people["keeper"].post(f"/components/{CODE}/edit/", edit_form()).status_code == 302
    view = selectors.asset(CODE, actor=ADMIN)
    assert (view.state, dict(view.attributes), dict(view.names)) == ("damaged", {"watt": 60}, {"zh": "一号灯"})
    page = people["lin"].get(f"/components/{CODE}/").content.decode()
    assert "一号灯" in page
    assert "核对" in page
    assert "watt" in page
    assert "/edit/" not in page, "who only proposes has no way to edit"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"attr_watt": "much"}, "wrong type"), ({"reason": ""}, "required"), ({"version": 7}, "changed meanwhile"),
        ({"lon": "10", "lat": "10"}, "outside the map"),
    ],
)  # fmt: skip
def test_a_wrong_form_comes_back_with_its_words_and_changes_nothing(people, given, said):
    answer = people["keeper"].post(f"/components/{CODE}/edit/", edit_form(**given))
    assert answer.status_code in (400, 412)
    assert said in answer.content.decode()
    assert "一号灯" in answer.content.decode()
    assert Asset.objects.get(code=CODE).version == 1


def test_a_component_is_removed_with_a_reason_and_restored(people):
    stand = f"/components/{CODE}/stand/"
    assert people["keeper"].post(stand, {"act": "retire", "version": 1, "reason": ""}).status_code == 400
    assert people["lin"].post(stand, {"act": "retire", "version": 1, "reason": "x"}).status_code == 403
    assert people["keeper"].post(stand, {"act": "retire", "version": 1, "reason": "拆除"}).status_code == 302
    assert CODE not in people["keeper"].get("/components/").content.decode()
    assert CODE in people["keeper"].get("/components/?state=removed").content.decode()
    people["keeper"].post(stand, {"act": "restore", "version": 2, "reason": "误拆"})
    assert Asset.objects.get(code=CODE).state == "intact"


def test_a_kerb_is_entered_by_its_text_and_shown_as_a_line(people):
    form = {"state": "intact", "reason": "补测", "shape": json.dumps(line(2))}
    assert people["keeper"].post("/components/new/?type=kerb", {**form, "shape": "junk"}).status_code == 400
    assert people["keeper"].post("/components/new/?type=kerb", form).status_code == 302
    page = people["lin"].get("/components/4499010286000002/").content.decode()
    assert "LineString" in page


OUT = "LINESTRING (110 20, 110.001 20)"
BOW = "LINESTRING (116.7 23.35, 116.701 23.351, 116.701 23.35, 116.7 23.351)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LINESTRING (1 1", "neither WKT nor GeoJSON"), ("116.7, 23.35\n116.7", "neither WKT nor GeoJSON"),
        ("POLYGON ((0 0, 1 0, 1 1, 0 0))", "Another kind of shape is needed here: a line"), (BOW, "crosses itself"),
        (f"LINESTRING ({', '.join(f'{n / 1e4} 0' for n in range(20_001))})", "20001 points; 20000 are the most"),
        ("LINESTRING (200 1, 201 1)", "no place on earth"), ("LINESTRING EMPTY", "is empty"), (OUT, "outside the map"),
    ],
)  # fmt: skip
def test_every_fault_of_a_drawn_line_has_its_sentence_and_the_text_comes_back(people, text, said):
    form = {"state": "intact", "reason": "补测", "name_zh": "东路沿", "shape": text}
    answer = people["keeper"].post("/components/new/?type=kerb", form)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert answer.context["form"]["shape"].value() == text
    assert answer.context["form"]["name_zh"].value() == "东路沿"
    assert Asset.objects.count() == 2


def test_a_strange_number_in_an_address_or_a_form_is_no_fault_of_the_server(people):
    for strange in ("²", "9" * 5000, "-1", ""):
        assert people["keeper"].get("/component-requests/", {"before": strange}).status_code == 200, strange
        form = {"version": strange, "state": "damaged", "reason": "撞坏"}
        assert people["keeper"].post(f"/components/{CODE}/edit/", form).status_code in (400, 412), strange
        assert people["keeper"].post(f"/components/{CODE}/stand/", form).status_code == 412, strange
    assert Asset.objects.get(code=CODE).version == 1


def test_a_line_far_from_where_it_was_is_taken_only_after_a_second_word(people, settings):
    settings.COMPONENT_MOVE_M = 50
    path = "/components/4499010286000001/edit/"
    (lon, lat), *more = line(1)["coordinates"]
    text = "\n".join(f"{one}, {two}" for one, two in [[lon, lat + 0.0007], [lon, lat], *more])
    form = {"version": 1, "state": "intact", "reason": "延长", "shape": text}
    answer = people["keeper"].post(path, form)
    assert answer.status_code == 400
    assert "m from where it was, and the limit is 50 m" in answer.content.decode()
    assert 'name="far"' in answer.content.decode()
    assert answer.context["form"]["shape"].value() == text
    assert Asset.objects.get(code="4499010286000001").version == 1
    assert people["keeper"].post(path, form | {"far": "yes"}).status_code == 302
    assert Asset.objects.get(code="4499010286000001").geom.num_points == 4


def test_a_line_is_proposed_from_the_field_for_a_new_component_and_a_moved_one(people):
    assert "kerb" in people["lin"].get("/component-requests/new/").content.decode()
    page = people["lin"].get("/component-requests/new/?type=kerb")
    told = {"key": page.context["form"].initial["key"], "kind": "new", "of_type": "kerb", "reason": "新建道路"}
    shape = "\n".join(f"{lon}, {lat}" for lon, lat in line(2)["coordinates"])
    refused = people["lin"].post("/component-requests/new/?type=kerb", told | {"shape": BOW})
    assert refused.status_code == 400
    assert refused.context["form"]["shape"].value() == BOW
    assert people["lin"].post("/component-requests/new/?type=kerb", told | {"shape": shape}).status_code == 302
    page = people["lin"].get("/component-requests/new/?code=4499010286000001")
    assert page.context["form"].initial["shape"].startswith("LINESTRING")
    told = {"key": page.context["form"].initial["key"], "kind": "moved", "reason": "改线", "shape": shape}
    assert people["lin"].post("/component-requests/new/?code=4499010286000001", told).status_code == 302
    assert [one.geom.geom_type for one in ChangeRequest.objects.all()] == ["LineString", "LineString"]
    assert people["keeper"].get("/component-requests/").context["shapes"]["features"][0]["properties"] == {
        "outcome": "change"
    }


def test_a_proposal_from_the_page_is_accepted_in_the_queue_and_answered(people):
    page = people["lin"].get(f"/component-requests/new/?code={CODE}")
    key = page.context["form"].initial["key"]
    told = {"key": key, "kind": "changed", "state": "lost", "reason": "不见了"}
    assert people["lin"].post(f"/component-requests/new/?code={CODE}", told).status_code == 302
    assert people["lin"].post(f"/component-requests/new/?code={CODE}", told).status_code == 302
    request = ChangeRequest.objects.get()
    decide = f"/component-requests/{request.pk}/"
    assert people["lin"].post(decide, {"act": "accept"}).status_code == 403
    assert people["keeper"].post(decide, {"act": "refuse", "answer": ""}).status_code == 400
    assert people["keeper"].post(decide, {"act": "accept", "answer": "已到现场"}).status_code == 302
    assert Asset.objects.get(code=CODE).state == "lost"
    assert "已到现场" in people["lin"].get("/component-requests/?state=accepted").content.decode()


def test_a_census_is_planned_surveyed_and_accepted_by_its_pages(people):
    form = {"title": "路灯普查", "subject": "components", "area": f"{JIN}.449901001", "grounds": ["open_area"],
            "types": ["street_light"], "share": "10", "threshold": "5", "least": "1"}  # fmt: skip
    assert people["lin"].post("/census/", form).status_code == 403
    assert people["keeper"].post("/census/", form).status_code == 302
    census = Project.objects.get()
    act, street = f"/census/{census.pk}/act/", "449901001"
    lin = selectors.surveyors(JIN)[0].user_id
    assert people["keeper"].post(act, {"act": "start"}).status_code == 409, "nobody surveys yet"
    people["keeper"].post(act, {"act": "assign", "street": street, "number": lin})
    assert people["keeper"].post(act, {"act": "start"}).status_code == 302
    survey = f"/census/{census.pk}/streets/{street}/"
    assert people["keeper"].get(survey).status_code == 403
    assert CODE in people["lin"].get(survey).content.decode()
    found = {"kind": "missing", "code": CODE, "ground": "open_area", "key": "0" * 32}
    assert people["lin"].post(survey, found).status_code == 302
    assert "looked at" in people["lin"].get(survey).content.decode()
    assert people["lin"].post(act, {"act": "hand_in", "street": street}).status_code == 302
    people["keeper"].post(act, {"act": "draw", "street": street})
    people["keeper"].post(act, {"act": "right", "number": Finding.objects.get().pk})
    assert people["keeper"].post(act, {"act": "accept"}).status_code == 302
    actions.write_census(census.pk)
    assert Asset.objects.get(code=CODE).state == "lost"
    assert "written into the register" in people["keeper"].get(f"/census/{census.pk}/").content.decode()


def a_census(**given):
    """A census that runs in one street of 金港区, surveyed by lin."""
    keeper, streets = actor_named("keeper"), [{"code": WEST, "surveyor": selectors.surveyors(JIN)[0].user_id}]
    census = actions.plan_census(
        actor=keeper, title="普查", area=JIN, types=["street_light"], streets=streets, **given
    )  # fmt: skip
    return actions.start_census(census.pk, actor=keeper)


def test_a_pavement_too_narrow_is_refused_on_the_page_and_can_be_marked_outside(people):
    census = a_census(grounds=["pavement"])
    survey = f"/census/{census.pk}/streets/{WEST}/"
    told = {"kind": "confirmed", "code": CODE, "ground": "pavement", "width_m": "2.5", "key": "1" * 32}
    answer = people["lin"].post(survey, told)
    assert answer.status_code == 400
    assert "too narrow" in answer.content.decode()
    assert people["lin"].post(survey, told | {"width_m": ""}).status_code == 400
    assert not Finding.objects.exists()
    assert people["lin"].post(survey, told | {"kind": "outside"}).status_code == 302
    page = people["lin"].get(survey).content.decode()
    assert "1 / 1" in page
    assert "looked at" in page
    by_ground = people["keeper"].get(f"/census/{census.pk}/").content.decode().partition("By ground")[2]
    assert "Pavements" in by_ground
    assert "Outside the scope" in by_ground


def test_a_place_of_recurring_events_is_asked_its_ground_and_width(people):
    cases.save_categories([category("E0407")], pack="test")
    census = a_census(subject="events", classes=["E0407"], grounds=["open_area", "pavement"])
    survey, (lon, lat) = f"/census/{census.pk}/streets/{WEST}/", middle(0, 0)
    spot = Spot.objects.create(event_class="E0407", geom=Point(lon, lat, srid=4326), cell="449901001001001",
                               area=census.streets.get().area, project=census, created_at=clock.now())  # fmt: skip
    card = people["lin"].get(survey).content.decode().partition(f'name="spot" value="{spot.pk}"')[2]
    assert f'id="ws{spot.pk}" name="width_m"' in card
    told = {"kind": "confirmed", "spot": spot.pk, "key": "2" * 32, "ground": "pavement"}
    assert people["lin"].post(survey, told).status_code == 400, "nobody measured the pavement"
    assert people["lin"].post(survey, told | {"width_m": "4.2"}).status_code == 302
    finding = Finding.objects.get()
    assert (finding.spot_id, finding.ground, finding.width_m) == (spot.pk, "pavement", 4.2)


def test_a_second_one_beside_a_component_is_asked_about_on_each_page_and_over_rest(people):
    lon, lat = middle(0, 0)
    form = {"lon": lon + 0.00001, "lat": lat, "reason": "新装", "state": "intact"}
    key = people["lin"].get("/component-requests/new/?type=street_light").context["form"].initial["key"]
    asked = {**form, "key": key, "kind": "new", "of_type": "street_light"}
    census = a_census()
    noted = {**form, "key": "3" * 32, "kind": "new", "of_type": "street_light", "ground": "open_area"}
    doors = (
        ("keeper", "/components/new/?type=street_light", form),
        ("lin", "/component-requests/new/?type=street_light", asked),
        ("lin", f"/census/{census.pk}/streets/{WEST}/", noted),
    )
    for who, path, told in doors:
        answer = people[who].post(path, told)
        assert answer.status_code == 409
        text = answer.content.decode()
        assert f'href="/components/{CODE}/"' in text
        assert 'name="another"' in text
    assert (Asset.objects.count(), ChangeRequest.objects.count(), Finding.objects.count()) == (2, 0, 0)
    body = {"type": "street_light", "reason": "新装", "given": {"lon": lon + 0.00001, "lat": lat}}
    refused = people["keeper"].post("/api/components", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "assets.one_nearby")
    assert refused.json()["params"]["code"] == CODE
    for who, path, told in reversed(doors):
        assert people[who].post(path, told | {"another": "yes"}).status_code == 302
    made = people["keeper"].post("/api/components", {**body, "another": True}, content_type="application/json")
    assert made.status_code == 201
    assert (Asset.objects.count(), ChangeRequest.objects.count(), Finding.objects.count()) == (4, 1, 1)


def test_every_page_costs_what_was_recorded_and_no_more_for_many_than_for_few(people):
    keeper = actor_named("keeper")
    lin = selectors.surveyors(JIN)[0].user_id
    streets = [{"code": WEST, "surveyor": lin}]
    census = actions.plan_census(actor=keeper, title="普查", area=JIN, types=["street_light"], streets=streets)
    actions.start_census(census.pk, actor=keeper)
    actions.propose(actor=actor_named("lin"), kind="vanished", code=CODE, reason="没了", key="key-many-1")
    paths = {
        "GET /components/": ("keeper", "/components/"), "GET /components/<code>/": ("keeper", f"/components/{CODE}/"),
        "GET /component-requests/": ("keeper", "/component-requests/"), "GET /census/": ("keeper", "/census/"),
        "GET /census/<pk>/": ("keeper", f"/census/{census.pk}/"),
        "GET /census/<pk>/streets/<code>/": ("lin", f"/census/{census.pk}/streets/{WEST}/"),
        "GET /api/components": ("keeper", "/api/components"),
        "GET /api/component-requests": ("keeper", "/api/component-requests"),
        "GET /api/census/<pk>": ("keeper", f"/api/census/{census.pk}"),
    }  # fmt: skip

    def measured():
        return {name: cost(people[who], path) for name, (who, path) in paths.items()}

    few = measured()
    if os.environ.get("RECORD_QUERIES"):
        RECORD.write_text(json.dumps(few, indent=2) + "\n", encoding="utf-8")
    assert few == json.loads(RECORD.read_text(encoding="utf-8"))
    put(*[row(f"4499010137{n:06d}", n % 2) for n in range(2, 12)])
    for n in range(2, 6):
        told = {"kind": "vanished", "code": f"4499010137{n:06d}", "reason": "没了", "key": f"key-many-{n}"}
        actions.propose(actor=actor_named("lin"), **told)
    assert measured() == few


def cost(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in seen.captured_queries)


def test_what_a_form_calls_optional_may_be_left_out_and_what_it_does_not_may_not(people):
    types({**LAMP, "attributes": {**LAMP["attributes"], "required": ["watt"]}})
    path = "/components/new/?type=street_light"
    form = people["keeper"].get(path).context["form"]
    wanted = {name for name, field in form.fields.items() if field.required}
    assert wanted == {"state", "lon", "lat", "attr_watt", "reason"}
    full = {**edit_form(), "name_en": "Lamp", "another": "yes"}
    for name in sorted(form.fields):
        before = Asset.objects.count()
        answer = people["keeper"].post(path, {**full, name: ""})
        assert (answer.status_code, Asset.objects.count() - before) == ((400, 0) if name in wanted else (302, 1)), name


def test_something_new_is_only_written_down_with_what_it_is_and_where(people):
    made = FindingForm(grounds=[("open", "Open")], types=[("street_light", "Lamp")], classes=[])
    assert {name for name, field in made.fields.items() if field.required} == {
        "key",
        "kind",
        "ground",
        "of_type",
        "lon",
        "lat",
    }
    seen = FindingForm(grounds=[("open", "Open")], types=[("street_light", "Lamp")], classes=[],
                       data={"kind": "confirmed", "key": "0" * 32, "ground": "open"})  # fmt: skip
    assert seen.is_valid(), "what stands as it should needs neither"


def test_a_proposal_says_when_the_place_is_needed(people):
    about = people["lin"].get(f"/component-requests/new/?code={CODE}").content.decode()
    assert "Needed where it was moved." in about
    new = people["lin"].get("/component-requests/new/?type=street_light").context["form"]
    assert new.fields["lon"].required
    assert new.fields["lat"].required


def test_pictures_of_a_component_come_ahead_and_a_refused_form_keeps_them(people):
    keeper = actor_named("keeper")
    uids = []
    for content in (picture("olive"), b"no picture"):
        row = begin_upload(actor=keeper, length=len(content))
        uids.append(str(append_upload(row.uid, actor=keeper, offset=0, given=[content]).uid))
    refused = people["keeper"].post(f"/components/{CODE}/photos/", {"photos_uploads": uids})
    assert refused.status_code == 415
    assert [uid in refused.content.decode() for uid in uids] == [True, True]
    assert people["keeper"].post(f"/components/{CODE}/photos/", {"photos_uploads": uids[:1]}).status_code == 302
    (photo,) = Photo.objects.filter(asset__code=CODE)
    assert Upload.objects.get(uid=uids[0]).used_for == f"asset:{photo.asset_id}"
    assert people["keeper"].post(f"/components/{CODE}/photos/", {"photos_uploads": uids[:1]}).status_code == 409
    assert Photo.objects.count() == 1


def test_a_clip_is_no_picture_of_a_component_whichever_way_it_comes(people):
    keeper, content = actor_named("keeper"), film()
    row = begin_upload(actor=keeper, length=len(content), name="ahead.mp4", kind="video/mp4")
    append_upload(row.uid, actor=keeper, offset=0, given=[content])
    for given in (
        {"photos_uploads": [str(row.uid)]},
        {"photos": [SimpleUploadedFile("b.jpg", picture("navy")), SimpleUploadedFile("carried.mp4", content)]},
    ):
        refused = people["keeper"].post(f"/components/{CODE}/photos/", given)
        assert (refused.status_code, Photo.objects.count()) == (415, 0)
        assert "The file is not a JPEG, PNG or WebP picture." in refused.content.decode()
    assert {one.name: one.used_at for one in Upload.objects.all()} == {"ahead.mp4": None, "b.jpg": None}, (
        "the form would be refused again with a clip that it carried along"
    )
