"""Zones and rules as data: who may draw them, what is refused, what stays of them, and when they hold."""

import io
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from PIL import Image

from core import clock
from core.errors import Conflict, Invalid, NotFound, Stale
from journal.models import Entry
from tests.cases.factories import Town, names
from tests.video.factories import ADMIN, OTHER_DISTRICT, person, put_up, ready, template, zones
from tests.video.painted import SPOT, ZONE
from tests.video.test_incidents import START, seen, stand, taken
from video import actions, selectors
from video.models import Camera, Incident, Rule, Sample, Zone, ZoneVersion
from video.rules.wishes import new_zone

pytestmark = pytest.mark.django_db
ELSEWHERE = [[0.0, 0.0], [0.2, 0.0], [0.2, 0.2]]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def drawn(code: str = "kerb", polygon: Any = None, **rule: Any) -> Any:
    """A zone as the API and the page ask for it, with one rule."""
    at_work = {"template": "vehicle-no-parking", **rule}
    corners = polygon or [list(point) for point in ZONE]
    return new_zone({"code": code, "names": names("路侧", "Kerb"), "polygon": corners, "rules": [at_work]})


def test_every_change_of_a_zone_is_a_version_that_stays_and_a_node_takes_it_up(bare: None) -> None:
    put_up()
    before = taken().mark
    actions.save_zone("corner", drawn(dwell_seconds=40), expected=1, actor=ADMIN, note="construction")
    zone = Zone.objects.get()
    told = ZoneVersion.objects.filter(zone=zone).values_list("revision", "body__rules__0__dwell_seconds", "note")
    assert list(told) == [(2, 40.0, "construction"), (1, 8.0, "")]
    assert Entry.objects.filter(kind="video.zone_changed.v1", data__revision=2).count() == 1
    desk = taken()
    assert desk.mark != before
    assert (desk.works[0].spec.dwell, desk.works[0].revision) == (40.0, 2)


def test_who_read_an_older_version_changes_nothing(bare: None) -> None:
    put_up()
    actions.save_zone("corner", drawn(dwell_seconds=40), expected=1, actor=ADMIN)
    with pytest.raises(Stale):
        actions.save_zone("corner", drawn(dwell_seconds=50), expected=1, actor=ADMIN)
    with pytest.raises(Stale):
        actions.remove_zone("corner", "kerb", expected=1, actor=ADMIN)
    assert Rule.objects.get().dwell_seconds == 40.0
    assert ZoneVersion.objects.count() == 2


def test_a_removed_zone_is_watched_no_more_and_keeps_its_incidents_and_versions(bare: None) -> None:
    put_up()
    stand(taken(), START, START + 12, SPOT)
    actions.remove_zone("corner", "kerb", expected=1, actor=ADMIN)
    assert taken().works == []
    assert Incident.objects.count() == 1
    assert ZoneVersion.objects.filter(body__retired=True).count() == 1
    actions.save_zone("corner", drawn(), expected=0, actor=ADMIN)
    assert [work.zone for work in taken().works] == ["kerb"]
    assert Zone.objects.get().revision == 3


def test_a_rule_that_is_not_wished_for_any_more_rests(bare: None) -> None:
    put_up()
    actions.upsert_template(template("no-trucks"), actor=ADMIN)
    actions.save_zone("corner", drawn(template="no-trucks"), expected=1, actor=ADMIN)
    assert [work.template for work in taken().works] == ["no-trucks"]
    assert list(Rule.objects.filter(enabled=False).values_list("template__code", flat=True)) == ["vehicle-no-parking"]


def test_what_no_validated_model_finds_never_reports_by_itself(bare: None) -> None:
    put_up()
    stalls = {**template("street-stall"), "labels": ["stall"], "mode": "review"}
    actions.upsert_template(stalls, actor=ADMIN)
    for wanted in ({"mode": "automatic"}, {"mode": "review", "ceiling": "automatic"}):
        with pytest.raises(Conflict) as refused:
            actions.save_zone("corner", drawn("pavement", template="street-stall", **wanted), expected=0, actor=ADMIN)
        assert refused.value.code == "video.no_validated_model"
    assert not Zone.objects.filter(code="pavement").exists()
    actions.save_zone("corner", drawn("pavement", template="street-stall"), expected=0, actor=ADMIN)
    assert Rule.objects.get(zone__code="pavement").mode == "review"


def test_a_rule_asks_a_person_once_its_pack_names_what_no_validated_model_finds(bare: None) -> None:
    put_up()
    assert [str(work.mode) for work in taken().works] == ["automatic"]
    actions.upsert_template({**template("vehicle-no-parking"), "labels": ["car", "stall"]}, actor=ADMIN)
    desk = taken()
    assert [str(work.mode) for work in desk.works] == ["review"]
    stand(desk, START, START + 12, SPOT)
    assert Incident.objects.get().review == "pending"


