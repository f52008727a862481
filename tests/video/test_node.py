"""The whole way from an RTSP stream to a case, with real processes and a detector that sees painted blocks."""

import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest

from cases.models import Case, Clue
from core import clock
from journal.models import Entry
from tests.cases.factories import Town
from tests.video.conftest import Cameras
from tests.video.factories import ADMIN, put_up, template, zones
from video import actions
from video.actions import leases
from video.actions.node import Analyst
from video.contracts import CameraState
from video.models import Camera, Incident, Lease, Sample, Still, Watch

pytestmark = [pytest.mark.rtsp, pytest.mark.django_db(transaction=True)]
DWELL = 4


@pytest.fixture
def node(town: Town) -> Iterator[Analyst]:
    """A node in this process."""
    analyst = Analyst("node-a", capacity=4)
    yield analyst
    analyst.close()


def work_until(analyst: Analyst, what: Callable[[], object], seconds: float = 90.0) -> float:
    """The node works until something is true; returns how long that took."""
    started = time.monotonic()
    analyst.work(seconds, lambda: bool(what()))
    assert what(), f"not within {seconds} s"
    return time.monotonic() - started


def looked(code: str) -> bool:
    return Sample.objects.filter(camera__code=code).exists()


def half_way() -> bool:
    """Something stands there and is not yet a violation: no single look can step over both of these phases."""
    return Watch.objects.filter(state__places__0__phase__in=["candidate", "suspect"]).exists()


def watched(rtsp: Cameras, node: Analyst, code: str, film: str = "one-car", login: str = "", **rule: object) -> None:
    """A camera stands, and the node has looked at its empty street."""
    rtsp.put_up(code, film)
    put_up(code, url=rtsp.url(code).replace("rtsp://", f"rtsp://{login}"), zones=zones(DWELL, **rule))
    work_until(node, lambda: looked(code))


def test_a_car_in_the_zone_becomes_one_case_in_time_and_a_car_beside_it_none(
    node: Analyst, rtsp: Cameras, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    watched(rtsp, node, "beside", "car-beside")
    watched(rtsp, node, "corner", login="operator:Geheim-7@")
    rtsp.start("beside")
    rtsp.start("corner")
    took = work_until(node, Case.objects.exists)
    assert DWELL <= took <= DWELL + 20
    node.work(2)
    case, incident, camera = Case.objects.get(), Incident.objects.get(), Camera.objects.get(code="corner")
    assert (case.source, case.category.code) == ("camera", "E0407")
    assert case.source_ref == f"corner:{incident.uid}"
    assert case.incident == str(incident.uid)
    assert incident.case_number == case.number
    assert incident.dwell_seconds >= DWELL
    told = Entry.objects.get(kind="case.reported.v1", subject=case.number)
    assert told.trace == incident.trace == case.trace
    moments = list(Still.objects.filter(incident=incident).order_by("at").values_list("moment", flat=True))
    assert moments == ["before", "first", "threshold"]
    assert case.evidence.count() == 3
    assert (camera.state, camera.fault) == (CameraState.ONLINE, "")
    assert 0 < camera.promised_interval <= camera.achieved_interval + 5
    assert Sample.objects.filter(camera__code="beside").exclude(seen=[]).exists()
    assert "Geheim-7" not in caplog.text
    assert all("Geheim-7" not in str(data) for data in Entry.objects.values_list("data", flat=True))
    assert "Geheim-7" not in camera.secret_url


def test_killing_the_decoder_and_the_detector_in_the_middle_gives_exactly_one_case(
    node: Analyst, rtsp: Cameras
) -> None:
    actions.upsert_template(template("patient", longest_gap=600), actor=ADMIN)
    watched(rtsp, node, "midway", template="patient")
    rtsp.start("midway")
    work_until(node, half_way)
    (seat,) = node.seats.values()
    os.kill(seat.stream.pid, signal.SIGKILL)
    os.kill(node.inference.pid, signal.SIGKILL)
    work_until(node, Case.objects.exists)
    node.work(2)
    assert Case.objects.count() == Incident.objects.count() == 1


def test_a_restarted_node_takes_its_cameras_back_at_once_and_goes_on_counting(town: Town, rtsp: Cameras) -> None:
    first, second = Analyst("node-a", capacity=4), Analyst("node-a", capacity=4)
    try:
        actions.upsert_template(template("patient", longest_gap=600), actor=ADMIN)
        watched(rtsp, first, "again", template="patient")
        rtsp.start("again")
        work_until(first, half_way)
        seen = Watch.objects.get().state["places"][0]["first_seen"]
        held_until = Lease.objects.get().expires_at
        work_until(second, lambda: Lease.objects.get().epoch == 2)
        assert Lease.objects.get().taken_at < held_until, "it did not wait for its own lease to run out"
        work_until(second, Case.objects.exists)
        assert Incident.objects.get().first_seen.timestamp() == pytest.approx(seen, abs=0.01)
        work_until(first, lambda: first.seats == {})
        assert Lease.objects.get().epoch == 2
        assert Case.objects.count() == 1
    finally:
        first.close()
        second.close()


def test_the_place_that_empties_gives_the_after_picture_and_a_clue(node: Analyst, rtsp: Cameras) -> None:
    actions.upsert_template(template("quick", clear_seconds=4, clear_looks=2), actor=ADMIN)
    watched(rtsp, node, "leaves", template="quick")
    rtsp.start("leaves")
    work_until(node, Case.objects.exists)
    rtsp.end("leaves")
    work_until(node, lambda: Incident.objects.filter(state="cleared").exists())
    incident = Incident.objects.get()
    assert incident.stills.filter(moment="after").count() == 1
    assert Clue.objects.get().case.number == incident.case_number
    assert Entry.objects.filter(kind="video.incident_cleared.v1", trace=incident.trace).count() == 1
    assert Case.objects.get().stage == "reported"


def test_a_changed_address_is_noticed_and_a_node_that_lost_its_lease_writes_nothing(
    node: Analyst, rtsp: Cameras
) -> None:
    rtsp.put_up("there")
    put_up("moves", url="rtsp://127.0.0.1:9/nowhere", zones=zones(DWELL))
    work_until(node, lambda: Camera.objects.filter(state=CameraState.DEGRADED).exists())
    actions.change_camera("moves", url=rtsp.url("there"), actor=ADMIN)
    work_until(node, lambda: looked("moves"), 40)

    later = clock.now() + timedelta(seconds=30)
    clock.set_source(lambda: later)
    rival = leases.enter_node("node-b", uuid4(), 4)
    assert leases.take_free(rival, 4) == {Camera.objects.get().pk: 2}
    clock.set_source(None)
    before = Sample.objects.count()
    node.work(3)
    work_until(node, lambda: node.seats == {})
    assert Sample.objects.count() == before
