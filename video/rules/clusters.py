"""Many things that stand together as one: bicycles of a pile are told apart badly, their pile is not."""

from collections.abc import Sequence

from video.contracts import Box, Detection
from video.rules.geometry import centre, footprint_overlap
from video.rules.places import Spec

REACH_WIDTHS = 1.5


def _near(one: Box, other: Box, aspect: float) -> bool:
    """Whether two things are of one pile: their middles are closer than one and a half of the wider."""
    (x1, y1), (x2, y2) = centre(one), centre(other)
    reach = REACH_WIDTHS * max(one[2] - one[0], other[2] - other[0])
    return bool(((x1 - x2) ** 2 + ((y1 - y2) * aspect) ** 2) ** 0.5 <= reach)


def _piles(found: Sequence[Detection], aspect: float) -> list[list[Detection]]:
    """Everything that is linked by nearness, each thing in exactly one pile."""
    piles: list[list[Detection]] = []
    for one in found:
        linked = [pile for pile in piles if any(_near(one.box, other.box, aspect) for other in pile)]
        merged = [one, *(other for pile in linked for other in pile)]
        piles = [pile for pile in piles if all(pile is not other for other in linked)] + [merged]
    return piles


def _around(pile: Sequence[Detection]) -> Box:
    lefts, tops, rights, bottoms = zip(*(one.box for one in pile), strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def clustered(found: Sequence[Detection], aspect: float, spec: Spec) -> list[Detection]:
    """The things a rule counts: each by itself, or, where it asks for a number, piles of at least so many in its zone.

    A pile has no appearance of its own: what stands in it may change, that so many stand there is the point.
    """
    if spec.cluster <= 1:
        return list(found)
    inside = [one for one in found if footprint_overlap(one.box, spec.polygon) >= spec.footprint]
    piles = [pile for pile in _piles(inside, aspect) if len(pile) >= spec.cluster]
    return [Detection(pile[0].label, max(one.score for one in pile), _around(pile)) for pile in piles]
