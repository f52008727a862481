"""The workflow as one table: who may lead a case from where to where, and what must be given with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.contracts import Stage
from core.scope import Duty

S = Stage


@dataclass(frozen=True)
class Step:
    """One row of the table: who may lead a case from where to where, and what must be given with it."""

    verb: str
    sources: frozenset[Stage]
    target: Stage
    duties: frozenset[Duty]
    needs: tuple[str, ...] = ()


def _step(verb: str, sources: Iterable[Stage], target: Stage, duties: Iterable[Duty], *needs: str) -> Step:
    return Step(verb, frozenset(sources), target, frozenset(duties), needs)


BEFORE_FEEDBACK = (
    S.REPORTED, S.VERIFYING, S.ACCEPTED, S.REGISTERED, S.AT_DISTRICT,
    S.DISPATCHED, S.HANDLING, S.HANDLED, S.RETURNED,
)  # fmt: skip

TO_SEND = (S.REGISTERED, S.RETURNED)

STEPS: tuple[Step, ...] = (
    _step("report", (), S.REPORTED, (Duty.COLLECT, Duty.ACCEPT), "place", "category_or_text"),
    _step("send_verify", (S.REPORTED,), S.VERIFYING, (Duty.ACCEPT,), "collector"),
    _step("verify", (S.VERIFYING,), S.REPORTED, (Duty.COLLECT,), "tasked", "photo:verify", "verdict"),
    _step("accept", (S.REPORTED,), S.ACCEPTED, (Duty.ACCEPT,), "located", "category"),
    _step("reject", (S.REPORTED,), S.REJECTED, (Duty.ACCEPT,), "reason"),
    _step("register", (S.ACCEPTED,), S.REGISTERED, (Duty.SUPERVISE,), "condition"),
    _step("refuse", (S.ACCEPTED,), S.REJECTED, (Duty.SUPERVISE,), "reason"),
    _step(
        "dispatch_district",
        (S.REGISTERED, S.RETURNED),
        S.AT_DISTRICT,
        (Duty.COMMAND_CITY,),
        "coordinated",
        "district_centre",
    ),
    _step("dispatch", (S.REGISTERED, S.RETURNED), S.DISPATCHED, (Duty.COMMAND_CITY,), "coordinated", "department"),
    _step("dispatch", (S.AT_DISTRICT,), S.DISPATCHED, (Duty.COMMAND_DISTRICT,), "department", "own_subtree"),
    _step("assign", (S.DISPATCHED,), S.HANDLING, (Duty.DESK,), "handler"),
    _step("submit", (S.HANDLING,), S.HANDLED, (Duty.HANDLE,), "assigned", "photo:handle", "result"),
    _step("redo", (S.HANDLED,), S.HANDLING, (Duty.DESK,), "reason"),
    _step("confirm", (S.HANDLED,), S.FED_BACK, (Duty.DESK,)),
    _step("send_back", (S.DISPATCHED,), S.RETURNED, (Duty.DESK,), "approved:return"),
    _step("send_back", (S.AT_DISTRICT,), S.RETURNED, (Duty.COMMAND_DISTRICT,), "approved:return"),
    _step("send_check", (S.FED_BACK,), S.CHECKING, (Duty.ACCEPT,), "collector"),
    _step("check_pass", (S.CHECKING,), S.CHECKED, (Duty.COLLECT,), "tasked", "not_own_work", "photo:check"),
    _step("check_fail", (S.CHECKING,), S.REWORK, (Duty.COLLECT,), "tasked", "not_own_work", "photo:check", "reason"),
    _step("refuse_feedback", (S.FED_BACK,), S.REWORK, (Duty.ACCEPT,), "reason"),
    _step("rework", (S.REWORK,), S.DISPATCHED, (Duty.COMMAND_CITY, Duty.COMMAND_DISTRICT), "same_department"),
    _step("close", (S.CHECKED,), S.CLOSED, (Duty.SUPERVISE,), "not_own_work", "closing", "callback"),
    _step("reopen", (S.CLOSED,), S.REGISTERED, (Duty.SUPERVISE,), "registered", "reason"),
    _step("void", BEFORE_FEEDBACK, S.VOIDED, (Duty.SUPERVISE,), "approved:void|cancel"),
    _step("settle", (S.REPORTED,), S.CLOSED, (Duty.COLLECT,), "located", "may_settle", "photo:report", "photo:handle"),
)

REPORT = STEPS[0]
VERBS: tuple[str, ...] = tuple(dict.fromkeys(step.verb for step in STEPS))
EXCEPTIONAL = frozenset({"void", "reopen", "settle", "send_back"})
"""Verbs that nobody waits for: they put no case into a person's queue."""


def rows(verb: str) -> tuple[Step, ...]:
    """The rows of a verb; KeyError for a word that is none."""
    found = tuple(step for step in STEPS if step.verb == verb)
    if not found:
        raise KeyError(verb)
    return found


def row(verb: str, stage: Stage) -> Step | None:
    """The row of the verb that starts in this stage; a verb has one at most."""
    return next((step for step in rows(verb) if stage in step.sources), None)


def steps_from(stage: Stage) -> tuple[Step, ...]:
    """What may follow a stage, in the order of the table."""
    return tuple(step for step in STEPS if stage in step.sources)


def stages_for(duty: Duty) -> frozenset[Stage]:
    """The stages in which a case waits for somebody with this duty."""
    waiting = (step.sources for step in STEPS if duty in step.duties and step.verb not in EXCEPTIONAL)
    return frozenset().union(*waiting)


def waiting_duties(stage: str) -> frozenset[Duty]:
    """The duties whose holders a case in this stage waits for."""
    return frozenset(duty for duty in Duty if stage in stages_for(duty))
