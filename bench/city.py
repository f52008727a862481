"""How fast one process answers about a whole city: places, tiles, lists, reports (reliability 1.2, promise 35).

    ./run bench city [--cells 12800] [--seconds 5]

Seeds the city once into the bench's own database, then asks in process, one request after another, so that the figures
are the cost of the work and not of the network. The targets hold on two cores without other load.
"""

import argparse
import math
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.test import Client

from bench.harness import ROOT, percentile
from bench.result import Result
from grid import selectors as grid

Ask = Callable[[], object]
TILE_ZOOM = 14


def seed(cells: int) -> None:
    """The city is in the database; the second time this takes seconds."""
    demo = ["demo", "--cells", str(cells), "--assets", str(cells * 4), "--cases", "400", "--no-cameras"]
    for command in (["migrate", "--noinput", "--verbosity", "0"], demo):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)


def signed_in(username: str) -> Client:
    """A person's session."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(username=username))
    return client


def timed(ask: Ask, seconds: float) -> list[float]:
    """How long each of many calls took, in milliseconds."""
    ask()
    took, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    return took


def expect_ok(client: Client, path: str, **headers: str) -> object:
    """The answer, which must be a good one: a fast error is no figure."""
    answer = client.get(path, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{path}: HTTP {answer.status_code}")
    return answer


def report(client: Client, lon: float, lat: float) -> None:
    """One case through the API, with a key of its own."""
    body = {"description": "bench", "lon": lon, "lat": lat, "category": ""}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    answer = client.post("/api/cases", body, content_type="application/json", headers=key)
    if answer.status_code != 201:
        raise RuntimeError(f"POST /api/cases: HTTP {answer.status_code}: {answer.content[:300]!r}")


def tile_of(lon: float, lat: float) -> tuple[int, int]:
    """Column and row of the tile around a place (Web Mercator)."""
    side = 2**TILE_ZOOM
    sine = math.asinh(math.tan(math.radians(lat)))
    return int((lon + 180) / 360 * side), int((1 - sine / math.pi) / 2 * side)


def main() -> int:
    """Seeds, asks, judges."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--cells", type=int, default=12800)
    reader.add_argument("--seconds", type=float, default=5.0)
    given = reader.parse_args()
    seed(given.cells)
    rng = random.Random(7)
    west, south, east, north = grid.bounds() or (0, 0, 0, 0)

    def spot() -> tuple[float, float]:
        return rng.uniform(west, east), rng.uniform(south, north)

    def tile(layer: str) -> None:
        x, y = tile_of(*spot())
        wall.get(f"/tiles/{layer}/{TILE_ZOOM}/{x}/{y}.mvt")

    wall, collector, leader = (signed_in(name) for name in ("wall", "collector", "leader"))
    asked: list[tuple[str, Ask, float]] = [
        ("point to cell", lambda: grid.place_at(*spot()), 20),
        ("tile of cells", lambda: tile("cells"), 150),
        ("tile of components", lambda: tile("assets"), 150),
        ("list of cases", lambda: expect_ok(leader, "/api/cases?limit=50"), 200),
        ("page of the queue", lambda: expect_ok(leader, "/cases/", Accept="text/html"), 400),
        ("snapshot of the wall", lambda: expect_ok(wall, "/api/wall/snapshot"), 400),
        ("report of a case", lambda: report(collector, *spot()), 300),
    ]
    result = Result("city")
    result.add("cells", grid.cell_count())
    for name, ask, limit in asked:
        took = timed(ask, given.seconds)
        result.add(f"{name}, per second", 1000 * len(took) / sum(took))
        result.expect(f"{name}, p95", percentile(took, 0.95), at_most=limit, unit="ms")
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
