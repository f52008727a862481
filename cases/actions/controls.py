"""Control areas 管控区: asked for, approved or refused by another, withdrawn, and ended before their time."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cases import rules
from cases.actions.classes import reason_of
from cases.actions.intake import kept_whole
from cases.actions.responsibility import period
from cases.contracts import ControlState
from cases.contracts.controls import CONTROL_ASKED, CONTROL_DECIDED, CONTROL_ENDED, CONTROL_WITHDRAWN, ControlNews
from cases.models import ControlArea, ControlledCell
from cases.selectors import categories, control_area, may_ask_control, may_decide_control, may_end_control
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Actor
from grid import selectors as grid
from journal import actions as journal

LONGEST_NAME, LONGEST_LIST = 60, 2_000_000


@transaction.atomic
def ask_control_area(
    *, actor: Actor, name: str, cells: str, classes: Sequence[str] = (), grade: int = 0, blocks: bool = False,
    reason: str, valid_from: datetime | None = None, valid_until: datetime | None = None,
) -> ControlArea:  # fmt: skip
    """A control area waits for somebody's approval: these cells (a pasted list of cells and regions), from when on.

    Until its end the classes are not registered there (`blocks`), or its ground counts as of another `grade`.
    """
    why, name = reason_of(reason), _name(name)
    if len(cells) > LONGEST_LIST or "\x00" in cells:
        raise Invalid("case.bad_text")
    wanted, area = grid.named_cells(cells)
    if not may_ask_control(actor, area):
        raise Forbidden("control.not_your_ground")
    begins, ends = period(valid_from, valid_until)
    named = _says(classes, grade, blocks, ends)
    row = ControlArea.objects.create(
        name=name, area=area, classes=named, grade=grade, blocks=blocks, reason=why, valid_from=begins,
        valid_until=ends, asked_by=actor.key, asked_label=actor.label, asked_org=actor.org, asked_at=clock.now(),
    )  # fmt: skip
    ControlledCell.objects.bulk_create(ControlledCell(control=row, cell=cell) for cell in sorted(wanted))
    _tell(CONTROL_ASKED, row, actor)
    return row


def _name(name: str) -> str:
    kept_whole(name)
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise Invalid("control.needs_name", most=LONGEST_NAME)
    return name.strip()


def _says(classes: Sequence[str], grade: int, blocks: bool, ends: datetime | None) -> list[str]:
    """The classes by code, once each; Invalid where the control area would say nothing, or block for good."""
    named, known = sorted(set(classes)), {row.code for row in categories()}
    unknown = [code for code in named if code not in known]
    if unknown:
        raise Invalid("case.unknown_category", given=", ".join(unknown)[:40].replace("\x00", ""))
    if grade not in (0, *map(int, rules.GRADES)):
        raise Invalid("control.no_such_grade")
    if not grade and not blocks:
        raise Invalid("control.says_nothing")
    if blocks and (not named or ends is None):
        raise Invalid("control.blocks_for_good")
    return named


@transaction.atomic
def decide_control_area(pk: int, *, actor: Actor, grant: bool, answer: str) -> ControlArea:
    """It holds from its beginning on, never before now; or it is refused, and why stands with it.

    What was registered before keeps what it was promised.
    """
    row = _locked(pk, actor)
    if not may_decide_control(actor, row):
        raise Forbidden("control.not_yours_to_decide")
    why = reason_of(answer)
    if row.state != ControlState.ASKED:
        raise Conflict("control.decided")
    now = clock.now()
    if grant and row.valid_until is not None and row.valid_until <= now:
        raise Conflict("control.over")
    row.state = ControlState.APPROVED if grant else ControlState.REFUSED
    row.valid_from = max(row.valid_from, now) if grant else row.valid_from
    row.answer, row.decided_by, row.decided_label, row.decided_at = why, actor.key, actor.label, now
    row.save()
    _tell(CONTROL_DECIDED, row, actor)
    return row


@transaction.atomic
def withdraw_control_area(pk: int, *, actor: Actor) -> ControlArea:
    """Who asked for it asks no more."""
    row = _locked(pk, actor)
    if row.asked_by != actor.key:
        raise Forbidden("control.not_yours_to_decide")
    if row.state != ControlState.ASKED:
        raise Conflict("control.decided")
    row.state, row.ended_by, row.ended_label, row.ended_at = (
        ControlState.WITHDRAWN, actor.key, actor.label, clock.now(),
    )  # fmt: skip
    row.save()
    _tell(CONTROL_WITHDRAWN, row, actor)
    return row


@transaction.atomic
def end_control_area(pk: int, *, actor: Actor, reason: str) -> ControlArea:
    """It is over as of now, one to come never begins; what was promised while it held stays promised."""
    row = _locked(pk, actor)
    if not may_end_control(actor, row):
        raise Forbidden("control.not_yours_to_decide")
    why, now = reason_of(reason), clock.now()
    if row.state_at(now) not in ("in_force", "to_come"):
        raise Conflict("control.not_in_force")
    row.valid_until, row.ended_at, row.ended_why = max(now, row.valid_from), now, why
    row.ended_by, row.ended_label = actor.key, actor.label
    row.save()
    _tell(CONTROL_ENDED, row, actor)
    return row


def _locked(pk: int, actor: Actor) -> ControlArea:
    """The control area, locked; NotFound where the actor may see none such."""
    control_area(pk, actor)
    return ControlArea.objects.select_for_update().get(pk=pk)


def _tell(kind: str, row: ControlArea, actor: Actor) -> None:
    ends = row.valid_until.isoformat() if row.valid_until else ""
    news = ControlNews(
        row.pk, str(row.state), row.cells.count(), list(row.classes), row.grade, row.blocks,
        row.valid_from.isoformat(), ends,
    )  # fmt: skip
    journal.record(kind, subject=f"control:{row.pk}", actor=actor, org=row.asked_org, area=row.area, data=news)
