"""How fast lists of a large city's systems are: components by type, records of a register, narrowed by attributes.

    ./run bench packs [--cells 2000] [--components 1000000] [--records 200000] [--asked 60]

In a database of its own, which is dropped afterwards: components over twenty types whose pack calls one attribute hot,
and one large register. Pages are asked for in process through Django, by somebody of one district and somebody of the
whole city, so the figures are the cost of the work and not of a network. Each narrowed list must be found by the index
that `packs apply` made for its attribute: the plan is told, and without the index the target is missed.
"""

import argparse
import gc
import json
import os
import random
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from django.contrib.gis.geos import Point
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from accounts import actions as accounts
from accounts.models import User
from assets import actions as assets
from assets import selectors as components
from assets.models import Asset, AssetType
from assets.selectors.components import narrowed
from bench.grid import tile_around
from bench.harness import percentile, private_database
from bench.result import Result
from core import tiles
from core.scope import Actor, machine
from grid import actions as grid
from grid import selectors as places
from packs import actions as packs
from registers import actions as record_actions
from registers import selectors as registers
from simulator import city as generator

ROOT: Actor = machine("bench", "admin")
RIGHTS = ("case.see", "component.edit", "register.see", "register.keep")
TYPES, KINDS, MOST_MS = 20, 500, 150
COMPONENTS = """
    INSERT INTO assets_asset (code, type_id, geom, names, state, authority, owner, maintainer, accuracy, source,
                              attributes, cell, area, created_at, changed_at)
    SELECT split_part(p.area, '.', 2) || t.major || t.minor
               || lpad((row_number() OVER (PARTITION BY split_part(p.area, '.', 2), t.id))::text, 6, '0'),
           t.id, p.at, '{}', 'intact', '市政局', '市政局', '养护公司', 'A', 'bench',
           jsonb_build_object('make', 'M-' || (p.place %% %(kinds)s), 'grade', p.place %% 7,
                              'note', md5(p.place::text)),
           p.code, p.area, now(), now()
      FROM (SELECT c.code, c.area, (ST_Dump(ST_GeneratePoints(c.geom, %(each)s, 7))).geom AS at,
                   row_number() OVER () AS place
              FROM grid_cell c) p
      JOIN (SELECT id, major, minor, row_number() OVER (ORDER BY id) - 1 AS turn
              FROM assets_assettype WHERE code LIKE 'bench_%%' ORDER BY id) t ON t.turn = p.place %% %(types)s
"""
RECORDS = """
    INSERT INTO registers_record (register_id, written_under_id, number, state, ended, attributes, title, words, org,
                                  area, cell, geom, asset, valid_from, valid_until, flags, version, key, created_at,
                                  changed_at)
    SELECT v.register_id, v.id, 'B' || lpad(p.n::text, 7, '0'), 'in_force', false,
           jsonb_build_object('holder', '持证人' || p.n, 'plate', '粤D' || lpad((p.n %% 60000)::text, 5, '0'),
                              'kind', (ARRAY['soil', 'slurry', 'rubble'])[1 + p.n %% 3], 'load', p.n %% 40),
           '粤D' || lpad((p.n %% 60000)::text, 5, '0'),
           '粤D' || lpad((p.n %% 60000)::text, 5, '0') || ' ' || substr(%(words)s, 1 + (p.n * 7919 %% 90)::int, 3),
           '', a.area, a.code, ST_PointOnSurface(a.geom), '', now(), now() + (1 + p.n %% 400) * interval '1 day',
           '[]', 1, '', now(), now()
      FROM generate_series(1, %(many)s) AS p (n)
      JOIN (SELECT code, area, geom, row_number() OVER (ORDER BY code) - 1 AS turn, count(*) OVER () AS all_of_them
              FROM grid_cell) a ON a.turn = p.n * 7919 %% a.all_of_them
     CROSS JOIN registers_registerversion v
     WHERE v.register_id = %(register)s
"""
WORDS = "".join(chr(0x4E00 + 31 * at) for at in range(93))
TURNS = """
    INSERT INTO registers_turn (record_id, number, at, act, step, before, after, changes, flags, reason, actor,
                                actor_label, key)
    SELECT id, 1, now(), 'enter', '', '', state, '{}', '[]', '', 'bench', '', '' FROM registers_record
"""


