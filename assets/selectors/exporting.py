"""The list of components as people take it away: what its page tells, all its attributes, and the shape."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import BinaryField, Func, QuerySet
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.contracts import State
from assets.models import Asset
from assets.selectors.components import ATTRIBUTE, filters_of, hot_lines, narrowed, types_standing
from assets.selectors.scope import visible_to
from core.errors import Forbidden, Invalid
from core.languages import pick
from core.scope import Actor
from core.written import plain
from exchange.contracts.exports import Label, ListRow
from grid import selectors as grid

LONGEST = 120
WKB = Func("geom", function="ST_AsBinary", output_field=BinaryField())
FIELDS: Mapping[str, str] = {
    "code": "code", "type": "type__code", "type_zh": "type__names__zh", "type_en": "type__names__en",
    "name": "names__zh", "name_en": "names__en", "state": "state", "authority": "authority", "owner": "owner",
    "maintainer": "maintainer", "accuracy": "accuracy", "source": "source", "cell": "cell", "area": "area",
    "created_at": "created_at", "changed_at": "changed_at",
}  # fmt: skip
ASKED: Mapping[str, Any] = {
    "q": _("Code or name"), "type": _("Type"), "state": pgettext_lazy("component", "State"),
    "area": pgettext_lazy("census", "Area"), "cell": pgettext_lazy("component", "Cell"), "office": _("Department"),
}  # fmt: skip
STATES: Mapping[str, Any] = {
    State.INTACT: pgettext_lazy("component", "Intact"), State.DAMAGED: pgettext_lazy("component", "Damaged"),
    State.LOST: pgettext_lazy("component", "Lost"), State.ABANDONED: pgettext_lazy("component", "Abandoned"),
    State.REMOVED: pgettext_lazy("component", "Removed"),
}  # fmt: skip


class ComponentList:
    """The components that somebody may see, narrowed by the filters of the list's URL, the newest first."""

    name = "components"
    names: Mapping[str, str] = {"zh": "部件", "en": "Components"}
    columns = (*FIELDS, "attributes")
    typed = frozenset({"q", "office"})

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """Whoever holds a right on some ground may take what stands there away; every filter is one of the page."""
        if not actor.areas():
            raise Forbidden("assets.no_page")
        for name, value in options.items():
            if name not in ASKED and not name.startswith(ATTRIBUTE):
                raise Invalid("assets.no_such_filter", given=name[:40])
            if len(value) > LONGEST or not value.isprintable():
                raise Invalid("assets.bad_filter", filter=name[:40], value=value[:40])
        _rows(options, actor)

    def said(self, every: Sequence[Mapping[str, str]]) -> list[list[tuple[Any, str]]]:
        """The filters in the words of the reader; what no longer has a name keeps its code."""
        regions = {row.path: pick(row.names) for row in grid.region_names()} if _any(every, "area") else {}
        types = {code: pick(names) for code, names, _shape in types_standing()} if _any(every, "type") else {}
        words = {"area": regions, "type": types, "state": STATES}
        labels = [
            {f"{ATTRIBUTE}{asked.name}": pick(asked.names) for asked, _choices in hot_lines(one.get("type", ""))}
            if any(name.startswith(ATTRIBUTE) for name in one) else {}
            for one in every
        ]  # fmt: skip
        return [
            [({**ASKED, **named}.get(name, name), str(words.get(name, {}).get(value, value)))
             for name, value in one.items()]
            for one, named in zip(every, labels, strict=True)
        ]  # fmt: skip

    def count(self, options: Mapping[str, str], *, actor: Actor) -> int:
        """All that pass the filters."""
        return _rows(options, actor).count()

    def batch(self, options: Mapping[str, str], *, actor: Actor, below: int | None, most: int) -> list[ListRow]:
        """By falling key, which is the order in which they came."""
        rows = _rows(options, actor)
        if below is not None:
            rows = rows.filter(pk__lt=below)
        return list(_told(rows.order_by("-pk")[:most]))


def component_labels(rows: Sequence[ListRow]) -> list[Label]:
    """What stands on the labels of these components."""
    told = [row.values for row in rows]
    return [
        Label(pick({"zh": one["type_zh"], "en": one["type_en"]}),
              pick({"zh": one["name"], "en": one["name_en"]}) or pick({"zh": one["type_zh"], "en": one["type_en"]}),
              one["code"], one["maintainer"] or one["authority"] or one["owner"], f"/q/c/{one['code']}/")
        for one in told
    ]  # fmt: skip


def _any(every: Iterable[Mapping[str, str]], name: str) -> bool:
    return any(name in one for one in every)


def _rows(options: Mapping[str, str], actor: Actor) -> QuerySet[Asset]:
    return narrowed(Asset.objects.filter(visible_to(actor)), filters_of(options))


def _told(rows: QuerySet[Asset]) -> Iterable[ListRow]:
    zone = get_current_timezone()
    for key, wkb, attributes, *values in rows.values_list("pk", WKB, "attributes", *FIELDS.values()):
        told = dict(zip(FIELDS, (plain(value, zone) for value in values), strict=True))
        told["attributes"] = json.dumps(attributes, ensure_ascii=False) if attributes else ""
        yield ListRow(key, told, bytes(wkb))
