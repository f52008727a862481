"""From looks to incidents, pictures and cases, without any process: frames are given by hand."""

import io
import json
from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
from PIL import Image

from cases import actions as cases
from cases.models import Case, Clue
from core import clock
from core.errors import Conflict, Forbidden, NotFound, Stale
from core.scope import EVERYWHERE, Actor, Ground
from journal.models import Entry
from tests.cases.factories import Town, point
from tests.dashboard.waits import waits
from tests.video.factories import ADMIN, person, put_up, template, zones
from tests.video.painted import SPOT, street
from tests.video.stays import BLUE, RED
from video import actions
from video.actions import leases
from video.actions.desk import Desk, open_desk
from video.actions.incidents import STORM_MOST
from video.actions.looking import look
from video.adapters import pictures
from video.adapters.slot import Frame
from video.contracts import Box, Detection, Detections
from video.models import Camera, Incident, Lease, Rule, Sample, Still, Watch

pytestmark = pytest.mark.django_db
START = 1_795_000_000.0
FAR: Box = (0.32, 0.78, 0.42, 0.94)


def frame(at: float, things: Iterable[tuple[str, Box]] = ()) -> Frame:
    return Frame(1, street(list(things), int(at)), np.zeros((90, 160), np.uint8), at, at, True)


def seen(*boxes: Box, label: str = "car", look: tuple[float, ...] = ()) -> Detections:
    return Detections(tuple(Detection(label, 0.9, box, look) for box in boxes), 320, 180)


def taken(code: str = "corner") -> Desk:
    """The camera's desk, under a new lease."""
    node = leases.enter_node("node-a", uuid4(), 8)
    leases.retake(node)
    leases.take_free(node, 8)
    camera = Camera.objects.get(code=code)
    return open_desk(camera.pk, Lease.objects.get(camera=camera).epoch, START)


def stand(desk: Desk, start: float, end: float, *boxes: Box, step: float = 1.0) -> None:
    """These boxes are seen each second from start to end."""
    at = start
    while at <= end:
        look(desk, frame(at, [("car", box) for box in boxes]), seen(*boxes), at, 20.0)
        at += step


def test_a_stay_over_the_limit_is_one_incident_with_three_pictures_and_one_case(town: Town) -> None:
    put_up()
    desk = taken()
    stand(desk, START, START + 2)
    stand(desk, START + 3, START + 30, SPOT)
    incident, case = Incident.objects.get(), Case.objects.get()
    assert incident.case_number == case.number
    assert incident.violated_at.timestamp() == pytest.approx(START + 11, abs=1.1)
    assert incident.stills.count() == case.evidence.count() == 3
    assert case.trace == incident.trace == incident.uid.hex
    assert Entry.objects.get(kind="video.incident_opened.v1").trace == incident.trace
    assert Sample.objects.count() == 31


def test_the_public_picture_is_blurred_and_annotated_and_the_raw_one_is_not(town: Town) -> None:
    put_up()
    desk = taken()
    stand(desk, START, START + 2)
    stand(desk, START + 3, START + 14, SPOT)
    still = Incident.objects.get().stills.get(moment="threshold")
    raw, public = pictures.fetch(still.raw_sha256), pictures.fetch(still.public_sha256)
    first, second = Image.open(io.BytesIO(raw)), Image.open(io.BytesIO(public))
    assert second.size[1] > first.size[1]
    assert not second.getexif()
    told = still.sidecar
    assert told["rule"] == "vehicle-no-parking"
    assert told["spec"]["dwell"] == 8
    assert told["epoch"] == desk.epoch
    assert told["seen"][0][0] == "car"
    json.dumps(told)


def test_people_are_pixelated_in_the_public_copy() -> None:
    sharp = np.zeros((100, 100, 3), np.uint8)
    sharp[::2] = 255
    person_seen = (Detection("person", 0.2, (0.2, 0.1, 0.6, 0.9)),)
    public = pictures.public_copy(pictures.jpeg(sharp), person_seen, pictures.Notes())
    picture = np.asarray(Image.open(io.BytesIO(public)).convert("L")).astype(int)
    assert picture[20:80, 25:55].std() < 20
    assert picture[20:80, 70:95].std() > 60


def test_two_cars_are_two_incidents_and_two_cases(town: Town) -> None:
    put_up()
    stand(taken(), START, START + 20, SPOT, FAR)
    assert Incident.objects.count() == Case.objects.count() == 2


def test_a_second_look_at_the_same_violation_opens_nothing_more(town: Town) -> None:
    put_up()
    desk = taken()
    stand(desk, START, START + 15, SPOT)
    Watch.objects.all().delete()
    again = taken()
    stand(again, START + 16, START + 60, SPOT)
    assert Incident.objects.count() == Case.objects.count() == 1


