"""How fast a large city's map is: places, tiles cold and warm, imports (1,000,000 components, 20,000 cells).

    ./run bench grid [--cells 20000] [--components 1000000] [--imported 100000] [--filed 20000]

In a database of its own, which is dropped afterwards. Everything is asked in process through Django, so the figures are
the cost of the work and not of a network. Cold means that the process has not cut this tile before, warm that it has;
the tiles asked for lie over the whole city, as many on each zoom from 10 to 17 as on every other.
"""

import argparse
import gc
import json
import os
import random
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Any

import shapely
from django.db import connection
from django.test import Client

from accounts import actions as accounts
from accounts.models import User
from assets import actions as assets
from bench.harness import percentile, private_database
from bench.result import Result
from core import clock, tiles
from core.scope import Actor, machine
from exchange import actions as exchange
from exchange.codecs.writing import csv_lines, plain, wkt_of
from exchange.selectors import job as job_of
from grid import actions as grid
from grid import selectors as places
from grid.selectors.places import PLACE_AT
from packs import actions as packs
from simulator import city as generator

ROOT: Actor = machine("bench", "admin", "case.see")
COLUMNS = (
    "code", "type", "name", "name_en", "state", "authority", "owner", "maintainer", "accuracy", "source", "attributes",
    "wkt",
)  # fmt: skip
NAMES = {"name": "zh", "name_en": "en"}
ZOOMS = range(10, 18)
LAYERS = ("regions", "cells", "base", "assets")
FILL = """
    INSERT INTO assets_asset (code, type_id, geom, names, state, authority, owner, maintainer, accuracy, source,
                              attributes, cell, area, created_at, changed_at)
    SELECT split_part(p.area, '.', 2) || t.major || t.minor
               || lpad((row_number() OVER (PARTITION BY split_part(p.area, '.', 2), t.id))::text, 6, '0'),
           t.id, p.at, '{}', 'intact', '市政局', '市政局', '养护公司', 'A', 'survey', '{}', p.code, p.area, now(), now()
      FROM (SELECT c.code, c.area, (ST_Dump(ST_GeneratePoints(c.geom, %(each)s, 7))).geom AS at,
                   row_number() OVER () AS place
              FROM grid_cell c) p
      JOIN (SELECT id, major, minor, row_number() OVER (ORDER BY id) - 1 AS turn, count(*) OVER () AS all_of_them
              FROM assets_assettype WHERE major <> '' ORDER BY id) t
        ON t.turn = p.place %% t.all_of_them
"""
RENUMBERED = "SELECT left(code, 10), max(right(code, 6)::int) FROM assets_asset GROUP BY 1"
PLACE = "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)" + PLACE_AT


@dataclass(frozen=True)
class Address:
    """One tile of one layer."""

    layer: str
    z: int
    x: int
    y: int

    @property
    def path(self) -> str:
        """Where it is asked for."""
        return f"/tiles/{self.layer}/{self.z}/{self.x}/{self.y}.mvt"


def spots(rng: random.Random) -> Iterator[tuple[float, float]]:
    """Points all over the city, for ever."""
    west, south, east, north = places.bounds() or (0.0, 0.0, 0.0, 0.0)
    while True:
        yield rng.uniform(west, east), rng.uniform(south, north)


def addresses(rng: random.Random, each: int) -> list[Address]:
    """So many tiles of each layer on each zoom around points of the city, the same tile once."""
    found: dict[Address, None] = {}
    for layer in LAYERS:
        for z in ZOOMS:
            for lon, lat in islice(spots(rng), each):
                found[Address(layer, z, *tile_around(lon, lat, z))] = None
    chosen = list(found)
    rng.shuffle(chosen)
    return chosen


def tile_around(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Column and row of the tile in which a point lies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT floor((%s + 180) / 360 * 2 ^ %s)::int,"
            " floor((1 - asinh(tan(radians(%s))) / pi()) / 2 * 2 ^ %s)::int", [lon, z, lat, z],
        )  # fmt: skip
        x, y = cursor.fetchone()
    return int(x), int(y)


