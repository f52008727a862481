"""Merging 并案: one case is a duplicate of another, and the way back while nothing forbids it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from cases import rules
from cases.actions.clocks import revive_clocks
from cases.actions.moving import beside, judge, lock, locked, move, tell, write_move
from cases.contracts import BESIDE, ENDS, CaseView, Stage
from cases.models import Case, Clock, DuplicateRule, Move
from cases.selectors import apart_m, duplicates_rule, steps_model
from core import clock
from core.errors import Invalid, NotFound
from core.scope import Actor


@transaction.atomic
def merge(number: str, *, actor: Actor, version: int, into: str, reason: str) -> CaseView:
    """The case is a duplicate of another, which goes on for both; how it stood is kept for the way back."""
    case, other = _both(number, into.strip(), actor, version)
    was = {
        "since": case.stage_since.isoformat(),
        "version": case.stage_version,
        "late": case.handled_late,
        "clocks": list(Clock.objects.filter(case=case, stopped_at=None).values_list("pk", flat=True)),
    }
    reason = reason.strip()
    given = {"survivor": _twin(case, other) if other else None, "reason": reason}
    changes = {"duplicate_of_id": other.number if other else None, "merged_from": case.stage}
    kept = {"into": into, "reason": reason, "was": was}
    move(case, "merge", actor, given=given, kept=kept, changes=changes)
    if other is not None:
        other.absorbed += 1
        beside(other, "absorb", actor, kept={"duplicate": number})
        tell(other, "absorb", actor, kind=BESIDE["absorb"])
    return tell(case, "merge", actor)


def _both(number: str, into: str, actor: Actor, version: int) -> tuple[Case, Case | None]:
    """Both cases, locked in the order of their keys whoever asks; the other is None where none was named."""
    held = locked([number, into])
    case = lock(number, actor, version)
    if not into or into == number:
        return case, held.get(into)
    try:
        return case, lock(into, actor)
    except NotFound as error:
        raise Invalid("case.unknown_survivor", given=into[:20]) from error


def _twin(case: Case, other: Case) -> rules.Twin:
    promised = case.registered_at is None or (
        other.registered_at is not None and other.registered_at <= case.registered_at
    )
    return rules.Twin(
        number=other.number,
        category=other.category_code,
        itself=other.pk == case.pk,
        ended=Stage(other.stage) in ENDS,
        is_part=bool(other.parent_id),
        same_cell=bool(case.cell) and case.cell == other.cell,
        metres=apart_m(case, other),
        keeps_promise=promised,
        reach=duplicates_rule(case.category_code).reach_metres,
    )


@transaction.atomic
def unmerge(number: str, *, actor: Actor, version: int, reason: str) -> CaseView:
    """The case stands exactly as it stood before it was merged; its clocks have run on as if nothing had been."""
    found = Case.objects.filter(number=number).values_list("duplicate_of", flat=True).first()
    locked([number, found or ""])
    case, reason = lock(number, actor, version), reason.strip()
    step = judge(case, "unmerge", actor, {"reason": reason}, steps_model())
    was = _was(case)
    other = Case.objects.select_related("category").get(number=case.duplicate_of_id)
    before, now = case.stage, clock.now()
    case.duplicate_of, case.merged_from = None, ""
    case.stage, case.version = step.target, case.version + 1
    case.stage_since, case.stage_version = datetime.fromisoformat(was["since"]), was["version"]
    case.handled_late = was["late"]
    revive_clocks(case, was["clocks"])
    case.save()
    write_move(case, "unmerge", before, actor, {"into": other.number, "reason": reason}, at=now)
    other.absorbed -= 1
    beside(other, "release", actor, kept={"duplicate": number})
    tell(other, "release", actor, kind=BESIDE["release"])
    return tell(case, "unmerge", actor)


def _was(case: Case) -> dict[str, Any]:
    """How the case stood before it was merged the last time."""
    last = Move.objects.filter(case=case, verb="merge").order_by("-version").first()
    if last is None:
        raise LookupError(f"{case.number} was never merged")
    return dict(last.given["was"])


@transaction.atomic
def save_duplicate_rule(given: Mapping[str, Any], *, pack: str) -> None:
    """What is taken for the same problem is as the pack says; of what it does not say, as the platform says."""
    says = {**rules.DUPLICATES._asdict(), "steps_models": {}, "classes": {}}
    DuplicateRule.objects.update_or_create(pk=1, defaults={**says, **given, "pack": pack})
