"""What assets takes from files and gives away: components, and what people proposed about them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from assets import actions, selectors
from assets.contracts import RequestState
from assets.rules import attribute_columns, is_closed
from assets.templatetags.component_words import WORDS
from core.errors import Forbidden, Invalid
from core.scope import Actor
from exchange.contracts import Choice, Column, Geometry, Session, register_dataset, register_intake
from exchange.contracts.exports import register_document, register_listing
from exchange.selectors import LabelSheets, QueryList

SHAPES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("point", {"zh": "点", "en": "Point"}),
    ("line", {"zh": "线", "en": "Line"}),
    ("area", {"zh": "面", "en": "Area"}),
)
MANY = Column("attributes", {"zh": "属性", "en": "Attributes"}, many=True)


class ComponentFiles:
    """Components with their codes, or with numbers that codes are made of."""

    kind = "components"
    names = {"zh": "部件", "en": "Components"}
    geometry = Geometry.REQUIRED
    two_passes = False
    columns = (
        Column("code", {"zh": "部件标识码", "en": "Code"}, code=True, aliases=("objid", "标识码", "编码", "部件编码")),
        Column("sequence", {"zh": "顺序号", "en": "Sequence number"}, aliases=("seq", "tree_id", "objectid", "序号")),
        Column("type", {"zh": "类型", "en": "Type"}, aliases=("部件类型", "type_code")),
        Column("name", {"zh": "名称", "en": "Name"}, aliases=("objname", "zh", "部件名称")),
        Column("name_en", {"zh": "英文名称", "en": "English name"}, aliases=("en",)),
        Column("state", {"zh": "状态", "en": "State"}, aliases=("objstate", "部件状态")),
        Column("authority", {"zh": "主管部门", "en": "Authority"}, aliases=("deptname1",)),
        Column("owner", {"zh": "权属单位", "en": "Owner"}, aliases=("deptname2",)),
        Column("maintainer", {"zh": "养护单位", "en": "Maintainer"}, aliases=("deptname3",)),
        Column("accuracy", {"zh": "精度等级", "en": "Accuracy class"}),
        Column("source", {"zh": "数据来源", "en": "Data source"}, aliases=("datasource",)),
        MANY,
    )

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """With a type for all rows, its attributes one by one; where it allows no others, no others are kept."""
        schema: Mapping[str, Any] = {}
        if not options.get("new_type"):
            schema = selectors.type_rows().get(options.get("type", ""), {}).get("schema", {})
        kept = MANY._replace(closed=is_closed(schema))
        return (*(column for column in self.columns if not column.many), *attribute_columns(schema), kept)

    def choices(self) -> tuple[Choice, ...]:
        """The type of all rows, or a new one that the import brings along."""
        known: tuple[tuple[str, Mapping[str, str]], ...] = tuple(
            (code, row["names"]) for code, row in sorted(selectors.type_rows().items())
        )
        by_row = ("", {"zh": "按每行的类型或代码", "en": "As each row or its code says"})
        return (
            Choice("type", {"zh": "部件类型", "en": "Type of all rows"}, (by_row, *known), asks=True),
            Choice("new_type", {"zh": "新类型代码", "en": "Code of a new type"}),
            Choice("new_class", {"zh": "新类型的大类小类（4 位）", "en": "Its class, four digits"}),
            Choice("new_geometry", {"zh": "新类型的形状", "en": "Its shape"}, SHAPES, default="point"),
            Choice("new_zh", {"zh": "新类型中文名", "en": "Its Chinese name"}),
            Choice("new_en", {"zh": "新类型英文名", "en": "Its English name"}),
            Choice("source", {"zh": "普查名称", "en": "Name of the census"}),
        )

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """The type and the census exist."""
        return actions.begin_components(options, actor=actor)

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of components being taken."""
        return actions.Components(options, actor=actor, keep=keep)


class EveryComponent:
    """Every component that was not removed, of one type with `type`."""

    name = "components"
    names = {"zh": "部件", "en": "Components"}
    geometry = Geometry.REQUIRED
    columns = (
        "code", "type", "name", "name_en", "state", "authority", "owner", "maintainer", "accuracy", "source",
        "attributes",
    )  # fmt: skip

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By code."""
        return selectors.component_rows(options.get("type", ""))


class ChangeRequestList(QueryList):
    """What people proposed about components, of a state of the page: on the ground one keeps, and one's own."""

    name = "component_requests"
    names: Mapping[str, str] = {"zh": "部件变更申请", "en": "Change requests"}
    fields: Mapping[str, Any] = {
        "kind": "kind", "component": "asset__code", "type": "type__code", "type_zh": "type__names__zh",
        "type_en": "type__names__en", "cell": "cell", "area": "area", "given": "given", "reason": "reason",
        "proposed_by": "proposer_label", "asked_at": "asked_at", "state": "state", "answer": "answer",
        "decided_by": "decided_label", "decided_at": "decided_at",
    }  # fmt: skip
    shape = "geom"
    asked: Mapping[str, Any] = {"state": pgettext_lazy("component", "State")}

    def rows(self, options: Mapping[str, str], actor: Actor) -> QuerySet[Any]:
        """Without a state they are those that wait for an answer, as on the page."""
        if not actor.areas():
            raise Forbidden("assets.no_page")
        state = options.get("state", RequestState.OPEN)
        if state not in [one.value for one in RequestState]:
            raise Invalid("assets.bad_filter", filter="state", value=state[:40])
        return selectors.requests_visible_to(actor).filter(state=state)

    def finish(self, every: Sequence[dict[str, Any]]) -> None:
        """What is to change as JSON."""
        for told in every:
            told["given"] = json.dumps(told["given"], ensure_ascii=False)

    def words(self, every: Sequence[Mapping[str, str]]) -> Mapping[str, Mapping[str, Any]]:
        """States as the page calls them."""
        return {"state": WORDS["request_state"]}


register_dataset(EveryComponent())
register_intake(ComponentFiles())
register_listing(ChangeRequestList())
register_listing(selectors.ComponentList())
register_document(
    LabelSheets("component_labels", {"zh": "部件标签", "en": "Labels of components"}, selectors.ComponentList(),
                selectors.component_labels)
)  # fmt: skip