def ms(ask: Callable[[], object]) -> float:
    """How long it took."""
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def build(cells: int, components: int, imported: int, filed: int, result: Result) -> None:
    """The city stands: its map and the last components through our own verbs, the others by one statement."""
    packs.apply(actor=ROOT)
    city = generator.build(7, cells)
    result.add("map imported", ms(lambda: grid.import_grid(city.as_grid(), actor=ROOT)) / 1000, "s")
    result.add("cells", places.cell_count())
    each = -(-(components - imported - filed) // places.cell_count())
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"each": each})
        cursor.execute("VACUUM ANALYZE")
    with connection.cursor() as cursor:
        cursor.execute(RENUMBERED)
        first = dict(cursor.fetchall())
    every = [moved(row, first) for row in islice(city.assets(imported + filed), imported + filed)]
    rows, written = every[:imported], every[imported:]
    began = time.perf_counter()
    report = assets.import_assets(rows, actor=ROOT, source="bench")
    took = time.perf_counter() - began
    result.add("import", len(rows) / took, "rows/s")
    result.add("imported into a register of", each * places.cell_count())
    result.add("refused", len(report.refused))
    import_file(written, result)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM assets_asset")
        result.add("components", cursor.fetchone()[0])


def import_file(rows: list[dict[str, Any]], result: Result) -> None:
    """The way people take: a CSV is uploaded, mapped, checked, confirmed and taken over, by the worker's own code."""
    lines = csv_lines(chain([COLUMNS], ([cell_of(row, name) for name in COLUMNS] for row in rows)))
    chunks = [line.encode() for line in lines]
    began = time.perf_counter()
    job = exchange.upload("bench.csv", chunks, kind="components", actor=ROOT)
    uid = str(job.uid)
    exchange.map_columns(uid, actor=ROOT, mapping=job.mapping)
    exchange.work(uid)
    checked = time.perf_counter()
    exchange.confirm(uid, actor=ROOT, accept_suspicions=True)
    exchange.work(uid)
    ended = time.perf_counter()
    done = job_of(uid, ROOT)
    result.expect("rows of a file not taken over", len(rows) - done.counts.get("add", 0), at_most=0)
    result.add("import by file", len(rows) / (ended - began), "rows/s")
    result.add("import by file, its check alone", len(rows) / (checked - began), "rows/s")
    result.add("import by file, after the confirmation", len(rows) / (ended - checked), "rows/s")


def cell_of(row: dict[str, Any], name: str) -> object:
    """The cell of a file for a field of a row."""
    if name in NAMES:
        return row.get("names", {}).get(NAMES[name], "")
    if name == "wkt":
        shape = row.get("geometry")
        return wkt_of(shapely.to_wkb(shapely.from_geojson(json.dumps(shape)) if shape else point_of(row)))
    return plain(row.get(name, ""))


def point_of(row: dict[str, Any]) -> shapely.Point:
    """Where a component that is a point stands."""
    return shapely.Point(row["lon"], row["lat"])


