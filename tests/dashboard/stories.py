"""Random stories: many cases led by many hands through whatever steps are allowed, while time goes by."""

import json
import subprocess
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

from cases import actions, selectors
from cases.contracts import ENDS, CaseView
from core.errors import DomainError
from core.scope import machine
from dashboard import selectors as dashboard
from dashboard.contracts import SUBSCRIBER
from journal import actions as journal
from journal import selectors as feeds
from tests.cases.factories import HERE, THERE, Town, point, reported, take

WALL = machine("wall", "wall.see", "feed.read", "camera.see", "case.see")
SOURCES = ("collector", "camera", "sensor", "citizen", "hotline12345")


def steps(district: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Every step somebody may try on a case of the district, with what it needs."""
    one, dispatcher = ("", "district_dispatcher") if district == HERE else ("2", "district_dispatcher2")
    department = f"d{district}-appearance"
    return [
        ("accept", "acceptor", {"category": "E0407"}),
        ("reject", "acceptor", {"reason": "不属实"}),
        ("send_verify", "acceptor", {"collector": "@collector"}),
        ("verify", "collector", {"verdict": True, "photos": "@"}),
        ("register", "leader", {"condition": "a"}),
        ("register", "leader", {"condition": "b"}),
        ("refuse", "leader", {"reason": "不立案"}),
        ("dispatch_district", "city_dispatcher", {"district_centre": f"d{district}"}),
        ("dispatch", "city_dispatcher", {"department": department}),
        ("dispatch", dispatcher, {"department": department}),
        ("assign", f"desk{one}", {"handler": f"@handler{one}"}),
        ("submit", f"handler{one}", {"result": "已处理", "photos": "@"}),
        ("redo", f"desk{one}", {"reason": "重拍"}),
        ("confirm", f"desk{one}", {}),
        ("send_check", "acceptor", {"collector": "@collector"}),
        ("refuse_feedback", "acceptor", {"reason": "反馈不实"}),
        ("check_pass", "collector", {"photos": "@"}),
        ("check_fail", "collector", {"photos": "@", "reason": "仍有残留"}),
        ("rework", dispatcher, {}),
        ("close", "leader", {"closing": "a", "callback": "已回访"}),
        ("reopen", "leader", {"reason": "复发"}),
    ]


RARE = {"reject": 0.1, "refuse": 0.1, "redo": 0.3, "refuse_feedback": 0.2, "check_fail": 0.4, "reopen": 0.05}


class Story:
    """A town in which things happen by chance, the same for the same seed."""

    def __init__(self, town: Town, time: Any, seed: int) -> None:
        self.town, self.time, self.chance = town, time, Random(seed)
        self.numbers: list[str] = []
        self.taken: set[str] = set()

    def go_on(self, many: int) -> None:
        """So many things happen: reports, steps, and time going by with its sweeps."""
        for _ in range(many):
            self.time.pass_by(minutes=self.chance.choice((0, 1, 7, 25, 60)))
            if self.chance.random() < 0.15:
                self.time.pass_by(hours=self.chance.choice((3, 12, 30)))
                actions.sweep()
            if self.chance.random() < 0.25 or not self.numbers:
                self.report()
            else:
                self.step()
        actions.sweep()

    def report(self) -> None:
        """Somebody or something reports a case; now and then nobody knows where."""
        source, district = self.chance.choice(SOURCES), self.chance.choice((HERE, THERE))
        lon, lat = point(district)
        place = {} if self.chance.random() < 0.1 else {"lon": lon, "lat": lat}
        actor = self.town.actor("collector") if source == "collector" else self.town.actor("acceptor")
        if source in ("camera", "sensor"):
            actor = machine(f"{source}:1", "case.report")
        told = {"actor": actor, "source": source, "source_ref": uuid4().hex, "address": "跃进路"}
        told |= {"lon": None, "lat": None, "category": self.chance.choice(("E0407", "E0407", "E0506", "")), **place}
        self.numbers.append(reported(self.town, district, **told).number)

    def step(self) -> None:
        """A case takes one of the steps it may take, if there is one."""
        case = selectors.view_of(selectors.case(self.chance.choice(self.numbers), WALL))
        tries = steps(case.district or HERE)
        self.chance.shuffle(tries)
        for verb, who, given in tries:
            if self.chance.random() < RARE.get(verb, 1) and self.took(case, verb, who, given):
                self.taken.add(verb)
                return
        if not case.area and case.stage not in ENDS:
            self.locate(case)

    def took(self, case: CaseView, verb: str, who: str, given: dict[str, Any]) -> bool:
        """Whether the step was allowed and is done."""
        try:
            take(self.town, case, verb, who, **given)
        except DomainError:
            return False
        return True

    def locate(self, case: CaseView) -> None:
        """Somebody found out where it is."""
        lon, lat = point(self.chance.choice((HERE, THERE)))
        actions.locate(case.number, actor=self.town.actor("acceptor"), version=case.version, lon=lon, lat=lat)
        self.taken.add("locate")


def published() -> None:
    """The relay and the dashboard's reactions have caught up."""
    while journal.number():
        pass
    while journal.deliver(SUBSCRIBER, limit=500):
        pass


def as_json(found: Any) -> Any:
    """What a client gets."""
    return json.loads(json.dumps(found, ensure_ascii=False, default=str))


def replayed(before: dict[str, Any], after: dict[str, Any], scope: str, folder: Path) -> str:
    """The browser's reducer has been led from one snapshot to the other by the entries between them."""
    entries = [entry.public() for entry in feeds.entries_after(scope, before["heads"][scope], 100_000)]
    rail = [{"number": card["number"], "level": card["level"]} for card in dashboard.alerts(after["cases"])]
    story = {"before": before, "entries": entries, "after": after, "rail": rail}
    path = folder / "story.json"
    path.write_text(json.dumps(as_json(story), ensure_ascii=False), encoding="utf-8")
    command = ["node", str(Path(__file__).with_name("replay.mjs")), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
