"""Water-level gauges under a rainstorm: they tell the city their depths over HTTP, with the habits of real ones.

    python3 -m simulator.rain --city http://127.0.0.1:8000 --set-up storm.json [--minute 1]

with {"machine": "flood-gauges", "key": "m1_…", "streams": [...], "rain": "..."} in the file: the codes of the streams,
and of the one that tells rain. A minute of the storm lasts `--minute` seconds. One gauge spikes, one dies in the
middle of the rain, and one buffers its readings and tells them late, in the wrong order.

Written from docs/programs.md; it shares no code with the city and runs with the system's Python.
"""

import argparse
import json
import math
import random
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

DRY, RISE, HIGH, FALL = 5, 12, 8, 25
"""Minutes before the water comes, while it rises, stands and falls."""
SPIKE_CM, LATE_MINUTES, WET = 180.0, 10, 84
Send = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]


def depth(minute: float, peak: float) -> float:
    """How deep the water is in a minute of the storm at a point where it comes to so many centimetres."""
    wet = minute - DRY
    if wet <= 0:
        return 0.0
    if wet < RISE:
        return peak * math.sin(wet / RISE * math.pi / 2)
    if wet < RISE + HIGH:
        return peak
    return max(0.0, peak * (1 - (wet - RISE - HIGH) / FALL))


def rainfall(minute: float) -> float:
    """How hard it rains, in millimetres an hour."""
    return round(60 * max(0.0, math.sin(min(minute, RISE + HIGH) / (RISE + HIGH) * math.pi)), 1)


class Storm:
    """The gauges of a city while it rains: what each measures in which minute, and what it does wrong."""

    def __init__(
        self, streams: Sequence[str], begun: datetime, *, rain: str = "", peak: float = 45, dry: int = 15
    ) -> None:
        self.streams, self.begun, self.rain, self.peak, self.dry = list(streams), begun, rain, peak, dry
        self.lots = random.Random("|".join(streams))
        self.spiky, self.dead, self.late = (*self.streams[1:4], "", "", "")[:3]
        self.kept: list[dict[str, Any]] = []

    @property
    def minutes(self) -> int:
        """How long the storm lasts, with what is dry after it."""
        return DRY + RISE + HIGH + FALL + self.dry

    def measured(self, minute: int) -> list[dict[str, Any]]:
        """What the gauges have to tell in that minute."""
        at = (self.begun + timedelta(minutes=minute)).isoformat(timespec="seconds")
        told = [
            self._one(code, place, minute, at) for place, code in enumerate(self.streams) if self._tells(code, minute)
        ]
        if self.rain:
            told.append({"stream": self.rain, "at": at, "value": rainfall(minute)})
        return self._buffered(told, minute)

    def _one(self, code: str, place: int, minute: int, at: str) -> dict[str, Any]:
        lot = (place * 7919) % 97
        share = 1.0 if place == 0 else 0.2 + 0.6 * lot / 97 if lot >= WET else 0.05
        value = depth(minute, 0.0 if code == self.spiky else self.peak * share) + self.lots.uniform(0, 0.4)
        if code == self.spiky and minute % 9 == 4:
            value = SPIKE_CM
        return {"stream": code, "at": at, "value": round(value, 1)}

    def _tells(self, code: str, minute: int) -> bool:
        return code != self.dead or not DRY + 2 <= minute < DRY + RISE + HIGH + FALL

    def _buffered(self, told: list[dict[str, Any]], minute: int) -> list[dict[str, Any]]:
        """What the late gauge measured waits, and comes backwards."""
        waits = [one for one in told if one["stream"] == self.late]
        self.kept += waits
        now = [one for one in told if one["stream"] != self.late]
        if self.kept and (minute % LATE_MINUTES == 0 or minute == self.minutes - 1):
            now, self.kept = now + self.kept[::-1], []
        return now

    def tell(self, minute: int, send: Send) -> tuple[int, dict[str, Any]]:
        """The city hears of the minute."""
        return send({"observations": self.measured(minute)})


def sender(city: str, machine: str, key: str, timeout: float = 60) -> Send:
    """Sends a batch to the city; the status is 0 where it says nothing."""

    def send(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {key}", "X-Machine": machine, "Content-Type": "application/json"}
        request = urllib.request.Request(f"{city}/api/observations", json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            return refused.code, {}
        except (OSError, HTTPException, ValueError):
            return 0, {}

    return send


def main() -> None:
    """One storm after the other until it is stopped."""
    parser = argparse.ArgumentParser(description="Water-level gauges under a rainstorm.")
    parser.add_argument("--city", required=True)
    parser.add_argument("--set-up", type=Path, required=True, help="a JSON file: machine, key, streams, rain")
    parser.add_argument("--minute", type=float, default=60, help="seconds that a minute of the storm lasts")
    parser.add_argument("--dry", type=int, default=300, help="minutes without rain after a storm")
    given = parser.parse_args()
    while not given.set_up.is_file():
        time.sleep(5)
    told = json.loads(given.set_up.read_text())
    send = sender(given.city, told["machine"], told["key"])
    while True:
        storm = Storm(told["streams"], datetime.now(UTC), rain=told.get("rain", ""), dry=given.dry)
        for minute in range(storm.minutes):
            due = time.monotonic() + given.minute
            status, answer = storm.tell(minute, send)
            sys.stdout.write(f"{minute} {status} {json.dumps(answer, ensure_ascii=False)}\n")
            sys.stdout.flush()
            time.sleep(max(0.0, due - time.monotonic()))


if __name__ == "__main__":
    main()
