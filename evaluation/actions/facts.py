"""Facts follow the cases: news is noted at once and read in a sweep, many cases at a time."""

from collections.abc import Iterable

from django.db import transaction

from accounts import selectors as accounts
from cases import selectors as cases
from core import clock
from evaluation import rules
from evaluation.models import Fact, News

BATCH = 500
_KEY = ("case",)


def note_news(number: str) -> None:
    """The fact of the case will be kept anew; of what is no case there is none."""
    if cases.is_number(number):
        News.objects.create(case=number)


def sweep_news(limit: int = BATCH, *, wait: bool = False) -> int:
    """The facts of the cases of which there was news are kept anew; answers how many pieces of news there were.

    Two sweeps at once take different news, or with `wait` one after the other; what comes while a case is read is
    news again.
    """
    with transaction.atomic():
        taken = list(News.objects.select_for_update(skip_locked=not wait).order_by("pk")[:limit])
        if not taken:
            return 0
        keep_facts({row.case for row in taken})
        News.objects.filter(pk__in=[row.pk for row in taken]).delete()
    return len(taken)


def sweep_all() -> None:
    """All the news that there is now has been read, by this sweep or by another one that is waited for."""
    last = News.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    while News.objects.filter(pk__lte=last).exists():
        sweep_news(wait=True)


@transaction.atomic
def keep_facts(numbers: Iterable[str]) -> int:
    """The facts of these cases say what the cases say now; who was excused stays so. Answers how many there are."""
    found = {record.number: record for record in cases.records(numbers)}
    held = {row.case: row for row in Fact.objects.select_for_update().filter(case__in=found).order_by("pk")}
    now = clock.now()
    new, changed = [], []
    for number in sorted(found):
        row = held.get(number)
        told = rules.facts_of(found[number], excused=row is not None and row.excused)
        if row is None:
            new.append(Fact(case=number, kept_at=now, **told))
            continue
        for name, value in told.items():
            setattr(row, name, value)
        row.kept_at = now
        changed.append(row)
    columns = [field.name for field in Fact._meta.concrete_fields if field.name not in ("id", "case", "excused")]
    Fact.objects.bulk_update(changed, columns, batch_size=100)
    Fact.objects.bulk_create(
        new, update_conflicts=True, unique_fields=_KEY, update_fields=[name for name in columns if name != "exempt"]
    )
    return len(found)


@transaction.atomic
def follow_facts() -> int:
    """Facts stand under the present paths of their organisations."""
    moved = accounts.moved_paths().items()
    return sum(
        Fact.objects.filter(**{column: before}).update(**{column: after})
        for before, after in moved
        for column in ("org", "left")
    )
