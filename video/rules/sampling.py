"""How often to look: near a decision often, at an empty street seldom, never less than the heartbeat."""

from collections.abc import Iterable, Sequence

from video.contracts import Phase
from video.rules.places import EARLY, STANDING, Place

HEARTBEAT = 30.0
QUICKEST = 1.0
SLOWEST_CANDIDATE = 15.0
STRETCH_MOST = 8.0
BACK_OFF = (1.0, 2.0, 5.0, 15.0, 60.0)
QUARANTINE_AFTER = 3
QUARANTINE_SECONDS = 1800.0


def clip(value: float, least: float, most: float) -> float:
    """The value, brought between two limits."""
    return max(least, min(most, value))


def wanted(dwell: float, places: Iterable[Place], moving: bool) -> float:
    """Seconds until the next inference that one rule asks for.

    A stay in the making: a tenth of the dwell time, between 1 and 15 s. Something moves in the zone: at most 2 s.
    An open incident: often enough to see it leave. Otherwise a heartbeat of a quarter of the dwell time, at most 30 s.
    """
    inside = [place.phase for place in places if place.inside]
    wishes = [clip(dwell / 4, 2.0, HEARTBEAT)]
    if moving:
        wishes.append(clip(dwell / 10, QUICKEST, 2.0))
    if any(phase in EARLY for phase in inside):
        wishes.append(clip(dwell / 10, QUICKEST, SLOWEST_CANDIDATE))
    if any(phase in STANDING for phase in inside):
        wishes.append(clip(dwell / 4, 5.0, 20.0))
    return min(wishes)


def urgency(places: Iterable[Place]) -> int:
    """1 where a decision is near (a stay in the making or an open incident), 2 otherwise; lower goes first."""
    near = (Phase.CANDIDATE, Phase.SUSPECT, *STANDING)
    return 1 if any(place.inside and place.phase in near for place in places) else 2


def stretched(factor: float, lag: float, promised: float) -> float:
    """The factor on the intervals of cameras where nothing is near, after a look that came `lag` seconds late."""
    if lag > max(1.0, promised / 2):
        return min(STRETCH_MOST, factor * 1.25)
    return max(1.0, factor * 0.9)


def too_slow(achieved: float | None, dwells: Sequence[float]) -> bool:
    """Whether the achieved interval breaks what the quickest rule needs: a fifth of its dwell time, at least 3 s."""
    return achieved is not None and bool(dwells) and achieved > max(3.0, min(dwells) / 5, clip(min(dwells) / 4, 2, 30))


def pause_after(failures: int) -> float:
    """Seconds to wait before the stream is opened again, after this many failures in a row (0 for none)."""
    return BACK_OFF[min(failures, len(BACK_OFF)) - 1] if failures > 0 else 0.0
