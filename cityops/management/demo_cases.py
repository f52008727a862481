"""Plays the stories of the demo's past day: every deed at its own time, in the order of time."""

import heapq
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localtime

from accounts.actions import demo_people
from accounts.actions.demo import APPEARANCE
from cases import actions as verbs
from cases import selectors as cases
from cases.contracts import CaseView
from cases.models import Case
from cityops.management.demo_pictures import Pair
from cityops.management.demo_staff import Deeds, Staff, Work
from core import clock
from core.worktime import minutes_of
from grid import selectors as grid
from journal import actions as journal
from simulator.city import City, street_spots
from simulator.seed_stories import KINDS_AT, Class, Post, Spot, Story, Teller

SWEEP_EVERY = timedelta(minutes=10)


def classes() -> dict[str, Class]:
    """The case classes in force as the teller needs them."""
    found = {}
    for row in cases.categories():
        limit = row.conditions[0]["limit"]
        minutes = minutes_of(limit["value"], limit["unit"])
        found[row.code] = Class(
            row.code,
            row.names["zh"],
            float(minutes),
            row.may_settle,
            row.auto_register,
            str((row.department or {}).get("duty", "")),
        )
    return found


@dataclass
class Playing:
    """A story under way."""

    story: Story
    next: int = 0
    view: CaseView | None = None


class Player:
    """Plays stories in the order of time, so that the journal tells the day as it was."""

    def __init__(self, now: datetime, pictures: Mapping[str, list[Pair]]) -> None:
        self.now, self.deeds = now, Deeds(Staff(), pictures)
        self._swept = now - timedelta(days=3)

    @transaction.atomic
    def play(self, stories: Iterable[Story], told: Callable[[int], None]) -> int:
        """All stories are played or none is; `told` hears how many deeds are done. Answers how many there were."""
        queue = [(-story.deeds[0].ago, number, Playing(story)) for number, story in enumerate(stories)]
        heapq.heapify(queue)
        done = 0
        while queue:
            moment, number, playing = heapq.heappop(queue)
            self._step(playing, self.now + timedelta(minutes=moment))
            if playing.next < len(playing.story.deeds):
                heapq.heappush(queue, (-playing.story.deeds[playing.next].ago, number, playing))
            done += 1
            told(done)
        self._sweep_until(self.now)
        return done

    def _step(self, playing: Playing, moment: datetime) -> None:
        self._sweep_until(moment)
        _turn_to(moment)
        story, deed = playing.story, playing.story.deeds[playing.next]
        if playing.view is None:
            playing.view = self.deeds.report(story)
        else:
            work = Work(playing.view, story.choice, story.callback, story.printed)
            playing.view = self.deeds.take(deed.verb, work, deed.text)
        playing.next += 1

    def _sweep_until(self, moment: datetime) -> None:
        """What was due meanwhile has been told, as the minute's sweep would have."""
        while moment - self._swept > SWEEP_EVERY:
            self._swept = max(self._swept + SWEEP_EVERY, moment - timedelta(hours=12))
            _turn_to(self._swept)
            verbs.sweep()


def _turn_to(moment: datetime) -> None:
    clock.set_source(lambda: moment)


def already_played() -> bool:
    """Whether the demo's cases are there."""
    return Case.objects.filter(source_ref__startswith="demo-").exists()


def tell(seed: int, spots: list[Spot], now: datetime, still_open: int, ended: int) -> list[Story]:
    """The stories of the past day, as of now."""
    local = localtime(now)
    return Teller(seed, classes(), spots, local.hour * 60 + local.minute).tell(still_open, ended, posts())


def posts() -> list[Post]:
    """The printed accounts that have work of their own, with their ground."""
    found = []
    for person in demo_people():
        level, _, district = person.where.partition(":")
        if person.role in KINDS_AT:
            found.append(Post(KINDS_AT[person.role], district, APPEARANCE if level == "department" else ""))
    return found


def spots(city: City, many: int) -> list[Spot]:
    """So many places beside the city's roads, each with the road, a house number and its district."""
    found = []
    for place, (lon, lat, names) in enumerate(street_spots(city, many)):
        ground = grid.place_at(lon, lat)
        address = f"{names['zh']}{place * 37 % 380 + 2}号"
        found.append(Spot(lon, lat, address, ground.district if ground else ""))
    return found


def spread_the_news() -> int:
    """Every entry is numbered and every subscriber has had it: marks are given, tiles are up to date."""
    numbered, moved = 0, True
    while moved:
        moved = False
        while grown := journal.number(limit=2000):
            numbered, moved = max(numbered, grown.get("*", 0)), True
        while journal.deliver(limit=1000):
            moved = True
    return numbered
