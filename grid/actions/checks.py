"""Checks: the whole ground of a draft is judged, and what is wrong with it remembered."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from core.scope import Actor
from grid import selectors
from grid.actions.storing import geos, locked, only_admins, simplify_cells
from grid.contracts import VersionChecked
from grid.models import GridProblem, GridVersion
from grid.rules.findings import Finding
from journal import actions as journal


@transaction.atomic
def check(version: int, *, actor: Actor) -> int:
    """The problems of the draft are known; without any it is checked and may be published. Answers how many."""
    only_admins(actor)
    draft = locked(version)
    found = checked_now(draft)
    news = VersionChecked(draft.pk, len(found))
    journal.record("grid.version_checked.v1", subject=f"grid:{draft.pk}", actor=actor, data=news)
    return len(found)


def checked_now(draft: GridVersion) -> Sequence[Finding]:
    """The whole ground judged; a draft without problems is checked, borders that were edited simplified together."""
    found = selectors.findings_of(draft.pk)
    GridProblem.objects.filter(version=draft).delete()
    remember(draft, found)
    draft.problem_count = len(found)
    if not found:
        draft.state = GridVersion.State.CHECKED
        if draft.edits.exclude(op=selectors.IMPORT).exists():
            simplify_cells(draft.pk)
    draft.save(update_fields=["state", "problem_count"])
    return found


def remember(draft: GridVersion, found: Iterable[Finding]) -> None:
    """These problems are on record."""
    rows = [
        GridProblem(
            version=draft, ident=one.ident, code=one.code, params=dict(one.params), community=one.community,
            cells=list(one.cells), fix=one.fix or "", target=one.target, geom=geos(one.geom) if one.geom else None,
        )
        for one in found
    ]  # fmt: skip
    GridProblem.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
