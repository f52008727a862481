#!/usr/bin/python3
"""The demo's cameras: serves films of simulator/scenes over RTSP, live; a happening is started when one asks for it.

Run by the system's Python (Debian: python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base, -good, -bad); it
needs nothing of the project's virtual environment:

    /usr/bin/python3 -m simulator.rtsp --port 8554 --control-port 8555 --cameras var/demo/cameras.json

Each camera is `rtsp://127.0.0.1:PORT/<name>`: H.264, live (a reader gets what happens now, whenever it comes), a key
frame each second, time stamps that only grow; all readers of a camera share one pipeline; nothing is coded here.

A film (`<file>.h264` and `<file>.json`, see simulator/scenes/film.py) has an `idle` part, which loops, and a program:
parts played one after the other once started; one that loops is held as long as asked. Then it is idle again.

Control, HTTP with JSON on the loopback only (`--control-port`):

    GET    /cameras                every camera: name, url, file, scene, part, part_s, zone, violation, runs, pipelines
                                   (1 while somebody reads)
    GET    /cameras/<name>         one of them
    POST   /cameras/<name>         {"file": "parking-3"}: put up a camera now, showing that film's idle street; 201, or
                                   200 if it shows this film already, 409 if another one. The file is a name in the
                                   folder of the cameras' file (or --films).
    POST   /cameras/<name>/start   {"hold_s": 90, "within_s": 6}: the program begins. `hold_s` is how long each looping
                                   part lasts (default 60). The idle loop is left where nothing is cut off if such a
                                   moment comes within `within_s` seconds, else at the next second. Answers
                                   {"begins_in_s", "parts": [{"name", "from_s", "until_s"}]}, counted from now; 409 if
                                   it runs already.
    POST   /cameras/<name>/end     leave the held part now: the rest of the program follows
    DELETE /cameras/<name>         take the camera down; its readers are cut off
    GET    /healthz                {"ok": true, "cameras": n}
"""

import argparse
import json
import logging
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path

import gi

from simulator.rtsp_film import NAME, Film, Player, Refused

gi.require_versions({"Gst": "1.0", "GstRtspServer": "1.0"})
GLib, Gst, GstRtspServer = (import_module(f"gi.repository.{name}") for name in ("GLib", "Gst", "GstRtspServer"))

LOG = logging.getLogger("rtsp")
BODY_MAX = 65536
LAUNCH = (
    "( appsrc name=units is-live=true format=time do-timestamp=true max-buffers=40 leaky-type=downstream "
    'caps="video/x-h264,stream-format=byte-stream,alignment=au,width={width},height={height},framerate={fps}/1" '
    "! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 aggregate-mode=zero-latency )"
)


class Camera:
    """A mount of the RTSP server and the pipelines that its readers share."""

    def __init__(self, name, film, happens=None):
        self.name, self.film, self.player = name, film, Player(film)
        self.sources, self.lock = {}, threading.Lock()
        self.due = time.monotonic()
        happens = happens or {}
        self.every, self.hold = float(happens.get("every_s", 0)), float(happens.get("hold_s", 60))
        self.next_start = self.due + float(happens["first_s"]) if happens.get("first_s") else None
        self.factory = GstRtspServer.RTSPMediaFactory()
        width, height = film.size
        self.factory.set_launch(LAUNCH.format(width=width, height=height, fps=film.fps))
        self.factory.set_shared(True)
        self.factory.set_latency(0)
        self.factory.connect("media-configure", self._configured)

    def _configured(self, _factory, media):
        source = media.get_element().get_by_name("units")
        with self.lock:
            self.sources[media] = [source, False]
        media.connect("unprepared", self._unprepared)

    def _unprepared(self, media):
        with self.lock:
            self.sources.pop(media, None)

    def tick(self, now):
        """Send the unit that is due to whoever reads; a new reader's pipeline begins with a keyframe."""
        if self.next_start is not None and now >= self.next_start:
            self.next_start = now + self.every if self.every else None
            self._happen()
        coded, key = self.player.next_unit()
        with self.lock:
            for entry in self.sources.values():
                entry[1] = entry[1] or key
            sources = [source for source, begun in self.sources.values() if begun]
        for source in sources:
            source.emit("push-buffer", Gst.Buffer.new_wrapped(coded))
        self.due += 1 / self.film.fps
        if now - self.due > 1:
            self.due = now

    def _happen(self):
        try:
            self.player.start(self.hold, 8.0)
        except Refused as refusal:
            LOG.info("%s: not started by itself: %s", self.name, refusal)

    def described(self, port):
        with self.lock:
            pipelines = len(self.sources)
        return {
            "name": self.name,
            "url": f"rtsp://127.0.0.1:{port}/{self.name}",
            "file": self.film.name,
            "scene": self.film.scene,
            "zone": self.film.zone,
            "violation": self.film.violation,
            "fps": self.film.fps,
            "pipelines": pipelines,
            **self.player.state(),
        }


