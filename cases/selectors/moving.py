"""Open cases as a new map of the grid moves them: each keeps its cell, but stands on ground that has another code."""

from collections.abc import Mapping

from cases.contracts import ENDS

POINTS = """
    SELECT id, point AS geom, ST_Transform(point, 3857) AS flat
      FROM cases_case WHERE point IS NOT NULL AND NOT stage = ANY(%(ends)s)
"""


class OpenCasePoints:
    """Every case with a place that has not ended."""

    kind = "cases"
    names = {"zh": "未结案件", "en": "Open cases"}

    def points(self) -> tuple[str, Mapping[str, object]]:
        """Those whose stage is no end."""
        return POINTS, {"ends": sorted(stage.value for stage in ENDS)}
