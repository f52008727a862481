"""Decoder processes: newest frame, silence, crashes, and nothing secret where others can read it."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.video.conftest import Cameras
from tests.video.painted import HEIGHT, SPOT, WIDTH, clip
from video.adapters import streams
from video.adapters.scripted import Scripted
from video.adapters.slot import Frame, Slot, make_slot
from video.adapters.streams import Source, Stream
from video.contracts import CameraState, Fault

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "video"


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder that takes long to begin, because others are at work here, is not a silent one."""
    monkeypatch.setattr(streams, "SILENT_SECONDS", 120.0)


def until(what: Callable[[], object], seconds: float = 120.0) -> object:
    """Waits for something to be true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.03)
    raise AssertionError(f"not within {seconds} s")


def ticked(stream: Stream) -> Frame | None:
    stream.tick()
    return stream.newest()


def all_frames(stream: Stream, most: int = 400) -> list[Frame]:
    """Every frame of a file, one after another."""
    frames: list[Frame] = []
    end = time.monotonic() + 120
    stream.tick()
    stream.step()
    while not stream.ended and len(frames) < most and time.monotonic() < end:
        frame = ticked(stream)
        if frame is not None:
            frames.append(frame)
            stream.step()
        time.sleep(0.002)
    stream.close()
    return frames


def test_a_slot_gives_the_newest_frame_whole_while_it_is_overwritten() -> None:
    fd = make_slot()
    writer, reader = Slot(fd), Slot(fd)
    stop = threading.Event()

    def write() -> None:
        shade = 0
        while not stop.is_set():
            shade = (shade + 1) % 250
            writer.write(np.full((360, 640, 3), shade, np.uint8), np.full((90, 160), shade, np.uint8), 1.0, 2.0, True)
            time.sleep(0.0005)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        seen = []
        end = time.monotonic() + 60
        while len(seen) < 100 and time.monotonic() < end:
            frame = reader.read()
            seen += [frame] if frame is not None else []
    finally:
        stop.set()
        thread.join()
    assert len(seen) == 100
    assert all(frame.rgb.min() == frame.rgb.max() == frame.glance.max() for frame in seen)
    writer.close()
    reader.close()
    os.close(fd)


@pytest.mark.usefixtures("patient")
def test_a_file_is_read_in_its_own_time_without_losing_a_frame(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4", [(4, ()), (4, [("car", SPOT)])])
    frames = all_frames(Stream(Source(str(path), live=False, interval=0.2)))
    assert len(frames) == 40
    assert [round(frame.pts, 1) for frame in frames[:3]] == [0.0, 0.2, 0.4]
    seen = Scripted().detect([frame.rgb for frame in frames])
    assert [len(one.items) for one in seen] == [0] * 20 + [1] * 20


@pytest.mark.usefixtures("patient")
def test_what_lies_behind_a_mask_is_never_in_a_frame(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4", [(1, [("car", SPOT)])])
    mask = [[0.4, 0.4], [0.8, 0.4], [0.8, 0.8], [0.4, 0.8]]
    (frame, *_rest) = all_frames(Stream(Source(str(path), masks=[mask], live=False, interval=0.2)))
    assert frame.rgb[int(0.6 * HEIGHT), int(0.6 * WIDTH)].tolist() == [0, 0, 0]
    assert frame.rgb[10, 10].tolist() != [0, 0, 0]


@pytest.mark.rtsp
@pytest.mark.usefixtures("patient")
def test_a_live_stream_gives_fresh_frames_and_its_address_is_not_in_the_process_list(rtsp: Cameras) -> None:
    rtsp.put_up("fresh")
    stream = Stream(Source(rtsp.url("fresh").replace("rtsp://", "rtsp://operator:Geheim-7@"), interval=1.0))
    try:
        first = until(lambda: ticked(stream))
        second = until(lambda: ticked(stream))
        assert second.seq > first.seq
        assert second.mono > first.mono
        assert stream.state is CameraState.ONLINE
        line = Path(f"/proc/{stream.pid}/cmdline").read_bytes()
        surroundings = Path(f"/proc/{stream.pid}/environ").read_bytes()
        assert b"Geheim-7" not in line
        assert b"SECRET_KEY" not in surroundings
        assert b"DATABASE_URL" not in surroundings
    finally:
        stream.close()
    assert stream.pid is None


@pytest.mark.rtsp
@pytest.mark.usefixtures("patient")
def test_a_killed_decoder_comes_back_by_itself(rtsp: Cameras) -> None:
    rtsp.put_up("killed")
    stream = Stream(Source(rtsp.url("killed")))
    try:
        until(lambda: ticked(stream))
        before = stream.pid
        os.kill(before, signal.SIGKILL)
        until(lambda: ticked(stream) and stream.pid != before)
        assert stream.crashes == 1
        assert stream.state is CameraState.ONLINE
    finally:
        stream.close()


def test_a_stream_that_says_nothing_is_given_up_within_ten_seconds() -> None:
    now = [0.0]
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(60)
        stream = Stream(Source(f"rtsp://127.0.0.1:{server.getsockname()[1]}/silent"), mono=lambda: now[0])
        try:
            stream.tick()
            connected, _ = server.accept()
            now[0] = streams.SILENT_SECONDS - 0.1
            stream.tick()
            assert (stream.failures, stream.pid is None) == (0, False)
            now[0] += 1.0
            stream.tick()
            assert now[0] < 10
            assert stream.failures == 1
            assert stream.state is CameraState.DEGRADED
            assert stream.pid is None
            connected.close()
        finally:
            stream.close()


@pytest.mark.usefixtures("patient")
def test_a_stream_that_is_not_there_is_refused_not_crashed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        stream = Stream(Source(f"rtsp://127.0.0.1:{taken.getsockname()[1]}/nobody"))
        try:
            until(lambda: (stream.tick(), stream.failures)[1])
            assert (stream.fault, stream.crashes) == (Fault.REFUSED, 0)
        finally:
            stream.close()


def test_a_decoder_that_hangs_is_killed_by_the_watchdog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert streams.SILENT_SECONDS < 10
    monkeypatch.setattr(streams, "SILENT_SECONDS", 2.0)
    path = clip(tmp_path / "a.mp4", [(2, ())])
    stream = Stream(Source(str(path), live=False))
    stream.tick()
    hung = stream.pid
    os.kill(hung, signal.SIGSTOP)
    try:
        until(lambda: (stream.tick(), stream.failures)[1])
        assert stream.fault is Fault.NO_FRAMES
        with pytest.raises(ProcessLookupError):
            os.kill(hung, 0)
    finally:
        stream.close()


def test_three_crashes_are_a_quarantine() -> None:
    now = [0.0]
    with socket.socket() as silent:  # it never answers, so that each child lives until it is killed
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        stream = Stream(Source(f"rtsp://127.0.0.1:{silent.getsockname()[1]}/x"), mono=lambda: now[0])
        pauses = []
        for crash in range(1, 4):
            began = now[0]
            while stream.pid is None:
                stream.tick()
                now[0] += 0.0 if stream.pid else 0.5
            pauses.append(now[0] - began)
            os.kill(stream.pid, signal.SIGSEGV)
            until(lambda crash=crash: (stream.tick(), stream.failures == crash)[1])
    assert stream.state is CameraState.QUARANTINED
    assert stream.crashes == 3
    assert pauses == [0.0, 1.0, 2.0]
    stream.tick()
    assert stream.pid is None


@pytest.mark.skipif(not SHARED.exists(), reason="no shared data here")
def test_the_file_that_aborts_opencv_kills_only_the_child() -> None:
    path = SHARED / "bgs_demo_rawvideo_CRASHES-OPENCV5.avi"
    stream = Stream(Source(str(path), live=False, reader="video.adapters.decode_cv.decoded", interval=0.1))
    try:
        until(lambda: (stream.step(), ticked(stream), stream.crashes)[2])
        assert stream.fault is Fault.CRASHED
        assert stream.state is CameraState.DEGRADED
    finally:
        stream.close()


@pytest.mark.skipif(not SHARED.exists(), reason="no shared data here")
@pytest.mark.usefixtures("patient")
def test_the_same_file_does_no_harm_through_the_usual_reader() -> None:
    stream = Stream(Source(str(SHARED / "bgs_demo_rawvideo_CRASHES-OPENCV5.avi"), live=False, interval=0.1))
    all_frames(stream, most=20)
    assert stream.crashes == 0


@pytest.mark.usefixtures("patient")
def test_a_decoder_ends_with_its_parent(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4", [(2, ())])
    stream = Stream(Source(str(path), live=False))
    stream.tick()
    pid = stream.pid
    stream._child.stdin.close()
    until(lambda: stream._child.poll() is not None)
    assert stream._child.returncode == 9
    assert pid is not None
    stream.close()
