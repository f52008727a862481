"""Polygons and boxes in shares of the frame (0 to 1): areas, overlaps, distances. Pure arithmetic."""

from collections.abc import Sequence

from video.contracts import Box, Point

FOOTPRINT = 0.3


def polygon_area(points: Sequence[Point]) -> float:
    """The unsigned area by the shoelace formula, in shares of the frame."""
    total = 0.0
    for index, (x, y) in enumerate(points):
        next_x, next_y = points[(index + 1) % len(points)]
        total += x * next_y - next_x * y
    return abs(total) / 2.0


def _cut(points: list[Point], axis: int, limit: float, keep_greater: bool) -> list[Point]:
    """One pass of Sutherland and Hodgman (1974): the part of a polygon on one side of an axis-parallel line."""
    kept: list[Point] = []
    for index, here in enumerate(points):
        before = points[index - 1]
        here_in = (here[axis] >= limit) is keep_greater or here[axis] == limit
        before_in = (before[axis] >= limit) is keep_greater or before[axis] == limit
        if here_in is not before_in and here[axis] != before[axis]:
            share = (limit - before[axis]) / (here[axis] - before[axis])
            kept.append((before[0] + share * (here[0] - before[0]), before[1] + share * (here[1] - before[1])))
        if here_in:
            kept.append(here)
    return kept


def clip_to_box(points: Sequence[Point], box: Box) -> list[Point]:
    """The part of a polygon inside a box."""
    left, top, right, bottom = box
    part = list(points)
    for axis, limit, keep_greater in ((0, left, True), (0, right, False), (1, top, True), (1, bottom, False)):
        if not part:
            return []
        part = _cut(part, axis, limit, keep_greater)
    return part


def box_area(box: Box) -> float:
    """Area of a box, zero when it is turned inside out."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])


def footprint(box: Box) -> Box:
    """Where a thing touches the ground: the lowest 30 % of its box."""
    left, top, right, bottom = box
    return (left, bottom - FOOTPRINT * (bottom - top), right, bottom)


def footprint_overlap(box: Box, polygon: Sequence[Point]) -> float:
    """The share (0 to 1) of a thing's footprint that lies in the polygon."""
    foot = footprint(box)
    area = box_area(foot)
    if area <= 0 or len(polygon) < 3:
        return 0.0
    part = clip_to_box(polygon, foot)
    return min(1.0, polygon_area(part) / area) if len(part) >= 3 else 0.0


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    shared = box_area((max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])))
    both = box_area(one) + box_area(other) - shared
    return shared / both if both > 0 else 0.0


def covered_share(box: Box, by: Box) -> float:
    """The share of `box` that `by` hides."""
    shared = box_area((max(box[0], by[0]), max(box[1], by[1]), min(box[2], by[2]), min(box[3], by[3])))
    area = box_area(box)
    return shared / area if area > 0 else 0.0


def centre(box: Box) -> Point:
    """The middle of a box."""
    return ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)


def shift_in_widths(one: Box, other: Box, aspect: float) -> float:
    """How far two boxes lie apart, in widths of the narrower; `aspect` is the frame's height over its width."""
    (x1, y1), (x2, y2) = centre(one), centre(other)
    width = min(one[2] - one[0], other[2] - other[0])
    if width <= 0:
        return float("inf")
    return float(((x1 - x2) ** 2 + ((y1 - y2) * aspect) ** 2) ** 0.5) / width


def median_box(boxes: Sequence[Box]) -> Box:
    """The median of each side (of an even number the lower middle), which a single stray box does not move."""
    middle = (len(boxes) - 1) // 2
    left, top, right, bottom = (sorted(box[side] for box in boxes)[middle] for side in range(4))
    return (left, top, right, bottom)


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def crosses_itself(points: Sequence[Point]) -> bool:
    """Whether any two edges of the polygon cross."""
    edges = [(points[i], points[(i + 1) % len(points)]) for i in range(len(points))]
    return any(_cross(*edges[i], *edges[j]) for i in range(len(edges)) for j in range(i + 1, len(edges)))