class Cameras:
    """All cameras of the server: put up, taken down, fed."""

    def __init__(self, port, films):
        self.port, self.films = port, films
        self.found, self.lock = {}, threading.Lock()
        self.server = GstRtspServer.RTSPServer()
        self.server.set_address("127.0.0.1")
        self.server.set_service(str(port))
        self.mounts = self.server.get_mount_points()
        self.running = True

    def add(self, name, film_name, happens=None):
        """Put up a camera; True if it is new."""
        if not NAME.match(name):
            raise Refused(400, "a camera's name has a-z, 0-9 and '-' only")
        with self.lock:
            there = self.found.get(name)
            if there:
                if there.film.name == film_name:
                    return False
                raise Refused(409, f"'{name}' shows '{there.film.name}'")
            camera = Camera(name, Film(self.films, film_name), happens)
            self.mounts.add_factory(f"/{name}", camera.factory)
            self.found[name] = camera
        return True

    def get(self, name):
        with self.lock:
            if name not in self.found:
                raise Refused(404, f"there is no camera '{name}'")
            return self.found[name]

    def remove(self, name):
        camera = self.get(name)
        with self.lock:
            self.found.pop(name, None)
        self.mounts.remove_factory(f"/{name}")
        self.server.client_filter(lambda _server, client: self._reads(client, camera))

    def _reads(self, client, camera):
        """Cut a reader of the camera off."""
        with camera.lock:
            media = set(camera.sources)
        kept = GstRtspServer.RTSPFilterResult.KEEP
        cut = []

        def judge(_session, held):
            cut.append(held.get_media() in media)
            return kept

        def look(_client, session):
            session.filter(judge)
            return kept

        client.session_filter(look)
        return GstRtspServer.RTSPFilterResult.REMOVE if any(cut) else kept

    def feed(self):
        """Run the clock of every camera until stopped."""
        while self.running:
            with self.lock:
                cameras = list(self.found.values())
            now = time.monotonic()
            for camera in cameras:
                if camera.due <= now:
                    camera.tick(now)
            nearest = min((camera.due for camera in cameras), default=now + 0.1)
            time.sleep(min(0.1, max(0.002, nearest - time.monotonic())))

    def tidy(self):
        """Forget sessions of readers that went away without a word."""
        self.server.get_session_pool().cleanup()
        return True


class Control(BaseHTTPRequestHandler):
    """The control described above."""

    protocol_version = "HTTP/1.1"
    cameras: "Cameras"

    def do_GET(self):
        self._answer(self._read)

    def do_POST(self):
        self._answer(self._change)

    def do_DELETE(self):
        self._answer(self._delete)

    def _answer(self, act):
        try:
            status, content = act([part for part in self.path.split("?")[0].split("/") if part])
        except Refused as refusal:
            status, content = refusal.status, {"message": str(refusal)}
        coded = json.dumps(content, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(coded)))
        self.end_headers()
        self.wfile.write(coded)

    def _body(self):
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BODY_MAX:
            self.close_connection = True
            raise Refused(413, "the body is too large")
        try:
            given = json.loads(self.rfile.read(int(length)) or b"{}")
        except (ValueError, RecursionError) as error:
            raise Refused(400, "the body is not JSON") from error
        if not isinstance(given, dict):
            raise Refused(400, "the body is not an object")
        return given

    def _read(self, path):
        if path == ["healthz"]:
            return 200, {"ok": True, "cameras": len(self.cameras.found)}
        if path == ["cameras"]:
            return 200, [camera.described(self.cameras.port) for camera in list(self.cameras.found.values())]
        if len(path) == 2 and path[0] == "cameras":
            return 200, self.cameras.get(path[1]).described(self.cameras.port)
        raise Refused(404, "no such thing")

    def _change(self, path):
        given = self._body()
        if len(path) == 2 and path[0] == "cameras":
            new = self.cameras.add(path[1], str(given.get("file", "")), given.get("happens"))
            return 201 if new else 200, self.cameras.get(path[1]).described(self.cameras.port)
        if len(path) == 3 and path[0] == "cameras" and path[2] == "start":
            return 200, self.cameras.get(path[1]).player.start(
                seconds(given, "hold_s", 60.0), seconds(given, "within_s", 6.0)
            )
        if len(path) == 3 and path[0] == "cameras" and path[2] == "end":
            self.cameras.get(path[1]).player.end()
            return 200, self.cameras.get(path[1]).described(self.cameras.port)
        raise Refused(404, "no such thing")

    def _delete(self, path):
        if len(path) == 2 and path[0] == "cameras":
            self.cameras.remove(path[1])
            return 200, {}
        raise Refused(404, "no such thing")

    def log_message(self, form, *given):
        LOG.info("control: " + form, *given)


def seconds(given, name, usual):
    """A number of seconds (0 to a day) from a request."""
    value = given.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 86400:
        raise Refused(400, f"{name} is a number of seconds")
    return float(value)


def main():
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--port", type=int, default=8554)
    reader.add_argument("--control-port", type=int, default=8555)
    reader.add_argument("--cameras", type=Path, required=True, help='{"cameras": [{"name", "file", "happens"}]}')
    reader.add_argument("--films", type=Path, help="folder of the films (default: where the cameras' file is)")
    given = reader.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr)
    Gst.init(None)
    cameras = Cameras(given.port, given.films or given.cameras.resolve().parent)
    for entry in json.loads(given.cameras.read_text(encoding="utf-8"))["cameras"]:
        cameras.add(entry["name"], entry["file"], entry.get("happens"))
    if not cameras.server.attach(None):
        LOG.error("port %s is taken", given.port)
        return 1
    Control.cameras = cameras
    try:
        control = ThreadingHTTPServer(("127.0.0.1", given.control_port), Control)
    except OSError as error:
        LOG.error("control port %s: %s", given.control_port, error)
        return 1
    threading.Thread(target=control.serve_forever, daemon=True).start()
    feeder = threading.Thread(target=cameras.feed, daemon=True)
    feeder.start()
    GLib.timeout_add_seconds(5, cameras.tidy)
    loop = GLib.MainLoop()
    for stop in (signal.SIGINT, signal.SIGTERM):
        GLib.unix_signal_add(GLib.PRIORITY_HIGH, stop, loop.quit)
    LOG.info(
        "serving %s cameras on rtsp://127.0.0.1:%s, control on http://127.0.0.1:%s",
        len(cameras.found),
        given.port,
        given.control_port,
    )
    loop.run()
    cameras.running = False
    feeder.join(1)
    control.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
