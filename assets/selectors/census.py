"""Questions about the census: seen by whoever keeps the register of its area, and by its surveyors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts import selectors as accounts
from accounts.contracts import Person
from assets.contracts import FindingKind, ProjectState, StreetState
from assets.models import STRAY, Asset, CensusRules, Finding, Project, Spot, Street
from assets.selectors.requests import KEEPING
from assets.selectors.scope import ground_q, visible_to
from core.errors import NotFound
from core.querying import NOTHING
from core.scope import Actor


def projects_visible_to(actor: Actor) -> QuerySet[Project]:
    """The censuses on the ground whose register one keeps, and those of which one surveys a street; newest first."""
    mine = Exists(Street.objects.filter(project=OuterRef("pk"), surveyor=actor.key))
    return Project.objects.filter(ground_q(actor, KEEPING) | (Q(mine) if actor.user_id is not None else Q(pk__in=())))


def projects(*, actor: Actor, before: int = 0, limit: int = 50) -> list[Project]:
    """A page of censuses, newest first."""
    found = projects_visible_to(actor)
    return list((found.filter(pk__lt=before) if before else found).order_by("-pk")[:limit])


def project_of(pk: int, *, actor: Actor, lock: bool = False) -> Project:
    """One census; NotFound where the actor sees none."""
    rows = projects_visible_to(actor)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=pk).first()
    if found is None:
        raise NotFound("assets.no_census", number=pk)
    return found


def street_of(project: int, code: str, *, actor: Actor, lock: bool = False) -> Street:
    """One street of a census with its project, both locked if asked; NotFound where the actor sees none."""
    held = project_of(project, actor=actor, lock=lock)
    rows = Street.objects.filter(project=held, code=code)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound("assets.no_census_street", street=code[:12])
    found.project = held
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a street, or a surveyor, has come: what was found of each kind, and how much was expected."""

    expected: int
    found: int
    counts: Mapping[str, int]

    @property
    def share(self) -> float:
        """The part of what was expected that was looked at, at most 1; 1 where nothing was expected."""
        return min(1.0, self.found / self.expected) if self.expected else 1.0


@dataclass(frozen=True, slots=True)
class StreetProgress:
    """A street and how far it has come."""

    street: Street
    progress: Progress


@dataclass(frozen=True, slots=True)
class GroundCount:
    """How much was found on a ground, of each kind; without a code: what the census does not count."""

    code: str
    names: Mapping[str, str]
    counts: Mapping[str, int]

    @property
    def looked_at(self) -> int:
        """What stood there before and was looked at."""
        return sum(n for kind, n in self.counts.items() if kind != FindingKind.NEW)


def progress_of(project: Project) -> list[StreetProgress]:
    """Every street by its code with what was found there, in two queries."""
    counted = Finding.objects.filter(project=project).values_list("street", "kind").annotate(Count("pk"))
    counts: dict[int, dict[str, int]] = {}
    for street, kind, n in counted.order_by():
        counts.setdefault(street, {})[kind] = n
    return [
        StreetProgress(street, _progress(street.expected, counts.get(street.pk, {})))
        for street in project.streets.order_by("code")
    ]


def _progress(expected: int, counts: Mapping[str, int]) -> Progress:
    old = sum(n for kind, n in counts.items() if kind != FindingKind.NEW)
    return Progress(expected, old, {kind.value: counts.get(kind.value, 0) for kind in FindingKind})


def by_surveyor(streets: list[StreetProgress]) -> dict[str, tuple[int, Progress]]:
    """Each surveyor's number of streets and progress over all of them, by name."""
    found: dict[str, tuple[int, Progress]] = {}
    for one in streets:
        name = one.street.surveyor_label
        count, before = found.get(name, (0, Progress(0, 0, {})))
        counts = {
            kind.value: before.counts.get(kind.value, 0) + one.progress.counts[kind.value] for kind in FindingKind
        }
        found[name] = (count + 1, _progress(before.expected + one.progress.expected, counts))
    return found


def by_ground(project: Project) -> list[GroundCount]:
    """What was found on each ground of the census, in its order; last what it does not count, if there was any."""
    counted = Finding.objects.filter(project=project).values_list("ground", "kind").annotate(Count("pk")).order_by()
    counts: dict[str, dict[str, int]] = {}
    for ground, kind, n in counted:
        here = counts.setdefault("" if kind == FindingKind.OUTSIDE else ground, {})
        here[kind] = here.get(kind, 0) + n
    grounds = [(one["code"], one["names"]) for one in project.grounds]
    kinds = [kind.value for kind in FindingKind]
    return [
        GroundCount(code, names, {kind: counts.get(code, {}).get(kind, 0) for kind in kinds})
        for code, names in [*grounds, *([("", {})] if "" in counts else [])]
    ]


