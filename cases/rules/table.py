"""The workflow as one table: who may lead a case from where to where, and what must be given with it."""

from collections.abc import Iterable

from cases.contracts import Stage
from core import steps
from core.scope import Duty

S = Stage


class Step(steps.Step[Stage, Duty]):
    """One row of the table of cases."""


def _step(verb: str, sources: Iterable[Stage], target: Stage, duties: Iterable[Duty], *needs: str) -> Step:
    return Step(verb, frozenset(sources), target, frozenset(duties), needs)


BEFORE_REGISTERING = (S.REPORTED, S.VERIFYING, S.ACCEPTED)
TO_SEND = (S.REGISTERED, S.RETURNED)
AT_WORK = (S.AT_DISTRICT, S.DISPATCHED, S.HANDLING, S.HANDLED)
BEFORE_FEEDBACK = (*BEFORE_REGISTERING, *TO_SEND, *AT_WORK)
FORCIBLE = (*TO_SEND, *AT_WORK, S.FED_BACK, S.CHECKING, S.REWORK)
"""Where a case may be closed without a check: registered, and neither checked nor in parts."""
TO_MERGE = ("single", "papers_settled", "into", "reason")

STEPS: tuple[Step, ...] = (
    _step("report", (), S.REPORTED, (Duty.COLLECT, Duty.ACCEPT), "place", "category_or_text", "photo:report"),
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
    _step("revoke", (S.HANDLING,), S.DISPATCHED, (Duty.DESK,), "reason"),
    _step("redo", (S.HANDLED,), S.HANDLING, (Duty.DESK,), "reason"),
    _step("confirm", (S.HANDLED,), S.FED_BACK, (Duty.DESK,)),
    _step("send_back", (S.DISPATCHED,), S.RETURNED, (Duty.DESK,), "approved:return"),
    _step("send_back", (S.AT_DISTRICT,), S.RETURNED, (Duty.COMMAND_DISTRICT,), "approved:return"),
    _step("send_check", (S.FED_BACK,), S.CHECKING, (Duty.ACCEPT,), "collector"),
    _step("check_pass", (S.CHECKING,), S.CHECKED, (Duty.COLLECT,), "tasked", "not_own_work", "photo:check"),
    _step("check_fail", (S.CHECKING,), S.REWORK, (Duty.COLLECT,), "tasked", "not_own_work", "photo:check", "reason"),
    _step("refuse_feedback", (S.FED_BACK,), S.REWORK, (Duty.ACCEPT,), "reason"),
    _step("rework", (S.REWORK,), S.DISPATCHED, (Duty.COMMAND_CITY, Duty.COMMAND_DISTRICT), "same_department"),
    _step("close", (S.CHECKED,), S.CLOSED, (Duty.SUPERVISE,), "not_own_work", "parts_done", "closing", "callback"),
    _step("close", (S.IN_PARTS,), S.CLOSED, (Duty.SUPERVISE,), "parts_done:closed", "closing", "callback"),
    _step("force_close", FORCIBLE, S.CLOSED, (Duty.SUPERVISE,), "not_own_work", "approved:force", "callback"),
    _step("reopen", (S.CLOSED,), S.REGISTERED, (Duty.SUPERVISE,), "registered", "parent_open", "reason"),
    _step("void", BEFORE_FEEDBACK, S.VOIDED, (Duty.SUPERVISE,), "approved:void|cancel", "parts_done"),
    _step("settle", (S.REPORTED,), S.CLOSED, (Duty.COLLECT,), "located", "may_settle", "photo:report", "photo:handle"),
    _step("split", TO_SEND, S.IN_PARTS, (Duty.COMMAND_CITY,), "coordinated", "no_part", "parts"),
    _step("unite", (S.IN_PARTS,), S.REGISTERED, (Duty.COMMAND_CITY,), "parts_done:void", "reason"),
    _step("merge", BEFORE_REGISTERING, S.VOIDED, (Duty.ACCEPT, Duty.SUPERVISE), *TO_MERGE),
    _step("merge", (*TO_SEND, *AT_WORK), S.VOIDED, (Duty.SUPERVISE,), *TO_MERGE),
    *(
        _step("unmerge", (S.VOIDED,), stage, (Duty.ACCEPT, Duty.SUPERVISE), "survivor_open", "reason")
        for stage in BEFORE_FEEDBACK
    ),
)

REPORT = STEPS[0]
VERBS: tuple[str, ...] = tuple(dict.fromkeys(step.verb for step in STEPS))
IN_BULK: tuple[str, ...] = tuple(
    verb
    for verb in VERBS
    if verb not in ("report", "verify", "submit", "check_pass", "check_fail", "settle", "split", "unite", "force_close")
)
"""The verbs that may be taken with many cases at once: those that need nobody's eyes on the spot."""
MOST_IN_BULK = 100
EXCEPTIONAL = frozenset({
    "void", "reopen", "revoke", "settle", "send_back", "split", "unite", "merge", "unmerge", "force_close",
})  # fmt: skip
"""Verbs that nobody waits for: they put no case into a person's queue."""
BACK = frozenset({"unmerge"})
"""Verbs with a row for each stage that they may lead back to: the case remembers which one it was."""


def rows(verb: str) -> tuple[Step, ...]:
    """The rows of a verb; KeyError for a word that is none."""
    found = tuple(step for step in STEPS if step.verb == verb)
    if not found:
        raise KeyError(verb)
    return found


def row(verb: str, stage: Stage, back: str = "") -> Step | None:
    """The row of the verb that starts in this stage; a verb has one at most, and one way `back`."""
    return next((step for step in steps_from(stage, back) if step.verb == verb), None)


def steps_from(stage: Stage, back: str = "") -> tuple[Step, ...]:
    """What may follow a stage, in the order of the table; of the ways back only that to where it came from."""
    return tuple(step for step in STEPS if stage in step.sources and (step.verb not in BACK or step.target == back))


def stages_for(duty: Duty) -> frozenset[Stage]:
    """The stages in which a case waits for somebody with this duty."""
    waiting = (step.sources for step in STEPS if duty in step.duties and step.verb not in EXCEPTIONAL)
    return frozenset().union(*waiting)


def waiting_duties(stage: str) -> frozenset[Duty]:
    """The duties whose holders a case in this stage waits for."""
    return frozenset(duty for duty in Duty if stage in stages_for(duty))