def named(zh: str, en: str) -> dict[str, str]:
    """A name in both languages."""
    return {"zh": zh, "en": en}


def text(zh: str, en: str, **more: Any) -> dict[str, Any]:
    """An attribute that is a text."""
    return {"type": "string", "maxLength": 60, "x-names": named(zh, en), **more}


def kind_of(at: int) -> dict[str, Any]:
    """One of the twenty types: one attribute is hot, the others are not."""
    attributes = {
        "make": text("型号", "Make", **{"x-filter": True}), "note": text("备注", "Note"),
        "grade": {"type": "integer", "x-names": named("等级", "Grade")},
    }  # fmt: skip
    return {
        "code": f"bench_{at:02}", "names": named(f"测试类型 {at}", f"Type {at}"), "major": "98", "minor": f"{at:02}",
        "geometry": "point", "attributes": {"type": "object", "properties": attributes},
    }  # fmt: skip


def register() -> dict[str, Any]:
    """The large register: two columns are hot, and one of its attributes is personal."""
    attributes = {
        "holder": text("持证人", "Holder"), "plate": text("车牌", "Plate"),
        "kind": {"enum": ["soil", "slurry", "rubble"], "x-names": named("类别", "Kind")},
        "load": {"type": "integer", "x-filter": True, "x-names": named("方量", "Load")},
    }  # fmt: skip
    return {
        "code": "bench_permit", "names": named("测试证", "Bench permits"), "one": named("证", "Permit"),
        "number": "B{district}{seq:7}", "place": "point", "titles": ["plate"], "columns": ["plate", "kind"],
        "personal": ["holder"], "attributes": {"type": "object", "properties": attributes},
        "states": [{"code": "in_force", "names": named("有效", "In force"), "level": "normal"}],
        "term": {"for": {"value": 1, "unit": "year"}, "remind": [30]},
    }  # fmt: skip


