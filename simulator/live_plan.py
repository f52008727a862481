"""When the colleagues take up a case and which step they take: pure, from the case as it stands and from its number.

There is no memory. A case's number, version and the word of the question give one share between 0 and 1, always the
same, so whoever asks again after a restart hears the same answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from simulator.seed_stories import REASONS

TURNS: Mapping[str, tuple[float, float]] = {
    "reported": (0.3, 0.7), "verifying": (0.12, 0.35), "accepted": (0.3, 0.7), "registered": (0.3, 0.7),
    "at_district": (0.1, 0.22), "dispatched": (0.26, 0.4), "handling": (0.55, 0.76), "handled": (0.82, 0.92),
    "fed_back": (0.3, 0.7), "checking": (0.15, 0.4), "checked": (0.3, 0.7), "rework": (0.1, 0.2),
    "returned": (0.3, 0.7),
}  # fmt: skip
"""The share of the running clock at which a stage is left: of the limit of the post, from dispatch of the handling."""
PATIENT = (0.75, 0.85)
"""The same where a person may have the case in hand: what the colleagues did not report, or somebody follows."""
LONGEST, LONGEST_PATIENCE = timedelta(minutes=150), timedelta(hours=4)
BREATH, PATIENT_BREATH = 0.06, 0.1
"""The least share of the clock between two steps, so that a case never rushes past whoever watches it."""
LATE = {"at_district": 0.005, "dispatched": 0.005, "handling": 0.045, "handled": 0.01}
LATE_AT_A_POST = 0.025
"""How many steps are taken too late, and by how many minutes: one open case in twenty is overdue."""
LATE_MINUTES, LATE_AT_A_POST_MINUTES = {"handling": (15.0, 140.0)}, (12.0, 130.0)
FORGOTTEN = 0.35
"""How many cases that nobody took up in time, because the colleagues were not there, wait on as those done too late."""
FOR_A_VISITOR = {"dispatched": 0.3, "reported": 0.08, "fed_back": 0.08}
"""How many tasks are given to a printed account on purpose, beside its turn among its colleagues."""
STEPS: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "verifying": ("verify", {}),
    "accepted": ("register", {"refuse": 0.015}),
    "registered": ("dispatch_district", {"void": 0.01, "dispatch": 0.13}),
    "at_district": ("dispatch", {}),
    "dispatched": ("assign", {"send_back": 0.02}),
    "handling": ("submit", {}),
    "handled": ("confirm", {"redo": 0.03}),
    "fed_back": ("send_check", {}),
    "checking": ("check_pass", {"check_fail": 0.03}),
    "checked": ("close", {}),
    "rework": ("rework", {}),
    "returned": ("dispatch", {}),
}
"""The straight way from each stage, and now and then another; a case that people reported goes straight."""
WITHOUT_CLOCK = timedelta(minutes=30)
BY_HEARSAY = frozenset({"hotline12345", "citizen", "phone"})
ENOUGH_VERSIONS = 40
"""A case that has come so far takes the straight way, so that chance alone never keeps one."""


@dataclass(frozen=True)
class Standing:
    """A case as it stands. `ours`: told by the demo itself. `followed`: somebody at a printed account is at it."""

    number: str
    version: int
    stage: str
    since: datetime
    started: datetime | None = None
    due: datetime | None = None
    source: str = "collector"
    ours: bool = True
    followed: bool = False
    located: bool = True
    classed: bool = True
    may_settle: bool = False
    looked: bool = False
    untrue: bool = False
    reworks: int = 0
    returns: int = 0


@dataclass(frozen=True)
class Turn:
    """The next step of a case and when it is taken, if nobody has been quicker."""

    verb: str
    at: datetime
    text: str = ""


def turn(case: Standing, now: datetime) -> Turn:
    """What the colleagues do with an open case next, seen from now."""
    verb, at = _verb(case), _moment(case)
    if case.ours and case.due and at <= case.due < now and roll(case, "forgotten") < FORGOTTEN:
        at = case.due + _how_late(case)
    return Turn(verb, at, REASONS.get(verb, ""))


def roll(case: Standing, word: str) -> float:
    """The case's share between 0 and 1 for a question in this version."""
    digest = blake2b(f"{case.number}/{case.version}/{word}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def choice(case: Standing) -> int:
    """A number by which one of several equals is picked."""
    return int(roll(case, "choice") * 2**16)


def for_a_visitor(case: Standing) -> bool:
    """Whether the task that this step gives goes to a printed account, so that a visitor finds work."""
    return roll(case, "visitor") < FOR_A_VISITOR.get(case.stage, 0.0)


# ---------------------------------------------------------------- when


def _moment(case: Standing) -> datetime:
    patient = case.followed or not case.ours
    started = case.started or case.since
    whole = case.due - started if case.due else WITHOUT_CLOCK
    if not patient and (late := _late_by(case)) and whole <= LONGEST_PATIENCE:
        return started + whole + late
    span = min(whole, LONGEST_PATIENCE if patient else LONGEST)
    low, high = PATIENT if patient else TURNS.get(case.stage, PATIENT)
    breath = PATIENT_BREATH if patient else BREATH
    return max(started + span * (low + (high - low) * roll(case, "when")), case.since + span * breath)


def _late_by(case: Standing) -> timedelta | None:
    return _how_late(case) if roll(case, "late") < LATE.get(case.stage, LATE_AT_A_POST) else None


def _how_late(case: Standing) -> timedelta:
    low, high = LATE_MINUTES.get(case.stage, LATE_AT_A_POST_MINUTES)
    return timedelta(minutes=low + (high - low) * roll(case, "how late"))


# ---------------------------------------------------------------- what


def _verb(case: Standing) -> str:
    if case.stage == "reported":
        return _of_a_report(case)
    straight, aside = STEPS[case.stage]
    lot = roll(case, "what")
    if not case.ours or case.version > ENOUGH_VERSIONS:
        return straight
    for verb, share in aside.items():
        if lot < share and _once(case, verb):
            return verb
        lot -= share
    return straight


def _once(case: Standing, verb: str) -> bool:
    """Nobody sends a case back twice, and a second check passes."""
    return not (verb == "send_back" and case.returns) and not (verb == "check_fail" and case.reworks)


def _of_a_report(case: Standing) -> str:
    if not case.located:
        return "locate" if case.ours else "reject"
    if case.untrue or not case.classed:
        return "reject"
    if case.source in BY_HEARSAY and not case.looked:
        return "send_verify"
    if case.ours and case.source == "collector":
        lot = roll(case, "what")
        if lot < 0.12 and case.may_settle:
            return "settle"
        if lot > 0.98:
            return "reject"
    return "accept"