def findings(project: Project, *, street: str = "", sample: bool = False, before: int = 0, limit: int = 50,
             outcome: str = "") -> list[Finding]:  # fmt: skip
    """A page of what was found, newest first; of one street, of the sample, or with one outcome."""
    found = Finding.objects.filter(project=project).select_related("asset__type", "type", "street", "spot")
    if street:
        found = found.filter(street__code=street)
    if sample:
        found = found.filter(in_sample=True)
    if outcome:
        found = found.filter(outcome=outcome)
    if before:
        found = found.filter(pk__lt=before)
    return list(found.prefetch_related("photos").order_by("-pk")[:limit])


def finding_of(pk: int, *, actor: Actor) -> Finding:
    """One finding; NotFound where the actor sees no such census."""
    found = Finding.objects.select_related("street", "project").filter(pk=pk).first()
    if found is None or not projects_visible_to(actor).filter(pk=found.project_id).exists():
        raise NotFound("assets.no_finding")
    return found


def still_to_find(street: Street, *, actor: Actor, after: str = "", limit: int = 30) -> list[Asset]:
    """Components of the register in the street that the census has not looked at yet, by code."""
    seen = Finding.objects.filter(project=street.project_id, asset=OuterRef("pk"))
    rows = Asset.objects.filter(visible_to(actor), Q(area=street.area) | Q(area__startswith=f"{street.area}."))
    rows = rows.filter(Q(code__startswith=street.code[:6]) | STRAY, type__code__in=street.project.types, code__gt=after)
    return list(rows.exclude(state="removed").exclude(Exists(seen)).select_related("type").order_by("code")[:limit])


def spots_to_find(street: Street, *, limit: int = 30) -> list[Spot]:
    """Places of recurring events in the street that the census has not looked at yet."""
    seen = Finding.objects.filter(project=street.project_id, spot=OuterRef("pk"))
    rows = Spot.objects.filter(Q(area=street.area) | Q(area__startswith=f"{street.area}."), gone_at=None)
    return list(rows.filter(event_class__in=street.project.classes).exclude(Exists(seen)).order_by("pk")[:limit])


def my_streets(project: Project, *, actor: Actor) -> list[Street]:
    """The streets that the actor surveys, those to be worked on first."""
    rows = list(project.streets.filter(surveyor=actor.key))
    return sorted(rows, key=lambda row: (row.state != StreetState.ASSIGNED, row.code))


def streets_waiting(actor: Actor) -> QuerySet[Street]:
    """Of running censuses the streets that the actor surveys, and those handed in or in check on the ground one keeps.

    Who surveyed a street never checks it.
    """
    mine = Q(surveyor=actor.key, state=StreetState.ASSIGNED) if actor.user_id is not None else NOTHING
    checked = Q(state__in=[StreetState.HANDED_IN, StreetState.CHECKING]) & ~Q(surveyor=actor.key)
    theirs = checked & ground_q(actor, KEEPING, "project__area")
    rows = Street.objects.filter(mine | theirs, project__state=ProjectState.RUNNING)
    return rows.select_related("project").order_by("changed_at", "pk")


def surveyed(project: Project, actor: Actor) -> bool:
    """Whether the actor had a part in the surveying."""
    streets = project.streets.filter(surveyor=actor.key)
    return streets.exists() or project.findings.filter(surveyor=actor.key).exists()


def surveyors(area: str) -> list[Person]:
    """Who may survey there, by name."""
    return accounts.people_with("component.propose", area=area)


def census_rules() -> dict[str, Any]:
    """The grounds and the sampling that a new census begins with; empty where no pack gave any."""
    rules = CensusRules.objects.order_by("pk").first()
    return {"grounds": rules.grounds, "sampling": rules.sampling} if rules else {"grounds": [], "sampling": {}}


def census_rules_of(pack: str) -> dict[str, Any] | None:
    """What a pack gave, as it would write it."""
    rules = CensusRules.objects.filter(pack=pack).first()
    return {"grounds": rules.grounds, "sampling": rules.sampling} if rules else None


def spots(*, actor: Actor, limit: int = 500) -> list[Spot]:
    """The places where events recur, by the last census, on the ground of who asks."""
    return list(Spot.objects.filter(visible_to(actor), gone_at=None).order_by("-pk")[:limit])
