"""Dwell that holds up (video.md 4.5, architecture 2.10): frames go in one by one, happenings come out.

There are no track ids: a stay is a place that is seen again and again. Time counts only between two hits, so that no
way of sampling makes a stay longer than it was.
"""

from dataclasses import dataclass, replace

from video.contracts import Detection, Detections, Phase
from video.rules.clusters import clustered
from video.rules.geometry import centre, covered_share, overlap, shift_in_widths
from video.rules.places import EARLY, STANDING, Place, Spec, State, begun, likeness, seen_again, without_doubles

STANDING_SLACK = 1.6
SAME_SIZE = 0.4
HIDDEN = 0.3
FLICKER_INTERVALS = 3.0
INTERVAL_MEMORY = 0.7
MOST_PLACES = 80
NEAR_WIDTHS = 6.0


@dataclass(frozen=True)
class Happening:
    """Something became true of a place: it has this phase now, or (`what`) it was new, recurred, or was dropped."""

    what: str
    place: Place
    at: float


@dataclass(frozen=True)
class Look:
    """One inference: the things that count, everything that may hide them, when, and by which rule."""

    found: list[Detection]
    hiders: list[Detection]
    at: float
    interval: float
    aspect: float
    spec: Spec


def _achieved(state: State, at: float, spec: Spec) -> float:
    """The interval between inferences as it really is: a moving mean that forgets pauses longer than the gap rule."""
    if state.last_at is None:
        return 0.0
    step = at - state.last_at
    if not state.interval:
        return min(step, spec.longest_gap / 3)
    step = min(step, max(2 * state.interval, spec.longest_gap / 3))
    return INTERVAL_MEMORY * state.interval + (1 - INTERVAL_MEMORY) * step


def _fits(place: Place, seen: Detection, aspect: float, spec: Spec) -> float:
    """How well a detection continues a place; 0 when it does not. An open incident belongs to its place alone."""
    if place.phase is Phase.CLEARED:
        return 0.0
    standing = place.phase in STANDING
    limit = spec.still_widths * (STANDING_SLACK if standing else 1.0)
    same = overlap(place.anchor, seen.box)
    if same < SAME_SIZE or shift_in_widths(place.anchor, seen.box, aspect) > limit:
        return 0.0
    alike = likeness(place.look, seen.look)
    if not standing and alike < spec.look_alike:
        return 0.0
    return same + alike + (1.0 if standing else 0.0)


