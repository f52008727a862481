"""A small town for tests: two districts of four cells each, an organisation for each part, a person for each duty."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from PIL import Image
from shapely.geometry import box, mapping

from accounts.actions import create_organisation, create_user, grant, upsert_role
from accounts.models import User
from accounts.selectors import actor_of
from cases import actions, selectors
from cases.contracts import CaseView
from cases.models import Case, Request
from core.scope import Actor, machine
from grid.actions import import_grid, save_calendar

SETUP = machine("setup", "admin")
CAMERA = machine("camera:7", "case.report")
WEST, SOUTH, STEP = 116.70, 23.36, 0.001
CITY, HERE, THERE = "449900", "449901", "449902"
AREA_HERE = f"{CITY}.{HERE}.{HERE}001.{HERE}001001"
AREA_THERE = f"{CITY}.{THERE}.{THERE}001.{THERE}001001"
PASSWORD = "a town of tests 7"

ROLES: Mapping[str, tuple[str, ...]] = {
    "collector": ("collect", "case.report", "case.see", "feed.read"),
    "acceptor": ("accept", "case.report", "case.see", "feed.read", "person.see"),
    "leader": ("supervise", "case.see", "feed.read"),
    "city_dispatcher": ("command.city", "case.see", "feed.read"),
    "district_dispatcher": ("command.district", "case.see", "feed.read"),
    "desk": ("desk", "case.see", "feed.read"),
    "handler": ("handle", "case.see", "feed.read"),
    "evaluator": ("evaluate", "case.see", "feed.read"),
}
STEPS_MODEL: Mapping[str, Any] = {
    "model": "apart",
    "names": {"zh": "监督与指挥分离", "en": "Supervision and command apart"},
    "levels": {
        "register": ["city"],
        "close": ["city"],
        "dispatch": ["city", "district"],
        "assign": ["city", "district"],
    },
    "post_limits": {
        "reported": {"value": 0.5, "unit": "urgent_hour"},
        "at_district": {"value": 0.5, "unit": "urgent_hour"},
        "fed_back": {"value": 0.5, "unit": "urgent_hour"},
    },
    "warn_share": 0.75,
    "rework_share": 0.5,
}


def names(zh: str, en: str) -> dict[str, str]:
    """A name in both languages."""
    return {"zh": zh, "en": en}


def signer(duty: str, level: str = "", *, waived: bool = False) -> dict[str, Any]:
    """One who must sign."""
    return {"duty": duty, "level": level, "names": names(duty, duty), "waived": waived}


def ground(code: str) -> dict[str, Any]:
    """A ground on which something may be asked for."""
    return {"code": code, "names": names(f"理由{code}", f"ground {code}")}


ASKERS = ("accept", "supervise", "command.city", "command.district", "desk")
REQUEST_RULES: tuple[Mapping[str, Any], ...] = (
    {
        "kind": "extension",
        "askers": ["handle", "desk", "command.district"],
        "chain": [
            signer("desk", waived=True),
            signer("command.district", "district", waived=True),
            signer("command.city", "city"),
        ],
        "grounds": [ground("engineering")],
        "most": 2,
        "share": 1,
    },
    {
        "kind": "hold",
        "askers": ["desk", "command.district"],
        "chain": [signer("supervise", "city")],
        "grounds": [ground("season")],
        "most": 1,
        "days": 365,
    },
    {"kind": "return", "askers": ["desk", "command.district"], "chain": [signer("supervise")], "shirk_after": 2},
    {"kind": "void", "askers": ASKERS, "chain": [signer("supervise")]},
    {"kind": "cancel", "askers": ["collect", "accept"], "chain": [signer("supervise")]},
    {"kind": "force", "askers": ["supervise"], "chain": [signer("supervise")], "grounds": [ground("gone")]},
    {"kind": "appeal", "askers": ["desk"], "chain": [signer("supervise"), signer("supervise")], "days": 10},
)


def condition(code: str, value: float, unit: str) -> dict[str, Any]:
    """A registration condition with its limit."""
    return {
        "code": code,
        "text": names(f"立案条件{code}", f"condition {code}"),
        "limit": {"value": value, "unit": unit},
        "closing": names(f"结案条件{code}", f"closing {code}"),
    }


def category(code: str = "E0407", **changes: Any) -> dict[str, Any]:
    """A class as a pack gives it."""
    given = {
        "code": code,
        "kind": "event",
        "major": code[1:3],
        "minor": code[3:5],
        "names": names("机动车乱停放", "Vehicle mis-parking"),
        "conditions": [condition("a", 2, "urgent_hour"), condition("b", 4, "work_hour")],
        "department": {"by": "area", "duty": "appearance"},
        "needs_photo": ["handle", "check"],
    }
    return {**given, **changes}


CATEGORIES = (
    category(),
    category(
        "E0110", names=names("暴露垃圾", "Exposed refuse"), settle=True, needs_photo=["report", "verify", "handle"]
    ),
    category("E0506", names=names("道路积水", "Road flooding"), auto_register=True, quick=True),
    category("C0101", kind="component", names=names("上水井盖", "Manhole cover")),
)


def _square(x: float, y: float, width: float, height: float) -> dict[str, Any]:
    west, south = WEST + x * STEP, SOUTH + y * STEP
    return mapping(box(west, south, west + width * STEP, south + height * STEP))


def _feature(geometry: Mapping[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def drawing() -> dict[str, Any]:
    """The town as a map: districts side by side, each 2 by 2 cells."""
    regions = [_feature(_square(0, 0, 4, 2), code=CITY, level="city", parent="", names=names("澄湾市", "Chengwan"))]
    cells = []
    for index, district in enumerate((HERE, THERE)):
        shape = _square(2 * index, 0, 2, 2)
        street, community = f"{district}001", f"{district}001001"
        title = ("金港区", "Jingang") if index == 0 else ("龙滨区", "Longbin")
        regions += [
            _feature(shape, code=district, level="district", parent=CITY, names=names(*title)),
            _feature(shape, code=street, level="street", parent=district, names=names("石炮街道", "Shipao")),
            _feature(shape, code=community, level="community", parent=street, names=names("一社区", "First")),
        ]
        for number in range(4):
            column, line = number % 2, 1 - number // 2
            cell = _square(2 * index + column, line, 1, 1)
            cells.append(_feature(cell, code=f"{community}{number + 1:03d}", land_use="street", grade=1))
    return {
        "regions": {"type": "FeatureCollection", "features": regions},
        "cells": {"type": "FeatureCollection", "features": cells},
    }


@dataclass
class Town:
    """Who and what the town has."""

    people: dict[str, User] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Who this person acts as now."""
        return actor_of(User.objects.select_related("organisation").get(username=name))

    def key(self, name: str) -> str:
        """How this person is named in a case."""
        return f"user:{self.people[name].pk}"


