"""A pinhole camera above a street. World: x to the right, y along the road, z up, in metres; the ground is z = 0."""

from dataclasses import dataclass, replace
from functools import cached_property
from math import cos, radians, sin, tan

import numpy as np

NEAR_M = 0.4


@dataclass(frozen=True)
class Camera:
    """Where a camera hangs and looks: yaw clockwise from +y, pitch downwards, roll, horizontal view angle (degrees)."""

    x: float
    y: float
    z: float
    yaw: float
    pitch: float
    roll: float = 0.0
    fov: float = 62.0
    width: int = 640
    height: int = 360

    def scaled(self, factor: int) -> "Camera":
        """The same view with `factor` times as many pixels each way."""
        return replace(self, width=self.width * factor, height=self.height * factor)

    @cached_property
    def focal(self) -> float:
        return self.width / 2 / tan(radians(self.fov) / 2)

    @cached_property
    def axes(self) -> np.ndarray:
        """Rows: image right, image down, forward, as unit vectors of the world."""
        yaw, pitch, roll = radians(self.yaw), radians(self.pitch), radians(self.roll)
        forward = np.array([sin(yaw) * cos(pitch), cos(yaw) * cos(pitch), -sin(pitch)])
        right = np.array([cos(yaw), -sin(yaw), 0.0])
        down = np.cross(forward, right)
        return np.array([right * cos(roll) + down * sin(roll), down * cos(roll) - right * sin(roll), forward])

    @cached_property
    def place(self) -> np.ndarray:
        return np.array([self.x, self.y, self.z])

    @cached_property
    def matrix(self) -> np.ndarray:
        """3x4 projection matrix: homogeneous world point to homogeneous pixel."""
        inner = np.array([[self.focal, 0, self.width / 2], [0, self.focal, self.height / 2], [0, 0, 1]])
        return inner @ np.column_stack([self.axes, -self.axes @ self.place])

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels (n, 2) and depths in metres (n,) of world points (n, 3); a depth under NEAR_M cannot be drawn."""
        seen = (np.asarray(points, dtype=float) - self.place) @ self.axes.T
        depth = np.maximum(seen[:, 2], 1e-6)
        pixels = seen[:, :2] / depth[:, None] * self.focal + np.array([self.width / 2, self.height / 2])
        return pixels, seen[:, 2]

    def depth(self, x: float, y: float, z: float = 0.0) -> float:
        """How far in front of the camera a point lies, in metres (negative: behind)."""
        return float((np.array([x, y, z]) - self.place) @ self.axes[2])

    def plane(self, origin: np.ndarray, along: np.ndarray, across: np.ndarray) -> np.ndarray:
        """Homography of plane coordinates (a, b), the point origin + a*along + b*across, to pixels."""
        columns = [np.append(along, 0.0), np.append(across, 0.0), np.append(origin, 1.0)]
        return self.matrix @ np.array(columns).T
