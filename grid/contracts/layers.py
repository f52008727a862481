"""The sockets of the map: apps publish layers of features, and name what stands somewhere and follows a new map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from core.scope import Actor


@dataclass(frozen=True, slots=True)
class Found:
    """A place that answers to what was typed; `score` is the share of it that the name holds, 1 for all."""

    kind: str
    code: str
    names: Mapping[str, str]
    full_names: Mapping[str, str]
    lon: float
    lat: float
    score: float


@dataclass(frozen=True, slots=True)
class Address:
    """What people call a point; `road` is empty and `metres` None where none is near."""

    cell: str
    community: str
    area: str
    road: Mapping[str, str]
    metres: float | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layer:
    """A collection of features that programs may read; `bounds` is west, south, east, north, `since` its first time."""

    code: str
    titles: Mapping[str, str]
    abouts: Mapping[str, str]
    fields: Mapping[str, Mapping[str, object]]
    filters: tuple[str, ...] = ()
    bounds: tuple[float, float, float, float] | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeatureQuery:
    """What is asked of a layer: boxes (west, south, east, north), a period, equal properties, and the page after one.

    No boxes means anywhere; a period open to either side has None there; `timed` tells an open period from none.
    """

    boxes: tuple[tuple[float, float, float, float], ...] = ()
    timed: bool = False
    since: datetime | None = None
    until: datetime | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    after: str = ""
    limit: int = 100


class LayerSource(Protocol):
    """An app's layers, each question scoped to an actor; features are code and GeoJSON text, in the order of codes."""

    def layers(self, actor: Actor) -> Sequence[Layer]:
        """The layers that the actor may read."""

    def layer(self, code: str, actor: Actor) -> Layer | None:
        """One of them; None where there is none of that code."""

    def features(self, layer: str, query: FeatureQuery, actor: Actor) -> Sequence[tuple[str, str]]:
        """The first `limit` features after `after` that match."""

    def count(self, layer: str, query: FeatureQuery, actor: Actor) -> int:
        """How many match, whatever `after` and `limit` say."""

    def feature(self, layer: str, code: str, actor: Actor) -> str | None:
        """One feature of the layer; None where the actor sees none of that code."""

    def search(self, words: str, limit: int, actor: Actor) -> Sequence[Found]:
        """What of it is called so, best first; `words` are lower case without spaces."""


_sources: dict[str, Callable[[], LayerSource]] = {}
_closed = False


def register_layers(app: str, source: Callable[[], LayerSource]) -> None:
    """The layers of an app are published; twice, or after the start, is an error."""
    if _closed:
        raise RuntimeError(f"The register of layers is closed; register those of {app} in its layers.py.")
    if app in _sources:
        raise ValueError(f"two sources of layers in {app}")
    _sources[app] = source


class PointSource(Protocol):
    """Things that stand somewhere, so that a new map may move them; `points` answers a query and its parameters.

    Rows are `id` (unique), `geom` (a point, EPSG:4326), `flat` (the shape in EPSG:3857, indexed where there are many);
    of what follows the map also `cell` and `area`, as last told. A `%` in the query is written twice."""

    @property
    def kind(self) -> str:
        """What they are, for programs."""

    @property
    def names(self) -> Mapping[str, str]:
        """What they are, for people."""

    def points(self) -> tuple[str, Mapping[str, object]]:
        """Everything of this kind that a new map could move."""


_points: dict[str, PointSource] = {}


def register_points(source: PointSource) -> None:
    """The preview of a new map counts these things too; twice, or after the start, is an error."""
    if _closed:
        raise RuntimeError(f"The register of points is closed; register {source.kind} in a layers.py.")
    if source.kind in _points:
        raise ValueError(f"two sources of {source.kind}")
    _points[source.kind] = source


def point_sources() -> tuple[PointSource, ...]:
    """Every kind of thing that a new map could move, in the order of the apps."""
    return tuple(_points.values())


def close_layers() -> None:
    """No layer and no point is registered any more in this process."""
    globals()["_closed"] = True


def layer_sources() -> tuple[LayerSource, ...]:
    """Every published source, in the order of the apps."""
    return tuple(source() for source in _sources.values())
