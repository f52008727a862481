"""Who could take a case: those the matrix names, and those who had cases of its class there before."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from cases import rules
from cases.models import Case
from cases.selectors.finding import OPEN
from core import clock

HISTORY = timedelta(days=365)
JUDGED = timedelta(days=30)
MOST = 5


def suggestions(case: Case, book: rules.Book | None) -> list[rules.Suggestion]:
    """At most five organisations that may be given the case, the best first: three questions to the tables of cases.

    `book` is what decides about it (`book_of`). Who returned it is not among them, unless it was coordinated there.
    """
    if book is None:
        return []
    answer = rules.resolve(book, case.category_code, case.area)
    here = _history(case)
    within = [one for one in book.offices if rules.may_receive(one.kind, one.area, case.area, centre=False)]
    named = {answer.organisation, *answer.rivals, *answer.cooperating, *_codes(here)}
    fit = {one.path: one.code for one in within if one.code in named and _fits(case, one.path)}
    if not fit:
        return []
    records = _records(case, fit, here)
    return rules.ranked(answer.organisation, records)[:MOST]


def _codes(here: dict[str, int]) -> set[str]:
    return {path.rpartition(".")[2] for path in here}


def _fits(case: Case, path: str) -> bool:
    lineage = set(path.split("."))
    return case.bound_to in lineage if case.bound_to else not lineage & set(case.returned_by)


def _history(case: Case) -> dict[str, int]:
    """How many cases of the class in this cell each organisation had in the last year, by path."""
    rows = Case.objects.filter(
        category__code=case.category_code, cell=case.cell, area=case.area, registered_at__gte=clock.now() - HISTORY,
        confirmed_at__isnull=False,
    )  # fmt: skip
    found: Any = rows.exclude(pk=case.pk).exclude(org="").order_by().values_list("org").annotate(n=Count("pk"))
    return dict(found.order_by("-n")[: 4 * MOST])


def _records(case: Case, fit: dict[str, str], here: dict[str, int]) -> list[rules.Record]:
    """Of the district of the case: asked of the whole city it would read every case that these ever had."""
    rows = Case.objects.filter(org__in=list(fit), district=case.district).order_by()
    loads = dict(rows.filter(OPEN).values_list("org").annotate(n=Count("pk")))
    judged = rows.filter(registered_at__gte=clock.now() - JUDGED, confirmed_at__isnull=False).values_list("org")
    counted = judged.annotate(n=Count("pk"), kept=Count("pk", filter=Q(handled_late=False)))
    rates = {org: (n, kept) for org, n, kept in counted}
    return [
        rules.Record(code, here.get(path, 0), loads.get(path, 0), *rates.get(path, (0, 0)))
        for path, code in fit.items()
    ]
