"""The one way into the register: placed rows are entered or changed in sets, and every change leaves its row."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from assets.contracts import Act
from assets.rules import Row
from core import clock
from core.scope import Actor

Placed = tuple[Row, str, str]
KEPT = (
    "geom", "names", "state", "authority", "owner", "maintainer", "accuracy", "source", "attributes", "cell", "area",
)  # fmt: skip
GIVEN = """
    SELECT g.code, g.type_id, CASE WHEN g.shape = '' THEN ST_SetSRID(ST_MakePoint(g.lon, g.lat), 4326)
                                   ELSE ST_GeomFromWKB(decode(g.shape, 'hex'), 4326) END AS geom,
           g.names::jsonb AS names, g.state, g.authority, g.owner, g.maintainer, g.accuracy, g.source,
           g.attributes::jsonb AS attributes, g.cell, g.area, g.schema_number
      FROM unnest(%(code)s::text[], %(type_id)s::bigint[], %(lon)s::float8[], %(lat)s::float8[], %(shape)s::text[],
                  %(names)s::text[], %(state)s::text[], %(authority)s::text[], %(owner)s::text[],
                  %(maintainer)s::text[], %(accuracy)s::text[], %(source)s::text[], %(attributes)s::text[],
                  %(cell)s::text[], %(area)s::text[], %(schema_number)s::int[])
        AS g (code, type_id, lon, lat, shape, names, state, authority, owner, maintainer, accuracy, source, attributes,
              cell, area, schema_number)
"""
LOCK = "SELECT code FROM assets_asset WHERE code = ANY(%s) ORDER BY id FOR UPDATE"
COLUMNS = ", ".join(KEPT)
ENTER = f"""
    INSERT INTO assets_asset (code, type_id, {COLUMNS}, schema_number, survey_id, created_at, changed_at)
    SELECT new.code, new.type_id, {", ".join(f"new.{name}" for name in KEPT)}, new.schema_number, %(survey)s,
           %(now)s, %(now)s
      FROM ({GIVEN}) new
    ON CONFLICT (code) DO NOTHING RETURNING code
"""
BORN = """
    INSERT INTO assets_change (asset_id, version, at, act, actor, actor_label, proposer, proposer_label, why)
    SELECT a.id, 1, %(now)s, %(act)s, %(actor)s, %(actor_label)s, coalesce(p.key, ''), coalesce(p.label, ''), %(why)s
      FROM assets_asset a
      LEFT JOIN unnest(%(proposed)s::text[], %(keys)s::text[], %(labels)s::text[]) AS p (code, key, label)
        ON p.code = a.code
     WHERE a.code = ANY(%(entered)s)
"""


def _told(row: str) -> str:
    """A row as JSON; `OFFSET 0` where it is used keeps the planner from building it anew for every key."""
    parts = [f"'{name}', {row}.{name}" for name in KEPT if name != "geom"]
    shape = f"'geom', encode(ST_AsBinary({row}.geom, 'NDR'), 'hex')"
    return f"jsonb_build_object({shape}, {', '.join(parts)}, 'survey', {row}.survey_id)"


CHANGE = f"""
    WITH new AS MATERIALIZED ({GIVEN}), held AS MATERIALIZED (
        SELECT a.id, a.survey_id, {", ".join(f"a.{name}" for name in KEPT)} FROM assets_asset a JOIN new USING (code)
    ), changed AS (
        UPDATE assets_asset a
           SET {", ".join(f"{name} = new.{name}" for name in KEPT)}, version = a.version + 1, changed_at = %(now)s,
               schema_number = new.schema_number,
               survey_id = coalesce(%(survey)s::bigint, a.survey_id)
          FROM new
         WHERE a.code = new.code
           AND ({", ".join(f"a.{name}" for name in KEPT)}) IS DISTINCT FROM ({", ".join(f"new.{n}" for n in KEPT)})
        RETURNING a.id, a.code, a.version, a.survey_id, {", ".join(f"a.{name}" for name in KEPT)}
    ), told AS (
        INSERT INTO assets_change (asset_id, version, at, act, actor, actor_label, proposer, proposer_label, why,
                                   before, after)
        SELECT c.id, c.version, %(now)s, %(act)s, %(actor)s, %(actor_label)s, coalesce(p.key, ''),
               coalesce(p.label, ''), %(why)s,
               (SELECT jsonb_object_agg(w.key, w.value) FROM jsonb_each(b.was) w
                 WHERE w.value IS DISTINCT FROM b.now -> w.key),
               (SELECT jsonb_object_agg(n.key, n.value) FROM jsonb_each(b.now) n
                 WHERE n.value IS DISTINCT FROM b.was -> n.key)
          FROM changed c JOIN held h ON h.id = c.id
          LEFT JOIN unnest(%(proposed)s::text[], %(keys)s::text[], %(labels)s::text[]) AS p (code, key, label)
            ON p.code = c.code
         CROSS JOIN LATERAL (SELECT {_told("h")} AS was, {_told("c")} AS now OFFSET 0) b
    )
    SELECT code FROM changed
