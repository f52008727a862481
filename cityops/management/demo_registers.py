"""The demo's registers: dogs, spoil with waybills of which one unloaded elsewhere, and some records of every system."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from assets.models import Asset
from cityops.management.demo_city import SEEDER, at
from cityops.management.demo_field import HERE
from cityops.management.demo_systems import corners, keep_systems
from core import clock
from grid import selectors as grid
from registers import actions
from registers.contracts import RecordView
from registers.models import Record
from simulator.seed_stories import Spot

DOGS = (
    ("林小姐", "团团", "柯基", "黄白", 25), ("陈先生", "大黄", "中华田园犬", "黄", 18),
    ("王女士", "雪球", "萨摩耶", "白", 9), ("李先生", "豆豆", "泰迪", "棕", 4), ("黄小姐", "可乐", "边牧", "黑白", 0),
)  # fmt: skip
"""Owner, name, breed, colour, and how many days ago it was registered; 0: it still waits. The map is a month old."""
NIGHT = timedelta(hours=21)
OVERDUE = timedelta(hours=7)
"""A load that went this long ago and has not come is overdue by the pack (6 h on the road)."""
STEP = 0.0012
GROUND, LOOKED_AT = f"449900.{HERE}.", 200


@transaction.atomic
def keep_registers() -> str:
    """A handful of dogs, waybills and records of the other systems are in their registers; says how many."""
    if Record.objects.exists():
        return "the registers are kept already"
    now, spots = clock.now(), _spots(len(DOGS) + 1)
    if len(spots) <= len(DOGS):
        return "no records: too few components to stand beside"
    for place, (dog, spot) in enumerate(zip(DOGS, spots, strict=False)):
        _dog(place, dog, spot, now)
    _spoil(spots[len(DOGS)], now)
    if roomy := _roomy():
        keep_systems(roomy, now, _keeper(roomy))
    while actions.sweep():
        pass
    return f"{Record.objects.count()} records"


def _dog(place: int, dog: tuple[str, str, str, str, int], spot: Spot, now: datetime) -> None:
    owner, name, breed, colour, ago = dog
    moment = now - timedelta(days=ago)
    given = {
        "owner": owner, "phone": f"1390000{place:04}", "address": spot.address, "dog_name": name, "breed": breed,
        "banned": False, "sex": ("female", "male")[place % 2], "colour": colour, "chip": f"1560000000{place:05}",
        "vaccine_on": localtime(moment - timedelta(days=3)).date().isoformat(),
        "vaccine_until": localtime(moment + timedelta(days=362)).date().isoformat(),
    }  # fmt: skip
    with at(moment):
        view = actions.enter("dog", actor=SEEDER, given=given, place=(spot.lon, spot.lat), organisation=_keeper(spot))
        if ago:
            _step(view, "register", given={"tag": f"CW-{place + 1:04}"})


def _spoil(spot: Spot, now: datetime) -> None:
    """One night at nine: one load to the site, one to a street beside it, one that is overdue on the road."""
    nine = evening(now)
    ring = [[spot.lon + x * STEP, spot.lat + y * STEP] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    with at(nine - timedelta(days=20)):
        site = actions.enter(
            "spoil_site", actor=SEEDER,
            given={"site_name": "澄湾消纳场", "operator": "澄湾土方有限公司", "capacity_m3": 120000},
            place={"type": "Polygon", "coordinates": [ring]}, organisation=_keeper(spot),
        )  # fmt: skip
        permit = actions.enter(
            "spoil_permit", actor=SEEDER, place=(spot.lon, spot.lat), links={"site": site.number},
            organisation=_keeper(spot),
            given={"project": "滨海轨道交通一号线土建二标", "carrier": "澄湾渣土运输有限公司", "hours": "20:00-23:30",
                   "plates": ["粤D12345", "粤D23456", "粤D34567"], "route": "金砂路—海滨路", "quantity_m3": 8000},
        )  # fmt: skip
        _step(permit, "grant")
    for turn, (plate, aside) in enumerate((("粤D12345", 0.0), ("粤D23456", 2.5), ("粤D34567", None))):
        with at(nine + timedelta(minutes=10 * turn)):
            bill = actions.enter("spoil_waybill", actor=SEEDER, given={"plate": plate, "spoil": "soil"},
                                 links={"permit": permit.number}, organisation=_keeper(spot))  # fmt: skip
            bill = _step(_step(bill, "load", given={"load_m3": 12 + turn}), "depart")
        if aside is not None:
            _unload(bill, spot, aside, nine + timedelta(minutes=40 + turn))


def _unload(bill: RecordView, spot: Spot, aside: float, moment: datetime) -> None:
    """Unloaded so far beside the site; what came to the site is confirmed there, what did not is called abnormal."""
    with at(moment):
        bill = _step(bill, "unload", place=(spot.lon + aside * STEP, spot.lat))
        if aside:
            _step(bill, "reject", reason="卸土地点不在处置证载明的消纳场内")
        else:
            _step(bill, "confirm")


def evening(now: datetime) -> datetime:
    """The latest nine in the evening after which a load can be overdue by now, whatever the hour of seeding."""
    return localtime(now - OVERDUE - NIGHT).replace(hour=0, minute=0, second=0, microsecond=0) + NIGHT


def _spots(many: int) -> list[Spot]:
    """Places beside trees of the district with the most desks; in a small city beside whatever stands there."""
    here = Asset.objects.filter(area__startswith=GROUND).order_by("code")
    found = list(here.filter(type__code="street_tree")[: many * 7 : 7])
    found = found if len(found) == many else list(here[:many])
    return [Spot(one.geom.x, one.geom.y, f"金砂路{turn * 37 + 2}号", HERE) for turn, one in enumerate(found)]


def _roomy() -> Spot | None:
    """A place with the district on all sides, as far as the systems reach; in a very small one there is none."""
    for one in Asset.objects.filter(area__startswith=GROUND).order_by("code")[:LOOKED_AT]:
        around = grid.places_at(corners(one.geom.x, one.geom.y))
        if all(place is not None and place[1].startswith(GROUND) for place in around):
            return Spot(one.geom.x, one.geom.y, "金砂路2号", HERE)
    return None


def _keeper(spot: Spot) -> str:
    """The department that keeps the registers of the district."""
    return f"d{spot.district}-appearance"


def _step(view: RecordView, code: str, **given: Any) -> RecordView:
    more: Mapping[str, Any] = given
    return actions.take_step(view.register, view.number, code, actor=SEEDER, version=view.version, **more)
