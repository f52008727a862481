"""The story of the platform without a human: from a frame on an RTSP stream to a mark on the wall's feed.

Only public doors: RTSP and its control in, HTTP and WebSocket out, one session per role. Run by `./run walk`
against a running city, and by tests/walks against one of its own. Exits 1 with a sentence where a step fails,
or where a role could do what it must not. `--storm` also kills web, relay, worker-video and Redis once each; then the
time from frame to wall is printed and not judged, because a killed node looks again only when it is back.
"""

import argparse
import io
import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from PIL import Image, ImageDraw

from tests.walks.doors import Answer, Door, WalkFailed
from tests.walks.feed import Feed, Heard

PASSWORD = "cityops-demo"
ROLES = (
    "wall", "admin", "collector", "acceptor", "leader", "city_dispatcher",
    "district_dispatcher", "district_dispatcher2", "desk", "handler", "handler2",
)  # fmt: skip
DISTRICT, CENTRE, DEPARTMENT = "449901", "d449901", "d449901-appearance"
TEMPLATE, DWELL_S = "vehicle-no-parking", 8
FRAME_TO_WALL_S = 10.0
NAMES_IN_ORDER = (
    "case.reported.v1", "case.accepted.v1", "case.registered.v1", "case.sent_to_district.v1", "case.dispatched.v1",
    "case.assigned.v1", "case.submitted.v1", "case.confirmed.v1", "case.sent_to_check.v1", "case.check_passed.v1",
    "case.closed.v1", "evaluation.marked.v1",
)  # fmt: skip


