"""The town of the cases' tests, with classes that are open to citizens and a program that has a key."""

from collections.abc import Mapping
from typing import Any

import pytest

from portal import actions
from tests.cases.conftest import standing_town, time, town
from tests.cases.factories import SETUP, Town, names

__all__ = ["key", "open_town", "standing_town", "time", "town"]


def choice(key: str, zh: str, en: str) -> dict[str, Any]:
    return {"key": key, "names": names(zh, en)}


SERVICES: tuple[Mapping[str, Any], ...] = (
    {
        "code": "C0101",
        "about": names("井盖缺失、破损", "A cover that is missing or broken"),
        "keywords": names("井盖, 安全", "manhole, safety"),
        "notice": names("优先处置", "Handled first"),
        "questions": [
            {"code": "WHISPAWN", "datatype": "singlevaluelist", "names": names("危险吗", "Is it dangerous"),
             "required": True, "values": [choice("yes", "是", "Yes"), choice("no", "否", "No")]},
            {"code": "L", "datatype": "multivaluelist", "names": names("现象", "Signs"),
             "values": [choice("a", "缺失", "Missing"), choice("b", "异响", "Noisy")]},
            {"code": "DEPTH", "datatype": "number", "names": names("深度", "Depth"), "hint": names("厘米", "cm")},
            {"code": "SEEN", "datatype": "datetime", "names": names("发现时间", "Seen")},
            {"code": "MARK", "datatype": "string", "names": names("字样", "Letters")},
            {"code": "THANKS", "datatype": "text", "variable": False, "names": names("谢谢", "Thank you")},
        ],
    },
    {"code": "E0407", "realtime": False},
    {"code": "E0506"},
)  # fmt: skip


@pytest.fixture
def open_town(town: Town) -> Town:
    """The town with three services: one that asks, one that is looked at first, one that is plain."""
    actions.save_services(SERVICES, pack="test")
    return town


@pytest.fixture
def key(open_town: Town) -> str:
    """The key of a program that reports."""
    return actions.make_key(label="随手拍", contact="010-1", hourly=50, days=30, actor=SETUP)[1]