def test_a_stale_epoch_writes_nothing_and_the_desk_is_as_before(town: Town) -> None:
    put_up()
    desk = taken()
    stand(desk, START, START + 5, SPOT)
    state, samples = desk.works[0].state, Sample.objects.count()
    taken()
    with pytest.raises(Stale) as refused:
        look(desk, frame(START + 6), seen(SPOT), START + 6)
    assert refused.value.code == "video.stale_epoch"
    assert desk.works[0].state == state
    assert Sample.objects.count() == samples


def test_if_the_case_cannot_be_made_the_incident_waits_for_a_person(town: Town) -> None:
    actions.upsert_template(template("unknown") | {"category": "E9999"}, actor=ADMIN)
    put_up(zones=zones(8, template="unknown"))
    stand(taken(), START, START + 15, SPOT)
    incident = Incident.objects.get()
    assert (incident.review, incident.case_number) == ("pending", "")
    assert not Case.objects.exists()
    judge = Actor("user:1", "judge", {"camera.see": EVERYWHERE, "accept": EVERYWHERE}, user_id=1)
    assert waits(judge, "video") == [("video", f"/video/incidents/{incident.uid}/")]
    looker = Actor("user:2", "looker", {"camera.see": EVERYWHERE, "accept": (Ground(area="1.2"),)}, user_id=2)
    assert waits(looker, "video") == [], "who judges elsewhere does not judge here"


