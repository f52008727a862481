"""The demo's other systems: a few records of each, a greenway with its stations, flood-prone points with a pump."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.timezone import localtime

from assets import actions as assets
from cityops.management.demo_city import SEEDER, at
from registers import actions
from registers.contracts import RecordView
from simulator.seed_stories import Spot

Steps = tuple[tuple[float, str, Mapping[str, Any]], ...]


class Told(NamedTuple):
    """A record: in which register, what it holds, how many days ago which step was taken, what it is called here."""

    register: str
    given: Mapping[str, Any]
    steps: Steps = ()
    name: str = ""
    links: Mapping[str, str] = {}
    asset: str = ""


COMPONENTS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("way", "greenway", {"name": "海滨绿道", "level": "city", "length_km": 6.8, "start": "金砂路", "end": "海滨公园",
                         "open_state": "open"}),
    ("north", "greenway_station", {"name": "金砂驿站", "greenway": "海滨绿道", "grade": "first", "toilet": True,
                                   "parking": 40, "bikes": 60, "first_aid": True, "hours": "06:00-22:00"}),
    ("south", "greenway_station", {"name": "海滨驿站", "greenway": "海滨绿道", "grade": "second", "toilet": True,
                                   "bikes": 20, "hours": "06:00-22:00"}),
    ("dip", "flood_point", {"name": "金砂东路下穿", "cause": "underpass", "worst_cm": 42, "blue_cm": 5,
                            "yellow_cm": 15, "orange_cm": 27, "red_cm": 40}),
    ("pump", "pump_station", {"name": "金砂泵站", "pumps": 4, "capacity_m3s": 12, "backup": True}),
)  # fmt: skip
"""What it is called here, its type, its attributes."""
GLANCE: Mapping[str, Any] = {"walker": "老吴", "passable": True, "facilities": True}
DRY: Mapping[str, Any] = {"inspector": "老周", "depth_cm": 0, "working": True, "blocked": False}
RECORDS = (
    Told("greenway_round", {}, ((2, "walk", GLANCE),), asset="way"),
    Told("greenway_round", {}, ((2, "walk", GLANCE),), asset="north"),
    Told("flood_round", {}, ((3, "inspect", DRY),), asset="dip"),
    Told("flood_round", {}, ((3, "inspect", DRY),), asset="pump"),
    Told("gas_works",
         {"project": "金砂路供水管改造", "builder": "澄湾建工", "gas_operator": "澄湾燃气", "distance_m": 1.8},
         ((12, "allow", {"plan": "BH-0012", "plan_agreed": True}), (0.1, "visit", {"on_plan": False}))),
    Told("gas_bottle", {"code": "CW-LPG-000181", "made_on": "2024-03-01", "litres": 35.5,
                        "tested_until": "2048-03-01", "station": "金砂液化气站"},
         ((9, "fill", {}), (8, "deliver", {"customer": "林小姐", "address": "金砂路 3 号"}))),
    Told("illegal_build", {"stock": "old", "found_by": "satellite", "address": "金砂村 3 组", "ground": "urban",
                           "area_m2": 180, "storeys": 2},
         ((20, "file", {}), (12, "tell", {"opinion": "not_correctable"}))),
    Told("illegal_build", {"stock": "new", "found_by": "grid", "address": "金砂路 9 号天台", "ground": "urban",
                           "area_m2": 42},
         ((1, "stop", {}),)),
    Told("frontage_subject", {"shop": "澄湾肠粉", "address": "金砂路 12 号", "trade": "food", "frontage_m": 6.5,
                              "duties": "three"},
         ((20, "sign", {}), (4, "look", {"rating": "good"}))),
    Told("sorting_subject", {"subject": "金砂花园", "kind": "estate", "households": 620},
         ((10, "look", {"accuracy": 91.5, "participation": 88, "mixed": False}),)),
    Told("banner",
         {"holder": "澄湾商会", "words": "海滨马拉松欢迎您", "kind": "flag", "pieces": 40, "address": "海滨路"},
         ((5, "allow", {}),)),
    Told("felling_permit", {"applicant": "澄湾建工", "why": "danger", "species": "台湾相思", "trees": 2,
                            "notable": False},
         ((10, "grant", {"replant": 6}),)),
    Told("bike_operator", {"company": "澄湾出行", "brand": "澄单车", "quota": 20000, "bikes": 18000},
         ((20, "register", {}),), name="bikes"),
    Told("bike_call", {"place": "金砂地铁站 B 口", "bikes": 60, "why": "jam"},
         ((0.9, "clear", {"cleared": 60}), (0.8, "confirm", {})), links={"operator": "bikes"}),
    Told("credit_subject", {"subject": "澄湾渣土运输有限公司", "kind": "company", "credit_code": "91440500MA0000001X"},
         name="carrier"),
    Told("credit_record", {"what": "渣土车在消纳场之外卸土", "kind": "bad", "decided_on": timedelta(days=-41)},
         ((6, "publish", {"decision": "罚〔2026〕7 号", "basis": "广东省建筑垃圾管理条例",
                          "repair_from": timedelta(days=51)}),),
         links={"subject": "carrier"}),
    Told("volunteer", {"name": "陈小姐", "phone": "13900001001", "street": "金砂街道", "skills": ["垃圾分类"]},
         ((15, "accept", {"trained": True}),)),
)  # fmt: skip
"""In the order of entering; nothing but the gas works that left their plan becomes a case."""
REACH = 0.0004
"""Degrees about a spot: some forty metres."""


def corners(lon: float, lat: float) -> list[tuple[float, float]]:
    """The farthest that anything of the systems lies from a spot, on all sides."""
    return [(lon + x * REACH, lat + y * REACH) for x in (-2.5, 0, 2.5) for y in (-2, 0, 2)]


def keep_systems(spot: Spot, now: datetime, keeper: str) -> None:
    """Some records of every system stand about the spot; the works over a gas pipe have left their plan."""
    codes = {name: _component(place, kind, given, spot) for place, (name, kind, given) in enumerate(COMPONENTS)}
    numbers: dict[str, str] = {}
    for place, one in enumerate(RECORDS):
        first = max((ago for ago, _step, _given in one.steps), default=7)
        links = {link: numbers[name] for link, name in one.links.items()}
        with at(now - timedelta(days=first, minutes=30)):
            view = _entered(one._replace(given=_dated(one.given, now)), place, spot, codes, links, keeper)
        numbers[one.name] = view.number
        for ago, step, given in one.steps:
            with at(now - timedelta(days=ago)):
                view = actions.take_step(
                    view.register, view.number, step, actor=SEEDER, version=view.version, given=_dated(given, now)
                )


def _dated(given: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """What is so many days from now is that day in the city, whenever the city is seeded."""
    today = localtime(now).date()
    return {name: f"{today + one}" if isinstance(one, timedelta) else one for name, one in given.items()}


def _entered(
    one: Told, place: int, spot: Spot, codes: Mapping[str, str], links: Mapping[str, str], keeper: str
) -> RecordView:
    return actions.enter(
        one.register, actor=SEEDER, given=one.given, links=links, asset=codes.get(one.asset, ""),
        place=_ground(one, place, spot), organisation=keeper,
    )  # fmt: skip


def _ground(one: Told, place: int, spot: Spot) -> Any:
    """Where the record lies, a little beside the one before; nowhere for those that have no place."""
    if one.asset or one.register in ("gas_bottle", "bike_operator", "credit_subject", "credit_record", "volunteer"):
        return None
    lon, lat = spot.lon + (place % 5 - 2) * REACH / 4, spot.lat + (place % 3 - 1) * REACH / 4
    if one.register != "gas_works":
        return (lon, lat)
    ring = [[lon + x * REACH, lat + y * REACH] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    return {"type": "Polygon", "coordinates": [ring]}


def _component(place: int, kind: str, given: Mapping[str, Any], spot: Spot) -> str:
    lon, lat = spot.lon + (place - 2) * REACH, spot.lat
    geometry: dict[str, Any] = {"type": "Point", "coordinates": [lon, lat]}
    if kind == "greenway":
        ends = [[spot.lon + x * REACH, lat + REACH] for x in (-2, 0, 2)]
        geometry = {"type": "LineString", "coordinates": ends}
    row = {"geometry": geometry, "state": "intact", "attributes": given}
    return assets.create(actor=SEEDER, of_type=kind, given=row, reason="demo", another=True).code
