"""Ladders: at which share of a limit, or how long after it, a running clock tells whom; and where its rungs stand.

A ladder is a list of rungs as data: `{"share": 0.75, "tell": ["post"]}` warns when three quarters are used up,
`{"late": 0, ...}` is the breach, `{"late": 60, ...}` is reached sixty minutes after it, counted on the clock's own
calendar. The breach is a rung of every ladder, told to somebody or not.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from cases.contracts import ClockKind, Stage
from core.scope import Duty
from core.worktime import Calendar, due

TELLS = ("post", "leader", "district", "city")
BREACH = "breach"
MOST_RUNGS = 12
LATEST = 525_600
AT_DEPARTMENT = frozenset({Stage.DISPATCHED, Stage.HANDLING, Stage.HANDLED})
Rung = Mapping[str, Any]


class LadderRow(Protocol):
    """For which clocks a ladder is: an empty word means every one."""

    clock: str
    stage: str
    category: str


def rung_code(rung: Rung) -> str:
    """What a rung is called: w75 for the warning at 75 %, `breach`, l60 for sixty minutes late."""
    if "share" in rung:
        return f"w{round(100 * rung['share'])}"
    return f"l{rung['late']}" if rung["late"] else BREACH


def is_warning(code: str) -> bool:
    """Whether the rung stands before the end."""
    return code.startswith("w")


def ordered(rungs: Iterable[Rung]) -> list[dict[str, Any]]:
    """The rungs as they are climbed: warnings by their share, the breach (to nobody where none is given), the rest."""
    held = {rung_code(rung): {**rung, "tell": list(rung["tell"])} for rung in ({"late": 0, "tell": ()}, *rungs)}
    return sorted(held.values(), key=lambda rung: (rung.get("share", 1), rung.get("late", -1)))


def ladder_fault(rungs: Sequence[Rung]) -> str:
    """Why these rungs are no ladder, as the code of a sentence; "" where they are one."""
    if any(("share" in rung) == ("late" in rung) for rung in rungs):
        return "ladder.place"
    codes = [rung_code(rung) for rung in rungs]
    if not rungs or len(rungs) > MOST_RUNGS:
        return "ladder.rungs"
    if any(not 0.01 <= rung["share"] <= 0.99 for rung in rungs if "share" in rung):
        return "ladder.share"
    if any(not 0 <= rung["late"] <= LATEST for rung in rungs if "late" in rung):
        return "ladder.late"
    if len(set(codes)) < len(codes):
        return "ladder.twice"
    heard = all(rung["tell"] or code == BREACH for rung, code in zip(rungs, codes, strict=True))
    return "" if heard and all(set(rung["tell"]) <= set(TELLS) for rung in rungs) else "ladder.tell"


def scope_fault(clock: str, stage: str) -> str:
    """Why no clock is like this, as the code of a sentence; "" where one is. A stage is of a post's clock."""
    if clock not in ("", *ClockKind) or (stage and stage not in set(Stage)):
        return "ladder.unknown_clock"
    return "ladder.stage_of_post" if stage and clock != ClockKind.STAGE else ""


def ladder_for(rows: Iterable[LadderRow], clock: str, stage: str, category: str) -> Any:
    """The ladder that counts, whole: one for the class before one for the stage, before one for the clock; or None."""
    wanted = {"category": category, "stage": stage, "clock": clock}
    fitting = [row for row in rows if all(getattr(row, name) in ("", value) for name, value in wanted.items())]
    return max(fitting, key=lambda row: [getattr(row, name) != "" for name in wanted], default=None)


def plain_ladder(warn_share: float) -> list[dict[str, Any]]:
    """What counts where a city has no ladder: one warning to the post, and the breach to its leader too."""
    return [{"share": warn_share, "tell": ["post"]}, {"late": 0, "tell": ["post", "leader"]}]


def placed(
    rungs: Iterable[Rung], hours: Calendar, start: datetime, minutes: float, due_at: datetime
) -> list[dict[str, Any]]:
    """The rungs with the moments they stand at, none of them climbed yet."""
    return [
        {**rung, "code": rung_code(rung), "at": _moment(rung, hours, start, minutes, due_at).isoformat(), "told": None}
        for rung in ordered(rungs)
    ]


def _moment(rung: Rung, hours: Calendar, start: datetime, minutes: float, due_at: datetime) -> datetime:
    if "share" in rung:
        return min(due_at, due(hours, start, minutes * rung["share"]))
    return due(hours, due_at, rung["late"])


def moment_of(rung: Rung) -> datetime:
    """When the rung is reached."""
    return datetime.fromisoformat(rung["at"])


def has_come(rung: Rung, now: datetime) -> bool:
    """Whether the rung is reached; who ends exactly at the deadline is in time."""
    return moment_of(rung) < now or (rung["code"] != BREACH and moment_of(rung) == now)


def next_of(rungs: Iterable[Rung]) -> datetime | None:
    """When the next rung is reached that has not told yet; None where all have."""
    return min((moment_of(rung) for rung in rungs if rung["told"] is None), default=None)


def first_warning(rungs: Iterable[Rung], due_at: datetime) -> datetime:
    """From when on the lamp is yellow: the first warning, without one the end itself."""
    return min((moment_of(rung) for rung in rungs if is_warning(rung["code"])), default=due_at)


def leader_of(stage: str) -> Duty:
    """Who leads the post that has the case: its desk while a department works on it, else the shift leader."""
    return Duty.DESK if stage in AT_DEPARTMENT else Duty.SUPERVISE


def lamp(due_at: datetime | None, warn_at: datetime | None, now: datetime) -> str:
    """The lamp of a promise: green, yellow from the first warning on, red when it is broken; off without one."""
    if due_at is None:
        return "off"
    if due_at < now:
        return "red"
    return "yellow" if warn_at is not None and warn_at <= now else "green"