def build_town() -> Town:
    """The town stands: map, calendars, organisations, people, classes, responsibilities, the model of steps."""
    import_grid(drawing(), actor=SETUP)
    save_calendar(OFFICE_HOURS, actor=SETUP)
    _organisations()
    town = Town()
    for code, permissions in ROLES.items():
        upsert_role(code=code, names=names(code, code), permissions=permissions, actor=SETUP)
    for name, role, home, org, area in PEOPLE:
        user = create_user(username=name, password=PASSWORD, label=name.title(), organisation=home, actor=SETUP)
        grant(user=user, role=role, org=org, area=area, actor=SETUP)
        town.people[name] = user
    actions.save_categories(CATEGORIES, pack="test")
    actions.save_responsibilities([{"duty": "appearance", "kind": "department", "by": "district"}], pack="test")
    actions.save_steps_model(STEPS_MODEL, pack="test")
    actions.save_request_rules(REQUEST_RULES, pack="test")
    return town


DAY = ["08:00-12:00", "14:00-18:00"]
OFFICE_HOURS = {
    "code": "office_hours",
    "names": names("工作时间", "Office hours"),
    "tz": "Asia/Shanghai",
    "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), DAY),
}
PEOPLE = (
    ("collector", "collector", "centre", "", CITY),
    ("collector2", "collector", "centre", "", CITY),
    ("acceptor", "acceptor", "centre", "", CITY),
    ("leader", "leader", "centre", "", CITY),
    ("leader2", "leader", "centre", "", CITY),
    ("city_dispatcher", "city_dispatcher", "centre", "", CITY),
    ("district_dispatcher", "district_dispatcher", f"d{HERE}", "", f"{CITY}.{HERE}"),
    ("district_dispatcher2", "district_dispatcher", f"d{THERE}", "", f"{CITY}.{THERE}"),
    ("desk", "desk", f"d{HERE}-appearance", f"d{HERE}-appearance", ""),
    ("handler", "handler", f"d{HERE}-appearance", f"d{HERE}-appearance", ""),
    ("handler_b", "handler", f"d{HERE}-appearance", f"d{HERE}-appearance", ""),
    ("desk2", "desk", f"d{THERE}-appearance", f"d{THERE}-appearance", ""),
    ("handler2", "handler", f"d{THERE}-appearance", f"d{THERE}-appearance", ""),
    ("evaluator", "evaluator", "centre", "", CITY),
)


