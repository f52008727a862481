"""Filters of the list: kept under a name, shared, changed and deleted."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts.selectors import codes_known
from cases.actions.intake import kept_whole
from cases.contracts.filters import FILTER_CHANGED, FilterNews
from cases.models import SavedFilter
from cases.selectors import filtered, may_change_filter, may_share, saved_filter
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.scope import Actor, Duty
from core.versions import refuse_stale
from journal import actions as journal

MOST_FILTERS = 50
LONGEST_NAME = 60


def save_filter(
    *, actor: Actor, name: str, options: Mapping[str, str], shared: str = "", pk: int | None = None,
    seen: str | None = None,
) -> SavedFilter:  # fmt: skip
    """The filter stands under this name for its owner and those it is shared with.

    Stale where the filter of that number says something else than was `seen`.
    """
    try:
        with transaction.atomic():
            row = _changed(pk, seen, actor) if pk else _begun(actor)
            kept_whole(name)
            row.name, row.options = " ".join(name.split()), dict(options)
            if not 1 <= len(row.name) <= LONGEST_NAME:
                raise Invalid("filter.name", most=LONGEST_NAME)
            if not row.options:
                raise Invalid("filter.nothing")
            filtered(row.options, actor)
            _share(row, shared, actor)
            row.changed_at = clock.now()
            row.save()
            _tell(row, actor)
    except IntegrityError as error:
        raise Conflict("filter.name_taken", name=name[:LONGEST_NAME]) from error
    return row


@transaction.atomic
def delete_filter(pk: int, *, actor: Actor, seen: str | None = None) -> None:
    """The filter is gone, also for those it was shared with."""
    row = _changed(pk, seen, actor)
    _tell(row, actor, deleted=True)
    row.delete()


def _begun(actor: Actor) -> SavedFilter:
    if actor.user_id is None or not actor.holds("case.see"):
        raise Forbidden("filter.people_only")
    if SavedFilter.objects.filter(owner=actor.user_id).count() >= MOST_FILTERS:
        raise Conflict("filter.too_many", most=MOST_FILTERS)
    return SavedFilter(owner_id=actor.user_id)


def _changed(pk: int, seen: str | None, actor: Actor) -> SavedFilter:
    """The filter, locked, which the actor may change."""
    SavedFilter.objects.select_for_update().filter(pk=pk).first()
    row = saved_filter(pk, actor)
    if not may_change_filter(row, actor):
        raise Forbidden("filter.not_yours")
    refuse_stale(seen, row.told())
    return row


def _share(row: SavedFilter, shared: str, actor: Actor) -> None:
    """What it was shared with already may stay, whoever saves it and whatever became of the organisation."""
    if shared == row.shared:
        return
    kind, _, code = shared.partition(":")
    known = shared in ("", "all") or (kind == "duty" and code in set(Duty))
    if not known and not (kind == "org" and code in codes_known([code])):
        raise Invalid("filter.unknown_share", given=shared[:60])
    if not may_share(shared, actor):
        raise Forbidden("filter.may_not_share")
    row.shared = shared


def _tell(row: SavedFilter, actor: Actor, *, deleted: bool = False) -> None:
    news = FilterNews(row.pk, row.shared, deleted)
    journal.record(FILTER_CHANGED, subject=f"filter:{row.pk}", actor=actor, data=news, user_id=row.owner_id)
