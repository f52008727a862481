"""A map as written, before anybody decided whether it may be published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from grid.contracts import Problem


@dataclass(frozen=True)
class RegionShape:
    """A region as written: `parent` is a code, empty for the city."""

    code: str
    level: str
    parent: str
    names: Mapping[str, str]
    geom: BaseGeometry


@dataclass(frozen=True)
class CellShape:
    """A cell as written; `grade` is the management grade 1 (closest watch) to 4."""

    code: str
    geom: BaseGeometry
    land_use: str = ""
    grade: int = 2
    responsible: str = ""


@dataclass(frozen=True)
class Edited:
    """What an act upon a draft did: its new revision, codes of changed and removed cells, problems around them."""

    revision: int
    changed: Sequence[str]
    removed: Sequence[str]
    findings: Sequence[Any]


@dataclass(frozen=True)
class BaseShape:
    """A feature of the base map as written."""

    kind: str
    rank: str
    names: Mapping[str, str]
    geom: BaseGeometry


@dataclass(frozen=True)
class Drawing:
    """A whole map as written, and what could not be read of it."""

    regions: list[RegionShape] = field(default_factory=list)
    cells: list[CellShape] = field(default_factory=list)
    base: list[BaseShape] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
