"""What was written before words were masked on their way in is masked where it stands, and kept apart as it was.

What cannot be changed, steps and requests of that time, stays as it is: nothing that anybody did is written anew.
"""

from typing import NamedTuple

from django.db import transaction

from cases.actions.withholding import keep_further, mask_words
from cases.contracts import OUTSIDE_SOURCES, Phase
from cases.models import Case, Evidence, Reporter
from core.personal import NOBODY

BATCH = 200


class Older(NamedTuple):
    """Of how many cases words were masked, and the key to go on behind; None at the end."""

    masked: int
    last: int | None


def mask_older(after: int = 0, most: int = BATCH) -> Older:
    """So many cases behind this key show no whole value any more, each of them in a transaction of its own."""
    keys = list(Case.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:most])
    return Older(sum(map(_mask, keys)), keys[-1] if len(keys) == most else None)


@transaction.atomic
def _mask(pk: int) -> bool:
    """Under the lock of the case, which is what steps take; what is erased is not kept anew."""
    case = Case.objects.select_for_update(of=("self",)).select_related("category").get(pk=pk)
    row = Reporter.objects.filter(case=case).first()
    found = mask_words(case, row.person if row else NOBODY)
    erased = row is not None and row.erased_at is not None
    if not erased and (found or (row is None and _came_with_pictures(case))):
        keep_further(case, found)
    return bool(found)


def _came_with_pictures(case: Case) -> bool:
    """Pictures of somebody from outside are erased in their time, like those that come today."""
    return case.source in OUTSIDE_SOURCES and Evidence.objects.filter(case=case, phase=Phase.REPORT).exists()
