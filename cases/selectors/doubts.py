"""What is doubtful about the pictures of a case: which were seen before, and how it is told to whoever looks."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.db import connection

from cases.contracts.evidence import DoubtShown
from cases.models import Case, Doubt, EvidenceRule
from cases.selectors.finding import visible_to
from core.clips import ClipLimits
from core.scope import Actor
from core.shots import keys_near, signed

NEAREST = 3
# Every print that is near enough has a band among the keys (core.shots), so the index of bands finds it.
# Nothing but that index may be chosen, whatever is guessed of how many there are: hence the kept rows and the + 0.
# What was sent together with a picture, to show the same, is no earlier picture.
SEEN = """
    WITH given(id, case_id, phase, version, print, keys) AS MATERIALIZED (VALUES {rows})
    SELECT given.id, near.id, near.bits, CASE WHEN near.case_id = given.case_id THEN near.public_sha256 ELSE '' END
    FROM given
    CROSS JOIN LATERAL (
        SELECT seen.id, seen.case_id, seen.public_sha256, bit_count((one.print # given.print)::bit(64)) AS bits
        FROM cases_examination one JOIN cases_evidence seen ON seen.id = one.evidence_id
        WHERE one.print IS NOT NULL AND one.bands && given.keys AND one.evidence_id + 0 < given.id
          AND bit_count((one.print # given.print)::bit(64)) <= %s
          AND NOT (seen.case_id = given.case_id AND seen.phase = given.phase AND seen.version = given.version)
        ORDER BY bits, seen.id LIMIT {nearest}
    ) near
    ORDER BY given.id, near.bits, near.id
"""
_ROW = "(%s::bigint, %s::bigint, %s::text, %s::int, %s::bigint, %s::int[])"


class Sought(NamedTuple):
    """A picture that is compared with those before it."""

    evidence: int
    case: int
    phase: str
    version: int
    print: int


class Seen(NamedTuple):
    """A picture, an earlier one that looks like it, and how many bits differ; the file of the same case."""

    evidence: int
    other: int
    bits: int
    own: str = ""


def evidence_rule() -> EvidenceRule:
    """What holds: as a pack says, before that as the platform says."""
    return EvidenceRule.objects.filter(pk=1).first() or EvidenceRule(pk=1)


def clip_limits() -> ClipLimits:
    """The longest, largest and finest clip that the city takes."""
    rule = evidence_rule()
    return ClipLimits(rule.clip_seconds, rule.clip_megabytes, rule.clip_pixels)


def seen_before(sought: Sequence[Sought], bits: int) -> list[Seen]:
    """The pictures that look like an earlier one, of this case or of another, each with the nearest few."""
    if not sought:
        return []
    given = [
        (one.evidence, one.case, one.phase, one.version, signed(one.print), keys_near(one.print)) for one in sought
    ]
    query = SEEN.format(rows=", ".join([_ROW] * len(given)), nearest=NEAREST)
    with connection.cursor() as cursor:
        cursor.execute(query, [*(value for row in given for value in row), bits])
        return [Seen(*row) for row in cursor.fetchall()]


def doubts(case: Case, evidence: Iterable[int], actor: Actor) -> list[DoubtShown]:
    """What is doubtful about these pictures of a case the actor was allowed to see, oldest first.

    Where one was seen in another case, that is named only to those who may see it. A report that was merged into this
    case, the case it went on as, and the whole or the parts show the same thing for a good reason.
    """
    rows = list(Doubt.objects.filter(evidence__in=list(evidence)).select_related("evidence", "other__case"))
    rows = [row for row in rows if row.other is None or not _belongs(row.other.case, row.evidence.case_id, case)]
    others = {row.other.case_id for row in rows if row.other is not None} - {case.pk}
    open_to = dict(visible_to(actor).filter(pk__in=others).values_list("pk", "number")) if others else {}
    return [_shown(row, case, open_to) for row in rows]


def _belongs(other: Case, own: int, case: Case) -> bool:
    """Whether the earlier picture is of another case tied to this one: merged with it, its whole or its part."""
    beyond = {case.duplicate_of_id, case.parent_id}
    return other.pk != own and (case.number in {other.duplicate_of_id, other.parent_id} or other.number in beyond)


def _shown(row: Doubt, case: Case, open_to: dict[int, str]) -> DoubtShown:
    other = row.other
    return DoubtShown(
        evidence=row.evidence_id,
        phase=row.evidence.phase,
        kind=row.kind,
        value=row.value,
        most=row.most,
        same_case=other is not None and other.case_id == row.evidence.case_id,
        number=open_to.get(other.case_id, "") if other is not None else "",
        seen_phase=other.phase if other is not None else "",
        said=row.said,
    )
