"""Components stand where a new map puts them: in sets, each with its history."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from assets.contracts import Act
from assets.selectors import ComponentPoints
from core import clock
from grid import actions as grid
from grid.selectors import Misplaced

SETTLE = """
    WITH given AS (
        SELECT * FROM unnest(%(rows)s::bigint[], %(was)s::text[], %(cells)s::text[], %(areas)s::text[])
            AS g (id, was, cell, area)
    ), held AS MATERIALIZED (
        SELECT a.id, a.cell, a.area FROM assets_asset a JOIN given g ON g.id = a.id AND g.was = a.cell
         ORDER BY a.id FOR UPDATE OF a
    ), changed AS (
        UPDATE assets_asset a SET cell = g.cell, area = g.area, version = a.version + 1, changed_at = %(now)s
          FROM held h JOIN given g ON g.id = h.id WHERE a.id = h.id
        RETURNING a.id, a.version, h.cell AS cell_before, a.cell, h.area AS area_before, a.area
    ), told AS (
        INSERT INTO assets_change (asset_id, version, at, act, actor, actor_label, proposer, proposer_label, why,
                                   before, after)
        SELECT c.id, c.version, %(now)s, %(act)s, %(actor)s, %(label)s, '', '', %(why)s,
               jsonb_strip_nulls(jsonb_build_object('cell', nullif(c.cell_before, c.cell),
                                                    'area', nullif(c.area_before, c.area))),
               jsonb_strip_nulls(jsonb_build_object('cell', nullif(c.cell, c.cell_before),
                                                    'area', nullif(c.area, c.area_before)))
          FROM changed c
    )
    SELECT count(*) FROM changed
"""


def follow_map(*, most: int | None = None) -> int:
    """Components stand in the cells of the map in force; answers how many had to go (see `grid.actions.follow`)."""
    return grid.follow(ComponentPoints(), _settle, most=most)


def _settle(found: Sequence[Misplaced], version: int) -> int:
    """They stand in their new cells, each change in its history; whoever was placed anew meanwhile is left alone."""
    given: dict[str, Any] = {
        "rows": [one.row for one in found], "was": [one.was for one in found],
        "cells": [one.cell for one in found], "areas": [one.area for one in found],
    }  # fmt: skip
    by = {"act": Act.GRID.value, "actor": grid.FOLLOWER.key, "label": grid.FOLLOWER.label, "why": f"#{version}"}
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, {**given, **by, "now": clock.now()})
        return int(cursor.fetchone()[0])
