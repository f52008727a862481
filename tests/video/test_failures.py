"""Rows of the table of failures (video.md 4.9) that no other test shows."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from django.db import connection

from tests.video.factories import put_up
from tests.video.painted import FPS, SPOT, ZONE, clip, street
from tests.video.stays import Stay, run, spec, times, violations
from video import actions
from video.actions.node import Analyst
from video.actions.quarantine import _ADVISORY_KEY
from video.adapters import addresses
from video.adapters.decode import Pace, decoded
from video.adapters.scripted import Scripted
from video.adapters.slot import Slot, make_slot
from video.models import AllowedSource, Camera, CameraFault, Lease
from video.rules.dwell import Happening, fold
from video.rules.places import Spec, State
from video.rules.sampling import pause_after
from video.rules.wishes import pinned

HOUR = 3600.0


class Asked(dict[str, Any]):
    """What a parent asks of a decoder that runs in this process."""


def looked_through(path: Path, interval: float = 1.0) -> tuple[list[Happening], list[tuple[int, int]]]:
    """What a rule finds in a file that is read in this process, and the sizes of its frames."""
    order = {"url": str(path), "live": False, "interval": interval}
    rule, state, told, sizes = Spec(frozenset({"car"}), ZONE, 8.0), State(), [], []
    pace = Pace(Asked(order), live=False)
    for rgb, _glance, pts, _key in decoded(order, Slot(make_slot()), pace):
        state, news = fold(state, Scripted().detect([rgb])[0], pts, rule)
        told += news
        sizes.append((rgb.shape[1], rgb.shape[0]))
    return told, sizes


def test_a_stream_that_fails_again_and_again_is_asked_less_and_less_often() -> None:
    assert [pause_after(failures) for failures in range(8)] == [0.0, 1.0, 2.0, 5.0, 15.0, 60.0, 60.0, 60.0]


def test_damaged_bytes_make_no_incident_and_hide_none_that_stands_long_enough(tmp_path: Path) -> None:
    clean = clip(tmp_path / "clean.mp4", [(2, ()), (20, [("car", SPOT)])])
    empty = clip(tmp_path / "empty.mp4", [(12, ())])
    found, _sizes = looked_through(clean)
    assert len(violations(found)) == 1
    for path, expected in ((clean, 1), (empty, 0)):
        content = bytearray(path.read_bytes())
        draw = np.random.default_rng(4)
        body = content.index(b"mdat") + 64, content.rindex(b"moov") - 64
        for place in draw.integers(body[0], body[1], 20):
            content[place] ^= int(draw.integers(1, 256))
        damaged = path.with_stem(f"{path.stem}-damaged")
        damaged.write_bytes(content)
        again, _sizes = looked_through(damaged)
        assert len(violations(again)) == expected, path.name


def test_a_stream_that_changes_its_size_in_the_middle_stays_the_same_street(tmp_path: Path) -> None:
    """Zones and boxes are shares of the picture, so the car that stands there goes on standing."""
    path = tmp_path / "sizes.h264"
    with path.open("wb") as written:
        for width, height in ((320, 180), (640, 360)):
            context: Any = av.CodecContext.create("libx264", "w")
            context.width, context.height, context.pix_fmt = width, height, "yuv420p"
            context.framerate, context.time_base = Fraction(FPS), Fraction(1, FPS)
            context.options = {"preset": "ultrafast", "crf": "14", "bf": "0", "x264-params": "repeat-headers=1"}
            picture = av.VideoFrame.from_ndarray(street([("car", SPOT)]), format="rgb24")
            for number in range(2 * FPS):
                frame = picture.reformat(width=width, height=height, format="yuv420p")
                frame.pts = number
                for packet in context.encode(frame):
                    written.write(bytes(packet))
            for packet in context.encode(None):
                written.write(bytes(packet))
    order = {"url": str(path), "live": False, "interval": 0.0}
    pace = Pace(Asked(order), live=False)
    sizes, boxes = set(), []
    for rgb, glance, _pts, _key in decoded(order, Slot(make_slot()), pace):
        sizes.add((rgb.shape[1], rgb.shape[0]))
        assert glance.shape == (90, 160)
        boxes += [one.box for one in Scripted().detect([rgb])[0].items]
    assert sizes == {(320, 180), (640, 360)}
    assert np.ptp(np.array(boxes), axis=0).max() < 0.02


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_clock_that_jumps_an_hour_makes_no_violation_of_a_short_stay(jump: float) -> None:
    before, after = times(0, 30, 2), times(32 + jump, 50 + jump, 2)
    stays = [Stay(0, 30), Stay(32 + jump, 50 + jump)]
    state, news = run(stays, before, spec(60))
    _state, more = run(stays, after, spec(60), state=state)
    assert violations([*news, *more]) == []


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_a_clock_that_jumps_an_hour_clears_nothing_that_stands(jump: float) -> None:
    state, news = run([Stay(0, 90)], times(0, 90, 2), spec(60))
    assert len(violations(news)) == 1
    stays = [Stay(92 + jump, 200 + jump)]
    _state, more = run(stays, times(92 + jump, 200 + jump, 2), spec(60), state=state)
    assert not [one for one in more if one.what in ("cleared", "closed", "violation")]


@pytest.mark.django_db
def test_of_two_beats_only_one_tidies_up(bare: None) -> None:
    put_up()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_KEY])
        assert not actions.reconcile()
        assert not Lease.objects.exists()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_KEY])
    finally:
        other.close()
    assert actions.reconcile()
    assert Lease.objects.count() == 1


def test_a_name_is_resolved_once_and_user_port_and_path_stay() -> None:
    assert pinned("rtsp://u:p%40@cam.city:554/a?b=1", "10.1.2.3") == "rtsp://u:p%40@10.1.2.3:554/a?b=1"
    assert pinned("rtsp://cam.city/a", "fd00::1") == "rtsp://[fd00::1]/a"
    assert pinned("https://cam.city/a", "10.1.2.3") == "https://cam.city/a"


@pytest.mark.django_db
def test_a_host_that_nobody_knows_now_is_an_unreachable_camera_not_a_forbidden_one(
    bare: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_up()
    monkeypatch.setattr(addresses, "resolve", lambda _host: [])
    node = Analyst("node-x", 4)
    try:
        node.turn()
    finally:
        node.close()
    camera = Camera.objects.get()
    assert (camera.state, camera.fault) == ("down", "refused")


@pytest.mark.django_db
def test_a_stream_whose_network_is_not_allowed_any_more_is_not_opened_and_said_to_be_so(bare: None) -> None:
    put_up()
    AllowedSource.objects.all().delete()
    node = Analyst("node-x", 4)
    try:
        node.turn()
        assert node.seats == {}
    finally:
        node.close()
    camera = Camera.objects.get()
    assert (camera.state, camera.fault) == ("down", "forbidden_source")
    assert CameraFault.objects.get().kind == "forbidden_source"