def main() -> int:
    """Builds, asks, judges."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--cells", type=int, default=20_000)
    reader.add_argument("--components", type=int, default=1_000_000)
    reader.add_argument("--imported", type=int, default=100_000)
    reader.add_argument("--filed", type=int, default=20_000, help="rows imported from a file, as people do it")
    reader.add_argument("--tiles", type=int, default=25, help="points asked for on each zoom of each layer")
    reader.add_argument("--points", type=int, default=3000)
    given = reader.parse_args()
    result = Result("grid")
    result.note(f"load of the machine when this began: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with private_database("bench_grid"):
        build(given.cells, given.components, given.imported, given.filed, result)
        rng = random.Random(7)
        ask_places(rng, given.points, result)
        ask_tiles(addresses(rng, given.tiles), result)
    result.note(f"load when it ended: {os.getloadavg()[0]:.1f}; figures hold on a machine without other load")
    return result.finish()


def ask_places(rng: random.Random, number: int, result: Result) -> None:
    """Point to cell: in the database alone (its own account of planning and execution), and as callers see it."""
    inside, whole = [], []
    for lon, lat in islice(spots(rng), number):
        whole.append(ms(partial(places.place_at, lon, lat)))
        with connection.cursor() as cursor:
            cursor.execute(PLACE, {"at": clock.now(), "lon": lon, "lat": lat})
            plan = cursor.fetchone()[0]
        told = (json.loads(plan) if isinstance(plan, str) else plan)[0]
        inside.append(told["Planning Time"] + told["Execution Time"])
    result.expect("point to cell in the database, p95", percentile(inside, 0.95), at_most=2, unit="ms")
    result.add("point to cell, p95 as a caller sees it", percentile(whole, 0.95), "ms")


def ask_tiles(wanted: list[Address], result: Result) -> None:
    """Each tile by SQL alone, cold through Django, warm, and as 304."""
    client = Client(SERVER_NAME="localhost", headers={"Accept-Encoding": "gzip"})
    client.force_login(reader_of_everything())
    client.get(wanted[0].path)
    gc.collect()
    gc.freeze()  # as cityops/wsgi.py does; here, what built the city is the most of it
    for address in wanted:
        by_sql(address)
    alone, cold, warm, known = [], [], [], []
    for address in wanted:
        alone.append(ms(partial(by_sql, address)))
        tiles.drawer.clear()
        cold.append(ms(partial(client.get, address.path)))
        answer = client.get(address.path)
        if answer.status_code not in (200, 204):
            raise RuntimeError(f"{address.path}: HTTP {answer.status_code}")
        warm.append(ms(partial(client.get, address.path)))
        tag = {"If-None-Match": answer["ETag"]}
        known.append(ms(partial(client.get, address.path, headers=tag)))
    spent = time.process_time()
    for address in wanted:
        client.get(address.path, headers={"If-None-Match": "*"})
    spent = time.process_time() - spent
    result.add("different tiles asked for", len(wanted))
    result.add("processor time of Python for a tile cut again and told 304", spent * 1000 / len(wanted), "ms")
    result.expect("cold tile, p95", percentile(cold, 0.95), at_most=60, unit="ms")
    result.expect("warm tile, p95", percentile(warm, 0.95), at_most=8, unit="ms")
    result.expect("304, p95", percentile(known, 0.95), at_most=4, unit="ms")
    result.add("cold tiles of one process", 1000 / statistics.fmean(cold), "/s")
    result.add("warm tiles of one process", 1000 / statistics.fmean(warm), "/s")
    result.add("tile by SQL alone, mean", statistics.fmean(alone), "ms")
    result.add("cold tile through Django, mean", statistics.fmean(cold), "ms")
    result.expect("Django to SQL, nothing kept", statistics.fmean(cold) / statistics.fmean(alone), at_most=1.5)
    for layer in LAYERS:
        of_layer = [took for took, address in zip(cold, wanted, strict=True) if address.layer == layer]
        result.add(f"cold tile of {layer}, p95", percentile(of_layer, 0.95), "ms")
    for z in ZOOMS:
        of_zoom = [took for took, address in zip(cold, wanted, strict=True) if address.z == z]
        result.add(f"cold tile on zoom {z}, worst", max(of_zoom), "ms")


def by_sql(address: Address) -> None:
    """The tile from its SQL function, without Django."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT mvt, etag FROM tile_{address.layer}(%s, %s, %s, '{{}}'::json)", [address.z, address.x, address.y]
        )
        cursor.fetchone()


def reader_of_everything() -> User:
    """Somebody who may see the whole city."""
    accounts.upsert_role(code="bench", names={"zh": "测", "en": "Bench"}, permissions=["case.see"], actor=ROOT)
    person = accounts.create_user(username="bench", password=secrets.token_urlsafe(16), label="Bench", actor=ROOT)
    accounts.grant(user=person, role="bench", actor=ROOT)
    return person


def moved(row: dict[str, object], first: dict[str, int]) -> dict[str, object]:
    """The row with a code that nobody has: its sequence goes on after what stands in its district and class."""
    code = str(row["code"])
    return {**row, "code": f"{code[:10]}{first.get(code[:10], 0) + int(code[10:]):06d}"}


if __name__ == "__main__":
    sys.exit(main())
