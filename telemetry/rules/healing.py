"""What the history of a place should be, laid beside what it is: kept alarms, new ones, ones that were wrong. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from telemetry.rules.levels import Episode


class Kept(NamedTuple):
    """An alarm that is kept: its key, when it began and ended (None: it stands)."""

    key: int
    begun: float
    ended: float | None


class Healing(NamedTuple):
    """Which alarm becomes which episode, which episodes are new alarms, and which alarms were wrong."""

    same: list[tuple[int, Episode]]
    new: list[Episode]
    wrong: list[int]


def heal(kept: Sequence[Kept], episodes: Sequence[Episode]) -> Healing:
    """Each alarm is the first episode that it overlaps and that no alarm before it is; the rest is new, or was wrong.

    An alarm that stands goes first to the episode that stands, for it is the one people work at.
    """
    free, same, wrong = list(episodes), [], []
    for alarm in sorted(kept, key=lambda one: (one.ended is not None, one.begun, one.key)):
        fits = [one for one in free if _overlap(alarm, one)]
        if alarm.ended is None:
            fits.sort(key=lambda one: one.ended is not None)
        if not fits:
            wrong.append(alarm.key)
            continue
        free.remove(fits[0])
        same.append((alarm.key, fits[0]))
    return Healing(same, [one for one in free if not one.retracted], wrong)


def _overlap(alarm: Kept, episode: Episode) -> bool:
    forever = float("inf")
    begun, ended = alarm.begun, forever if alarm.ended is None else alarm.ended
    other = forever if episode.ended is None else episode.ended
    return begun <= other and episode.begun <= ended
