"""The list of cases as people take it away: what the list page tells of a case, and nothing of who reported it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import BinaryField, F, Func, QuerySet
from django.utils.timezone import get_current_timezone

from cases.models import Case
from cases.selectors.filter_words import Said, filters_said
from cases.selectors.filters import filtered
from cases.selectors.reading import LAT, LON
from core.errors import Forbidden
from core.scope import Actor
from core.written import plain
from exchange.contracts.exports import ListRow

WKB = Func(F("point"), function="ST_AsBinary", output_field=BinaryField())
FIELDS: Mapping[str, Any] = {
    "number": "number", "stage": "stage", "kind": "kind", "class": "category__code",
    "class_zh": "category__names__zh", "class_en": "category__names__en", "description": "description",
    "address": "address", "district": "district", "area": "area", "cell": "cell", "place_zh": "place__zh",
    "place_en": "place__en", "lon": LON, "lat": LAT, "source": "source", "organisation": "org",
    "component": "component", "reported_at": "reported_at", "accepted_at": "accepted_at",
    "registered_at": "registered_at", "dispatched_at": "dispatched_at", "confirmed_at": "confirmed_at",
    "closed_at": "closed_at", "due_at": "due_at", "handled_late": "handled_late", "reworks": "rework_count",
    "returns": "return_count", "extensions": "extension_count", "held_until": "held_until",
    "duplicate_of": "duplicate_of_id", "part_of": "parent_id", "satisfaction": "satisfaction",
    "similar": "similar", "typical": "typical", "forced": "forced",
}  # fmt: skip


class CaseList:
    """The cases that somebody may see, narrowed by the filters of the list's URL, newest first."""

    name = "cases"
    names: Mapping[str, str] = {"zh": "案件", "en": "Cases"}
    columns = tuple(FIELDS)
    typed = frozenset({"q"})

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """Who sees cases may take them away; every filter makes sense."""
        if not actor.holds("case.see"):
            raise Forbidden("case.no_page")
        filtered(options, actor)

    def said(self, every: Sequence[Mapping[str, str]]) -> list[Said]:
        """The filters in the words of the reader."""
        return filters_said(every)

    def count(self, options: Mapping[str, str], *, actor: Actor) -> int:
        """All that pass the filters."""
        return filtered(options, actor).count()

    def batch(self, options: Mapping[str, str], *, actor: Actor, below: int | None, most: int) -> list[ListRow]:
        """By falling key, which is the order in which cases came."""
        rows = filtered(options, actor)
        if below is not None:
            rows = rows.filter(pk__lt=below)
        return list(_told(rows.order_by("-pk")[:most]))


def _told(rows: QuerySet[Case]) -> Iterable[ListRow]:
    zone = get_current_timezone()
    for key, wkb, *values in rows.values_list("pk", WKB, *FIELDS.values()):
        told = dict(zip(FIELDS, (plain(value, zone) for value in values), strict=True))
        told["organisation"] = str(told["organisation"]).rpartition(".")[2]
        yield ListRow(key, told, bytes(wkb) if wkb is not None else None)
