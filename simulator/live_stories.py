"""What is reported in the living city and when: pure. Time falls into slots; a slot tells one story or none.

The number of the slot is the seed of everything in it, so a slot that is told twice tells the same, and a case that
was reported from it is found again by its reference.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from simulator.seed_stories import Class, Spot, Story, Teller, busy

SLOT = timedelta(seconds=15)
PEAK_PER_HOUR = 48.0
LEAST_SHARE = 0.35
"""At night still so much of the peak: whoever opens the wall then must not think that it stands still."""
CALM, FULL = 130, 170
"""From so many open cases on fewer are reported, and none beyond."""
PREFIX = "live-"
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def slots(after: datetime, until: datetime) -> Iterator[int]:
    """The numbers of the slots that ended after one moment and not after the other."""
    yield from range(_slot(after), _slot(until))


def _slot(moment: datetime) -> int:
    return (moment - _EPOCH) // SLOT


def arrives(slot: int, hour: float, still_open: int) -> bool:
    """Whether something is reported in this slot, at this hour of the day and with so many cases open."""
    digest = blake2b(f"slot/{slot}".encode(), digest_size=8).digest()
    lot = int.from_bytes(digest, "big") / 2**64
    return lot < rate_per_hour(hour, still_open) * (SLOT / timedelta(hours=1))


def rate_per_hour(hour: float, still_open: int) -> float:
    """How many reports an hour there are."""
    share = max(LEAST_SHARE, float(busy(hour)) / float(busy(10.0)))
    room = (FULL - still_open) / (FULL - CALM)
    return PEAK_PER_HOUR * share * min(1.0, max(0.0, room))


def story(slot: int, classes: Mapping[str, Class], spots: Sequence[Spot]) -> Story:
    """What the slot tells."""
    return Teller(slot, classes, spots, 0).arrival(f"{PREFIX}{slot}")