def build(cells: int, many: int, records: int, result: Result) -> None:
    """The city stands: its map through our own verbs, components and records by one statement each."""
    packs.apply(["base", "catalogue-components"], actor=ROOT)
    grid.import_grid(generator.build(7, cells).as_grid(), actor=ROOT)
    for at in range(TYPES):
        assets.save_type(kind_of(at), actor=ROOT)
    record_actions.declare(register(), actor=ROOT, pack="bench")
    version = registers.version_of("bench_permit")
    each = -(-many // places.cell_count())
    with connection.cursor() as cursor:
        cursor.execute(COMPONENTS, {"each": each, "kinds": KINDS * TYPES, "types": TYPES})
        cursor.execute(RECORDS, {"many": records, "register": version.register_id, "words": WORDS})
        cursor.execute(TURNS)
    began = time.perf_counter()
    made, _gone = packs.settle(actor=ROOT)
    result.add("indexes of hot attributes made", len(made))
    result.add("making them on full tables, beside the work", time.perf_counter() - began, "s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    result.expect("components", Asset.objects.count(), at_least=many)
    result.add("types of them", AssetType.objects.filter(code__startswith="bench_").count())
    result.expect("records of the register", registers.records(registers.declared_of(version), {}, ROOT).count(),
                  at_least=records)  # fmt: skip
    result.expect("settled again, anything to do", sum(map(len, packs.settle(actor=ROOT))), at_most=0)


def somebody(name: str, area: str) -> Client:
    """A browser of somebody who keeps components and registers there."""
    person: User = accounts.create_user(username=name, password=secrets.token_urlsafe(16), label=name, actor=ROOT)
    accounts.grant(user=person, role="bench", area=area, actor=ROOT)
    client = Client(SERVER_NAME="localhost", headers={"Accept-Encoding": "gzip"})
    client.force_login(person)
    return client


def took(ask: Callable[[], Any]) -> float:
    """How many milliseconds an answer took; it must be one."""
    began = time.perf_counter()
    answer = ask()
    spent = (time.perf_counter() - began) * 1000
    if answer.status_code not in (200, 204, 302):
        raise RuntimeError(f"HTTP {answer.status_code}: {answer.content[:300]!r}")
    return spent


def pages(rng: random.Random) -> Mapping[str, Callable[[], str]]:
    """The lists that are asked for, each time with another value."""

    def make() -> str:
        """A make of a type that components have."""
        at = rng.randrange(TYPES)
        return f"/components/?type=bench_{at:02}&attr.make=M-{rng.randrange(KINDS) * TYPES + at}"

    def plate() -> str:
        return f"粤D{rng.randrange(60000):05}"

    here = "/registers/bench_permit/"
    return {
        "components of all types": lambda: "/components/",
        "components of a type": lambda: f"/components/?type=bench_{rng.randrange(TYPES):02}",
        "components of a type by attribute": make,
        "components of a type by a make that none has": lambda: "/components/?type=bench_03&attr.make=none",
        "records of a register": lambda: here,
        "records by attribute": lambda: f"{here}?attr.plate={plate()}",
        "records by a choice": lambda: f"{here}?attr.kind=slurry&attr.load={rng.randrange(40)}",
        "records by an attribute that none has": lambda: f"{here}?attr.plate=none",
        "records by state and term": lambda: f"{here}?state=in_force&expiring=30",
        "records by number": lambda: f"{here}?q=B{rng.randrange(1, 100_000):07}",
        "records by a word of two letters": lambda: f"{here}?q={WORDS[(at := rng.randrange(90)) : at + 2]}",
        "records by a word that none has": lambda: f"{here}?q=龘龘",
    }  # fmt: skip


def ask_lists(clients: Mapping[str, Client], rng: random.Random, asked: int, result: Result) -> None:
    """Each list by everybody, each a figure of its own."""
    for name, address in pages(rng).items():
        for who, client in clients.items():
            client.get(address())
            spent = [took(partial(client.get, address())) for _turn in range(asked)]
            result.expect(f"{name}, {who}, p95", percentile(spent, 0.95), at_most=MOST_MS, unit="ms")


def ask_tiles(client: Client, rng: random.Random, asked: int, result: Result) -> None:
    """Tiles of one type, cut anew each time."""
    west, south, east, north = places.bounds() or (0.0, 0.0, 0.0, 0.0)
    spent = []
    for turn in range(asked):
        z = 12 + turn % 6
        x, y = tile_around(rng.uniform(west, east), rng.uniform(south, north), z)
        tiles.drawer.clear()
        path = f"/tiles/assets/{z}/{x}/{y}.mvt?types=bench_{rng.randrange(TYPES):02}"
        spent.append(took(partial(client.get, path)))
    result.expect("map tile of a type, cold, p95", percentile(spent, 0.95), at_most=MOST_MS, unit="ms")


def save_forms(client: Client, rng: random.Random, asked: int, result: Result) -> None:
    """A component and a record are changed by their forms, as people do it."""
    views = [components.view_of(row) for row in Asset.objects.select_related("type").order_by("pk")[: asked * 40 : 40]]
    spent = []
    for view in views:
        told = {"version": 1, "state": view.state, "lon": view.lon, "lat": view.lat, "reason": "核对",
                "attr_make": f"M-{rng.randrange(KINDS)}x"}  # fmt: skip
        spent.append(took(partial(client.post, f"/components/{view.code}/edit/", told)))
    result.expect("form of a component saved, p95", percentile(spent, 0.95), at_most=2 * MOST_MS, unit="ms")
    changed = Asset.objects.filter(code__in=[view.code for view in views], version=2).count()
    result.expect("forms of components that changed nothing", len(views) - changed, at_most=0)
    declared, spent = registers.declared_of(registers.version_of("bench_permit")), []
    for row in registers.records(declared, {}, ROOT).exclude(geom=None).order_by("pk")[: asked * 40 : 40]:
        point = cast(Point, row.geom)
        told = {"version": 1, "attr_plate": f"粤B{row.pk:05}", "attr_kind": "soil", "attr_load": "7", "reason": "核对",
                "lon": point.x, "lat": point.y}  # fmt: skip
        spent.append(took(partial(client.post, f"/registers/bench_permit/{row.number}/edit/", told)))
    changed = registers.records(declared, {"attr.load": "7"}, ROOT).filter(version=2).count()
    result.expect("forms of records that changed nothing", len(spent) - changed, at_most=0)
    result.expect("form of a record saved, p95", percentile(spent, 0.95), at_most=2 * MOST_MS, unit="ms")


def explained(rows: QuerySet[Any], wanted: str, name: str, result: Result) -> None:
    """The plan of a list: which indexes find it; missed where that of its attribute is not among them."""
    plan = json.loads(rows.explain(format="json", analyze=True))[0]
    used: list[str] = []
    waiting = [plan["Plan"]]
    while waiting:
        part = waiting.pop()
        used += [part["Index Name"]] if "Index Name" in part else []
        waiting += part.get("Plans", [])
    hit = any(one.startswith(wanted) for one in used)
    result.expect(f"{name}: found by its index", int(hit), at_least=1)
    result.note(f"plan of {name}: {', '.join(used) or 'no index'}; planned in {plan['Planning Time']:.1f} ms, "
                f"done in {plan['Execution Time']:.1f} ms")  # fmt: skip


def explain(result: Result) -> None:
    """The plans of the lists that an attribute or a word narrows."""
    filters = components.filters_of({"type": "bench_03", "attr.make": "M-63"})
    kind = components.type_of("bench_03").pk
    rows = narrowed(Asset.objects.all(), filters).order_by("code")[:51]
    explained(rows, f"assets_asset_hot_{kind}_", "components by attribute", result)
    declared = registers.declared_of(registers.version_of("bench_permit"))
    for name, asked, wanted in (
        ("records by attribute", {"attr.plate": "粤D00042"}, f"registers_record_hot_{declared.pk}_"),
        ("records by a choice", {"attr.kind": "slurry", "attr.load": "7"}, f"registers_record_hot_{declared.pk}_"),
        ("records by a word", {"q": WORDS[5:7]}, "registers_record_pairs"),
    ):
        explained(registers.records(declared, asked, ROOT).order_by("-pk")[:31], wanted, name, result)


def main() -> int:
    """Builds, asks, judges."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--cells", type=int, default=2000)
    reader.add_argument("--components", type=int, default=1_000_000)
    reader.add_argument("--records", type=int, default=200_000)
    reader.add_argument("--asked", type=int, default=60, help="how often each list is asked for by each person")
    given = reader.parse_args()
    result = Result("packs")
    result.note(f"load of the machine when this began: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    with private_database("bench_packs"):
        build(given.cells, given.components, given.records, result)
        rng = random.Random(7)
        names = {"zh": "测", "en": "Bench"}
        accounts.upsert_role(code="bench", names=names, permissions=RIGHTS, actor=ROOT)
        district = next(one.path for one in places.region_names() if one.path.count(".") == 1)
        clients = {"whole city": somebody("city", ""), "one district": somebody("district", district)}
        gc.collect()
        gc.freeze()  # as cityops/wsgi.py does; here, what built the city is the most of it
        explain(result)
        ask_lists(clients, rng, given.asked, result)
        ask_tiles(clients["whole city"], rng, given.asked, result)
        save_forms(clients["whole city"], rng, given.asked, result)
    result.note(f"load when it ended: {os.getloadavg()[0]:.1f}; figures hold on a machine without other load")
    return result.finish()


if __name__ == "__main__":
    sys.exit(main())
