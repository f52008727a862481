"""Cases that belong together: duplicates and what they were merged into, wholes and parts, and what looks alike."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Q

from cases.contracts import ENDS, Phase, Stage
from cases.models import Case, DuplicateRule, Evidence
from cases.rules import Duplicates, Likeness, Told, likeness
from cases.selectors.catalogue import steps_model
from cases.selectors.doubts import evidence_rule
from cases.selectors.finding import OPEN, box_around, is_number, visible_to
from core import clock
from core.errors import NotFound
from core.geo import haversine_m
from core.personal import masked_words
from core.pictures import picture
from core.scope import Actor
from core.shots import print_of, unsigned

MOST_COMPARED = 200
MOST_ALIKE = 5


class Alike(NamedTuple):
    """A case that looks like another, how like it is and why, and how many metres lie between them."""

    case: Case
    likeness: Likeness
    metres: float | None


def apart_m(one: Case, other: Case) -> float | None:
    """How many metres lie between two cases; None where one has no point."""
    if one.point is None or other.point is None:
        return None
    return haversine_m(one.point.x, one.point.y, other.point.x, other.point.y)


def alike(case: Case, actor: Actor) -> list[Alike]:
    """The open cases that this one may be a duplicate of, the likest first, among those the actor may see."""
    if case.point is None:
        return []
    told = _told(case, _pictures([case.pk]))
    rows = visible_to(actor).exclude(pk=case.pk)
    return _ranked(rows, told, case.point.x, case.point.y)


def alike_at(
    actor: Actor, lon: float, lat: float, *, category: str = "", description: str = "", photos: Iterable[bytes] = ()
) -> list[Alike]:
    """The same for a report that is still being written; `photos` are its pictures, which are kept nowhere.

    TooLarge, Unsupported or Invalid where one is no picture that is taken.
    """
    found = [picture(content) for content in photos] if actor.holds("case.see") else []
    prints = (print_of(one.public) for one in found)
    told = Told(
        category=category, description=description, reported_at=clock.now(),
        pictures=frozenset(one.sha256 for one in found), prints=frozenset(one for one in prints if one is not None),
    )  # fmt: skip
    return _ranked(visible_to(actor), told, lon, lat)


def duplicate_rule() -> DuplicateRule:
    """What holds in the city: as a pack says, before that as the platform says."""
    return DuplicateRule.objects.filter(pk=1).first() or DuplicateRule(pk=1)


def duplicates_rule(category: str) -> Duplicates:
    """What is taken for the same problem: as is said of the class, else of the model of steps, else of all."""
    row = duplicate_rule()
    model = row.steps_models.get(steps_model().code, {}) if row.steps_models else {}
    base = Duplicates(row.metres, row.hours, row.reach_metres, row.reach_days)
    return base.but(model, row.classes.get(category, {}))


def _ranked(rows: Any, told: Told, lon: float, lat: float) -> list[Alike]:
    moment = told.reported_at or clock.now()
    rule = duplicates_rule(told.category)
    days = timedelta(days=rule.reach_days)
    near = rows.filter(
        OPEN, parent=None, point__bboverlaps=box_around(lon, lat, rule.reach_metres),
        reported_at__range=(moment - days, moment + days),
    )  # fmt: skip
    found = list(near.order_by("-id")[:MOST_COMPARED])
    pictures = _pictures(row.pk for row in found)
    bits = evidence_rule().alike_bits if told.prints else 0
    ranked = []
    for row in found:
        metres = haversine_m(lon, lat, row.point.x, row.point.y)
        if (how := likeness(told, _told(row, pictures), metres, bits, rule)) is not None:
            ranked.append(Alike(row, how, metres))
    return sorted(ranked, key=lambda one: (-one.likeness.score, one.case.pk))[:MOST_ALIKE]


class _Pictures(NamedTuple):
    """The pictures of a report: the hashes of their files, and what they look like."""

    hashes: set[str]
    prints: set[int]


def _pictures(keys: Iterable[int]) -> dict[int, _Pictures]:
    found: dict[int, _Pictures] = {}
    rows = Evidence.objects.filter(case__in=list(keys), phase=Phase.REPORT)
    for key, sha256, look in rows.values_list("case", "sha256", "examination__print"):
        held = found.setdefault(key, _Pictures(set(), set()))
        held.hashes.add(sha256)
        if look is not None:
            held.prints.add(unsigned(look))
    return found


def _told(case: Case, pictures: Mapping[int, _Pictures]) -> Told:
    held = pictures.get(case.pk, _Pictures(set(), set()))
    return Told(
        case.category_code, case.description, case.cell, case.reported_at, frozenset(held.hashes),
        frozenset(held.prints),
    )  # fmt: skip


def duplicates(case: Case) -> Sequence[Case]:
    """The reports that were merged into a case the caller was allowed to see, oldest first."""
    if not case.absorbed:
        return []
    return list(Case.objects.filter(duplicate_of__number=case.number).select_related("category").order_by("id"))


def parts(case: Case) -> Sequence[Case]:
    """The parts of a case the caller was allowed to see, in the order in which they were made."""
    if not case.parts:
        return []
    return list(Case.objects.filter(parent__number=case.number).select_related("category").order_by("id"))


class Whole(NamedTuple):
    """A whole as whoever handles one of its parts may read it; `seen` are the parts that they see as cases."""

    case: Case
    description: str
    address: str
    parts: Sequence[Case]
    seen: frozenset[str]


def whole_of(number: str, actor: Actor) -> Whole:
    """The whole of this number for whoever sees a part of it that stands; else NotFound, whether it exists or not.

    To read it so is no right to act: every verb and every other question still asks whether the actor sees the whole.
    """
    rows = Case.objects.select_related("category").filter(parts__gt=0)
    found = rows.filter(number=number).first() if is_number(number) else None
    standing = visible_to(actor).filter(parent__number=number).exclude(stage=Stage.VOIDED)
    mine = frozenset(standing.values_list("number", flat=True)) if found else frozenset()
    if found is None or not mine:
        raise NotFound("case.unknown", number=number)
    return Whole(found, masked_words(found.description), masked_words(found.address), parts(found), mine)


def reporters_of(case: Case) -> list[str]:
    """The keys of all who told of the case: of it, and of what was merged into it."""
    return [case.reported_by, *(one.reported_by for one in duplicates(case))]


def callback_inherited(case: Case) -> bool:
    """Whether somebody whose report was merged into the case wished to be called back."""
    return case.absorbed > 0 and Case.objects.filter(duplicate_of__number=case.number, callback_wanted=True).exists()


def ties_of(case: Case) -> dict[str, Any]:
    """What the guards look at: asked of the tables only where the case is tied to another at all."""
    told: dict[str, Any] = {
        "merged_from": case.merged_from,
        "absorbed": case.absorbed,
        "is_part": bool(case.parent_id),
        "parts": case.parts,
    }
    if case.parts:
        counted = Case.objects.filter(parent__number=case.number).aggregate(
            parts_open=Count("id", filter=OPEN), parts_closed=Count("id", filter=Q(stage=Stage.CLOSED))
        )
        told |= counted
    if case.parent_id:
        told["parent_ended"] = _has_ended(case.parent_id)
    if case.duplicate_of_id:
        told["survivor_ended"] = _has_ended(case.duplicate_of_id)
    return told


def _has_ended(number: str) -> bool:
    return Case.objects.filter(number=number, stage__in=sorted(ENDS)).exists()
