"""What a new map would change: cell by cell against another version, and what would stand in another cell.

All of it is reckoned in the database, and only for the ground of cells that differ: of a million components those in
three moved cells are looked at.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from grid.contracts import PointSource, point_sources
from grid.models import Region
from grid.selectors.places import map_version
from grid.selectors.supervision import collectors_touched
from grid.selectors.versions import MOST_CELLS, cells_called, feature, version_of

MOST_MOVES = 500
COLLECTORS: Mapping[str, Any] = {"kind": "collectors", "names": {"zh": "采集员", "en": "Collectors"}}
NOISE_M2 = 1.0
DIFFERING = """
    SELECT coalesce(n.code, o.code) AS code,
           CASE WHEN o.id IS NULL THEN 'added' WHEN n.id IS NULL THEN 'removed'
                WHEN ST_AsBinary(o.geom) <> ST_AsBinary(n.geom)
                     AND ST_Area(ST_SymDifference(o.geom, n.geom)::geography) > %(noise)s THEN 'shape'
                WHEN (o.grade, o.land_use, o.responsible) IS DISTINCT FROM (n.grade, n.land_use, n.responsible)
                THEN 'description' END AS change
      FROM (SELECT * FROM grid_cell WHERE version_id = %(old)s) o
      FULL JOIN (SELECT * FROM grid_cell WHERE version_id = %(new)s) n ON n.code = o.code
"""
GROUND_CHANGES = frozenset({"added", "removed", "shape"})
CHANGED_GROUND = """
    CREATE TEMPORARY TABLE changed_ground ON COMMIT DROP AS
    SELECT c.geom, c.shape3857 AS flat FROM grid_cell c
     WHERE c.version_id = ANY(%(maps)s) AND c.code = ANY(%(codes)s)
"""
UNDER = """
    LEFT JOIN LATERAL (
        SELECT c.code, c.area FROM grid_cell c
         WHERE c.version_id = %({version})s AND ST_Intersects(c.geom, t.geom) ORDER BY c.code LIMIT 1
    ) {version} ON true
"""
TOUCHED = """
    WITH t AS MATERIALIZED (
        SELECT DISTINCT ON (p.id) p.*
          FROM changed_ground g JOIN ({points}) p ON ST_Intersects(p.flat, g.flat)
    )
"""
UNDER_NEW = UNDER.format(version="new")
MOVES = f"""
    {TOUCHED}
    SELECT coalesce(old.code, ''), coalesce(new.code, ''), count(*)
      FROM t {UNDER.format(version="old")} {UNDER_NEW}
     WHERE old.code IS DISTINCT FROM new.code OR new.code = ANY(%(kept)s)
     GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""


def compared(old: int, new: int) -> dict[str, Any]:
    """How the cells and regions of one version differ from those of another; 3,000 cells at most are drawn."""
    version_of(old), version_of(new)
    with connection.cursor() as cursor:
        cursor.execute(DIFFERING, {"old": old, "new": new, "noise": NOISE_M2})
        rows = sorted(cursor.fetchall())
    kinds = {"added": "added", "removed": "removed", "shape": "moved_edge", "description": "redescribed", None: "same"}
    counts = dict.fromkeys(kinds.values(), 0)
    for _code, change in rows:
        counts[kinds[change]] += 1
    differing = [(code, change) for code, change in rows if change]
    regions = _regions(old, new)
    return {
        "counts": counts,
        "cells": {"type": "FeatureCollection", "features": _drawn(old, new, differing[:MOST_CELLS])},
        "regions": regions[:MOST_CELLS],
        "truncated": len(differing) > MOST_CELLS or len(regions) > MOST_CELLS,
    }


def _drawn(old: int, new: int, differing: list[tuple[str, str]]) -> list[dict[str, Any]]:
    codes = [code for code, _change in differing]
    before, after = cells_called(old, codes), cells_called(new, codes)
    found = []
    for code, change in differing:
        was, now = before.get(code), after.get(code)
        told = {
            "code": code,
            "change": change,
            "before": was and {"grade": was.grade, "land_use": was.land_use, "responsible": was.responsible},
            "after": now and {"grade": now.grade, "land_use": now.land_use, "responsible": now.responsible},
            "geometry_before": feature(code, was.geom, {})["geometry"] if was and now and change == "shape" else None,
        }
        shown = now or was
        found.append(feature(code, shown.geom if shown else None, told))
    return found


