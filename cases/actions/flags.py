"""Flags of a case 标记: set with a reason, and taken away with one."""

from django.db import transaction

from cases import rules
from cases.actions.moving import beside, error_of, lock, tell
from cases.actions.withholding import withheld
from cases.contracts import BESIDE, CaseView
from cases.contracts.flags import Flag
from core.scope import Actor


@transaction.atomic
def flag(number: str, *, actor: Actor, version: int, flag: str, reason: str) -> CaseView:
    """The case is called similar 类似 or typical 典型, and why stands in its history."""
    return _set(number, actor, version, flag, reason, wanted=True)


@transaction.atomic
def unflag(number: str, *, actor: Actor, version: int, flag: str, reason: str) -> CaseView:
    """The case is called so no more, and why stands in its history."""
    return _set(number, actor, version, flag, reason, wanted=False)


def _set(number: str, actor: Actor, version: int, flag: str, reason: str, *, wanted: bool) -> CaseView:
    case, reason = lock(number, actor, version), reason.strip()
    stands = flag in rules.FLAGGERS and getattr(case, flag)
    no = rules.flag_refusal(flag, actor.duties(case.org, case.area), stands, wanted, reason)
    if no:
        raise error_of(no)
    setattr(case, Flag(flag), wanted)
    verb = "flag" if wanted else "unflag"
    beside(case, verb, actor, kept={"flag": flag, "reason": withheld(case, "flag", reason)})
    return tell(case, verb, actor, kind=BESIDE[verb])
