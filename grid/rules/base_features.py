"""Rows of the base map: which kind and class they are, and which shapes a kind has. Pure."""

import re

KINDS = ("sea", "river", "park", "road")
AREAS, LINES = frozenset({"Polygon", "MultiPolygon"}), frozenset({"LineString", "MultiLineString"})
SHAPES = {"sea": AREAS, "park": AREAS, "river": AREAS | LINES, "road": LINES}
KIND_WORDS = {
    "sea": "sea", "海": "sea", "海域": "sea", "coastline": "sea",
    "river": "river", "water": "river", "水系": "river", "河流": "river", "水体": "river", "湖泊": "river",
    "park": "park", "公园": "park", "绿地": "park", "garden": "park",
    "road": "road", "道路": "road", "highway": "road", "路网": "road",
}  # fmt: skip
LONGEST_CLASS = 20
WORD = re.compile(r"[^\W\d]+", re.UNICODE)
ROAD_CLASSES = {
    "motorway": "motorway", "trunk": "trunk", "primary": "primary", "secondary": "arterial", "tertiary": "collector",
    "residential": "street", "unclassified": "street", "living_street": "street", "pedestrian": "street",
    "service": "lane", "footway": "lane", "path": "lane", "steps": "lane", "cycleway": "lane", "track": "lane",
    "高速公路": "motorway", "快速路": "trunk", "主干路": "arterial", "主干道": "arterial", "次干路": "collector",
    "次干道": "collector", "支路": "street", "街巷": "lane", "小巷": "lane",
}  # fmt: skip
"""The classes of OpenStreetMap and of Chinese road plans in the words of the map, which hides the small from afar."""


def kind_of(text: str) -> str:
    """The kind that a file calls so; empty where it is none of the map's."""
    return KIND_WORDS.get(text.strip().lower(), "")


def class_of(text: str, kind: str) -> str:
    """The class in the words of the map; of several that a file lists in one the first counts."""
    first = WORD.search(text)
    if kind != "road" or first is None:
        return text.strip()
    word = first[0].lower().removesuffix("_link").strip("_")
    return ROAD_CLASSES.get(word, text.strip())
