"""Components as a new map of the grid moves them."""

from collections.abc import Mapping

from assets.contracts import State

POINTS = """
    SELECT id, ST_PointOnSurface(geom) AS geom, shape3857 AS flat, cell, area
      FROM assets_asset WHERE state <> %(removed)s
"""


class ComponentPoints:
    """Every component that is still in the register, at a point on it."""

    kind = "components"
    names = {"zh": "部件", "en": "Components"}

    def points(self) -> tuple[str, Mapping[str, object]]:
        """Those that were not removed."""
        return POINTS, {"removed": State.REMOVED.value}
