"""Supervision areas (责任网格): which cells belong together, and who collects there."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from accounts import selectors as accounts
from core import clock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.scope import Actor
from core.versions import refuse_stale
from grid import selectors
from grid.contracts import PatrolNews, SupervisionAreaDissolved, SupervisionAreaSaved
from grid.models import Patrol, SupervisedCell, SupervisionArea
from grid.rules import pasted
from journal import actions as journal

COLLECT = "collect"


class SupervisionDraft(NamedTuple):
    """Whether saving would make an area, and whether it would change anything."""

    new: bool
    changes: bool


@transaction.atomic
def save_supervision_area(
    code: str, *, actor: Actor, names: Mapping[str, str], cells: str, new: bool = False, seen: str | None = None
) -> SupervisionArea:
    """The area has this name and these cells (a pasted list of cells and regions); those who walk it stay.

    Cells that the area had and the map has lost stay listed only if they are named again. `new` refuses a taken code.
    Stale where the area says something else than was `seen`.
    """
    before = SupervisionArea.objects.select_for_update().filter(code=code).first()
    if new and before is not None:
        _refuse_bad(code, names)
        raise Conflict("grid.supervision_taken", code=code)
    had, wanted, area = _drafted(before, code, actor=actor, names=names, cells=cells, seen=seen)
    held = before or SupervisionArea(code=code)
    english = names.get("en", held.names.get("en", ""))
    held.names, held.area = {"zh": names["zh"].strip(), "en": english.strip()}, area
    held.changed_at, held.changed_by = clock.now(), actor.key
    held.save()
    added, removed = wanted - had, had - wanted
    held.cells.filter(cell__in=removed).delete()
    SupervisedCell.objects.bulk_create(SupervisedCell(supervision_area=held, cell=cell) for cell in sorted(added))
    news = SupervisionAreaSaved(code, len(wanted), len(added), len(removed))
    journal.record("grid.supervision_area_saved.v1", subject=_subject(held), actor=actor, area=area, data=news)
    return held


def draft_supervision_area(code: str, *, actor: Actor, names: Mapping[str, str], cells: str) -> SupervisionDraft:
    """What would be of the area, not saved yet; refused with a sentence where it could not."""
    before = SupervisionArea.objects.filter(code=code).first()
    had, wanted, _area = _drafted(before, code, actor=actor, names=names, cells=cells)
    named = before is not None and all(before.names.get(key, "") == name.strip() for key, name in names.items())
    return SupervisionDraft(new=before is None, changes=not named or wanted != had)


def _drafted(
    before: SupervisionArea | None,
    code: str,
    *,
    actor: Actor,
    names: Mapping[str, str],
    cells: str,
    seen: str | None = None,
) -> tuple[set[str], set[str], str]:
    """The cells that it had and those that it would have, and the region above these."""
    _refuse_bad(code, names)
    if before is not None and before.dissolved_at:
        raise Conflict("grid.supervision_dissolved", code=code)
    had = set(selectors.supervised_cells(before)) if before else set()
    if before is not None:
        _refuse_stranger(actor, before.area)
        refuse_stale(seen, selectors.supervision_told(before, had))
    wanted, area = selectors.named_cells(cells, had)
    _refuse_stranger(actor, area, *([before.area] if before else []))
    return had, wanted, area


def _refuse_bad(code: str, names: Mapping[str, str]) -> None:
    if not pasted.AREA_CODE.fullmatch(code):
        raise Invalid("grid.supervision_code", code=code[:60])
    if not names.get("zh", "").strip():
        raise Invalid("grid.supervision_name")
    if any(len(name) > 60 for name in names.values()):
        raise Invalid("grid.supervision_name_long", most=60)


@transaction.atomic
def dissolve_supervision_area(code: str, *, actor: Actor) -> None:
    """The area is no more: its cells are nobody's, and whoever walked it does so no longer."""
    held = _locked(code, actor)
    now = clock.now()
    cells = held.cells.count()
    held.patrols.filter(valid_from__gte=now).delete()
    held.patrols.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=now)).update(valid_until=now)
    held.dissolved_at = held.changed_at = now
    held.changed_by = actor.key
    held.save(update_fields=["dissolved_at", "changed_at", "changed_by"])
    news = SupervisionAreaDissolved(code, cells)
    journal.record("grid.supervision_area_dissolved.v1", subject=_subject(held), actor=actor, area=held.area, data=news)


@transaction.atomic
def assign_collector(
    code: str, *, actor: Actor, user_id: int, valid_from: datetime | None = None, valid_until: datetime | None = None
) -> Patrol:
    """The person collects in the area from then (now) until then (for good)."""
    held = _locked(code, actor)
    start = valid_from or clock.now()
    person = accounts.person(user_id)
    if valid_until and valid_until <= max(start, clock.now()):
        raise Invalid("grid.patrol_ends_early")
    if all(one.user_id != user_id for one in accounts.people_with(COLLECT, area=held.area)):
        raise Invalid("grid.not_a_collector", person=person.label)
    clash = held.patrols.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=start), person=user_id)
    if (clash.filter(valid_from__lt=valid_until) if valid_until else clash).exists():
        raise Conflict("grid.patrol_twice", person=person.label, code=code)
    made = Patrol.objects.create(
        supervision_area=held, person_id=user_id, valid_from=start, valid_until=valid_until, assigned_by=actor.key
    )
    _tell("grid.collector_assigned.v1", made, actor)
    return made


@transaction.atomic
def relieve_collector(code: str, *, actor: Actor, patrol: int) -> None:
    """The person collects in the area no longer; an assignment that had not begun is taken back."""
    held = _locked(code, actor)
    row = held.patrols.select_for_update().filter(pk=patrol).first()
    if row is None:
        raise NotFound("grid.no_patrol", code=code)
    now = clock.now()
    if row.valid_until and row.valid_until <= now:
        raise Conflict("grid.patrol_over")
    row.valid_until = now
    _tell("grid.collector_relieved.v1", row, actor)
    if row.valid_from >= now:
        row.delete()
    else:
        row.save(update_fields=["valid_until"])


def _tell(kind: str, row: Patrol, actor: Actor) -> None:
    held = row.supervision_area
    until = row.valid_until.isoformat() if row.valid_until else ""
    news = PatrolNews(held.code, row.person_id, row.valid_from.isoformat(), until)
    journal.record(kind, subject=_subject(held), actor=actor, area=held.area, data=news)


def _subject(held: SupervisionArea) -> str:
    return f"supervision:{held.code}"


def _locked(code: str, actor: Actor) -> SupervisionArea:
    held = SupervisionArea.objects.select_for_update().filter(code=code, dissolved_at__isnull=True).first()
    if held is None:
        raise NotFound("grid.no_supervision_area", code=code[:40])
    _refuse_stranger(actor, held.area)
    return held


def _refuse_stranger(actor: Actor, *areas: str) -> None:
    if not all(actor.may("admin", area=area) for area in areas):
        raise Forbidden("grid.supervision_not_yours")
