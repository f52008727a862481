"""What is drawn by hand is looked at more closely than what a file brings: in the city, near where it was, once."""

from collections.abc import Mapping
from typing import Any

import shapely
from django.conf import settings
from shapely.geometry.base import BaseGeometry

from assets.actions.writing import Placed
from assets.models import Asset
from assets.rules import TypeFacts, metres_away, shape_fault, shape_of, vertices
from assets.selectors import nearby
from core.errors import Conflict, Invalid
from core.scope import Actor
from grid import selectors as grid


def require_drawn(given: Mapping[str, Any], kind: str, *, row: Asset | None = None, far: bool = False) -> None:
    """Nothing, where the shape given lies in the city and near where the component was; `far` says it may be far.

    What cannot be read as a shape of that kind is left to the register, which says so.
    """
    shape = _given(given)
    if shape is None or shape_fault(shape, kind):
        return
    if shape.geom_type != "Point":
        corners = vertices(shape)
        outside = [at for at, place in zip(corners, grid.places_at(corners), strict=True) if place is None]
        if outside:
            lon, lat = (round(value, 6) for value in outside[0])
            raise Invalid("assets.shape_outside", count=len(outside), lon=lon, lat=lat)
    if row is None or far:
        return
    metres = metres_away(shape, shapely.from_wkb(bytes(row.geom.wkb)))
    if metres > settings.COMPONENT_MOVE_M:
        raise Invalid("assets.moved_far", metres=round(metres), most=settings.COMPONENT_MOVE_M)


def require_none_near(fact: TypeFacts | None, place: Placed, *, actor: Actor, another: bool) -> None:
    """Conflict where one of the type stands so near that it may be the same; `another` says that it was looked at."""
    if another or fact is None:
        return
    row = place[0]
    for one in nearby(row.lon, row.lat, settings.COMPONENT_NEAR_M, [fact.code], 1, actor=actor):
        raise Conflict("assets.one_nearby", code=one.code, metres=round(one.metres or 0, 1))


def _given(given: Mapping[str, Any]) -> BaseGeometry | None:
    if given.get("geometry") is not None:
        return shape_of(given["geometry"])
    try:
        return shapely.Point(float(given["lon"]), float(given["lat"]))
    except (KeyError, TypeError, ValueError):
        return None
