"""The small town with the registers of two real packs, and somebody who keeps them."""

from copy import copy
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from accounts.actions import create_user, grant, upsert_role
from accounts.selectors import actor_of
from cases import actions as cases
from core import clock
from core.scope import Actor
from packs.adapters.library import read_library
from registers import actions
from registers.contracts import RecordView
from registers.models import Record
from tests.cases.factories import (
    CITY,
    HERE,
    PASSWORD,
    SETUP,
    SOUTH,
    STEP,
    THERE,
    WEST,
    Town,
    build_town,
    category,
    names,
)

START = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # 20:30 in the city
SEE_AND_KEEP = ("register.see", "register.keep", "case.see", "case.report")
SPOT = (WEST + STEP / 2, SOUTH + STEP / 2)
OUTSIDE = (WEST + STEP * 1.5, SOUTH + STEP / 2)
ALREADY: dict[str, Any] = {
    "owner": "林小姐", "phone": "13800001234", "address": "金砂路 3 号", "dog_name": "团团", "breed": "柯基",
    "banned": False,
    "sex": "female", "colour": "黄白", "chip": "156000000000001", "vaccine_on": "2026-11-01",
    "vaccine_until": "2027-10-31",
}  # fmt: skip


def at(moment: datetime) -> None:
    """It is that moment."""
    clock.set_source(lambda: moment)


LIBRARY = cache(read_library)


def document(pack: str, code: str) -> dict[str, Any]:
    """A register as its pack in the library declares it."""
    rows = LIBRARY().packs[pack].document["registers"]
    return dict(next(row for row in rows if row["code"] == code))


def build() -> Town:
    """The town, the registers of dogs and spoil, their classes, a keeper here and one of the next district."""
    town = build_town()
    for code in ("E0184", "E0111"):
        cases.save_categories([category(code, names=names(code, code), needs_photo=[])], pack=f"test-{code}")
    for pack in ("dogs", "spoil"):
        for row in LIBRARY().packs[pack].document["registers"]:
            actions.declare(row, actor=SETUP, pack=pack)
    for name, permissions in (("keeper", SEE_AND_KEEP), ("looker", ("register.see",)), ("boss", ("admin",))):
        upsert_role(code=name, names=names(name, name), permissions=permissions, actor=SETUP)
    people = (("keeper", "keeper", HERE), ("other", "keeper", THERE), ("looker", "looker", HERE))
    for name, role, district in people:
        user = create_user(
            username=name, password=PASSWORD, label=name.title(), organisation=f"d{district}", actor=SETUP
        )
        grant(user=user, role=role, area=f"{CITY}.{district}", actor=SETUP)
        town.people[name] = user
    town.people["boss"] = create_user(username="boss", password=PASSWORD, label="Boss", actor=SETUP)
    grant(user=town.people["boss"], role="boss", area="", actor=SETUP)
    return town


def actor(town: Town, name: str = "keeper") -> Actor:
    """The person as an actor."""
    return actor_of(town.people[name])


def dog(who: Actor, **given: Any) -> RecordView:
    """A dog that somebody applies for."""
    return actions.enter("dog", actor=who, given={**ALREADY, **given}, place=SPOT)


def registered(who: Actor, **given: Any) -> RecordView:
    """A dog with its tag."""
    view = dog(who, **given)
    tag = given.get("tag") or f"A-{view.number[-4:]}"
    return actions.take_step("dog", view.number, "register", actor=who, version=view.version, given={"tag": tag})


def permit(who: Actor, **given: Any) -> RecordView:
    """A permit in force for a site that is the first cell of the town."""
    ring = [[WEST, SOUTH], [WEST + STEP, SOUTH], [WEST + STEP, SOUTH + STEP], [WEST, SOUTH + STEP], [WEST, SOUTH]]
    site = actions.enter("spoil_site", actor=who, given={"site_name": "澄湾消纳场"},
                         place={"type": "Polygon", "coordinates": [ring]})  # fmt: skip
    told = {"project": "地铁三号线", "carrier": "澄湾运输", "plates": ["粤D12345"], "hours": "20:00-23:30", **given}
    view = actions.enter("spoil_permit", actor=who, given=told, place=SPOT, links={"site": site.number})
    return actions.take_step("spoil_permit", view.number, "grant", actor=who, version=view.version)


def waybill(who: Actor, under: RecordView, plate: str = "粤D12345") -> RecordView:
    """A waybill that somebody applies for under a permit."""
    return actions.enter("spoil_waybill", actor=who, given={"plate": plate}, links={"permit": under.number})


def step(who: Actor, view: RecordView, code: str, **given: Any) -> RecordView:
    """The step, taken in the version that the view shows."""
    return actions.take_step(view.register, view.number, code, actor=who, version=view.version, **given)


def days(many: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=many)


def copies(view: RecordView, many: int) -> list[str]:
    """So many more dogs like this one, as rows: a long list is quickly there."""
    like = Record.objects.get(register__code=view.register, number=view.number)
    like.pk = None
    rows = []
    for turn in range(many):
        row = copy(like)
        row.number, row.attributes = f"{view.number}-{turn:02}", {**like.attributes, "tag": f"T-{turn}"}
        rows.append(row)
    return [row.number for row in Record.objects.bulk_create(rows)]
