"""The public words of the grid: places, regions, layers of features, and the news that a map came into force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from grid.contracts.layers import Address as Address
from grid.contracts.layers import FeatureQuery as FeatureQuery
from grid.contracts.layers import Found as Found
from grid.contracts.layers import Layer as Layer
from grid.contracts.layers import LayerSource as LayerSource
from grid.contracts.layers import PointSource as PointSource
from grid.contracts.layers import close_layers as close_layers
from grid.contracts.layers import layer_sources as layer_sources
from grid.contracts.layers import point_sources as point_sources
from grid.contracts.layers import register_layers as register_layers
from grid.contracts.layers import register_points as register_points
from journal.contracts import BY_AREA, register_kind


class Level(StrEnum):
    """How deep a region lies; each level lies wholly inside the one before."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class CodePlan:
    """How many digits a city's codes have; the code of each level begins with that of the level above.

    City and district (GB/T 2260) are as long as each other. These values hold until a pack or the city says otherwise.
    """

    standard: str = "GB/T 30428.1"
    edition: str = "2013"
    district: int = 6
    street: int = 9
    community: int = 12
    cell: int = 15

    def digits(self, level: Level) -> int:
        """How long the code of a region of that level is."""
        if level is Level.COMMUNITY:
            return self.community
        return self.street if level is Level.STREET else self.district

    @property
    def sequence(self) -> int:
        """How many digits number the cells of a community."""
        return self.cell - self.community

    @property
    def most(self) -> int:
        """How many cells a community can have."""
        return int("9" * self.sequence)


@dataclass(frozen=True, slots=True)
class CodePlanSaved:
    """News: from now on codes of regions and cells are read by this plan."""

    standard: str
    edition: str
    district: int
    street: int
    community: int
    cell: int


register_kind("grid.code_plan_saved.v1", CodePlanSaved, BY_AREA)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a point lies: its cell with its management grade, the dotted path of its community, how people call it."""

    cell: str
    area: str
    district: str
    names: Mapping[str, str]
    grade: int


@dataclass(frozen=True, slots=True)
class RegionView:
    """A region of the map in force; `anchor` is a point inside (lon, lat), `bounds` is west, south, east, north."""

    code: str
    level: Level
    names: Mapping[str, str]
    full_names: Mapping[str, str]
    path: str
    parent: str
    anchor: tuple[float, float]
    bounds: tuple[float, float, float, float]
    area_m2: float


class RegionName(NamedTuple):
    """A region without its shape."""

    code: str
    level: str
    path: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a map is refused: a code with a sentence in `grid.sentences`, and its parameters."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


class Fix(StrEnum):
    """What mends a problem of the ground: each is an act of the grid editor."""

    FILL = "fill"
    CUT = "cut"
    CLIP = "clip"
    DISSOLVE = "dissolve"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class GridReport:
    """What an import brought: the number of the version and how many rows of each sort."""

    version: int
    state: str
    regions: int
    cells: int
    base_features: int


@dataclass(frozen=True, slots=True)
class GridPublished:
    """News: from `valid_from` (ISO, UTC) on, places are told by this version of the map."""

    version: int
    regions: int
    cells: int
    valid_from: str


@dataclass(frozen=True, slots=True)
class Followed:
    """News: so many things of a kind stand in another cell, because this map is in force."""

    version: int
    kind: str
    moved: int


@dataclass(frozen=True, slots=True)
class VersionDrafted:
    """News: there is a new draft of the map, a copy of version `source` (0: empty)."""

    version: int
    source: int


@dataclass(frozen=True, slots=True)
class VersionChecked:
    """News: a draft was checked, and so many problems were found."""

    version: int
    problems: int


@dataclass(frozen=True, slots=True)
class VersionDiscarded:
    """News: a draft is gone."""

    version: int
    edits: int


@dataclass(frozen=True, slots=True)
class RegionEdited:
    """News: a region of a draft was renamed or removed by hand; `undone` where that was taken back."""

    version: int
    code: str
    act: str
    undone: bool


register_kind("grid.region_edited.v1", RegionEdited, BY_AREA)
register_kind("grid.published.v1", GridPublished, BY_AREA)
register_kind("grid.followed.v1", Followed, BY_AREA)
register_kind("grid.version_drafted.v1", VersionDrafted, BY_AREA)
register_kind("grid.version_checked.v1", VersionChecked, BY_AREA)
register_kind("grid.version_discarded.v1", VersionDiscarded, BY_AREA)


@dataclass(frozen=True, slots=True)
class SupervisionAreaSaved:
    """News: a supervision area has these cells now; `added` and `removed` compare with before."""

    code: str
    cells: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class SupervisionAreaDissolved:
    """News: a supervision area is no more, and nobody collects for it."""

    code: str
    cells: int


@dataclass(frozen=True, slots=True)
class PatrolNews:
    """News: somebody collects in a supervision area, from when until when (ISO, UTC; "" without an end)."""

    code: str
    user_id: int
    valid_from: str
    valid_until: str


register_kind("grid.supervision_area_saved.v1", SupervisionAreaSaved, BY_AREA)
register_kind("grid.supervision_area_dissolved.v1", SupervisionAreaDissolved, BY_AREA)
register_kind("grid.collector_assigned.v1", PatrolNews, BY_AREA)
register_kind("grid.collector_relieved.v1", PatrolNews, BY_AREA)


@dataclass(frozen=True, slots=True)
class PatrolView:
    """Who collects in a supervision area, from when until when; `key` is how cases name the person."""

    id: int
    user_id: int
    key: str
    label: str
    valid_from: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class SupervisionAreaView:
    """A supervision area; `gone` counts its cells that the map in force does not have."""

    code: str
    names: Mapping[str, str]
    area: str
    cells: int
    gone: int
    patrols: tuple[PatrolView, ...] = ()


@dataclass(frozen=True, slots=True)
class Supervision:
    """What is wrong with the supervision areas of some ground, by codes of cells and of areas."""

    cells: int
    supervised: int
    shared: Mapping[str, tuple[str, ...]]
    lone: Mapping[str, tuple[str, ...]]
    gone: Mapping[str, tuple[str, ...]]
    unmanned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """A working calendar has another edition: which days are closed or worked now and were not before, and back."""

    code: str
    edition: int
    hours: bool
    closed_added: tuple[str, ...]
    closed_removed: tuple[str, ...]
    extra_added: tuple[str, ...]
    extra_removed: tuple[str, ...]


register_kind("grid.calendar_changed.v1", CalendarChanged, BY_AREA)
