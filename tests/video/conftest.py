"""Fixtures of the video tests: a town, painted films, a real RTSP server."""

import json
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from tests.cases.factories import Town, build_town
from tests.video.factories import classes
from tests.video.painted import ELSEWHERE, SPOT, film

ROOT = Path(__file__).resolve().parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"
HAS_GST = 'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer'


@pytest.fixture
def town(db: None, settings: LazySettings, tmp_path: Path) -> Town:
    """A town with the classes of the rules; pictures go where the test ends; the detector sees painted blocks."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path
    settings.VIDEO_DETECTOR = "video.adapters.scripted.Scripted"
    settings.DETECTOR_WEIGHTS = ""
    built = build_town()
    classes()
    return built


@pytest.fixture
def bare(db: None, settings: LazySettings, tmp_path: Path) -> None:
    """No town at all, where neither people nor places nor cases matter: ten times as quick."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DATA_DIR = tmp_path


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Cameras:
    """A running RTSP server and its control."""

    port: int
    control: int

    def url(self, name: str) -> str:
        """Where a camera's stream is."""
        return f"rtsp://127.0.0.1:{self.port}/{name}"

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A request to the control."""
        data = json.dumps(body or {}).encode() if method == "POST" else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.control}{path}", data, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    def put_up(self, name: str, shown: str = "one-car") -> None:
        """A camera shows an empty street."""
        self.call("POST", f"/cameras/{name}", {"file": shown})

    def start(self, name: str, hold_s: float = 300) -> None:
        """The things of its film are there now."""
        self.call("POST", f"/cameras/{name}/start", {"hold_s": hold_s, "within_s": 0})

    def end(self, name: str) -> None:
        """They are gone again."""
        self.call("POST", f"/cameras/{name}/end")


@pytest.fixture(scope="session")
def rtsp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cameras]:
    """simulator/rtsp.py with painted films, run by the system's Python; skips where GStreamer is absent."""
    asked = [SYSTEM_PYTHON, "-c", HAS_GST]
    if not Path(SYSTEM_PYTHON).exists() or subprocess.run(asked, capture_output=True).returncode:
        pytest.skip("no GStreamer RTSP server here")
    folder = tmp_path_factory.mktemp("films")
    film(folder, "one-car", [("car", SPOT)])
    film(folder, "car-beside", [("car", ELSEWHERE)])
    listed = folder / "cameras.json"
    listed.write_text(json.dumps({"cameras": []}))
    found = Cameras(free_port(), free_port())
    arguments = ["--port", str(found.port), "--control-port", str(found.control), "--cameras", str(listed)]
    with (folder / "rtsp.log").open("wb") as log:
        server = subprocess.Popen([SYSTEM_PYTHON, "-m", "simulator.rtsp", *arguments], cwd=ROOT, stderr=log)
        try:
            _wait_for(found)
            yield found
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait_for(found: Cameras) -> None:
    for _ in range(600):
        try:
            found.call("GET", "/healthz")
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the RTSP server did not come up")
