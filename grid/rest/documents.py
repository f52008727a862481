"""What the grid editor reads and writes, as JSON."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from rest_framework.request import Request

from core.errors import Invalid
from grid.rules.findings import Finding
from grid.selectors import IMPORT
from grid.sentences import fix_label, said

Box = tuple[float, float, float, float]


def version_body(row: Any) -> dict[str, Any]:
    """A version as `selectors.versions` answers it."""
    draft = row.state != "published"
    return {
        "id": row.pk,
        "state": row.state,
        "note": row.note,
        "created_at": row.created_at.isoformat(),
        "created_by": row.created_by,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "in_force": row.current,
        "regions": row.region_count,
        "cells": row.cell_count,
        "revision": row.revision,
        "problems": row.problem_count,
        "can_undo": draft and row.last_op is not None and row.last_op != IMPORT,
        "can_redo": draft and row.can_redo,
    }


def problem_bodies(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Problems with their sentences in the active language."""
    return [
        {
            "id": one.ident,
            "code": one.code,
            "sentence": said(one.code, one.params),
            "params": dict(one.params),
            "geometry": shapely.geometry.mapping(one.geom) if one.geom is not None else None,
            "cells": list(one.cells),
            "fix": {"label": fix_label(one.fix, one.target)} if one.fix else None,
        }
        for one in found
    ]


def box_of(request: Request) -> Box | None:
    """The box that was asked for; Invalid where it is none."""
    given = request.query_params.get("bbox", "")
    if not given:
        return None
    try:
        west, south, east, north = (float(part) for part in given.split(","))
    except ValueError as error:
        raise Invalid("grid.ogc_bbox", given=given[:80]) from error
    sound = all(math.isfinite(value) for value in (west, south, east, north))
    if not sound or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Invalid("grid.ogc_bbox", given=given[:80])
    return west, south, east, north


def number_of(given: Mapping[str, Any], name: str) -> int:
    """A whole number of the body; Invalid where it is none."""
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise Invalid("grid.field_number", field=name)
    return value
