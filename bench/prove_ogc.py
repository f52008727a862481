"""./run prove ogc: GDAL reads every published layer of a demo city over HTTP, and counts what the register counts.

    ./run prove ogc [--cells N] [--components N] [--seed 7] [--page-size 1000]

The city of the demo (its map, its types and components) stands in a database of its own; uvicorn serves it, a key of
somebody who may see all of it opens it. `ogrinfo -so` asks each collection through GDAL's OAPIF driver, and the
components are read whole, each feature once.
"""

import argparse
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from accounts import actions as accounts
from accounts.selectors import actor_of
from assets import actions as assets
from assets import selectors as components
from bench.harness import Process, free_port, private_database, wait_until
from bench.result import Result
from core.scope import Actor, machine
from grid import actions as grid
from grid import selectors as places
from packs import actions as packs
from simulator import city as generator

ROOT: Actor = machine("prove", "admin", "case.see")
STARTING_S = 60
READ_S = 900
USER = "gis"


@dataclass(frozen=True)
class Reader:
    """GDAL before a running server, with a key."""

    url: str
    key: str
    page_size: int

    def asks(self, *arguments: str) -> str:
        """What `ogrinfo` prints; SystemExit with its complaint where it fails."""
        command = ["ogrinfo", "-ro", "--config", "GDAL_HTTP_USERPWD", f"{USER}:{self.key}"]
        source = ["-oo", f"PAGE_SIZE={self.page_size}", f"OAPIF:{self.url}/ogc"]
        told = subprocess.run(
            [*command, *source, *arguments], capture_output=True, text=True, timeout=READ_S, check=False
        )
        if told.returncode:
            raise SystemExit(f"ogrinfo {' '.join(arguments)}: {told.stderr.strip()[-2000:]}")
        return told.stdout

    def layers(self) -> list[str]:
        """The collections that are offered."""
        lines = [line.partition(": ") for line in self.asks().splitlines()]
        return [told.split(" ")[0] for number, _colon, told in lines if number.strip().isdigit()]

    def count(self, layer: str) -> int:
        """How many features GDAL says a collection has."""
        lines = self.asks("-so", layer).splitlines()
        return int(next(line.partition(": ")[2] for line in lines if line.startswith("Feature Count")))

    def codes(self, layer: str) -> Counter[str]:
        """The code of every feature of a collection, read page by page, and how often it came."""
        lines = self.asks("-al", "-geom=NO", "-sql", f'SELECT code FROM "{layer}"').splitlines()
        return Counter(line.partition(" = ")[2] for line in lines if line.startswith("  code (String) = "))


def build(seed: int, cells: int, number: int, result: Result) -> None:
    """The city of the demo stands: packs, map, components."""
    began = time.monotonic()
    packs.apply(actor=ROOT)
    city = generator.build(seed, cells)
    grid.import_grid(city.as_grid(), actor=ROOT)
    report = assets.import_assets(city.assets(number), actor=ROOT, source="prove")
    result.add("city built in", time.monotonic() - began, "s")
    result.expect("components refused", len(report.refused), at_most=0)


def expected() -> dict[str, int]:
    """How many features each collection must have, as the register's own tables count."""
    standing = {one.type: one.count for one in components.counts(actor=ROOT)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM assets_asset WHERE state <> 'removed'")
        (every,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM grid_region WHERE version_id = %s", [places.map_version()])
        (regions,) = cursor.fetchone()
    by_type = {f"components-{code}": count for code, count in standing.items()}
    return {"regions": regions, "cells": places.cell_count(), "components": every, **by_type}


def key_of_a_reader() -> str:
    """The key of somebody who may see the whole city."""
    accounts.upsert_role(code="gis", names={"zh": "测绘", "en": "GIS"}, permissions=["case.see"], actor=ROOT)
    owner = accounts.create_user(username=USER, password=secrets.token_urlsafe(16), label="GIS", actor=ROOT)
    accounts.grant(user=owner, role="gis", actor=ROOT)
    return accounts.make_key(label="GDAL", days=1, actor=actor_of(owner))[1]


def served(database: str, folder: Path) -> tuple[Process, str]:
    """A uvicorn on this database that answers, and its address."""
    port = free_port()
    given = {"DATABASE_URL": database, "SECRET_KEY": str(settings.SECRET_KEY), "ALLOWED_HOSTS": "localhost,127.0.0.1"}
    command = [sys.executable, "-m", "uvicorn", "cityops.asgi:application", "--port", str(port), "--log-level", "error"]
    process = Process(*command, environment=given, log=folder / "web.log").start()
    url = f"http://localhost:{port}"
    wait_until(lambda: answers(f"{url}/healthz"), STARTING_S, f"uvicorn ({folder / 'web.log'})")
    return process, url


def answers(url: str) -> bool:
    """Whether somebody is there."""
    with suppress(urllib.error.URLError), urllib.request.urlopen(url, timeout=5):
        return True
    return False


def read(gdal: Reader, wanted: dict[str, int], result: Result) -> None:
    """Every collection counted, and every component read once."""
    layers = gdal.layers()
    result.add("collections", len(layers))
    result.expect("collections missing or too many", len(set(layers) ^ set(wanted)), at_most=0)
    began, wrong = time.monotonic(), []
    for layer in layers:
        found = gdal.count(layer)
        if found != wanted.get(layer):
            wrong.append(f"{layer}: GDAL {found}, register {wanted.get(layer)}")
    result.add("ogrinfo -so of one collection, mean", (time.monotonic() - began) / max(1, len(layers)), "s")
    result.expect("collections whose counts differ", len(wrong), at_most=0)
    for line in wrong[:10]:
        result.note(line)
    for layer in ("regions", "cells", "components"):
        result.add(layer, wanted[layer])
    began = time.monotonic()
    codes = gdal.codes("components")
    took = time.monotonic() - began
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM assets_asset WHERE state <> 'removed'")
        register = {code for (code,) in cursor.fetchall()}
    result.expect("components that GDAL did not read", len(register - codes.keys()), at_most=0)
    result.expect("components read that the register has not", len(codes.keys() - register), at_most=0)
    result.expect("components read twice", sum(codes.values()) - len(codes), at_most=0)
    result.add("components read whole", sum(codes.values()) / took, "/s")


def main() -> int:
    """Exit status 0 where GDAL read exactly what the register holds."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--cells", type=int, default=generator.DEFAULT_CELLS)
    reader.add_argument("--components", type=int, default=generator.DEFAULT_ASSETS)
    reader.add_argument("--seed", type=int, default=generator.DEFAULT_SEED)
    reader.add_argument("--page-size", type=int, default=1000)
    given = reader.parse_args()
    if shutil.which("ogrinfo") is None:
        raise SystemExit("ogrinfo is not here; install gdal-bin.")
    result = Result("ogc")
    version = subprocess.run(["ogrinfo", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    result.note(version)
    database = private_database(f"prove_ogc_{os.getpid()}")
    with tempfile.TemporaryDirectory() as logs, database as url:
        build(given.seed, given.cells, given.components, result)
        process, address = served(url, Path(logs))
        try:
            read(Reader(address, key_of_a_reader(), given.page_size), expected(), result)
        finally:
            process.stop()
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
