"""What the grades of the ground mean for limits: as packs say it, and as the city says it after a look."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from cases import rules
from cases.actions.classes import reason_of
from cases.actions.looking import looked_at, one_at_a_time
from cases.contracts import GRADES_CHANGED, GradesNews
from cases.models import AreaGrade
from cases.selectors import area_grade_fields, area_grades, grades_told, replay_shares
from core import clock
from core.errors import Forbidden, Invalid
from core.scope import Actor
from core.versions import refuse_stale
from journal import actions as journal

_LOCK = 0x0E5B0417


@transaction.atomic
def save_area_grades(rows: Sequence[Mapping[str, Any]], *, pack: str) -> None:
    """The grades are called and count as the pack says, but for the shares that the city has set itself."""
    one_at_a_time(_LOCK)
    held = {row.grade: row for row in AreaGrade.objects.select_for_update().order_by("grade")}
    for given in rows:
        row = held.get(given["grade"]) or AreaGrade(grade=given["grade"])
        fields = area_grade_fields(given)
        row.names, row.pack = fields["names"], pack
        row.share = row.share if row.origin == "city" else fields["share"]
        row.save()
    named = [given["grade"] for given in rows]
    AreaGrade.objects.filter(pack=pack, origin="pack").exclude(grade__in=named).delete()


def draft_shares(shares: Mapping[int, Any], *, actor: Actor) -> dict[int, float]:
    """Shares that could be saved, not saved yet; refused with a sentence where they could not."""
    if not actor.may("admin"):
        raise Forbidden("grades.not_yours")
    for fault in rules.share_faults(shares, [row.grade for row in area_grades()]):
        raise Invalid(fault.code, **fault.params)
    return {grade: float(share) for grade, share in sorted(shares.items())}


@transaction.atomic
def set_shares(
    shares: Mapping[int, Any], *, actor: Actor, reason: str, looked: str, seen: str | None = None
) -> list[AreaGrade]:
    """New cases have these shares of their limits by the grade of their ground; what was promised stays.

    `looked` is the seal of the replay that the actor looked at: where other cases would be touched now, it is refused.
    """
    wanted, why = draft_shares(shares, actor=actor), reason_of(reason)
    one_at_a_time(_LOCK)
    held = area_grades()
    refuse_stale(seen, grades_told(held))
    changed = [row for row in held if row.share != wanted[row.grade]]
    if not changed:
        raise Invalid("grades.nothing_changes")
    replay = looked_at(replay_shares(wanted), looked, "grades.look_again")
    before = {str(row.grade): row.share for row in changed}
    for row in changed:
        row.share, row.origin, row.reason = wanted[row.grade], "city", why
        row.changed_by, row.changed_label, row.changed_at = actor.key, actor.label, clock.now()
        row.save()
    after = {str(row.grade): row.share for row in changed}
    news = GradesNews(before, after, why, replay.total, replay.touched)
    journal.record(GRADES_CHANGED, subject="grades", actor=actor, data=news)
    return held
