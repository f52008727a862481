"""The way that an old case of a file must have come: from its outcome and the moments that its row tells. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.contracts import Source
from cases.contracts.history import OldStep
from cases.rules.tickets import plain

MOMENTS = ("reported", "registered", "dispatched", "handled", "checked", "closed")


class End(StrEnum):
    """How a case of another system has ended."""

    CLOSED = "closed"
    SETTLED = "settled"
    REJECTED = "rejected"
    VOIDED = "voided"


NEEDS: Mapping[End, tuple[str, ...]] = {
    End.CLOSED: ("reported", "registered", "dispatched", "handled", "closed"),
    End.SETTLED: ("reported", "closed"),
    End.REJECTED: ("reported", "closed"),
    End.VOIDED: ("reported", "closed"),
}
ALLOWS: Mapping[End, tuple[str, ...]] = {
    End.CLOSED: ("checked",),
    End.SETTLED: (),
    End.REJECTED: (),
    End.VOIDED: ("registered", "dispatched", "handled"),
}
FOLLOWS = {"dispatched": "registered", "handled": "dispatched"}
"""What a case must have been before it could be that."""
_ENDS = {
    End.CLOSED: ("结案", "已结案", "办结", "已办结"),
    End.SETTLED: ("自行处置", "已自行处置"),
    End.REJECTED: ("不予受理", "不受理", "不予立案", "不立案"),
    End.VOIDED: ("作废", "已作废"),
}
_SOURCES = {
    Source.COLLECTOR: ("采集员", "监督员", "巡查"),
    Source.CITIZEN: ("市民", "公众"),
    Source.PHONE: ("电话",),
    Source.HOTLINE: ("12345", "热线", "12345 热线", "hotline"),
    Source.CAMERA: ("视频", "摄像头", "video"),
    Source.SENSOR: ("传感", "传感器"),
    Source.VEHICLE: ("车载",),
    Source.LEADER: ("领导交办", "领导"),
    Source.DEPARTMENT: ("其他部门转办", "转办", "部门"),
    Source.OPINION: ("媒体与舆情", "舆情", "媒体"),
}
END_WORDS = {plain(word): end for end, words in _ENDS.items() for word in (str(end), *words)}
SOURCE_WORDS = {plain(word): source for source, words in _SOURCES.items() for word in (str(source), *words)}


@dataclass(frozen=True)
class Told:
    """What a row tells of its way: its end, its moments, who had it, and what was written of it."""

    end: End
    moments: Mapping[str, datetime]
    source: Source
    category: str
    condition: str
    organisation: str
    path: str
    result: str


def moment_faults(end: End, moments: Mapping[str, datetime]) -> dict[str, str]:
    """What is wrong with the moments that are given, by name: the codes of sentences."""
    known = (*NEEDS[end], *ALLOWS[end])
    given = [name for name in MOMENTS if name in moments and name in known]
    needed = (*NEEDS[end], *(FOLLOWS[name] for name in given if name in FOLLOWS))
    faults = {name: "old.needs_moment" for name in needed if name not in moments}
    faults |= {name: "old.not_of_outcome" for name in moments if name not in known}
    for earlier, later in zip(given, given[1:], strict=False):
        if moments[later] < moments[earlier]:
            faults[later] = "old.bad_order"
    return faults


def steps_of(told: Told, actor: str, label: str) -> tuple[OldStep, ...]:
    """Its steps, all taken by the system that tells of them; a check without a moment was when the case was closed."""
    moments, condition = told.moments, {"condition": told.condition}
    sent, done = {"department": told.organisation}, {"result": told.result}
    ended, why = moments["closed"], {"reason": told.result}
    checked = moments.get("checked", ended)
    taken: list[tuple[str, datetime | None, Mapping[str, Any]]] = [
        ("report", moments["reported"], {"source": str(told.source)}),
        ("accept", moments.get("registered"), {"category": told.category}),
        ("register", moments.get("registered"), condition),
        ("dispatch", moments.get("dispatched"), sent),
        ("assign", moments.get("handled") and moments["dispatched"], {}),
        ("submit", moments.get("handled"), done),
    ]
    ways: Mapping[End, list[tuple[str, datetime | None, Mapping[str, Any]]]] = {
        End.CLOSED: [
            ("confirm", moments.get("handled"), {}), ("send_check", moments.get("handled"), {}),
            ("check_pass", checked, {}), ("close", ended, {"closing": told.condition}),
        ],
        End.SETTLED: [("settle", ended, {"result": told.result})],
        End.REJECTED: [("reject", ended, why)],
        End.VOIDED: [("void", ended, why)],
    }  # fmt: skip
    return tuple(
        OldStep(verb, at, actor, label, told.path if verb == "dispatch" else "", given)
        for verb, at, given in (*taken, *ways[told.end]) if at is not None
    )  # fmt: skip
