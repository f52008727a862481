"""Pictures examined: how far from the case, how early, and whether they were seen before. Told, never refused."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from cases import rules
from cases.contracts import Phase
from cases.contracts.evidence import PICTURE_DOUBTED, DoubtKind, PictureDoubted
from cases.models import Case, Doubt, Evidence, EvidenceRule, Examination
from cases.selectors.doubts import Seen, Sought, evidence_rule, seen_before
from core import clock, vault
from core.clips import told_by
from core.errors import DomainError
from core.scope import Actor, machine
from core.shots import Shot, keys_of, metres_from, shot_of, signed, unchanged, unsigned
from grid import selectors as grid
from journal import actions as journal

EXAMINER: Actor = machine("rule:evidence", label="照片比对 Evidence")
LATELY = timedelta(minutes=3)
MOST_AGAIN = 300


class Look(NamedTuple):
    """A picture of a case and what it says of itself; no print where a machine took it, which always looks the same."""

    evidence: Evidence
    shot: Shot
    print: int | None


def shot(content: bytes) -> Shot:
    """When and where a picture says that it was taken."""
    return shot_of(content, ZoneInfo(settings.TIME_ZONE))


def examine(case: Case, looks: Sequence[Look], actor: Actor) -> None:
    """What the new pictures of the locked case say of themselves is kept, what is doubtful about them is told."""
    Examination.objects.bulk_create(
        Examination(
            evidence=one.evidence,
            taken_at=one.shot.taken_at,
            print=None if one.print is None else signed(one.print),
            bands=None if one.print is None else keys_of(one.print),
        )
        for one in looks
    )
    if not any((*one.shot, one.print) != (None,) * 4 for one in looks):
        return
    rule = evidence_rule()
    sought = [_sought(one.evidence, one.print) for one in looks if one.print is not None]
    seen = [_doubt_seen(one, rule) for one in _seen([look.evidence for look in looks], sought, rule)]
    _tell(case, [*_far(case, looks, rule), *_early(case, looks, rule), *seen], actor)


def measure(case: Case, actor: Actor) -> None:
    """A case that has a place only now: how far from it its pictures were taken, as their originals say."""
    rows = Evidence.objects.filter(case=case, erased_at=None).order_by("pk")
    looks = [Look(row, found, None) for row in rows if (found := _reread(row)) is not None]
    if looks:
        _tell(case, _far(case, looks, evidence_rule()), actor)


def _reread(row: Evidence) -> Shot | None:
    try:
        content = vault.fetch(row.sha256)
        return told_by(content) if row.is_clip else shot(content)
    except DomainError:
        return None


def _far(case: Case, looks: Iterable[Look], rule: EvidenceRule) -> list[Doubt]:
    """Those taken far off; whoever stood in the cell of the case was there, however large the cell is."""
    if case.lon is None or case.lat is None:
        return []
    found = [(one, metres_from(one.shot, case.lon, case.lat)) for one in looks]
    far = [(one, round(metres)) for one, metres in found if metres is not None and metres > rule.far_metres]
    cells = grid.places_at([(one.shot.lon or 0, one.shot.lat or 0) for one, _metres in far]) if far else []
    return [
        Doubt(evidence=one.evidence, kind=DoubtKind.FAR, value=metres, most=rule.far_metres)
        for (one, metres), stood in zip(far, cells, strict=True)
        if not (case.cell and stood and stood[0] == case.cell)
    ]


def _early(case: Case, looks: Iterable[Look], rule: EvidenceRule) -> list[Doubt]:
    return [
        Doubt(evidence=one.evidence, kind=DoubtKind.EARLY, value=minutes, most=rule.early_hours)
        for one in looks
        if (minutes := _minutes_early(case, one, rule)) is not None
    ]


def _minutes_early(case: Case, one: Look, rule: EvidenceRule) -> int | None:
    return rules.minutes_early(Phase(one.evidence.phase), one.shot.taken_at, case.reported_at, rule.early_hours)


def _seen(rows: Iterable[Evidence], sought: Sequence[Sought], rule: EvidenceRule) -> list[Seen]:
    """What was seen before; in the case itself only where nothing has changed, because handling changes little."""
    public = {row.pk: row.public_sha256 for row in rows}
    found = seen_before(sought, rule.alike_bits)
    return [one for one in found if not one.own or _is_unchanged(public[one.evidence], one.own)]


def _is_unchanged(one: str, other: str) -> bool:
    try:
        return unchanged(vault.fetch(one), vault.fetch(other))
    except DomainError:
        return True


def _doubt_seen(one: Seen, rule: EvidenceRule) -> Doubt:
    return Doubt(
        evidence_id=one.evidence, kind=DoubtKind.SEEN, value=one.bits, most=rule.alike_bits, other_id=one.other
    )


def _sought(row: Evidence, print_: int) -> Sought:
    return Sought(row.pk, row.case_id, row.phase, row.version, print_)


def _tell(case: Case, doubts: Sequence[Doubt], actor: Actor) -> None:
    if not doubts:
        return
    Doubt.objects.bulk_create(doubts)
    news = PictureDoubted(
        case.number, sorted({one.evidence_id for one in doubts}), sorted({str(one.kind) for one in doubts})
    )
    journal.record(PICTURE_DOUBTED, subject=case.number, actor=actor, org=case.org, area=case.area, data=news)


def look_again() -> int:
    """The pictures of the last minutes are compared once more; how many doubts that adds.

    Two that came in the same moment did not see one another, because neither was committed when the other looked.
    """
    rows = Examination.objects.filter(print__isnull=False).select_related("evidence").order_by("-pk")[:MOST_AGAIN]
    since = clock.now() - LATELY
    sought = [_sought(row.evidence, unsigned(row.print or 0)) for row in rows if row.evidence.at >= since]
    rule = evidence_rule()
    found = _seen([row.evidence for row in rows], sought, rule)
    known = set(_known(found))
    by_picture: dict[int, list[Doubt]] = {}
    for one in found:
        if (one.evidence, one.other) not in known:
            by_picture.setdefault(one.evidence, []).append(_doubt_seen(one, rule))
    for evidence, doubts in by_picture.items():
        _add_later(evidence, doubts)
    return sum(map(len, by_picture.values()))


def _known(found: Iterable[Seen]) -> Any:
    rows = Doubt.objects.filter(kind=DoubtKind.SEEN, evidence__in={one.evidence for one in found})
    return rows.values_list("evidence", "other")


@transaction.atomic
def _add_later(evidence: int, doubts: Sequence[Doubt]) -> None:
    case = Case.objects.select_for_update(of=("self",)).get(evidence=evidence)
    held = set(_known([Seen(evidence, 0, 0)]))
    _tell(case, [one for one in doubts if (one.evidence_id, one.other_id) not in held], EXAMINER)


@transaction.atomic
def save_evidence_rule(given: dict[str, Any], *, pack: str) -> None:
    """Pictures are doubted from the limits on that the pack says."""
    EvidenceRule.objects.update_or_create(pk=1, defaults={**given, "pack": pack})
