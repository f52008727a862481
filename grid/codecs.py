"""GeoJSON to shapes: regions, cells and base features as the importer checks them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shapely.errors import ShapelyError
from shapely.geometry import shape

from grid.contracts import Problem
from grid.rules.shapes import BaseShape, CellShape, Drawing, RegionShape

FILES = {"regions": "regions.geojson", "cells": "cells.geojson", "base": "base.geojson"}
OPTIONAL = {"base"}


def read(source: Path | str | Mapping[str, Any]) -> Drawing:
    """The map in a folder of GeoJSON files, or in a mapping of the same three feature collections."""
    problems: list[Problem] = []
    parts = {part: _features(source, part, problems) for part in FILES}
    drawing = Drawing(problems=problems)
    readers = {"regions": _region, "cells": _cell, "base": _base}
    for part, features in parts.items():
        for number, feature in enumerate(features, start=1):
            try:
                getattr(drawing, part).append(readers[part](feature))
            except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
                params = {"file": FILES[part], "number": number, "what": str(error) or type(error).__name__}
                problems.append(Problem("grid.unreadable_feature", params))
    return drawing


def _features(source: Path | str | Mapping[str, Any], part: str, problems: list[Problem]) -> list[Any]:
    try:
        if isinstance(source, Mapping):
            if part in OPTIONAL and part not in source:
                return []
            collection = source[part]
        else:
            file = Path(source) / FILES[part]
            if part in OPTIONAL and not file.exists():
                return []
            collection = json.loads(file.read_text(encoding="utf-8"))
        if collection["type"] != "FeatureCollection":
            raise ValueError(collection["type"])
        return list(collection["features"])
    except (OSError, KeyError, TypeError, ValueError):
        problems.append(Problem("grid.unreadable_file", {"file": FILES[part]}))
        return []


def _names(properties: Mapping[str, Any]) -> dict[str, str]:
    names = properties.get("names") or properties
    return {language: str(names[language]) for language in ("zh", "en") if names.get(language)}


def _region(feature: Mapping[str, Any]) -> RegionShape:
    given = feature["properties"]
    return RegionShape(
        code=str(given["code"]),
        level=str(given["level"]),
        parent=str(given.get("parent") or ""),
        names=_names(given),
        geom=shape(feature["geometry"]),
    )


def _cell(feature: Mapping[str, Any]) -> CellShape:
    given = feature["properties"]
    return CellShape(
        code=str(given["code"]),
        geom=shape(feature["geometry"]),
        land_use=str(given.get("land_use") or ""),
        grade=int(given.get("grade") or 2),
        responsible=str(given.get("responsible") or ""),
    )


def _base(feature: Mapping[str, Any]) -> BaseShape:
    given = feature["properties"]
    return BaseShape(
        kind=str(given["kind"]),
        rank=str(given.get("class") or ""),
        names=_names(given),
        geom=shape(feature["geometry"]),
    )
