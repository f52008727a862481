"""Facts follow the cases: news is noted at once and read in a sweep, many cases at a time."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, transaction

from accounts import selectors as accounts
from cases import selectors as cases
from cases.contracts import CaseRecord, OrderRecord
from core import clock
from core.errors import DomainError
from evaluation import rules
from evaluation.models import Appeal, Fact, News, Press, Shirk

BATCH = 500
logger = logging.getLogger(__name__)
_KEY = ("case", "round")
_PATHS = ("org", "left")
_OF_A_CASE = (
    ArithmeticError, AttributeError, DataError, DomainError, IntegrityError, LookupError, TypeError, ValueError,
)  # fmt: skip
"""What a case may be wrong by. A lost connection or the end of a task's time is the fault of none, and parks none."""


def note_news(number: str) -> None:
    """The fact of the case will be kept anew; of what is no case there is none."""
    if cases.is_number(number):
        News.objects.create(case=number)


def note_history(first: str, last: str) -> None:
    """The facts of cases that came here together, from the first to the last of them, will be kept."""
    News.objects.bulk_create((News(case=number) for number in cases.numbers_between(first, last)), batch_size=5000)


def sweep_news(limit: int = BATCH, *, wait: bool = False) -> int:
    """The facts of the cases of which there was news are kept anew; answers how many pieces of news there were.

    Two sweeps at once take different news, or with `wait` one after the other; what comes while a case is read is
    news again. A case that cannot be counted is parked and stops none of the others.
    """
    with transaction.atomic():
        waiting = News.objects.filter(error="")
        taken = list(waiting.select_for_update(skip_locked=not wait).order_by("pk")[:limit])
        if not taken:
            return 0
        keep_sound(row.case for row in taken)
        News.objects.filter(pk__in=[row.pk for row in taken]).delete()
    return len(taken)


def sweep_all() -> None:
    """All the news that there is now has been read, by this sweep or by another one that is waited for."""
    waiting = News.objects.filter(error="")
    last = waiting.order_by("-pk").values_list("pk", flat=True).first() or 0
    while waiting.filter(pk__lte=last).exists():
        sweep_news(wait=True)


@transaction.atomic
def keep_sound(numbers: Iterable[str]) -> int:
    """The facts of these cases are kept anew, but of those that break, which are parked; answers how many were kept."""
    asked = sorted(set(numbers))
    kept, wrong = _tried(asked)
    broken: dict[str, str] = {}
    if wrong:
        tried = {number: _tried([number]) for number in asked}
        kept = sum(many for many, _why in tried.values())
        broken = {number: why for number, (_many, why) in tried.items() if why}
    News.objects.filter(case__in=asked).exclude(error="").delete()
    News.objects.bulk_create(News(case=number, error=why) for number, why in broken.items())
    for number, why in broken.items():
        logger.error("evaluation: case %s cannot be counted and is parked: %s", number, why)
    return kept


def _tried(numbers: list[str]) -> tuple[int, str]:
    """How many facts were kept; or, with nothing changed, the error."""
    try:
        with transaction.atomic():
            return keep_facts(numbers), ""
    except _OF_A_CASE as error:
        return 0, f"{type(error).__name__}: {error}".replace("\x00", "")[:200]


def _told(
    found: Mapping[str, CaseRecord], held: Mapping[tuple[str, int], Fact]
) -> Iterator[tuple[tuple[str, int], dict[str, Any]]]:
    """The columns of every fact of these cases, by case and round; who was excused in a round stays so in it."""
    again = [number for number, record in found.items() if record.earlier]
    granted: dict[str, list[datetime]] = defaultdict(list)
    for number, at in Appeal.objects.filter(case__in=again, state="granted").values_list("case", "decided_at"):
        if at is not None:
            granted[number].append(at)
    for number in sorted(found):
        record, row = found[number], held.get((number, 0))
        yield (number, 0), rules.facts_of(record, excused=row is not None and rules.stays_excused(row, record))
        for place, was in enumerate(record.earlier, 1):
            yield (number, place), rules.facts_of(was, excused=rules.was_excused(granted[number], was))


