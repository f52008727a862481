"""What the pages of systems ask about components: how many of some types stand where, and the first of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.fields.json import KeyTextTransform

from assets.contracts import AssetView, State
from assets.models import Asset, AssetType
from assets.models.register import DISTRICT
from assets.selectors.register import counts, view_of
from assets.selectors.scope import visible_to
from core.errors import Forbidden
from core.scope import Actor


def component_counts(
    types: Sequence[str], actor: Actor, *, by: str = "", attributes: Mapping[str, Any] | None = None
) -> dict[str, int]:
    """So many components by group: a type, a state, a district, the value of `attr.<name>`; "" is all of them.

    By type alone, or all together, is read from the tally of the map and not from the components.
    """
    _require(actor)
    if by in ("", "type") and not attributes:
        found = {one.type: one.count for one in counts(actor=actor) if one.type in types}
        return found if by else {"": sum(found.values())}
    rows = _standing(types, actor, attributes or {}).order_by()
    if not by:
        return {"": rows.count()}
    asked: Any = rows.values(group=_key(by)).annotate(n=Count("pk")).values_list("group", "n")
    return {str(key if key is not None else ""): n for key, n in asked}


def component_lines(
    types: Sequence[str], actor: Actor, *, most: int, attributes: Mapping[str, Any] | None = None
) -> list[AssetView]:
    """The first of the components of these types, by code."""
    _require(actor)
    rows = _standing(types, actor, attributes or {}).select_related("type").order_by("code")
    return [view_of(row) for row in rows[:most]]


def types_named(codes: Sequence[str]) -> list[AssetType]:
    """Those of these types that are in use, by code."""
    return list(AssetType.objects.filter(code__in=list(codes), retired=False).order_by("code"))


def _require(actor: Actor) -> None:
    if not actor.areas():
        raise Forbidden("assets.not_yours")


def _standing(types: Sequence[str], actor: Actor, attributes: Mapping[str, Any]) -> QuerySet[Asset]:
    kinds = AssetType.objects.filter(code__in=list(types))
    rows = Asset.objects.filter(visible_to(actor), type__in=kinds).exclude(state=State.REMOVED)
    return rows.filter(attributes__contains=dict(attributes)) if attributes else rows


def _key(by: str) -> Any:
    if by.startswith("attr."):
        return KeyTextTransform(by.removeprefix("attr."), "attributes")
    return {"type": F("type__code"), "state": F("state"), "district": DISTRICT}[by]
