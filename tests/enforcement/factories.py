"""The small town with a power list, two officers, a lawyer and a head of the district, and one of the next district."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.actions import create_user, grant, upsert_role
from accounts.selectors import actor_of
from core import clock
from core.scope import Actor
from enforcement import actions
from enforcement.models import Dossier
from tests.cases.factories import CITY, HERE, PASSWORD, SETUP, SOUTH, STEP, THERE, WEST, Town, build_town, names

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, ten in the morning there
SPOT = (WEST + STEP / 2, SOUTH + STEP / 2)
PARTY = {"name": "王小明", "identity": "440106199001011234", "phone": "13812345678", "address": "金砂路 3 号"}
CAUSE: dict[str, Any] = {
    "code": "street-vending", "since": "2021-07-15", "names": names("擅自占道经营", "Street vending"),
    "violated": names("某条例第十四条", "some ordinance art. 14"), "basis": names("某条例第三十四条", "art. 34"),
    "penalties": ["warning", "fine", "confiscation"], "own_force": False,
    "bands": [{"code": "light", "names": names("从轻", "light"), "low": 50, "high": 200},
              {"code": "usual", "names": names("一般", "usual"), "low": 200, "high": 5000}],
}  # fmt: skip
SEES = ("dossier.see", "case.see", "case.report", "person.see")
ROLES = {
    "officer": (*SEES, "dossier.handle"), "lawyer": (*SEES, "dossier.review"),
    "head": (*SEES, "dossier.decide", "person.unmask"), "watcher": ("dossier.see",),
}  # fmt: skip
PEOPLE = (
    ("first", "officer", HERE), ("second", "officer", HERE), ("lawyer", "lawyer", HERE), ("head", "head", HERE),
    ("other", "officer", THERE), ("watcher", "watcher", HERE),
)  # fmt: skip


def at(moment: datetime) -> None:
    """It is that moment."""
    clock.set_source(lambda: moment)


def days(many: float) -> datetime:
    """So many days after the start, at the same time of day."""
    return START + timedelta(days=many)


def build() -> Town:
    """The town with its law and the people who carry it."""
    town = build_town()
    actions.save_cause(CAUSE, actor=SETUP, pack="test")
    for code, permissions in ROLES.items():
        upsert_role(code=code, names=names(code, code), permissions=permissions, actor=SETUP)
    for place, (name, role, district) in enumerate(PEOPLE):
        user = create_user(
            username=name, password=PASSWORD, label=f"{name.title()}", organisation=f"d{district}", actor=SETUP
        )
        grant(user=user, role=role, area=f"{CITY}.{district}", actor=SETUP)
        town.people[name] = user
        if role in ("officer", "lawyer"):
            actions.save_credential(
                user.pk, actor=SETUP, number=f"粤D{place:04}", since=date(2024, 1, 1), until=date(2029, 1, 1),
                legal=role == "lawyer",
            )  # fmt: skip
    return town


def actor(town: Town, name: str = "first") -> Actor:
    """The person as an actor."""
    return actor_of(town.people[name])


def opened(town: Town, **given: Any) -> Dossier:
    """A file that the first officer opens about somebody who sells on the street."""
    told = {
        "cause": "street-vending", "act_on": date(2026, 11, 22), "procedure": "ordinary", "party_kind": "citizen",
        "party": PARTY, "about": "在人行道摆卖水果", "place": "金砂路", "point": SPOT, **given,
    }  # fmt: skip
    return actions.open_dossier(actor=told.pop("actor", None) or actor(town), **told)


def step(town: Town, row: Dossier, verb: str, who: str = "first", **given: Any) -> Dossier:
    """The step, taken in the version that the file shows."""
    return actions.take(row.number, verb, actor=actor(town, who), version=row.version, given=given)


def both(town: Town) -> list[str]:
    """The keys of the two officers."""
    return [f"user:{town.people[name].pk}" for name in ("first", "second")]


def told(town: Town, fine: str = "1000") -> Dossier:
    """A file whose party was told of a fine."""
    row = step(town, opened(town), "assign", officers=both(town))
    row = step(town, row, "file", "head")
    row = step(town, row, "gather", title="现场照片")
    row = step(town, row, "conclude", summary="王小明于人行道摆卖，电话 13812345678")
    return step(
        town, row, "notify", kinds=["fine"], fine=fine, band="usual", told=True, receipt="签收", order="立即清理"
    )


def decided(town: Town) -> Dossier:
    """A file decided five days after its opening, with a fine of 1,000 yuan."""
    row = step(town, told(town), "hear_plea", how="waived", receipt="书面放弃")
    return step(town, row, "decide", "head", kinds=["fine"], fine="1000", band="usual")