def _pair(places: tuple[Place, ...], found: list[Detection], aspect: float, spec: Spec) -> dict[int, int]:
    """Which detection continues which place, best fit first; each at most once."""
    fits = [
        (fit, -i, -j)
        for i, place in enumerate(places)
        for j, seen in enumerate(found)
        if (fit := _fits(place, seen, aspect, spec)) > 0
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _fit, minus_i, minus_j in sorted(fits, reverse=True):
        if -minus_i not in pairs and -minus_j not in taken:
            pairs[-minus_i] = -minus_j
            taken.add(-minus_j)
    return pairs


def _counted(place: Place, at: float, interval: float, spec: Spec) -> float:
    """Seconds of standing that one more hit proves.

    All of the time since the last hit where no inference contradicts; also across a single miss (a flicker) when it
    was short; nothing across more. A pause proves at most a third of the dwell time, and nothing when it is longer
    than half of it: then anything may have been there meanwhile.
    """
    gap = at - place.last_hit
    if place.queued or gap > min(spec.gap_allowed(interval), spec.dwell / 2):
        return 0.0
    if place.misses > 1 or (place.misses == 1 and gap > min(FLICKER_INTERVALS * interval, spec.dwell / 6)):
        return 0.0
    return min(gap, spec.dwell / 3)


def _moved(place: Place, aspect: float, spec: Spec) -> bool:
    """Whether it has crept away from where it was first seen, however slowly."""
    return place.phase in EARLY and shift_in_widths(place.origin, place.anchor, aspect) > spec.still_widths


def _risen(place: Place, at: float, spec: Spec) -> Place:
    """The phase that the standing time earns."""
    if place.phase is Phase.VIOLATION:
        return replace(place, phase=Phase.PERSISTING)
    if place.phase not in EARLY or not place.inside:
        return place
    sure = place.hits >= spec.min_hits and place.hits >= spec.hits_ratio * place.looks
    if place.covered >= spec.dwell and sure and not place.queued:
        return replace(place, phase=Phase.VIOLATION, violated_at=at)
    if place.covered >= spec.dwell / 2:
        return replace(place, phase=Phase.SUSPECT)
    if place.covered >= spec.candidate_after:
        return replace(place, phase=Phase.CANDIDATE)
    return place


def _lost(place: Place, look: Look) -> bool:
    """Whether an early place has shown that nothing stands there.

    Without an inference a stay may be lost for 45 s (a restart must not reset it), but not when the spot was looked
    at and was empty: then it is over after three looks, and a sixth of the dwell time, 20 s at most.
    """
    spec, gone = look.spec, look.at - place.last_hit
    if place.ousted >= 2 or gone > spec.gap_allowed(look.interval):
        return True
    empty_allowed = max(3 * look.interval, min(spec.longest_empty, spec.dwell / 6))
    if place.clears >= 3 and (place.hits <= 2 or gone > empty_allowed):
        return True
    return place.looks >= 12 and place.hits < 0.3 * place.looks


def _missed(place: Place, look: Look) -> Place:
    """The place after an inference that did not see its thing; hidden behind another is not gone.

    Another thing at the very spot (same box, another look) is more than a miss: it cannot have been there meanwhile,
    and when that is seen twice the stay is over (`_lost`).
    """
    taken = any(overlap(place.anchor, seen.box) >= SAME_SIZE for seen in look.found)
    misses, ousted = place.misses + (2 if taken else 1), place.ousted + taken
    place = replace(place, looks=place.looks + 1, misses=misses, ousted=ousted)
    if any(covered_share(place.anchor, seen.box) > HIDDEN for seen in look.hiders):
        return replace(place, clears=0, clear_since=None)
    since = look.at if place.clear_since is None else place.clear_since
    place = replace(place, clears=place.clears + 1, clear_since=since)
    enough = place.clears >= look.spec.clear_looks and look.at - since >= look.spec.clear_seconds
    if place.phase in STANDING and enough:
        return replace(place, phase=Phase.CLEARED, cleared_at=since)
    return place


def _queue(places: list[Place], at: float, aspect: float, spec: Spec) -> list[Place]:
    """Marks those that stand in a queue: enough neighbours stopped at about the same time, and their coming was seen.

    Vehicles that stood there when watching began do not count, or a row of parked cars would excuse itself.
    """
    still = [
        place
        for place in places
        if place.arrived
        and place.phase is not Phase.CLEARED
        and place.last_hit - place.first_seen >= spec.candidate_after
    ]

    def queued(place: Place) -> bool:
        if place.phase not in EARLY or at - place.first_seen > spec.queue_seconds:
            return False
        width = max(1e-6, place.anchor[2] - place.anchor[0])
        here = centre(place.anchor)
        near = 0
        for other in still:
            there = centre(other.anchor)
            apart = ((here[0] - there[0]) ** 2 + ((here[1] - there[1]) * aspect) ** 2) ** 0.5
            together = abs(other.first_seen - place.first_seen) <= spec.together_seconds
            near += other.key != place.key and together and apart <= NEAR_WIDTHS * width
        return near >= spec.neighbours

    return [replace(place, queued=queued(place)) for place in places]


def _folded(places: list[Place], risen: Place, at: float) -> tuple[list[Place], Happening] | None:
    """A new violation where an incident is open or was just cleared belongs to that incident."""
    for index, old in enumerate(places):
        if old.key == risen.key or old.phase not in (*STANDING, Phase.CLEARED):
            continue
        if overlap(old.anchor, risen.anchor) < 0.3:
            continue
        back = old.phase is Phase.CLEARED
        kept = replace(
            risen,
            key=old.key,
            phase=Phase.PERSISTING,
            first_seen=old.first_seen,
            violated_at=old.violated_at,
            recurrence=old.recurrence + back,
        )
        rest = [p for i, p in enumerate(places) if i != index and p.key != risen.key]
        return [*rest, kept], Happening("recurred" if back else "folded", kept, at)
    return None


def _go_on(place: Place, seen: Detection | None, look: Look) -> Place | None:
    """A place after one more inference; None when it is no more."""
    at, interval, spec = look.at, look.interval, look.spec
    if seen is None:
        place = _missed(place, look)
        return None if place.phase in EARLY and _lost(place, look) else place
    again = seen_again(place, seen, at, _counted(place, at, interval, spec), spec)
    if place.phase in STANDING:
        return replace(_risen(again, at, spec), anchor=place.anchor, inside=place.inside)
    if at - place.last_hit > spec.gap_allowed(interval):
        return None
    return None if _moved(again, look.aspect, spec) else again


def _older(state: State, look: Look, pairs: dict[int, int]) -> tuple[list[Place], list[Happening], set[int]]:
    """The known places after one more inference, what happened to them, and the detections that continue them."""
    places, news, used = [], [], set()
    at = look.at
    for index, place in enumerate(state.places):
        taken = pairs.get(index)
        after = _go_on(place, None if taken is None else look.found[taken], look)
        if after is None:
            news.append(Happening("dropped", place, at))
            continue
        used |= set() if taken is None else {taken}
        if after.phase is Phase.CLEARED and at - (after.cleared_at or at) > look.spec.recur_seconds:
            news.append(Happening("closed", replace(after, phase=Phase.CLOSED), at))
            continue
        if after.phase is Phase.CLEARED and place.phase is not Phase.CLEARED:
            news.append(Happening("cleared", after, at))
        places.append(after)
    return places, news, used


def _judge(places: list[Place], at: float, spec: Spec) -> tuple[list[Place], list[Happening]]:
    """Every place seen now takes the phase it has earned; violations fold into what is open there."""
    news: list[Happening] = []
    for place in list(places):
        if place.last_hit != at or place.phase not in EARLY:
            continue
        risen = _risen(place, at, spec)
        if risen.phase is place.phase:
            continue
        folded = _folded(places, risen, at) if risen.phase is Phase.VIOLATION else None
        if folded is not None:
            places, happening = folded
            news.append(happening)
            continue
        places = [risen if other.key == place.key else other for other in places]
        news.append(Happening(risen.phase.value, risen, at))
    return places, news


def fold(state: State, seen: Detections, at: float, spec: Spec) -> tuple[State, list[Happening]]:
    """The state after one more inference at `at`, and what became true by it.

    Happenings: `new`, `candidate`, `suspect`, `violation`, `recurred`, `folded`, `cleared`, `closed`, `dropped`.
    An inference that is not later than the last one changes nothing. Call it only for frames fit to be judged: a
    black, frozen or jumping picture says nothing, neither that something stands nor that it left.
    """
    if state.last_at is not None and at <= state.last_at:
        return state, []
    interval = _achieved(state, at, spec)
    watched = state.last_at is not None and at - state.last_at <= spec.gap_allowed(interval)
    sure = [one for one in seen.items if one.score >= spec.min_score]
    single = without_doubles([one for one in sure if one.label in spec.labels])
    found = clustered(single, seen.aspect, spec)
    pairs = _pair(state.places, found, seen.aspect, spec)
    hiders = sure if spec.cluster <= 1 else [one for one in sure if one.label not in spec.labels]
    places, news, used = _older(state, Look(found, hiders, at, interval, seen.aspect, spec), pairs)
    serial = state.serial
    for index, one in enumerate(found):
        if index in used or len(places) >= MOST_PLACES:
            continue
        serial += 1
        place = begun(f"p{serial}", one, at, spec, arrived=watched)
        places.append(place)
        news.append(Happening("new", place, at))
    places, risen = _judge(_queue(places, at, seen.aspect, spec), at, spec)
    return State(tuple(places), serial, at, interval), [*news, *risen]