def test_a_rule_whose_pack_does_not_vouch_for_it_asks_first_and_rises_later(bare: None) -> None:
    put_up()
    actions.upsert_template({**template("bicycles"), "labels": ["bicycle"], "mode": "review"}, actor=ADMIN)
    actions.save_zone("corner", drawn("rack", template="bicycles", mode="automatic"), expected=0, actor=ADMIN)
    rule = Rule.objects.get(zone__code="rack")
    assert (rule.mode, rule.ceiling) == ("review", "automatic")


def test_only_what_the_rule_knows_can_be_exempt_and_something_must_be_left(bare: None) -> None:
    put_up()
    actions.upsert_template({**template("vehicles"), "labels": ["car", "truck"]}, actor=ADMIN)
    for exempt in (["bus"], ["car", "truck"]):
        with pytest.raises(Invalid):
            actions.save_zone("corner", drawn("bay", template="vehicles", exempt=exempt), expected=0, actor=ADMIN)
    actions.save_zone("corner", drawn("bay", template="vehicles", exempt=["truck"]), expected=0, actor=ADMIN)
    (work,) = [work for work in taken().works if work.zone == "bay"]
    assert work.spec.labels == {"car"}


def test_somebody_of_another_district_neither_sees_nor_changes_zones(town: Town) -> None:
    put_up()
    far = Client()
    far.force_login(person("far", "admin", "camera.see", area=OTHER_DISTRICT))
    assert far.get("/video/cameras/corner/zones/").status_code == 404
    assert far.post("/video/cameras/corner/zones/kerb/remove/", {"revision": "1"}).status_code == 404
    with pytest.raises(NotFound):
        actions.save_zone("nowhere", drawn(), expected=0, actor=ADMIN)
    assert Zone.objects.get().retired is False


def test_while_a_rule_rests_nothing_counts_and_nothing_is_cleared(bare: None) -> None:
    ready()
    night = {"schedule": {"hours": [["22:00", "06:00"]]}}
    put_up(zones=zones(8, **night))
    noon = datetime(2026, 11, 30, 12, 0, tzinfo=SHANGHAI).timestamp()
    stand(taken(), noon, noon + 30, SPOT)
    assert not Incident.objects.exists()
    assert Sample.objects.count() == 31
    late = datetime(2026, 11, 30, 22, 30, tzinfo=SHANGHAI).timestamp()
    desk = taken()
    stand(desk, late, late + 12, SPOT)
    assert Incident.objects.get().dwell_seconds >= 8
    morning = datetime(2026, 12, 1, 6, 0, tzinfo=SHANGHAI).timestamp()
    stand(desk, morning, morning + 90)
    assert Incident.objects.get().state in ("violation", "persisting")


def page(**changes: str) -> dict[str, str]:
    """The form of the editor, filled in."""
    given = {
        "code": "kerb", "zh": "路侧", "en": "Kerb", "polygon": "30, 30\n90, 30\n90, 95", "revision": "1", "note": "",
        "rule-vehicle-no-parking-on": "on", "rule-vehicle-no-parking-mode": "review",
        "rule-vehicle-no-parking-days": "workdays", "rule-vehicle-no-parking-hours": "7:00-9:00; 22:00-06:00",
        "rule-vehicle-no-parking-market": "except", "rule-vehicle-no-parking-market_days": "3 8 2027-02-11",
        "rule-vehicle-no-parking-dwell_seconds": "90", "rule-vehicle-no-parking-cluster": "", "act": "save",
    }  # fmt: skip
    return {**given, **changes}


@pytest.fixture
def admin(town: Town) -> Client:
    put_up()
    client = Client()
    client.force_login(person("keeper", "admin", "camera.see"))
    return client


ZONE_PAGE = "/video/cameras/corner/zones/kerb/"


def test_the_editor_saves_what_its_form_says(admin: Client) -> None:
    assert admin.post(ZONE_PAGE, page()).status_code == 302
    rule = Rule.objects.get()
    assert rule.zone.polygon == [[0.3, 0.3], [0.9, 0.3], [0.9, 0.95]]
    assert (rule.mode, rule.ceiling, rule.dwell_seconds, rule.cluster) == ("review", "review", 90.0, None)
    assert rule.schedule == {
        "days": "workdays", "hours": [["07:00", "09:00"], ["22:00", "06:00"]], "market": "except",
        "market_digits": [3, 8], "market_dates": ["2027-02-11"],
    }  # fmt: skip
    told = admin.get(ZONE_PAGE).content.decode()
    assert "07:00-09:00; 22:00-06:00" in told
    assert "3 8 2027-02-11" in told
    assert "style=" not in told