def test_an_error_in_the_middle_leaves_neither_incident_nor_case(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    put_up()
    desk = taken()
    stand(desk, START, START + 6, SPOT)

    def broken(*_args: object, **_more: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("video.actions.looking.keep_latest", broken)
        with pytest.raises(OSError, match="disk full"):
            stand(desk, START + 7, START + 9, SPOT)
        assert not Incident.objects.exists()
        assert not Case.objects.exists()
    stand(desk, START + 10, START + 12, SPOT)
    assert Incident.objects.count() == Case.objects.count() == 1


def test_a_rule_in_shadow_counts_and_one_in_review_waits(town: Town) -> None:
    put_up("shadow", zones=zones(8, mode="shadow"))
    put_up("review", zones=zones(8, mode="review"))
    for code in ("shadow", "review"):
        stand(taken(code), START, START + 12, SPOT)
    found = {one.mode: one for one in Incident.objects.all()}
    assert found["shadow"].review == "none"
    assert found["review"].review == "pending"
    assert not Case.objects.exists()


def test_a_person_who_may_accept_confirms_once_and_the_case_is_reported(town: Town) -> None:
    put_up(zones=zones(8, mode="review"))
    stand(taken(), START, START + 12, SPOT)
    uid = str(Incident.objects.get().uid)
    person("watcher", "camera.see")
    with pytest.raises(Forbidden):
        actions.judge(uid, actor=town.actor("watcher"), right=True)
    found = actions.judge(uid, actor=ADMIN, right=True)
    assert Case.objects.get().number == found.case_number
    assert found.reviewed_by == "admin"
    with pytest.raises(Conflict):
        actions.judge(uid, actor=ADMIN, right=False)


def test_a_case_that_people_reported_here_is_joined_not_doubled(town: Town) -> None:
    put_up()
    lon, lat = point()
    told = cases.report(
        actor=town.actor("collector"),
        source="collector",
        source_ref="c-1",
        category="E0407",
        lon=lon + 0.00005,
        lat=lat,
        photos=[pictures.jpeg(street(()))],
    )
    stand(taken(), START, START + 12, SPOT)
    incident = Incident.objects.get()
    assert incident.joined
    assert incident.case_number == told.number
    assert Case.objects.count() == 1
    assert Clue.objects.get().case.number == told.number


def test_a_storm_is_braked_and_the_rule_rests(town: Town) -> None:
    put_up()
    rule = Rule.objects.get()
    camera = Camera.objects.get()
    now = clock.now()
    for number in range(STORM_MOST):
        Incident.objects.create(
            uid=uuid4(), camera=camera, rule=rule, category="E0407", place=f"x{number}", place_cell=f"x{number}",
            label="car", anchor=[0.9, 0.9, 0.95, 0.95], state="closed", closed_at=now, mode="automatic",
            first_seen=now, last_seen=now, violated_at=now, dwell_seconds=9, epoch=0, trace=f"{number}",
        )  # fmt: skip
    start = now.timestamp()
    stand(taken(), start, start + 12, SPOT)
    incident = Incident.objects.exclude(state="closed").get()
    assert (incident.braked, incident.review, incident.case_number) == (True, "pending", "")
    rule.refresh_from_db()
    assert rule.suspended_until > clock.now()
    assert Entry.objects.filter(kind="video.rule_suspended.v1").count() == 1
    assert not Case.objects.exists()


def test_it_clears_and_comes_back_as_the_same_incident_and_the_same_case(town: Town) -> None:
    actions.upsert_template(template("quick", clear_seconds=5), actor=ADMIN)
    put_up(zones=zones(8, template="quick"))
    desk = taken()
    stand(desk, START, START + 12, SPOT)
    stand(desk, START + 13, START + 30)
    incident = Incident.objects.get()
    assert incident.state == "cleared"
    assert incident.stills.filter(moment="after").count() == 1
    stand(desk, START + 60, START + 75, SPOT)
    incident.refresh_from_db()
    assert (incident.state, incident.recurrence, incident.cleared_at) == ("persisting", 1, None)
    stand(desk, START + 76, START + 90)
    stand(desk, START + 100, START + 2100, step=60)
    incident.refresh_from_db()
    assert incident.state == "closed"
    assert incident.closed_at is not None
    assert Case.objects.count() == Incident.objects.count() == 1
    assert Case.objects.get().stage == "reported"
    assert Clue.objects.count() == 3


def test_a_stay_that_comes_to_nothing_leaves_no_picture(town: Town) -> None:
    put_up()
    desk = taken()
    stand(desk, START, START + 5, SPOT)
    assert Still.objects.filter(moment="first").exists()
    stand(desk, START + 6, START + 90)
    assert not Still.objects.exclude(moment="latest").exists()


def test_another_thing_at_the_spot_is_another_stay(town: Town) -> None:
    put_up()
    desk = taken()
    for second in range(14):
        colour = RED if second < 7 else BLUE
        look(desk, frame(START + second), seen(SPOT, look=colour), START + second)
    assert not Incident.objects.exists()
    for second in range(14, 18):
        look(desk, frame(START + second), seen(SPOT, look=BLUE), START + second)
    assert Incident.objects.get().first_seen.timestamp() == START + 7


def test_leases_go_round_free_ones_are_taken_dead_ones_expire_and_a_former_self_is_out(town: Town) -> None:
    put_up("one")
    put_up("two")
    first = leases.enter_node("node-a", uuid4(), 8)
    mine = leases.take_free(first, 1)
    assert len(mine) == 1
    other = leases.enter_node("node-b", uuid4(), 8)
    theirs = leases.take_free(other, 8)
    assert len(theirs) == 1
    assert leases.take_free(other, 8) == {}
    assert leases.renew(first, mine) == set(mine)

    later = clock.now() + timedelta(seconds=21)
    clock.set_source(lambda: later)
    assert leases.renew(other, theirs) == set(theirs)
    assert set(leases.take_free(other, 8)) == set(mine)
    assert leases.renew(first, mine) == set()

    reborn = leases.enter_node("node-b", uuid4(), 8)
    back = leases.retake(reborn)
    assert set(back) == {*mine, *theirs}
    assert all(epoch >= 2 for epoch in back.values())
    assert leases.renew(other, theirs) == set()


def test_a_disabled_or_quarantined_camera_is_not_taken(town: Town) -> None:
    put_up("one")
    put_up("two")
    actions.change_camera("one", enabled=False, actor=ADMIN)
    Camera.objects.filter(code="two").update(quarantined_until=clock.now() + timedelta(minutes=5))
    assert leases.take_free(leases.enter_node("node-a", uuid4(), 8), 8) == {}


def test_reconcile_tidies_up_after_a_dead_node(town: Town) -> None:
    put_up()
    desk = taken()
    stand(desk, START, START + 4, SPOT)
    Camera.objects.update(state="online")
    later = clock.now() + timedelta(hours=10)
    clock.set_source(lambda: later)
    assert actions.reconcile()
    assert Camera.objects.get().state == "idle"
    assert not Sample.objects.exists()
    assert not Still.objects.exclude(moment="latest").exists()


def test_the_original_needs_the_right_to_see_people_and_is_journalled(town: Town) -> None:
    put_up()
    stand(taken(), START, START + 12, SPOT)
    still = Incident.objects.get().stills.first()
    watcher = person("watcher", "camera.see")
    officer = person("officer", "camera.see", "person.see")
    person("stranger", "camera.see", area="449900.449902")
    assert actions.open_still(still.pk, "public", actor=town.actor("watcher"))
    with pytest.raises(Forbidden):
        actions.open_still(still.pk, "raw", actor=town.actor("watcher"))
    with pytest.raises(NotFound):
        actions.open_still(still.pk, "public", actor=town.actor("stranger"))
    assert actions.open_still(still.pk, "raw", actor=town.actor("officer"))
    (told,) = Entry.objects.filter(kind="video.picture_opened.v1")
    assert told.user_id == officer.pk != watcher.pk


def test_an_altered_picture_is_not_served(town: Town) -> None:
    sha256 = pictures.keep(pictures.jpeg(street(())))
    pictures._path(sha256).write_bytes(b"something else")
    with pytest.raises(NotFound):
        pictures.fetch(sha256)