def _organisations() -> None:
    rows: list[tuple[str, str, str, str, str, tuple[str, ...]]] = [("centre", "centre", "city", "", CITY, ())]
    for district in (HERE, THERE):
        area = f"{CITY}.{district}"
        rows.append((f"d{district}", "district_centre", "district", "centre", area, ()))
        rows.append((f"d{district}-appearance", "department", "district", f"d{district}", area, ("appearance",)))
    for code, kind, level, parent, area, duties in rows:
        create_organisation(
            code=code, names=names(code, code), kind=kind, level=level, parent=parent, area=area, duties=duties,
            actor=SETUP,
        )  # fmt: skip


def point(district: str = HERE) -> tuple[float, float]:
    """A place inside the district (longitude, latitude)."""
    return (WEST + (0.5 if district == HERE else 2.5) * STEP, SOUTH + 0.5 * STEP)


OUTSIDE = (WEST - 1, SOUTH - 1)


def picture(colour: str = "teal", size: tuple[int, int] = (64, 48), kind: str = "JPEG", **options: Any) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind, **options)
    return out.getvalue()


def reported(town: Town, district: str = HERE, **changes: Any) -> CaseView:
    """A case that the collector has reported, with a picture where its class asks for one at once."""
    lon, lat = point(district)
    given = {
        "actor": town.actor("collector"),
        "source": "collector",
        "source_ref": uuid4().hex,
        "category": "E0407",
        "description": "占道停放",
        "lon": lon,
        "lat": lat,
        "photos": [picture("maroon")] if changes.get("category") == "E0110" else [],
    }
    return actions.report(**{**given, **changes})


STORY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("accept", "acceptor", {}),
    ("register", "leader", {"condition": "a"}),
    ("dispatch_district", "city_dispatcher", {"district_centre": f"d{HERE}"}),
    ("dispatch", "district_dispatcher", {"department": f"d{HERE}-appearance"}),
    ("assign", "desk", {"handler": "@handler"}),
    ("submit", "handler", {"result": "已劝离", "photos": "@"}),
    ("confirm", "desk", {}),
    ("send_check", "acceptor", {"collector": "@collector"}),
    ("check_pass", "collector", {"photos": "@"}),
    ("close", "leader", {"closing": "a"}),
)

STAGES = (
    "reported", "accepted", "registered", "at_district", "dispatched", "handling", "handled", "fed_back", "checking",
    "checked", "closed",
)  # fmt: skip


def take(town: Town, case: CaseView, verb: str, who: str, **given: Any) -> CaseView:
    """The step, by this person; `@name` stands for a person's key and `@` for a picture."""
    ready = {key: _ready(town, value, case) for key, value in given.items()}
    return getattr(actions, verb)(case.number, actor=town.actor(who), version=case.version, **ready)


def _ready(town: Town, value: Any, case: CaseView) -> Any:
    if value == "@":
        return [picture(f"#{case.version:02x}4060")]
    return town.key(value[1:]) if isinstance(value, str) and value.startswith("@") else value


def brought_to(town: Town, stage: str, case: CaseView | None = None, **changes: Any) -> CaseView:
    """A case led along the straight story until it stands in the stage."""
    case = case or reported(town, **changes)
    for verb, who, given in STORY[STAGES.index(case.stage) : STAGES.index(stage)]:
        case = take(town, case, verb, who, **given)
    return case


def asked(town: Town, case: CaseView, kind: str, who: str, **given: Any) -> Request:
    """A request for the case as it stands, on the first ground of the town's rule."""
    rule = next(rule for rule in REQUEST_RULES if rule["kind"] == kind)
    ready = {"reason": "需要", "ground": next((one["code"] for one in rule.get("grounds", ())), ""), **given}
    return actions.ask(case.number, actor=town.actor(who), version=standing(case).version, kind=kind, **ready)


def signed(town: Town, request: Request, *who: str, approve: bool = True, answer: str = "") -> Request:
    """The request with the signatures of these people."""
    for name in who:
        version = standing(request.case).version
        request = actions.decide(
            request.case.number, request.pk, actor=town.actor(name), version=version, approve=approve, answer=answer
        )
    return request


def granted(town: Town, case: CaseView, kind: str, who: str, *signers: str, **given: Any) -> CaseView:
    """The case, after what was asked for it was approved by all of these."""
    signed(town, asked(town, case, kind, who, **given), *signers)
    return standing(case)


def standing(case: Any) -> CaseView:
    """The case as it stands now."""
    return selectors.view_of(Case.objects.select_related("category").get(number=case.number))


def at(text: str) -> datetime:
    """A moment from ISO 8601."""
    return datetime.fromisoformat(text)
