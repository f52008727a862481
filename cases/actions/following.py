"""Cases go where their organisations go: the address follows, what was said of it before stays."""

from django.db import transaction

from accounts import selectors as accounts
from cases.contracts import FOLLOWED, OrganisationFollowed
from cases.models import Case
from cases.selectors import OPEN
from core.scope import Actor, machine
from journal import actions as journal

FOLLOWER: Actor = machine("rule:following", label="机构迁移 Organisation move")


def follow_organisations(limit: int = 2000) -> int:
    """Every open case stands under its organisation's present path, and of the ended ones `limit` more.

    It asks where each organisation stands now and not what an entry said, so that entries told twice, late or out of
    order do no harm. Moves and entries of a case keep the path that was true when they were written.
    """
    return sum(_follow(before, after, limit) for before, after in accounts.moved_paths().items())


@transaction.atomic
def _follow(before: str, after: str, limit: int) -> int:
    left = Case.objects.filter(org=before)
    count = left.filter(OPEN).update(org=after)
    ended = left.exclude(OPEN).order_by("pk").values_list("pk", flat=True)[:limit]
    count += Case.objects.filter(pk__in=list(ended)).update(org=after)
    if count:
        code = after.rpartition(".")[2]
        news = OrganisationFollowed(code, before, after, count)
        journal.record(FOLLOWED, subject=f"organisation:{code}", actor=FOLLOWER, org=after, data=news)
    return count
