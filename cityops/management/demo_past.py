"""The demo's months before its day: ended cases of a former system, taken over with their whole way."""

from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any

from django.utils.timezone import localtime

from accounts import selectors as people
from accounts.actions.demo import APPEARANCE
from cases import actions as verbs
from cases import selectors as cases
from cases.contracts.history import OldCase, OldStep
from cases.models import Case
from cityops.management.demo_cases import classes, spread_the_news
from cityops.management.demo_city import SEEDER, at
from cityops.management.demo_staff import MACHINES, RESULT, Staff
from core.scope import Actor, machine
from evaluation import actions as evaluation
from grid import selectors as grid
from simulator.past import Chronicler
from simulator.seed_stories import Deed, Spot, Story

SYSTEM = "former city management system"
AUTO: Actor = machine("rule:auto", label="rule:auto")
BATCH = 1000
BEFORE = timedelta(hours=40)
"""So long ago the former system was left: before the first story of the day that is played begins."""
Told = tuple[Actor, dict[str, Any]]


def take_over(seed: int, spots: list[Spot], now: datetime, total: int) -> str:
    """About so many ended cases are here, with facts and figures; says how many."""
    if Case.objects.filter(source_ref__startswith="past-").exists():
        return "the past is here already"
    until = localtime(now) - BEFORE
    midnight = until.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    minute = until.hour * 60 + until.minute
    told = Chronicler(seed, classes(), spots, until.date(), minute).chronicle(total)
    stories = iter(sorted(told, key=lambda story: -story.deeds[0].ago))
    scribe, kept = Scribe(midnight), 0
    with at(until):
        book = verbs.OldCases(actor=SEEDER, system=SYSTEM)
        while part := list(islice(stories, BATCH)):
            kept += book.take([scribe.written(story) for story in part])
    spread_the_news()
    evaluation.sweep_all()
    return f"{kept} cases taken over"


class Scribe:
    """Writes down stories as a former system kept them: each step by somebody whose duty it is."""

    def __init__(self, midnight: datetime) -> None:
        self.midnight, self.staff = midnight, Staff()
        self.known = {row.code: row for row in cases.categories()}
        self.paths = {row.code: row.path for row in people.organisations()}
        self.department = cache(self._department)

    def written(self, story: Story) -> OldCase:
        """The story with its people, its organisations and what they gave."""
        pen = _Pen(self, story)
        return OldCase(
            source=story.source, source_ref=story.ref, category=story.category, condition=pen.condition,
            description=story.description, address=story.spot.address, lon=story.spot.lon, lat=story.spot.lat,
            steps=tuple(pen.step(deed) for deed in story.deeds),
        )  # fmt: skip

    def _department(self, category: str, district: str) -> str:
        """Whose duty the class is in a district; the urban management where nobody is named."""
        area = next(row.path for row in grid.regions("district") if row.code == district)
        return cases.responsible(category, area).organisation or f"d{district}-{APPEARANCE}"


class _Pen:
    """What is known of one story while it is written down."""

    def __init__(self, scribe: Scribe, story: Story) -> None:
        self.scribe, self.story, self.staff = scribe, story, scribe.staff
        self.centre = f"d{story.spot.district}"
        self.condition = str(scribe.known[story.category].conditions[0]["code"])
        self.department = scribe.department(story.category, story.spot.district)
        self.handler = self.collector = ""

    def step(self, deed: Deed) -> OldStep:
        """One step as it was taken."""
        actor, given = getattr(self, f"_{deed.verb}")(deed.text)
        sent = str(given.get("department") or given.get("district_centre") or "")
        moment = self.scribe.midnight - timedelta(minutes=deed.ago)
        return OldStep(deed.verb, moment, actor.key, actor.label, self.scribe.paths.get(sent, ""), given)

    def _one(self, role: str, office: str = "centre") -> Actor:
        return self.staff.one(role, office, self.story.choice)

    def _itself(self) -> bool:
        return self.story.source == "camera" and self.scribe.known[self.story.category].auto_register

    def _report(self, text: str) -> Told:
        role = "collector" if self.story.source == "collector" else "acceptor"
        return MACHINES.get(self.story.source) or self._one(role), {"source": self.story.source}

    def _send_verify(self, text: str) -> Told:
        self.collector = self._one("collector").key
        return self._one("acceptor"), {"collector": self.collector}

    def _verify(self, text: str) -> Told:
        return self.staff.keyed(self.collector), {"verdict": True}

    def _accept(self, text: str) -> Told:
        return AUTO if self._itself() else self._one("acceptor"), {"category": self.story.category}

    def _reject(self, text: str) -> Told:
        return self._one("acceptor"), {"reason": text}

    def _register(self, text: str) -> Told:
        return AUTO if self._itself() else self._one("shift_leader"), {"condition": self.condition}

    def _refuse(self, text: str) -> Told:
        return self._one("shift_leader"), {"reason": text}

    def _dispatch_district(self, text: str) -> Told:
        return self._one("city_dispatcher"), {"district_centre": self.centre}

    def _dispatch(self, text: str) -> Told:
        return self._one("city_dispatcher"), {"department": self.department}

    def _assign(self, text: str) -> Told:
        self.handler = self._one("handler", self.department).key
        return self._one("department_desk", self.department), {"handler": self.handler}

    def _submit(self, text: str) -> Told:
        return self.staff.keyed(self.handler), {"result": RESULT}

    def _redo(self, text: str) -> Told:
        return self._one("department_desk", self.department), {"reason": text}

    def _confirm(self, text: str) -> Told:
        return self._one("department_desk", self.department), {}

    def _send_back(self, text: str) -> Told:
        """Another department has it next: urban management, or the municipal one where that has sent it back."""
        left, desk = self.department, self._one("department_desk", self.department)
        others = (f"{self.centre}-{duty}" for duty in (APPEARANCE, "municipal"))
        self.department = next(code for code in others if code != left)
        return desk, {"note": text, "left": left}

    def _send_check(self, text: str) -> Told:
        self.collector = self._one("collector").key
        return self._one("acceptor"), {"collector": self.collector}

    def _check_pass(self, text: str) -> Told:
        return self.staff.keyed(self.collector), {}

    def _check_fail(self, text: str) -> Told:
        return self.staff.keyed(self.collector), {"reason": text}

    def _rework(self, text: str) -> Told:
        return self._one("city_dispatcher"), {}

    def _close(self, text: str) -> Told:
        return self._one("shift_leader"), {"closing": self.condition}

    def _reopen(self, text: str) -> Told:
        return self._one("shift_leader"), {"reason": text}

    def _settle(self, text: str) -> Told:
        return self._one("collector"), {}
