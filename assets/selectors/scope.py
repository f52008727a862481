"""Who sees which components: those on the ground on which they hold any right at all, whoever they are."""

from typing import Any

from django.db.models import Q

from core.querying import EVERYTHING, NOTHING
from core.scope import Actor, under

VISIBLE = "(%(everywhere)s OR a.area = ANY(%(areas)s) OR a.area LIKE ANY(%(beneath)s))"


def visible(actor: Actor) -> dict[str, Any]:
    """The parameters of `VISIBLE` for an actor; a property test holds it and `visible_to` together."""
    areas = list(actor.areas())
    return {"everywhere": "" in areas, "areas": areas, "beneath": [f"{area}.%" for area in areas]}


def visible_to(actor: Actor, prefix: str = "") -> Q:
    """The same as a filter of components, or of what leads to them by the prefix."""
    areas = actor.areas()
    if "" in areas:
        return EVERYTHING
    answer = NOTHING
    for area in areas:
        answer |= Q(**{f"{prefix}area": area}) | Q(**{f"{prefix}area__startswith": f"{area}."})
    return answer


def may_on(actor: Actor, right: str, area: str) -> bool:
    """Whether the actor holds the right on that ground, whatever organisation it was given for."""
    return any(under(area, ground.area) for ground in actor.scope(right).grounds)


def ground_q(actor: Actor, rights: tuple[str, ...], field: str = "area") -> Q:
    """What lies on the ground on which the actor holds one of the rights over every organisation."""
    areas = {ground.area for right in rights for ground in actor.scope(right).grounds if not ground.org}
    if "" in areas:
        return EVERYTHING
    answer = NOTHING
    for area in sorted(areas):
        answer |= Q(**{field: area}) | Q(**{f"{field}__startswith": f"{area}."})
    return answer
