"""Questions about ladders: which one a clock is started with, and what was told of a case."""

from collections.abc import Iterable
from typing import Any

from cases import rules
from cases.models import Case, Ladder, Rung, StepsModel
from core.errors import NotFound

# Asked with every step, so it is a statement that Django need not compile.
_LADDERS = "SELECT * FROM cases_ladder ORDER BY category, clock, stage"


def ladders() -> list[Ladder]:
    """Every ladder of the city: those for all classes first."""
    return list(Ladder.objects.raw(_LADDERS))


def ladder(ladder_id: int) -> Ladder:
    """One ladder; NotFound("ladder.unknown") if there is none of this id."""
    found = Ladder.objects.filter(pk=ladder_id).first()
    if found is None:
        raise NotFound("ladder.unknown", id=ladder_id)
    return found


def rungs_for(rows: Iterable[Ladder], model: StepsModel, clock: str, stage: str, category: str) -> list[dict[str, Any]]:
    """The rungs that a clock is started with: of the closest ladder, without any the model's one warning."""
    found = rules.ladder_for(rows, clock, stage if clock == "stage" else "", category)
    return list(found.rungs) if found else rules.plain_ladder(model.warn_share)


def told_of(case: Case) -> list[Rung]:
    """What the ladders of a case have told, oldest first."""
    return list(Rung.objects.filter(case=case).select_related("clock"))
