"""Saved filters: one's own, those shared with one, and whom one may share with."""

from django.db.models import Q, QuerySet

from cases.models import SavedFilter
from core.errors import NotFound
from core.querying import NOTHING
from core.scope import Actor, Duty

ALL = "all"


def saved_filters(actor: Actor) -> QuerySet[SavedFilter]:
    """Those that the actor sees beside the list, by name; nobody who may not see cases has any."""
    if not actor.holds("case.see"):
        return SavedFilter.objects.none()
    own = Q(owner=actor.user_id) if actor.user_id is not None else NOTHING
    return SavedFilter.objects.filter(own | Q(shared__in=[ALL, *_reaches(actor)])).select_related("owner")


def saved_filter(pk: int, actor: Actor) -> SavedFilter:
    """One that the actor sees; NotFound otherwise, whether there is one or not."""
    found = saved_filters(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("filter.unknown")
    return found


def may_change_filter(row: SavedFilter, actor: Actor) -> bool:
    """One's own; an administrator of the whole city also what is shared."""
    return row.owner_id == actor.user_id or (bool(row.shared) and actor.may("admin"))


def may_share(shared: str, actor: Actor) -> bool:
    """With one's own organisation or a duty that one has; an administrator of the whole city with everybody."""
    return not shared or shared in _own(actor) or actor.may("admin")


def _reaches(actor: Actor) -> list[str]:
    """What a filter must be shared with so that the actor sees it."""
    organisations = [f"org:{code}" for code in actor.org.split(".") if code]
    return organisations + [f"duty:{duty}" for duty in Duty if actor.holds(duty)]


def _own(actor: Actor) -> set[str]:
    code = actor.org.rpartition(".")[2]
    return {f"org:{code}"} | {f"duty:{duty}" for duty in Duty if actor.holds(duty)}
