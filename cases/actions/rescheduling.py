"""Moving a promise, by somebody who answers for it and says why; nothing else moves one."""

from datetime import datetime

from django.db import transaction

from cases import rules
from cases.actions.clocks import move_end, running_clocks
from cases.actions.moving import beside, error_of, lock, tell
from cases.contracts import BESIDE, CaseView, ClockKind
from cases.selectors import facts_of
from core import clock
from core.scope import Actor


@transaction.atomic
def reschedule(number: str, *, actor: Actor, version: int, kind: str, due_at: datetime | None, reason: str) -> CaseView:
    """A running clock ends later than was promised; the old and the new end, and why, stand in the history."""
    case, reason, now = lock(number, actor, version), reason.strip(), clock.now()
    held = {str(one): row.due_at for one, row in running_clocks(case).items()}
    before, duties = held.get(kind), actor.duties(case.org, case.area)
    no = rules.reschedule_refusal(facts_of(case), duties, before, due_at, reason, now)
    if no or before is None or due_at is None:
        raise error_of(no or rules.Refusal("case.no_such_clock"))
    move_end(case, ClockKind(kind), due_at, now)
    kept = {"clock": kind, "before": before.isoformat(), "after": due_at.isoformat(), "reason": reason}
    beside(case, "reschedule", actor, kept=kept)
    return tell(case, "reschedule", actor, kind=BESIDE["reschedule"])
