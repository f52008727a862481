"""A water-level gauge that reports to the city over HTTP, with the habits of a real one: it repeats, and its net fails.

    python3 -m simulator.sensor --city http://127.0.0.1:8000 --set-up gauge.json [--every 600]

with {"code": "gauge-7", "key": "m1_…", "class": "E0506", "lon": 116.70, "lat": 23.36} in the file.
It was written from docs/programs.md and shares no code with the city. Where the water passes the mark it reports once,
says so again while it stays, and says when it is over. What it is not answered it sends again under the same event.

Only the standard library: it runs with the system's Python.
"""

import argparse
import json
import math
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any

MARK_CM, OVER_CM = 15.0, 13.0
"""The water is told of above the first and over below the second, so that no wave tells of it twice."""


def call(event: str, kind: str, at: str, **more: Any) -> dict[str, Any]:
    """A report as the contract has it."""
    return {"event": event, "kind": kind, "at": at, **more}


def post(
    city: str, code: str, key: str, told: Mapping[str, Any], photo: bytes = b"", timeout: float = 60
) -> tuple[int, dict[str, Any]]:
    """What the city answers to one report; the status 0 where it says nothing."""
    body, kind = json.dumps(told).encode(), "application/json"
    if photo:
        body, kind = _form(body, photo)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": kind, "Accept": "application/json"}
    request = urllib.request.Request(f"{city}/api/machines/{code}/reports", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, _json(refused.read())
    except (OSError, HTTPException, ValueError):
        return 0, {}


def _json(text: bytes) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _form(report: bytes, photo: bytes) -> tuple[bytes, str]:
    edge = secrets.token_hex(16)
    parts = (
        f'--{edge}\r\nContent-Disposition: form-data; name="report"\r\n\r\n'.encode(), report, b"\r\n",
        f'--{edge}\r\nContent-Disposition: form-data; name="photos"; filename="photo.jpg"\r\n'.encode(),
        b"Content-Type: image/jpeg\r\n\r\n", photo, f"\r\n--{edge}--\r\n".encode(),
    )  # fmt: skip
    return b"".join(parts), f"multipart/form-data; boundary={edge}"


class Gauge:
    """The gauge: what it measures, which event it has told of, and what it has not been answered yet."""

    def __init__(self, told: Mapping[str, Any], run: str) -> None:
        self.told, self.run, self.step, self.event = dict(told), run, 1, ""
        self.waiting: list[dict[str, Any]] = []

    def level_cm(self) -> float:
        """A flood that comes and goes: six steps dry, six under water."""
        return round(10 + 9 * math.sin(self.step * math.pi / 6), 1)

    def measure(self, at: str) -> None:
        """What the level gives to say waits to be sent."""
        self.step += 1
        level = self.level_cm()
        event, values = f"{self.run}-{self.step}", {"level_cm": level, "battery_v": 3.6}
        if not self.event and level > MARK_CM:
            self.event = event
            text = f"道路积水，水深 {level} 厘米"
            self.waiting.append(call(event, "found", at, text=text, values=values, **self.told))
        elif self.event and level < OVER_CM:
            self.waiting.append(call(event, "cleared", at, about=self.event, values=values))
            self.event = ""
        elif self.event:
            self.waiting.append(call(event, "still", at, about=self.event, values=values))

    def send(self, city: str, code: str, key: str) -> list[tuple[int, dict[str, Any]]]:
        """Sends what waits, in order; what is not answered stays and comes again as it was."""
        answers = []
        while self.waiting:
            status, answer = post(city, code, key, self.waiting[0])
            answers.append((status, answer))
            if status in (0, 401, 403, 429) or status >= 500:
                break
            self.waiting.pop(0)
        return answers


def main() -> None:
    """Measures and sends until it is stopped."""
    parser = argparse.ArgumentParser(description="A water-level gauge that reports to the city.")
    parser.add_argument("--city", required=True)
    parser.add_argument("--set-up", type=Path, required=True, help="a JSON file: code, key, class, lon, lat")
    parser.add_argument("--every", type=float, default=600, help="seconds between two measurements")
    given = parser.parse_args()
    gauge, key, code, due = None, "", "", 0.0
    while True:
        if gauge is None and given.set_up.is_file():
            told = json.loads(given.set_up.read_text())
            key, code = told.pop("key"), told.pop("code")
            gauge = Gauge(told, f"{datetime.now(UTC):%Y%m%d%H%M%S}-{os.getpid()}")
        if gauge is not None:
            if time.monotonic() >= due:
                due = time.monotonic() + given.every
                gauge.measure(datetime.now(UTC).isoformat(timespec="seconds"))
            for status, answer in gauge.send(given.city, code, key):
                sys.stdout.write(f"{status} {json.dumps(answer, ensure_ascii=False)}\n")
                sys.stdout.flush()
        answered = gauge is not None and not gauge.waiting
        time.sleep(max(0.0, due - time.monotonic()) if answered else min(given.every, 20))


if __name__ == "__main__":
    main()