def test_a_zone_may_be_called_anything_and_is_still_found(admin: Client) -> None:
    saved = admin.post("/video/cameras/corner/zones/", page(code="new", revision="0"), follow=True).content.decode()
    assert "/video/cameras/corner/zones/new/remove/" in saved
    assert admin.post("/video/cameras/corner/zones/new/remove/", {"revision": "1"}).status_code == 302
    assert [zone.code for zone in Zone.objects.filter(retired=False)] == ["kerb"]


WRONG: tuple[dict[str, str], ...] = (
        {"polygon": "30, 30\n90, 30"}, {"polygon": "30, 30\n90, 30\n90, 195"}, {"polygon": "1e30 5\n2 2\n3 3"},
        {"polygon": "10 10\n90 90\n90 10\n10 90"}, {"polygon": "nan, 1\n2, 2\n3, 3"},
        {"rule-vehicle-no-parking-hours": "25:00-26:00"}, {"rule-vehicle-no-parking-hours": "early"},
        {"rule-vehicle-no-parking-market_days": "2027-02-31"}, {"rule-vehicle-no-parking-market_days": "x"},
        {"rule-vehicle-no-parking-market_days": ""}, {"rule-vehicle-no-parking-dwell_seconds": "nan"},
        {"rule-vehicle-no-parking-dwell_seconds": "1e30"}, {"rule-vehicle-no-parking-cluster": "0"},
        {"rule-vehicle-no-parking-exempt": "car"}, {"zh": "路\x00侧"}, {"zh": ""}, {"revision": "0"},
        {"rule-vehicle-no-parking-mode": "magic"}, {"act": "dance"},
)  # fmt: skip


def test_what_cannot_be_is_said_in_the_form_and_nothing_changes(admin: Client) -> None:
    for wrong in WRONG:
        assert admin.post(ZONE_PAGE, page(**wrong)).status_code in (400, 404, 409, 412), wrong
    assert Zone.objects.get().revision == 1
    assert Rule.objects.get().dwell_seconds == 8.0


def test_a_changed_rule_is_tried_on_what_the_camera_remembers_before_it_is_saved(admin: Client) -> None:
    begun = (clock.now() - timedelta(minutes=20)).timestamp()
    camera = Camera.objects.get()
    for second in range(0, 120, 2):
        told = [["car", 0.9, list(SPOT)]] if second < 100 else []
        at = datetime.fromtimestamp(begun + second, tz=SHANGHAI)
        Sample.objects.create(camera=camera, at=at, epoch=1, seen=told)
    plain = {
        "polygon": "30, 30\n90, 30\n90, 95\n30, 95", "rule-vehicle-no-parking-days": "all", "act": "try",
        "rule-vehicle-no-parking-hours": "", "rule-vehicle-no-parking-market": "",
        "rule-vehicle-no-parking-market_days": "",
    }  # fmt: skip
    admin.cookies["django_language"] = "en"
    short = admin.post(ZONE_PAGE, page(**{**plain, "rule-vehicle-no-parking-dwell_seconds": "60"})).content.decode()
    long = admin.post(ZONE_PAGE, page(**{**plain, "rule-vehicle-no-parking-dwell_seconds": "110"})).content.decode()
    assert "1 incident in 60 looks" in short
    assert "0 incidents in 60 looks" in long
    assert Zone.objects.get().revision == 1
    assert not Incident.objects.exists()


def test_a_replay_finds_what_the_live_rule_found(bare: None) -> None:
    put_up()
    begun = clock.now().timestamp() - 60
    stand(taken(), begun, begun + 12, SPOT)
    line = selectors.rule_lines(Zone.objects.get())[0]
    spec = selectors.spec_here(line.template, ZONE, 8.0, [], None)
    again = selectors.replayed(Camera.objects.get(), line.template, spec, {})
    assert len(again.found) == Incident.objects.count() == 1
    assert seen(SPOT).items[0].label == again.found[0][2]


def test_the_picture_to_draw_on_is_as_high_as_the_cameras_and_shows_no_face(admin: Client) -> None:
    """With the strip of text below it every corner would stand too high."""
    stand(taken(), START, START + 1, SPOT)
    sizes = {}
    for query in ("", "?plain=1"):
        answer = admin.get(f"/api/cameras/corner/picture{query}")
        sizes[query] = Image.open(io.BytesIO(answer.content)).size
    assert sizes["?plain=1"] == (320, 180)
    assert sizes[""][1] > 180
    assert "picture?plain=1" in admin.get(ZONE_PAGE).content.decode()