def _regions(old: int, new: int) -> list[dict[str, Any]]:
    before, after = _told(old), _told(new)
    found = []
    for code in sorted(before.keys() | after.keys()):
        was, now = before.get(code), after.get(code)
        if was == now:
            continue
        change = "added" if was is None else "removed" if now is None else _change(was, now)
        found.append({"code": code, "change": change, "before": _shown(was), "after": _shown(now)})
    return found


def _told(version: int) -> dict[str, dict[str, Any]]:
    rows = Region.objects.filter(version=version).extra(select={"digest": "md5(ST_AsBinary(grid_region.geom))"})
    found = rows.order_by().values_list("code", "level", "names", "area_m2", "digest", "parent__code")
    return {
        code: {"level": level, "names": names, "parent": parent or "", "area_m2": area, "digest": digest}
        for code, level, names, area, digest, parent in found
    }


def _change(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    return next(name for name in ("level", "parent", "names", "digest", "area_m2") if was[name] != now[name]).replace(
        "digest", "shape"
    )


def _shown(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if told is None else {name: value for name, value in told.items() if name != "digest"}


@transaction.atomic
def moves(version: int, cells: Sequence[str] = ()) -> dict[str, Any]:
    """What publishing the version would move against the map in force; `lost` stands in no cell of it.

    `stays` is what remains in cells whose shape changes: what of it there is on the side that keeps the code. With
    `cells` only the ground of these is looked at. Collectors do not stand in a cell but walk several: they move with
    a cell whose shape changes, lose one that goes.
    """
    version_of(version)
    current = map_version()
    at: dict[str, Any] = {"old": current, "new": version, "noise": NOISE_M2}
    with connection.cursor() as cursor:
        # The planner cannot guess how little ground differs; compiling for a million rows took 30 s, the work 0.3 s.
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(DIFFERING, at)
        differing = cursor.fetchall()
        looked_at = [one for one in differing if not cells or one[0] in cells]
        at["kept"] = [code for code, change in looked_at if change == "shape"]
        lay_ground(cursor, (current, version), [code for code, change in looked_at if change in GROUND_CHANGES])
        told = [_moved(cursor, source, at) for source in point_sources()]
        cursor.execute("DROP TABLE changed_ground")
    told.append(_collectors(looked_at))
    changes = [change for _code, change in differing]
    rows = [row for some, _total in told for row in some]
    found = [row for row in rows if row["from_cell"] != row["to_cell"] or row["kind"] == COLLECTORS["kind"]]
    stays = [_stay(row) for row in rows if row["from_cell"] == row["to_cell"]]
    return {
        "cells": {
            "added": changes.count("added"),
            "removed": changes.count("removed"),
            "changed": changes.count("shape"),
            "same": changes.count(None) + changes.count("description"),
        },
        "moves": found[:MOST_MOVES],
        "stays": stays[:MOST_MOVES],
        "totals": [total for _one, total in told],
        "truncated": max(len(found), len(stays)) > MOST_MOVES,
    }


def _stay(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": row["kind"], "names": row["names"], "cell": row["to_cell"], "count": row["count"]}


def lay_ground(cursor: Any, maps: Sequence[int], codes: Sequence[str]) -> None:
    """The ground of these cells in any of these maps lies in the table `changed_ground`, until it is dropped."""
    cursor.execute(CHANGED_GROUND, {"maps": list(maps), "codes": list(codes)})
    cursor.execute("ANALYZE changed_ground")


def _moved(cursor: Any, source: PointSource, at: Mapping[str, Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    points, params = source.points()
    cursor.execute(MOVES.format(points=points), {**params, **at})
    named = {"kind": source.kind, "names": dict(source.names)}
    rows = [{**named, "from_cell": old, "to_cell": new, "count": count} for old, new, count in cursor.fetchall()]
    lost = sum(row["count"] for row in rows if not row["to_cell"])
    moved = sum(row["count"] for row in rows if row["to_cell"] not in ("", row["from_cell"]))
    return rows, {**named, "moved": moved, "lost": lost}


def _collectors(differing: Iterable[tuple[str, str | None]]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    codes: dict[str | None, list[str]] = defaultdict(list)
    for code, change in differing:
        codes[change].append(code)
    rows, moved, lost = collectors_touched(codes["shape"], codes["removed"])
    told = [{**COLLECTORS, "from_cell": old, "to_cell": new, "count": count} for old, new, count in rows]
    return told, {**COLLECTORS, "moved": moved, "lost": lost}
