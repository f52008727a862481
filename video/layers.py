"""Cameras as a new map moves them."""

from grid.contracts import register_points
from video.selectors import CameraPoints

register_points(CameraPoints())