@transaction.atomic
def keep_facts(numbers: Iterable[str]) -> int:
    """The facts of these cases say what the cases say now; who was excused stays so. Answers how many there are.

    Of those that are there already every column, for they are locked; of one that comes meanwhile all but the excuse.
    """
    found = {record.number: record for record in cases.records(numbers)}
    rows = Fact.objects.select_for_update().filter(case__in=found).order_by("pk")
    held = {(row.case, row.round): row for row in rows}
    shirked = set(Shirk.objects.filter(fact__case__in=found).values_list("fact__case", flat=True))
    moved, now = accounts.moved_paths(), clock.now()
    new, changed = [], []
    for key, told in _told(found, held):
        told |= {column: moved.get(told[column], told[column]) for column in _PATHS}
        row = held.get(key)
        if row is None:
            new.append(Fact(case=key[0], round=key[1], kept_at=now, **told))
            continue
        for name, value in told.items():
            setattr(row, name, value)
        row.kept_at = now
        changed.append(row)
    kept = ("id", "case", "round", "excused")
    columns = [field.name for field in Fact._meta.concrete_fields if field.name not in kept]
    Fact.objects.bulk_update(changed, [*columns, "excused"], batch_size=100)
    Fact.objects.bulk_create(
        new, update_conflicts=True, unique_fields=_KEY, update_fields=[name for name in columns if name != "exempt"]
    )
    _keep_orders({number: [(moved.get(one.org, one.org), one) for one in found[number].orders] for number in found})
    around = {number for number in found if found[number].shirkers or number in shirked}
    _keep_shirks(
        {number: {moved.get(path, path): at for path, at in found[number].shirkers.items()} for number in around}
    )
    return len(found)


def _keep_orders(told: Mapping[str, Sequence[tuple[str, OrderRecord]]]) -> None:
    """Every supervision order of these cases: whom it pressed, and how it was answered."""
    every = [(number, path, one) for number, orders in told.items() for path, one in orders]
    concerned = {number for number, _path, _one in every}
    facts = dict(Fact.objects.filter(case__in=concerned, round=0).values_list("case", "pk"))
    rows = [
        Press(
            fact_id=facts[number], order=one.order, org=path, issued_at=one.issued_at, due_at=one.due_at,
            replied_at=one.replied_at, late=one.replied_at is not None and one.replied_at > one.due_at,
        )
        for number, path, one in every
    ]  # fmt: skip
    columns = ["fact_id", "org", "issued_at", "due_at", "replied_at", "late"]
    Press.objects.bulk_create(rows, update_conflicts=True, unique_fields=["order"], update_fields=columns)


def _keep_shirks(told: Mapping[str, Mapping[str, datetime]]) -> None:
    """Of these cases, who shirked them and when that was found; what is said no more is gone."""
    if not told:
        return
    held = Shirk.objects.filter(fact__case__in=told).select_related("fact")
    gone = [row.pk for row in held if row.org not in told[row.fact.case]]
    Shirk.objects.filter(pk__in=gone).delete()
    facts = dict(Fact.objects.filter(case__in=told, round=0).values_list("case", "pk"))
    rows = [
        Shirk(fact_id=facts[number], org=path, at=at) for number in sorted(told) for path, at in told[number].items()
    ]
    Shirk.objects.bulk_create(rows, update_conflicts=True, unique_fields=["fact_id", "org"], update_fields=["at"])


@transaction.atomic
def follow_facts() -> int:
    """Facts and appeals stand under the present paths of their organisations, so that these still see them."""
    moved = accounts.moved_paths().items()
    for before, after in moved:
        Appeal.objects.filter(org=before).update(org=after)
        Shirk.objects.filter(org=before).update(org=after)
        Press.objects.filter(org=before).update(org=after)
    return sum(
        Fact.objects.filter(**{column: before}).update(**{column: after})
        for before, after in moved
        for column in _PATHS
    )
