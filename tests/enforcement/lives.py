"""Files of no town: facts, people and a calendar for the pure rules."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from core.worktime import Calendar
from enforcement.contracts import Band, Cause, Officer, Penalty, Stage
from enforcement.rules import DossierFacts, World

ZONE = ZoneInfo("Asia/Shanghai")
DAY = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
OFFICE = Calendar(
    weekly=(DAY,) * 5 + ((), ()),
    closed=frozenset(date(2026, 10, day) for day in range(1, 8)),
    extra={date(2026, 9, 27): DAY, date(2026, 10, 10): DAY},
)
TODAY = date(2026, 9, 16)  # a Wednesday
FIRST = Officer("user:1", "陈执法", "粤D0001", date(2024, 1, 1), date(2029, 1, 1))
SECOND = Officer("user:2", "林执法", "粤D0002", date(2024, 1, 1), date(2029, 1, 1))
LAPSED = Officer("user:3", "黄执法", "粤D0003", date(2020, 1, 1), date(2025, 1, 1))
LAWYER = Officer("user:7", "法制员", "粤D0007", date(2024, 1, 1), date(2029, 1, 1), legal=True)
LAYMAN = Officer("user:8", "审核员", "粤D0008", date(2024, 1, 1), date(2029, 1, 1))
CREDENTIALS = {one.key: one for one in (FIRST, SECOND, LAPSED, LAWYER, LAYMAN)}
HEAD = "user:9"
FINE = frozenset({Penalty.FINE})
CAUSE = Cause(
    "C1", {"zh": "擅自占道经营", "en": "Street vending"}, {}, {},
    frozenset({Penalty.WARNING, Penalty.FINE, Penalty.CONFISCATION, Penalty.REMOVAL}),
    (Band("light", {}, Decimal(50), Decimal(500)), Band("heavy", {}, Decimal(501), Decimal(50_000))),
    date(2021, 7, 15), own_force=True,
)  # fmt: skip
FACTS = DossierFacts(act_on=date(2026, 9, 10), cause=CAUSE, officers=(FIRST, SECOND))


def facts(**changes: Any) -> DossierFacts:
    """A file with two officers and a cause, otherwise as changed."""
    return replace(FACTS, **changes)


def world(actor: str = FIRST.key, on: date = TODAY, hour: int = 10, **more: Any) -> World:
    """Somebody acts in the morning of that day."""
    now = datetime(on.year, on.month, on.day, hour, tzinfo=ZONE)
    return World(actor, now, OFFICE, credentials=CREDENTIALS, **more)


def days(many: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=many)


def decided(**changes: Any) -> DossierFacts:
    """A fine of 1,000 yuan, decided, served and due in the past unless changed."""
    given = {
        "stage": Stage.SERVED, "kinds": FINE, "fine": Decimal(1000), "decided_on": days(-30), "served_on": days(-30),
        "parts": ((days(-10), Decimal(1000)),), "reconsider_until": days(30), "suit_until": days(150),
    }  # fmt: skip
    return facts(**{**given, **changes})
