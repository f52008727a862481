"""Open cases as a new map moves them."""

from cases.selectors import OpenCasePoints
from grid.contracts import register_points

register_points(OpenCasePoints())