class Walk:
    """One run of the story, with its own camera and its own place."""

    def __init__(
        self, base: str, control: str, rtsp: str, kill: Callable[[str], None] | None = None,
        within_s: float = FRAME_TO_WALL_S,
    ) -> None:  # fmt: skip
        self.base, self.control, self.rtsp = base, control, rtsp
        self.calm, self.within_s = kill is None, within_s
        self._kill = kill or (lambda name: None)
        self.name = f"walk-{uuid.uuid4().hex[:8]}"
        self.started = time.monotonic()
        self.latency_s = 0.0
        self.number = ""

    def run(self) -> None:
        """The whole story, each step printed with its time; raises WalkFailed at the first thing that is wrong."""
        self.doors = {role: Door(self.base, role, PASSWORD) for role in ROLES}
        self.say(f"{len(ROLES)} people signed in, each with a session of their own")
        self.feed = Feed(self.base, self.doors["wall"])
        try:
            self.put_up_camera()
            self.see()
            self.register()
            self.command()
            self.handle()
            self.check_and_close()
            self.told()
        finally:
            self.feed.close()
            self.take_down_camera()

    def say(self, sentence: str) -> None:
        """One line of the story."""
        sys.stdout.write(f"  {time.monotonic() - self.started:6.1f} s  {sentence}\n")
        sys.stdout.flush()

    def put_up_camera(self) -> None:
        """A new camera on a street corner nobody used before, with a no-parking zone in its picture."""
        shown = httpx.get(f"{self.control}/cameras", timeout=60).json()
        film = next((camera["file"] for camera in shown if camera["scene"] == "parking"), None)
        self.expect(film is not None, "no camera of the city shows a street with a no-parking zone")
        answer = httpx.post(f"{self.control}/cameras/{self.name}", json={"file": film}, timeout=60)
        self.expect(answer.status_code == 201, f"the street corner could not be put up: {answer.text[:200]}")
        scene = answer.json()
        lon, lat = self.somewhere()
        wish = {
            "code": self.name,
            "names": {"zh": f"巡演摄像机 {self.name[-4:]}", "en": f"Walk camera {self.name[-4:]}"},
            "url": f"{self.rtsp}/{self.name}",
            "lon": lon,
            "lat": lat,
            "zones": [{"code": "kerb", "names": {"zh": "禁停区", "en": "No parking"}, "polygon": scene["zone"],
                       "rules": [{"template": TEMPLATE, "dwell_seconds": DWELL_S, "mode": "automatic"}]}],
        }  # fmt: skip
        refused = self.doors["handler"].post("/api/cameras", body=wish)
        self.expect(refused.status == 403, f"a handler could add a camera: HTTP {refused.status}")
        made = self.doors["admin"].post("/api/cameras", body=wish)
        self.expect(made.status == 201, f"the camera was not added: {made.body}")
        self.say(f"camera {self.name} stands at {lon:.5f}, {lat:.5f}, dwell limit {DWELL_S} s")
        self.until(self.watched, 180, "the camera is not being analysed")
        self.say("a node holds its lease and has looked at it")

    def somewhere(self) -> tuple[float, float]:
        """A point in the walk's district."""
        west, south, east, north = self.doors["wall"].get("/api/map").body["bounds"]
        for _ in range(400):
            lon, lat = random.uniform(west, east), random.uniform(south, north)
            place = self.doors["wall"].get("/api/place", lon=lon, lat=lat)
            if place.status == 200 and place.body.get("district") == DISTRICT:
                return round(lon, 6), round(lat, 6)
        raise WalkFailed(f"no point of the district {DISTRICT} was found")

    def watched(self) -> bool:
        """Whether the node has made inferences on the camera."""
        body = self.doors["admin"].get(f"/api/cameras/{self.name}").body
        return bool(body.get("last_look_at"))

    def see(self) -> None:
        """A car drives in and stands; the wall hears of the case."""
        answer = httpx.post(f"{self.control}/cameras/{self.name}/start", json={"hold_s": 150}, timeout=60)
        self.expect(answer.status_code == 200, f"the happening did not start: {answer.text[:200]}")
        held = max(answer.json()["parts"], key=lambda part: part["until_s"] - part["from_s"])
        standing = time.monotonic() + held["from_s"]
        self.say("the car drives in")
        self._kill("worker-video")
        heard = self.feed.wait(self.reported, within_s=DWELL_S + 130, what="the case from the frame")
        self.number = heard.subject
        self.latency_s = heard.at - standing - DWELL_S
        self.say(
            f"case {self.number} is on the wall, {self.latency_s:+.1f} s after the dwell limit; trace {heard.trace}"
        )
        self.expect(bool(heard.trace), "the entry carries no trace from frame to case")
        self.expect(heard.data["source"] == "camera", "the case does not say that a camera saw it")

    def reported(self, entry: Heard) -> bool:
        """Whether the entry is the report of this walk's camera."""
        if entry.kind != "case.reported.v1":
            return False
        found = self.doors["acceptor"].get(f"/api/cases/{entry.subject}")
        return found.status == 200 and str(found.body["source_ref"]).startswith(self.name)

    def register(self) -> None:
        """Accepted and registered by the centre; nobody without the duty can."""
        refused = self.attempt("handler2", "accept", {})
        self.expect(refused.status in (403, 404), f"a stranger's handler could accept: HTTP {refused.status}")
        self.step("acceptor", "accept", {}, before="reported")
        self._kill("relay")
        self.no_version("leader", "register", {"condition": "a"})
        condition = self.doors["leader"].get("/api/categories/E0407").body["conditions"][0]["code"]
        self.step("leader", "register", {"condition": condition}, before="accepted")
        self.condition = condition

    def command(self) -> None:
        """The city gives it to the district, the district to its department; the next district sees nothing."""
        self.step("city_dispatcher", "dispatch_district", {"district_centre": CENTRE}, before="registered")
        self._kill("web")
        hidden = self.doors["district_dispatcher2"].get(f"/api/cases/{self.number}")
        self.expect(hidden.status == 404, f"a stranger's district could read the case: HTTP {hidden.status}")
        refused = self.attempt("district_dispatcher2", "dispatch", {"department": DEPARTMENT})
        self.expect(refused.status == 404, f"a stranger's district could dispatch: HTTP {refused.status}")
        self.stale("district_dispatcher", "dispatch", {"department": DEPARTMENT})
        self.step("district_dispatcher", "dispatch", {"department": DEPARTMENT}, before="at_district")
        self._kill("redis")

    def handle(self) -> None:
        """The department's desk gives it to its handler, who shows the cleared place; the desk confirms."""
        handler = self.person("handler")
        self.step("desk", "assign", {"handler": handler}, before="dispatched")
        refused = self.attempt("handler", "close", {"closing": self.condition})
        self.expect(refused.status == 403, f"a handler could close: HTTP {refused.status}")
        self.photo("handler", "handle")
        self.step("handler", "submit", {"result": "车辆已驶离，现场恢复"}, before="handling")
        self.step("desk", "confirm", {}, before="handled")
        refused = self.attempt("desk", "close", {"closing": self.condition})
        self.expect(refused.status == 403, f"a department could close: HTTP {refused.status}")

    def check_and_close(self) -> None:
        """A collector looks, the shift leader closes."""
        collector = self.person("collector")
        self.step("acceptor", "send_check", {"collector": collector}, before="fed_back")
        self.photo("collector", "check")
        self.step("collector", "check_pass", {}, before="checking")
        self.step("leader", "close", {"closing": self.condition}, before="checked")

    def told(self) -> None:
        """The mark arrives on the wall's feed; every entry came once and in order."""
        mark = self.feed.wait(
            lambda e: e.kind == "evaluation.marked.v1" and e.subject == self.number, within_s=120, what="the mark"
        )
        self.say(f"marked {mark.data['score']} ({mark.data['level']}), on the wall as number {mark.seq}")
        kinds = [e.kind for e in self.feed.about(self.number) if e.kind in NAMES_IN_ORDER]
        self.expect(tuple(kinds) == NAMES_IN_ORDER, f"the wall heard {kinds}")
        self.expect(self.feed.whole(), "the wall has a hole or a double")
        score = self.doors["evaluator" if "evaluator" in self.doors else "leader"].get("/api/scores", level="district")
        self.expect(score.status == 200, f"the scoreboard does not answer: HTTP {score.status}")
        in_time = self.latency_s < self.within_s or not self.calm
        self.expect(in_time, f"frame to wall took {self.latency_s:.1f} s beyond the dwell limit")
        self.say(f"whole: {len(self.feed.heard)} entries, {self.feed.pulls} pulls, {self.feed.reconnects} reconnects")

    def take_down_camera(self) -> None:
        """The corner is gone again, and the node does not go on looking for it."""
        httpx.delete(f"{self.control}/cameras/{self.name}", timeout=60)
        self.doors["admin"].patch(f"/api/cameras/{self.name}", body={"enabled": False})

    def case(self, role: str) -> Answer:
        """The case as a role sees it."""
        found = self.doors[role].get(f"/api/cases/{self.number}")
        self.expect(found.status == 200, f"{role} cannot read the case: HTTP {found.status}")
        return found

    def attempt(self, role: str, verb: str, body: dict[str, Any], version: str | None = None) -> Answer:
        """The step as the role tries it, with the version the acceptor sees unless another is given."""
        seen = version if version is not None else self.case("acceptor").etag
        return self.doors[role].post(f"/api/cases/{self.number}/{verb}", body=body, version=seen)

    def step(self, role: str, verb: str, body: dict[str, Any], *, before: str) -> None:
        """The role takes the step; an answer lost to a kill is judged by what the case says."""
        seen = self.case(role)
        self.expect(seen.body["stage"] == before, f"before {verb} the case is {seen.body['stage']}, not {before}")
        done = self.doors[role].post(f"/api/cases/{self.number}/{verb}", body=body, version=seen.etag)
        if done.status == 412:
            now = self.case(role).body
            self.expect(now["version"] == seen.body["version"] + 1, f"{verb} by {role}: stale, yet not by ourselves")
        else:
            self.expect(done.status == 200, f"{verb} by {role}: HTTP {done.status} {done.body}")
        self.say(f"{role:20} {verb:18} {before} -> {self.case(role).body['stage']}")

    def no_version(self, role: str, verb: str, body: dict[str, Any]) -> None:
        """A write that does not say which version it saw is refused."""
        refused = self.doors[role].post(f"/api/cases/{self.number}/{verb}", body=body)
        self.expect(refused.status == 428, f"a write without a version was taken: HTTP {refused.status}")

    def stale(self, role: str, verb: str, body: dict[str, Any]) -> None:
        """A write from an older version is refused."""
        refused = self.attempt(role, verb, body, version='"1"')
        self.expect(refused.status == 412, f"a stale write was taken: HTTP {refused.status}")

    def photo(self, role: str, phase: str) -> None:
        """A picture of the place, with the words of the day on it."""
        picture = Image.new("RGB", (640, 360), (96, 112, 120))
        ImageDraw.Draw(picture).text((20, 20), f"{self.name} {phase}", fill=(255, 255, 255))
        content = io.BytesIO()
        picture.save(content, "JPEG")
        answer = self.doors[role].post(
            f"/api/cases/{self.number}/evidence",
            files={"file": ("place.jpg", content.getvalue(), "image/jpeg")},
            data={"phase": phase},
        )
        self.expect(answer.status == 201, f"{role} could not add a picture: HTTP {answer.status} {answer.body}")

    def person(self, role: str) -> str:
        """The key of the person behind a session."""
        return str(self.doors[role].get("/api/me").body["key"])

    def until(self, true: Callable[[], bool], within_s: float, otherwise: str) -> None:
        """Waits for something to become true."""
        deadline = time.monotonic() + within_s
        while not true():
            self.expect(time.monotonic() < deadline, otherwise)
            time.sleep(0.5)

    @staticmethod
    def expect(true: bool, otherwise: str) -> None:
        """Fails the walk with a sentence."""
        if not true:
            raise WalkFailed(otherwise)


def _supervised_kill(name: str) -> None:
    """kill -9 of one of the demo's processes; its supervisor starts it again."""
    subprocess.run(
        [
            str(Path(sys.executable).parent / "supervisorctl"),
            "-c",
            os.environ["SUPERVISOR_CONF"],
            "signal",
            "KILL",
            name,
        ],
        check=True,
        capture_output=True,
        timeout=30,
    )
    sys.stdout.write(f"           kill -9 {name}\n")


def main() -> int:
    """The walk against the city at CITYOPS_URL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--storm", action="store_true", help="kill web, relay, worker-video and Redis once each")
    chosen = parser.parse_args()
    host = "127.0.0.1"
    walk = Walk(
        os.environ.get("CITYOPS_URL", f"http://{host}:8000"),
        f"http://{host}:{os.environ['RTSP_CONTROL_PORT']}",
        f"rtsp://{host}:{os.environ['RTSP_PORT']}",
        kill=_supervised_kill if chosen.storm else None,
    )
    try:
        walk.run()
    except WalkFailed as failed:
        walk.say(f"FAILED: {failed}")
        return 1
    walk.say("the walk passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
