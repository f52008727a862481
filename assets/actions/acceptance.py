"""A verified census becomes the register: set by set, each in a transaction of its own, resumed where it stopped."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from assets.actions.census import Census
from assets.actions.components import FIELDS, next_codes, placed_changed
from assets.actions.pictures import hand_over
from assets.actions.projects import kept, tell
from assets.actions.writing import Deed, Placed, lock, write
from assets.adapters import queue
from assets.contracts import Act, FindingKind, Outcome, ProjectState, State, Subject
from assets.models import Asset, AssetType, Finding, Project, Spot, Survey
from assets.rules import geojson_of
from assets.selectors import surveyed
from core import clock
from core.errors import DomainError, Forbidden
from core.scope import Actor
from grid import selectors as grid

SET = 2000
AS_IT_IS = (FindingKind.CONFIRMED, FindingKind.OUTSIDE)
"""What leaves the register as it is."""


@transaction.atomic
def accept_census(pk: int, *, actor: Actor) -> Project:
    """What was found is being written into the register; nobody who surveyed accepts. A worker goes on with it."""
    project = kept(pk, actor, ProjectState.VERIFIED)
    if surveyed(project, actor):
        raise Forbidden("assets.census_own")
    if project.accepting_at is None:
        now = clock.now()
        project.survey = Survey.objects.create(source=project.title, taken_at=now, taken_by=actor.key)
        project.accepting_at, project.accepted_by, project.accepted_label = now, actor.key, actor.label[:120]
        project.save()
    transaction.on_commit(lambda: queue.ask(project.pk))
    return project


def write_census(pk: int) -> int:
    """The census is in the register whole; answers how many sets were written. Begun anew it goes on where it was."""
    sets = 0
    while _next_set(pk):
        sets += 1
    return sets


def unfinished_censuses() -> int:
    """Every census whose worker went away is in the register; answers how many there were."""
    waiting = Project.objects.filter(state=ProjectState.VERIFIED, accepting_at__isnull=False)
    found = list(waiting.values_list("pk", flat=True))
    for pk in found:
        write_census(pk)
    return len(found)


@transaction.atomic
def _next_set(pk: int) -> bool:
    """The next findings are written, or the census is accepted because none is left."""
    project = Project.objects.select_for_update().get(pk=pk)
    if project.state != ProjectState.VERIFIED or project.accepting_at is None:
        return False
    actor = Actor(key=project.accepted_by, label=project.accepted_label, rights={})
    waiting = project.findings.filter(outcome="").select_related("asset__type", "type", "spot")
    found = list(waiting.order_by("pk")[:SET])
    if not found:
        _finish(project, actor)
        return False
    if project.subject == Subject.EVENTS:
        _write_spots(project, found)
    else:
        _write_components(project, found, actor)
    Finding.objects.bulk_update(found, ["outcome", "why_not", "asset"], batch_size=500)
    return True


def _finish(project: Project, actor: Actor) -> None:
    project.state, project.accepted_at = ProjectState.ACCEPTED, clock.now()
    project.save()
    counts = Counter(project.findings.filter(outcome=Outcome.WRITTEN).values_list("kind", flat=True))
    created = counts.pop(FindingKind.NEW.value, 0)
    refused = project.findings.filter(outcome__in=[Outcome.STALE, Outcome.REFUSED]).count()
    written = created + sum(counts.values())
    told = {"created": created, "updated": sum(counts.values()), "refused": refused}
    Survey.objects.filter(pk=project.survey_id or 0).update(**told)
    tell(project, actor, written)


def _write_components(project: Project, found: Sequence[Finding], actor: Actor) -> None:
    lock(one.asset.code for one in found if one.asset)
    fresh = Asset.objects.select_related("type").in_bulk([one.asset_id for one in found if one.asset_id])
    census = Census(project.survey_id or 0, actor=actor, every=True)
    placed: dict[int, Placed] = {}
    for finding in found:
        row = fresh.get(finding.asset_id or 0)
        if row is not None:
            _look(finding, row, census, placed)
    _new_ones([one for one in found if one.kind == FindingKind.NEW], census, placed)
    by = {placed[one.pk][0].code: (one.surveyor, one.surveyor_label) for one in found if one.pk in placed}
    deed = Deed(actor, Act.CENSUS, project.title, survey=project.survey_id, proposers=by)
    write(list(placed.values()), deed)
    rows = Asset.objects.in_bulk([place[0].code for place in placed.values()], field_name="code")
    for finding in found:
        if finding.pk in placed:
            finding.outcome, finding.asset = Outcome.WRITTEN, rows[placed[finding.pk][0].code]
        if finding.asset is not None:
            hand_over(finding.photos.all(), finding.asset)


def _look(finding: Finding, row: Asset, census: Census, placed: dict[int, Placed]) -> None:
    """A finding about a component that stands: kept, stale, refused with its reason, or placed."""
    if finding.kind in AS_IT_IS:
        finding.outcome = Outcome.KEPT
        return
    if row.version != finding.seen_version or row.state == State.REMOVED:
        finding.outcome = Outcome.STALE
        return
    wanted: dict[str, Any] = {name: value for name, value in finding.given.items() if name in FIELDS}
    if finding.kind == FindingKind.MISSING:
        wanted = {"state": State.LOST.value}
    elif finding.given.get("moved"):
        wanted["geometry"] = geojson_of(bytes(finding.geom.wkb))
    try:
        placed[finding.pk] = placed_changed(census, row, wanted)
    except DomainError as error:
        _refuse(finding, error.code, error.params)


def _new_ones(found: Sequence[Finding], census: Census, placed: dict[int, Placed]) -> None:
    """New components get the next codes of their district and class, as many at once as there are."""
    places = {one.pk: _row(one) for one in found}
    found = [one for one in found if places[one.pk] is not None]
    digits = grid.code_plan().district
    wanted = Counter((_number(one), one.cell[:digits]) for one in found)
    free = {which: iter(next_codes({which[1]: n}, which[0])) for which, n in sorted(wanted.items())}
    given = [(one.pk, {**(places[one.pk] or {}), "code": next(free[_number(one), one.cell[:digits]])}) for one in found]
    before = len(census.refused)
    placed |= {place[0].number: place for place in census.place(given)}
    by_pk = {one.pk: one for one in found}
    for refusal in census.refused[before:]:
        _refuse(by_pk[refusal.row], refusal.reason, refusal.params)


def _number(finding: Finding) -> str:
    kind: AssetType | None = finding.type
    return f"{kind.major}{kind.minor}" if kind else ""


def _row(finding: Finding) -> dict[str, Any] | None:
    place = grid.cell_place(finding.cell)
    if place is None or finding.type is None:
        _refuse(finding, "assets.place_outside", {})
        return None
    given = {name: value for name, value in finding.given.items() if name in FIELDS}
    return {**given, "type": finding.type.code, "geometry": geojson_of(bytes(finding.geom.wkb))}


def _refuse(finding: Finding, code: str, params: Any) -> None:
    told = {name: str(value)[:200] for name, value in params.items() if name != "row"}
    finding.outcome, finding.why_not = Outcome.REFUSED, {"code": code, "params": told}


def _write_spots(project: Project, found: Sequence[Finding]) -> None:
    now = clock.now()
    gone = [one.spot_id for one in found if one.spot_id and one.kind == FindingKind.MISSING]
    Spot.objects.filter(Q(pk__in=gone), gone_at=None).update(gone_at=now)
    for finding in found:
        finding.outcome = Outcome.KEPT if finding.kind in AS_IT_IS else Outcome.WRITTEN
        if finding.spot is not None and finding.kind == FindingKind.CHANGED:
            Spot.objects.filter(pk=finding.spot_id or 0).update(geom=finding.geom, note=finding.note, project=project)
    Spot.objects.bulk_create(
        Spot(event_class=one.event_class, geom=one.geom, cell=one.cell, area=one.area, note=one.note, project=project,
             created_at=now)
        for one in found
        if one.kind == FindingKind.NEW
    )  # fmt: skip
