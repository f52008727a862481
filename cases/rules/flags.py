"""Flags of a case: who may set one, and take it away. Pure. That a case was closed by force, its closing says."""

from collections.abc import Mapping

from cases.contracts.flags import Flag
from cases.rules.guards import given_wrong, state
from core.scope import Duty
from core.steps import Ground, Refusal

FLAGGERS: Mapping[Flag, frozenset[Duty]] = {
    Flag.SIMILAR: frozenset({Duty.ACCEPT, Duty.SUPERVISE, Duty.COMMAND_CITY, Duty.COMMAND_DISTRICT}),
    Flag.TYPICAL: frozenset({Duty.SUPERVISE, Duty.EVALUATE}),
}


def flag_refusal(flag: str, duties: frozenset[Duty], stands: bool, wanted: bool, reason: str) -> Refusal | None:
    """Why this actor may not set the flag, or take it away, or None."""
    if flag not in FLAGGERS:
        return given_wrong("unknown_flag", given=flag[:20])
    if not duties & FLAGGERS[Flag(flag)]:
        return Refusal("case.not_your_duty", {"verb": "flag" if wanted else "unflag"}, Ground.DUTY)
    if stands == wanted:
        return state("flag_stands" if wanted else "flag_stands_not", flag=flag)
    return None if reason else given_wrong("needs_reason")