"""


@dataclass(frozen=True, slots=True)
class Deed:
    """By whom, by which act and why rows are written; who proposed which code, as (key, label)."""

    actor: Actor
    act: Act
    why: str = ""
    survey: int | None = None
    proposers: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """The codes that were entered, and those that were changed; what differed in nothing is in neither."""

    entered: frozenset[str]
    changed: frozenset[str]


def lock(codes: Iterable[str]) -> frozenset[str]:
    """Those of the codes that are in the register, locked in the order of their rows."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [list(codes)])
        return frozenset(code for (code,) in cursor.fetchall())


def write(placed: Sequence[Placed], deed: Deed) -> Written:
    """The rows are in the register as given, what changed has its history; call inside the act's transaction."""
    now = clock.now()
    known = lock(row.code for row, _, _ in placed)
    fresh = [one for one in placed if one[0].code not in known]
    entered = _run(ENTER, fresh, deed, now)
    raced = [one for one in fresh if one[0].code not in entered]
    if raced:
        known |= lock(row.code for row, _, _ in raced)
    if entered and deed.act is not Act.IMPORT:
        _born(entered, deed, now)
    changed = _run(CHANGE, [one for one in placed if one[0].code in known], deed, now)
    return Written(entered, changed)


def _run(statement: str, placed: Sequence[Placed], deed: Deed, now: Any) -> frozenset[str]:
    if not placed:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(statement, {**_columns(placed), **_by(deed, now)})
        return frozenset(code for (code,) in cursor.fetchall())


def _born(entered: Iterable[str], deed: Deed, now: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BORN, {**_by(deed, now), "entered": list(entered)})


def _by(deed: Deed, now: Any) -> dict[str, Any]:
    return {
        "now": now, "act": deed.act.value, "actor": deed.actor.key, "actor_label": deed.actor.label[:120],
        "why": deed.why, "survey": deed.survey, "proposed": list(deed.proposers),
        "keys": [key for key, _ in deed.proposers.values()], "labels": [label for _, label in deed.proposers.values()],
    }  # fmt: skip


def _columns(placed: Sequence[Placed]) -> dict[str, list[Any]]:
    plain = ("code", "lon", "lat", "shape", "state", "authority", "owner", "maintainer", "accuracy", "source")
    columns: dict[str, list[Any]] = {name: [getattr(row, name) for row, _, _ in placed] for name in plain}
    columns |= {
        name: [json.dumps(getattr(row, name), ensure_ascii=False) for row, _, _ in placed]
        for name in ("names", "attributes")
    }
    columns["schema_number"] = [row.schema_number for row, _, _ in placed]
    columns["type_id"] = [row.type_pk for row, _, _ in placed]
    columns["cell"] = [cell for _, cell, _ in placed]
    columns["area"] = [area for _, _, area in placed]
    return columns
