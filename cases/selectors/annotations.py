"""What was drawn on the pictures of a case, and who may draw."""

from collections.abc import Iterable

from cases.contracts import ENDS
from cases.models import Annotation, Case, Evidence
from core.scope import Actor, Duty

DRAWERS = frozenset({Duty.COLLECT, Duty.HANDLE, Duty.ACCEPT})
"""Those who verify a problem, handle it or judge what came of it by its pictures."""


def annotations(evidence: Iterable[int]) -> list[Annotation]:
    """The drawings on these pictures that nobody took back, oldest first."""
    return list(Annotation.objects.filter(evidence__in=list(evidence), withdrawn_at=None))


def may_annotate(case: Case, actor: Actor) -> bool:
    """Whether the actor handles or verifies cases here, and this one has not ended."""
    return case.stage not in ENDS and bool(DRAWERS & actor.duties(case.org, case.area))


def is_annotated(case: Case, row: Evidence) -> bool:
    """Whether drawings may be laid on it: a still picture of this very case."""
    return row.case_id == case.pk and not row.is_clip
