"""Decisions about components, pure: rows, shapes, the past of a component, the census."""

from assets.rules.attributes import PREFIX, attribute_columns, cast, hot_of, is_closed
from assets.rules.census import error_rate, ground_fault, passes, rules_problems, sample_size
from assets.rules.codes import LONGEST_CODE, class_of, component_code, component_plan_of, is_component_code
from assets.rules.history import TRACKED, Past, as_of, fields_of, replayed, versions
from assets.rules.rows import (
    Row,
    TypeFacts,
    TypeProblem,
    read,
    storable,
    type_columns,
    type_problems,
    unpacked,
)
from assets.rules.shapes import (
    KINDS,
    MOST_VERTICES,
    anchor,
    geojson_of,
    hex_of,
    metres_away,
    shape_fault,
    shape_of,
    tidy,
    vertices,
)

__all__ = [
    "KINDS", "LONGEST_CODE", "MOST_VERTICES", "PREFIX", "Past", "Row", "TRACKED", "TypeFacts", "TypeProblem",
    "anchor", "as_of", "attribute_columns", "cast", "class_of", "component_code", "component_plan_of", "error_rate",
    "fields_of", "geojson_of", "ground_fault", "hex_of", "hot_of", "is_closed", "is_component_code", "metres_away",
    "passes", "read", "replayed", "rules_problems", "sample_size", "shape_fault", "shape_of", "storable", "tidy",
    "type_columns", "type_problems", "unpacked", "versions", "vertices",
]  # fmt: skip
