"""Verbs of the census: plan, begin, hand in, sample, judge, send back. Whoever surveyed a street does not judge it."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts import selectors as accounts
from assets.actions.components import allow, reason_of
from assets.contracts import CensusStep, ProjectState, State, StreetState, StreetStep, Subject
from assets.contracts import event_classes as known_classes
from assets.models import STRAY, Asset, AssetType, CensusRules, Finding, Project, Spot, Street
from assets.rules import passes, sample_size
from assets.selectors import finding_of, project_of, street_of
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Actor, under
from grid import selectors as grid
from journal import actions as journal

SURVEYS = "component.propose"
MOST_STREETS = 500


@transaction.atomic
def save_census_rules(given: Mapping[str, Any], *, pack: str) -> None:
    """What a census looks at and how it is verified is as the pack says; projects that exist keep their own copy."""
    defaults = {"grounds": list(given["grounds"]), "sampling": dict(given["sampling"])}
    CensusRules.objects.update_or_create(pack=pack, defaults=defaults)


@transaction.atomic
def plan_census(
    *, actor: Actor, title: str, area: str, subject: str = Subject.COMPONENTS, types: Iterable[str] = (),
    classes: Iterable[str] = (), grounds: Iterable[str] = (), streets: Sequence[Mapping[str, Any]] = (),
    sampling: Mapping[str, float] | None = None,
) -> Project:  # fmt: skip
    """A census is planned over the streets, each given to its surveyor; with no streets named, over all of the area."""
    allow(actor, area)
    rules = CensusRules.objects.order_by("pk").first()
    if rules is None:
        raise Invalid("assets.census_no_rules")
    if not title.strip() or subject not in set(Subject):
        raise Invalid("assets.census_title")
    covered = _covered(subject, list(types), list(classes))
    wanted = set(grounds)
    chosen = [one for one in rules.grounds if not wanted or one["code"] in wanted]
    if not chosen or wanted - {one["code"] for one in chosen}:
        raise Invalid("assets.census_ground")
    measure = {**rules.sampling, **(sampling or {})}
    if not (0 < measure["share"] <= 1 and 0 <= measure["threshold"] < 1 and measure["least"] >= 0):
        raise Invalid("assets.census_sampling")
    project = Project.objects.create(
        title=" ".join(title.split())[:200], subject=subject, area=area, grounds=chosen, state=ProjectState.PLANNED,
        share=measure["share"], least=int(measure["least"]), threshold=measure["threshold"],
        planned_by=actor.key, planned_label=actor.label[:120], created_at=clock.now(), **covered,
    )  # fmt: skip
    _give_out(project, streets)
    tell(project, actor)
    return project


def _covered(subject: str, types: list[str], classes: list[str]) -> dict[str, list[str]]:
    if subject == Subject.COMPONENTS:
        known = set(AssetType.objects.filter(retired=False).values_list("code", flat=True))
        if not types or set(types) - known:
            raise Invalid("assets.census_types")
        return {"types": types, "classes": []}
    if not classes or set(classes) - known_classes().keys():
        raise Invalid("assets.census_classes")
    return {"types": [], "classes": classes}


def _give_out(project: Project, streets: Sequence[Mapping[str, Any]]) -> None:
    regions = {one.code: one for level in ("street", "community") for one in grid.regions(level)}
    inside = {code: one for code, one in regions.items() if under(one.path, project.area)}
    given = {str(one["code"]): one.get("surveyor") for one in streets}
    if not given:
        given = dict.fromkeys(code for code in inside if len(code) == 9 or inside[code].path == project.area)
    if not given or len(given) > MOST_STREETS or given.keys() - inside.keys():
        raise Invalid("assets.census_streets")
    paths = sorted(inside[code].path for code in given)
    if any(under(one, other) for other, one in zip(paths, paths[1:], strict=False)):
        raise Invalid("assets.census_streets_overlap")
    for code, surveyor in given.items():
        street = Street(project=project, code=code, area=inside[code].path, names=dict(inside[code].names))
        _give(street, int(surveyor) if surveyor else None)


def _give(street: Street, user_id: int | None) -> None:
    street.surveyor = street.surveyor_label = ""
    if user_id is not None:
        fit = {one.user_id: one for one in accounts.people_with(SURVEYS, area=street.area)}
        if user_id not in fit:
            raise Invalid("assets.census_surveyor", street=street.code)
        street.surveyor, street.surveyor_label = fit[user_id].key, fit[user_id].label[:120]
    street.changed_at = clock.now()
    street.save()


@transaction.atomic
def assign_street(project: int, code: str, *, actor: Actor, surveyor: int) -> Street:
    """The street is given to another surveyor; what was found there stays."""
    street = _street(project, code, actor, StreetState.ASSIGNED)
    _give(street, surveyor)
    _moved(street, actor)
    return street


@transaction.atomic
def start_census(pk: int, *, actor: Actor) -> Project:
    """The census runs; what the register expects in each street is written down."""
    project = kept(pk, actor, ProjectState.PLANNED)
    streets = list(project.streets.all())
    nobody = [street.code for street in streets if not street.surveyor]
    if nobody:
        raise Conflict("assets.census_nobody", street=nobody[0], count=len(nobody))
    for street in streets:
        street.expected = _expected(project, street)
    Street.objects.bulk_update(streets, ["expected"])
    project.state, project.started_at = ProjectState.RUNNING, clock.now()
    project.save()
    tell(project, actor)
    return project


def _expected(project: Project, street: Street) -> int:
    here = Q(area=street.area) | Q(area__startswith=f"{street.area}.")
    if project.subject == Subject.EVENTS:
        return Spot.objects.filter(here, event_class__in=project.classes, gone_at=None).count()
    standing = Asset.objects.exclude(state=State.REMOVED)
    numbered = Q(code__startswith=street.code[:6]) | STRAY
    return standing.filter(here, numbered, type__code__in=project.types).count()


@transaction.atomic
def hand_in(project: int, code: str, *, actor: Actor) -> Street:
    """The surveyor has been everywhere in the street."""
    street = street_of(project, code, actor=actor, lock=True)
    if street.surveyor != actor.key:
        raise Forbidden("assets.census_not_yours", street=code)
    _expect(street, StreetState.ASSIGNED)
    if street.project.state != ProjectState.RUNNING:
        raise Conflict("assets.census_state", state=street.project.state)
    street.state = StreetState.HANDED_IN
    _moved(street, actor)
    return street


@transaction.atomic
def draw_sample(project: int, code: str, *, actor: Actor) -> Street:
    """Some of what was found is drawn by lot to be looked at again; with nothing found, the street is verified."""
    street = _street(project, code, actor, StreetState.HANDED_IN)
    _not_own(street, actor)
    found = street.findings.count()
    size = sample_size(found, street.project.share, street.project.least)
    street.seed, street.sampled, street.wrong = secrets.token_hex(8), size, 0
    drawn = street.findings.extra(order_by=["lot"], select={"lot": "md5(assets_finding.id || %s)"},
                                  select_params=[street.seed])[:size]  # fmt: skip
    street.findings.update(in_sample=False, correct=None, judged_by="", judge_note="")
    Finding.objects.filter(pk__in=[one.pk for one in drawn]).update(in_sample=True)
    street.state = StreetState.CHECKING if size else StreetState.VERIFIED
    _moved(street, actor)
    _all_verified(street.project, actor)
    return street


@transaction.atomic
def judge_finding(pk: int, *, actor: Actor, correct: bool, note: str = "") -> Street:
    """A finding of the sample is right or wrong; the last one decides about the street."""
    finding = finding_of(pk, actor=actor)
    street = _street(finding.project_id, finding.street.code, actor, StreetState.CHECKING)
    _not_own(street, actor)
    if not finding.in_sample:
        raise Conflict("assets.census_not_sampled")
    kept = " ".join(note.split())[:500]
    if not correct and not kept:
        raise Invalid("assets.reason_needed")
    Finding.objects.filter(pk=pk).update(correct=correct, judge_note=kept, judged_by=actor.key)
    street.wrong = street.findings.filter(in_sample=True, correct=False).count()
    street.save()
    if not street.findings.filter(in_sample=True, correct=None).exists():
        _decide(street, actor)
    return street


def _decide(street: Street, actor: Actor) -> None:
    if passes(street.wrong, street.sampled, street.project.threshold):
        street.state = StreetState.VERIFIED
        street.reason = ""
        _moved(street, actor)
        _all_verified(street.project, actor)
        return
    notes = street.findings.filter(in_sample=True, correct=False).values_list("judge_note", flat=True)
    _back(street, actor, f"{street.wrong}/{street.sampled}: " + "; ".join(notes))


@transaction.atomic
def send_back(project: int, code: str, *, actor: Actor, reason: str) -> Street:
    """The street goes back to its surveyor, who reads why."""
    street = _street(project, code, actor, StreetState.HANDED_IN, StreetState.CHECKING, StreetState.VERIFIED)
    _not_own(street, actor)
    if street.project.state == ProjectState.VERIFIED and street.project.accepting_at is None:
        Project.objects.filter(pk=street.project_id).update(state=ProjectState.RUNNING, verified_at=None)
    elif street.project.state != ProjectState.RUNNING:
        raise Conflict("assets.census_state", state=street.project.state)
    _back(street, actor, reason_of(reason))
    return street


def _back(street: Street, actor: Actor, reason: str) -> None:
    street.state, street.reason, street.round = StreetState.ASSIGNED, reason[:1000], street.round + 1
    _moved(street, actor)


def _all_verified(project: Project, actor: Actor) -> None:
    if project.streets.exclude(state=StreetState.VERIFIED).exists():
        return
    project.state, project.verified_at = ProjectState.VERIFIED, clock.now()
    project.save()
    tell(project, actor)


def kept(pk: int, actor: Actor, *states: ProjectState) -> Project:
    """The project, locked, where the actor keeps the register of its area; Conflict in any other state than these."""
    project = project_of(pk, actor=actor, lock=True)
    allow(actor, project.area)
    if project.state not in states:
        raise Conflict("assets.census_state", state=project.state)
    return project


def _street(project: int, code: str, actor: Actor, *states: StreetState) -> Street:
    street = street_of(project, code, actor=actor, lock=True)
    allow(actor, street.project.area)
    _expect(street, *states)
    return street


def _expect(street: Street, *states: StreetState) -> None:
    if street.state not in states:
        raise Conflict("assets.census_street_state", street=street.code, state=street.state)


def _not_own(street: Street, actor: Actor) -> None:
    if street.surveyor == actor.key or street.findings.filter(surveyor=actor.key).exists():
        raise Forbidden("assets.census_own")


def _moved(street: Street, actor: Actor) -> None:
    street.changed_at = clock.now()
    street.save()
    person = street.surveyor.removeprefix("user:")
    news = StreetStep(street.project_id, street.code, str(street.state), street.round, street.sampled, street.wrong)
    journal.record(
        "assets.street_moved.v1", subject=f"census:{street.project_id}", actor=actor, area=street.area, data=news,
        user_id=int(person) if person.isdigit() else None,
    )  # fmt: skip


def tell(project: Project, actor: Actor, written: int = 0) -> None:
    """It is told how far a census has come, and how many components it wrote."""
    news = CensusStep(project.pk, str(project.state), project.streets.count(), written)
    journal.record("assets.census_moved.v1", subject=f"census:{project.pk}", actor=actor, area=project.area, data=news)
