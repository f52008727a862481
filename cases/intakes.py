"""What cases take from files (classes, hotline tickets), and give away: classes, and special rules."""

from collections.abc import Iterator, Mapping
from typing import Any

from cases import actions, selectors
from core.scope import Actor
from exchange.contracts import Choice, Column, Geometry, Session, register_dataset, register_intake

COLUMNS = (
    Column("code", {"zh": "小类代码", "en": "Code"}, required=True, aliases=("代码", "小类编码", "class")),
    Column("name", {"zh": "中文名称", "en": "Chinese name"}, required=True, aliases=("小类名称", "名称", "zh")),
    Column("name_en", {"zh": "英文名称", "en": "English name"}, aliases=("en", "english")),
    Column("standard", {"zh": "编码依据", "en": "Standard"}),
    Column("duty", {"zh": "职责", "en": "Duty"}, required=True, aliases=("责任部门", "责任职责")),
    Column("photos", {"zh": "须拍照环节", "en": "Pictures needed at"}),
    Column("quick", {"zh": "快速处置", "en": "Quick"}),
    Column("auto_register", {"zh": "自动立案", "en": "Registered by itself"}),
    Column("settle", {"zh": "可自行处置", "en": "May be settled on the spot"}),
    Column("proposed", {"zh": "待确认", "en": "Proposed"}),
    Column("icon", {"zh": "图标", "en": "Sign"}),
    Column("state", {"zh": "状态", "en": "State"}),
    Column("enabled", {"zh": "启用", "en": "Switched on"}),
    Column("condition", {"zh": "条件编号", "en": "Condition"}, required=True, aliases=("条件",)),
    Column("text", {"zh": "立案条件", "en": "Registered when"}, required=True),
    Column("text_en", {"zh": "立案条件英文", "en": "Registered when, English"}),
    Column("limit", {"zh": "处置时限", "en": "Limit"}, required=True, aliases=("时限",)),
    Column("unit", {"zh": "时限单位", "en": "Unit"}, aliases=("单位",)),
    Column("closing", {"zh": "结案条件", "en": "Closed when"}, required=True),
    Column("closing_en", {"zh": "结案条件英文", "en": "Closed when, English"}),
    Column("wording", {"zh": "表述待确认", "en": "Proposed wording"}),
)


class ClassFiles:
    """Classes, a row for each registration condition."""

    kind = "classes"
    names = {"zh": "事部件分类目录", "en": "Catalogue of classes"}
    geometry = Geometry.NONE
    two_passes = True
    columns = COLUMNS

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """The same under all settings."""
        return self.columns

    def choices(self) -> tuple[Choice, ...]:
        """From when, why, and what becomes of classes that the file leaves out."""
        missing = (
            ("keep", {"zh": "保持不变", "en": "Stay as they are"}),
            ("retire", {"zh": "废止", "en": "Are retired"}),
        )
        return (
            Choice(
                "valid_from",
                {"zh": "生效日期（如 2027-01-01，不填为立即）", "en": "From (2027-01-01; empty: now)"},
            ),
            Choice("reason", {"zh": "原因", "en": "Reason"}),
            Choice("missing", {"zh": "文件中没有的小类", "en": "Classes not in the file"}, missing, default="keep"),
        )

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """Nothing must be there before; the answer says that the run has begun."""
        return {"begun": True}

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of classes being taken."""
        return actions.Classes(options, actor=actor, keep=keep)


TICKET = (
    Column("ticket", {"zh": "工单编号", "en": "Ticket"}, required=True, aliases=("工单号", "受理编号", "srnumber")),
    Column("created", {"zh": "受理时间", "en": "Created"}, required=True, aliases=("来电时间", "createddate")),
    Column("closed", {"zh": "办结时间", "en": "Closed"}, aliases=("结案时间", "closeddate")),
    Column("state", {"zh": "工单状态", "en": "State"}, aliases=("状态", "status")),
    Column("class", {"zh": "问题类别", "en": "Class"}, aliases=("小类", "事项类别", "requesttype")),
    Column("text", {"zh": "问题描述", "en": "Description"}, aliases=("内容", "诉求内容")),
    Column("address", {"zh": "地址", "en": "Address"}, aliases=("地点", "事发地址")),
    Column("district", {"zh": "所属区", "en": "District"}, aliases=("区", "辖区", "cd")),
)


class TicketFiles:
    """Tickets of the hotline, open ones and old ones that were closed long ago."""

    kind = "tickets"
    names = {"zh": "12345 热线工单", "en": "Tickets of the 12345 hotline"}
    geometry = Geometry.OPTIONAL
    two_passes = False
    columns = TICKET

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """The same under all settings."""
        return self.columns

    def choices(self) -> tuple[Choice, ...]:
        """Whose tickets they are, the zone of their times, and what their classes are called here."""
        return (
            Choice("system", {"zh": "来源系统", "en": "System they are from"}, default="12345"),
            Choice("zone", {"zh": "文件时区", "en": "Time zone of the file"}, default="Asia/Shanghai"),
            Choice(
                "classes", {"zh": "类别对应（如 垃圾=E0110；井盖=C0101）", "en": "Classes (waste=E0110; cover=C0101)"}
            ),
        )

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """Nothing must be there before; the answer says that the run has begun."""
        return {"begun": True}

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of tickets being taken."""
        return actions.Tickets(options, actor=actor, keep=keep)


class EveryClass:
    """The last word on every class, a row for each registration condition, in the shape that is imported."""

    name = "classes"
    names = {"zh": "事部件分类目录", "en": "Catalogue of classes"}
    geometry = Geometry.NONE
    columns = tuple(column.label["zh"] for column in COLUMNS)

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By code and letter, under Chinese headings."""
        for row in actions.class_rows():
            yield {column.label["zh"]: row[column.name] for column in COLUMNS}, None


class SpecialRules:
    """Every special rule of responsibility, also those that are over and those that are to come.

    None are taken from files: each is replayed on last month's cases before it is saved.
    """

    name = "special_rules"
    names = {"zh": "责任特别规定", "en": "Special rules of responsibility"}
    geometry = Geometry.NONE
    columns = (
        "id", "class", "area", "organisation", "cooperating", "arbiter", "reason", "valid_from", "valid_until",
        "made_by",
    )  # fmt: skip

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By class and area, the newest first."""
        return ((row, None) for row in selectors.override_rows())


register_dataset(EveryClass())
register_dataset(SpecialRules())
register_intake(ClassFiles())
register_intake(TicketFiles())
