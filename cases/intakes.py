"""What cases take from files (classes, rules, tickets of the hotline, old cases), and give away."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import actions, selectors
from cases.forms import asked_form, paper_of
from cases.rules import GRADES, case_form
from core.languages import pick
from core.scope import Actor
from exchange.contracts import Choice, Column, Geometry, Session, register_dataset, register_intake
from exchange.contracts.exports import register_document, register_listing
from exchange.contracts.hotline import register_desk
from exchange.contracts.machines import register_reception

COLUMNS = (
    Column("code", {"zh": "小类代码", "en": "Code"}, required=True, aliases=("代码", "小类编码", "class")),
    Column("name", {"zh": "中文名称", "en": "Chinese name"}, required=True, aliases=("小类名称", "名称", "zh")),
    Column("name_en", {"zh": "英文名称", "en": "English name"}, aliases=("en", "english")),
    Column("standard", {"zh": "编码依据", "en": "Standard"}),
    Column("duty", {"zh": "职责", "en": "Duty"}, required=True, aliases=("责任部门", "责任职责")),
    Column("photos", {"zh": "须拍照环节", "en": "Pictures needed at"}),
    Column("video", {"zh": "视频", "en": "Clips"}),
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
    *(Column(f"grade_{one}", {"zh": f"{one} 级区域时限", "en": f"Limit on grade {one} ground"}) for one in GRADES),
    Column("closing", {"zh": "结案条件", "en": "Closed when"}, required=True),
    Column("closing_en", {"zh": "结案条件英文", "en": "Closed when, English"}),
    Column("wording", {"zh": "表述待确认", "en": "Proposed wording"}),
)


class Files:
    """What is alike in all of these: the same columns under all settings, and nothing that must be there before."""

    columns: tuple[Column, ...]

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """The same under all settings."""
        return self.columns

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """Nothing must be there before; the answer says that the run has begun."""
        return {"begun": True}


class ClassFiles(Files):
    """Classes, a row for each registration condition."""

    kind = "classes"
    names = {"zh": "事部件分类目录", "en": "Catalogue of classes"}
    geometry = Geometry.NONE
    two_passes = True
    columns = COLUMNS

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
ZONE = Choice("zone", {"zh": "文件时区", "en": "Time zone of the file"}, default="Asia/Shanghai")
WORDS = Choice("classes", {"zh": "类别对应（如 垃圾=E0110；井盖=C0101）", "en": "Classes (waste=E0110; cover=C0101)"})


class TicketFiles(Files):
    """Tickets of the hotline, open ones and old ones that were closed long ago."""

    kind = "tickets"
    names = {"zh": "12345 热线工单", "en": "Tickets of the 12345 hotline"}
    geometry = Geometry.OPTIONAL
    two_passes = False
    columns = TICKET

    def choices(self) -> tuple[Choice, ...]:
        """Whose tickets they are, the zone of their times, and what their classes are called here."""
        return (
            Choice("system", {"zh": "来源系统", "en": "System they are from"}, default="12345"),
            ZONE,
            WORDS,
        )

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of tickets being taken."""
        return actions.Tickets(options, actor=actor, keep=keep)


OLD_CASE = (
    Column("case", {"zh": "案件编号", "en": "Case"}, required=True, aliases=("编号", "案卷号", "任务号", "number")),
    Column("source", {"zh": "问题来源", "en": "Source"}, required=True, aliases=("来源",)),
    Column("class", {"zh": "小类代码", "en": "Class"}, required=True, aliases=("小类", "小类名称", "问题类别")),
    Column("condition", {"zh": "立案条件", "en": "Condition"}, aliases=("条件编号", "条件")),
    Column("text", {"zh": "问题描述", "en": "Description"}, aliases=("描述", "内容")),
    Column("address", {"zh": "地址", "en": "Address"}, aliases=("地点", "位置描述")),
    Column("organisation", {"zh": "处置单位", "en": "Organisation"}, aliases=("责任单位", "处置部门", "部门")),
    Column("reported", {"zh": "上报时间", "en": "Reported"}, required=True, aliases=("受理时间", "发现时间")),
    Column("registered", {"zh": "立案时间", "en": "Registered"}),
    Column("dispatched", {"zh": "派遣时间", "en": "Dispatched"}, aliases=("派单时间",)),
    Column("handled", {"zh": "处置时间", "en": "Handled"}, aliases=("处置完成时间", "处置反馈时间")),
    Column("checked", {"zh": "核查时间", "en": "Checked"}, aliases=("核查完成时间",)),
    Column("closed", {"zh": "结案时间", "en": "Closed"}, required=True, aliases=("办结时间", "结束时间")),
    Column("outcome", {"zh": "办理结果", "en": "Outcome"}, required=True, aliases=("结果", "案件状态", "结案类型")),
    Column("result", {"zh": "处置说明", "en": "What was done, or why not"}, aliases=("处置结果", "原因", "理由")),
)


class OldCaseFiles(Files):
    """Cases that ended in another system, a row for each, with the moments of its way."""

    kind = "old_cases"
    names = {"zh": "旧案件（含办理经过）", "en": "Old cases with their history"}
    geometry = Geometry.REQUIRED
    two_passes = False
    columns = OLD_CASE

    def choices(self) -> tuple[Choice, ...]:
        """Which system they are from, the zone of its times, and what its classes are called here."""
        return (
            Choice("system", {"zh": "来源系统", "en": "System they are from"}, required=True),
            ZONE,
            WORDS,
        )

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of old cases being taken."""
        return actions.OldCaseFile(options, actor=actor)


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


PERIOD = (
    Column("valid_from", {"zh": "生效时间（留空为立即）", "en": "From (empty: now)"},
           aliases=("生效时间", "生效日期", "开始日期", "from")),
    Column("valid_until", {"zh": "失效时间（留空为长期）", "en": "Until (empty: for good)"},
           aliases=("失效时间", "失效日期", "结束日期", "until")),
)  # fmt: skip


class RuleFiles(Files):
    """Rules that hold for a time: every one is looked at before one is judged, and one that ends ends for a reason."""

    two_passes = True

    def choices(self) -> tuple[Choice, ...]:
        """Why rules end that the file ends."""
        return (Choice("reason", {"zh": "终止规定的原因", "en": "Why rules end that the file ends"}),)


class SpecialRuleFiles(RuleFiles):
    """Special rules of responsibility: class, area, who answers instead, why, from when until when."""

    kind = "special_rules"
    names = {"zh": "责任特别规定", "en": "Special rules of responsibility"}
    geometry = Geometry.OPTIONAL
    columns = (
        Column("class", {"zh": "小类代码", "en": "Class"}, required=True, aliases=("小类", "小类编码", "类别")),
        Column("area", {"zh": "区域代码（留空为全市）", "en": "Area (empty: the whole city)"},
               aliases=("区域", "区域代码", "区划代码", "region")),
        Column("organisation", {"zh": "责任单位", "en": "Responsible"}, aliases=("责任部门", "单位")),
        Column("cooperating", {"zh": "协办单位", "en": "Cooperating"}, aliases=("协办部门", "配合单位")),
        Column("arbiter", {"zh": "争议裁定", "en": "Arbiter"}, aliases=("裁定单位", "协调单位")),
        Column("limit", {"zh": "处置时限（如 2 工作日）", "en": "Limit (as 2 working days)"},
               aliases=("处置时限", "时限", "limit")),
        Column("reason", {"zh": "原因", "en": "Reason"}, required=True, aliases=("理由", "依据")),
        *PERIOD,
    )  # fmt: skip

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of special rules being taken."""
        return actions.SpecialRules(options, actor=actor)


class EverySpecialRule:
    """Every special rule of responsibility, also those that are over and to come, with the outline of its area."""

    name = "special_rules"
    names = {"zh": "责任特别规定", "en": "Special rules of responsibility"}
    geometry = Geometry.OPTIONAL
    columns = tuple(column.name for column in SpecialRuleFiles.columns)

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By class and area, the newest first."""
        return selectors.override_rows()


class GeneralRuleFiles(RuleFiles):
    """The city's own general rules of responsibility: duty, which kind of organisation answers, why, from, until."""

    kind = "general_rules"
    names = {"zh": "责任一般规则（本市）", "en": "General rules of responsibility, the city's own"}
    geometry = Geometry.NONE
    columns = (
        Column("duty", {"zh": "职责代码", "en": "Duty"}, required=True, aliases=("职责",)),
        Column("name", {"zh": "职责名称", "en": "Name of the duty"}, required=True, aliases=("名称", "zh", "name_zh")),
        Column("name_en", {"zh": "职责英文名称", "en": "English name of the duty"}, required=True,
               aliases=("英文名称", "en")),
        Column("kind", {"zh": "责任单位类型", "en": "Kind of organisation"}, required=True,
               aliases=("机构类型", "单位类型", "类型")),
        Column("level", {"zh": "层级", "en": "One for each"}, required=True, aliases=("级别", "by")),
        Column("cooperating", {"zh": "协办职责", "en": "Cooperating duties"}, aliases=("协办",)),
        Column("arbiter", {"zh": "争议裁定单位类型", "en": "Kinds that settle disputes"}, aliases=("争议裁定",)),
        Column("reason", {"zh": "原因", "en": "Reason"}, required=True, aliases=("理由", "依据")),
        *PERIOD,
    )  # fmt: skip

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of general rules being taken."""
        return actions.GeneralRules(options, actor=actor)


class EveryGeneralRule:
    """Every general rule of the city's own, also those that are over and to come."""

    name = "general_rules"
    names = GeneralRuleFiles.names
    geometry = Geometry.NONE
    columns = tuple(column.name for column in GeneralRuleFiles.columns)

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By duty, the newest first."""
        return ((row, None) for row in selectors.general_rows())


class StandardTextFiles(Files):
    """Standard texts: a row for each step, class and sentence."""

    kind = "standard_texts"
    names = {"zh": "常用语", "en": "Standard texts"}
    geometry = Geometry.NONE
    two_passes = False
    columns = (
        Column("step", {"zh": "环节", "en": "Step"}, required=True, aliases=("环节代码", "verb")),
        Column("class", {"zh": "小类代码（留空为全部）", "en": "Class (empty: all)"},
               aliases=("小类", "小类代码", "类别")),
        Column("text", {"zh": "中文内容", "en": "Chinese text"}, required=True,
               aliases=("内容", "中文", "常用语", "zh")),
        Column("text_en", {"zh": "英文内容", "en": "English text"}, required=True, aliases=("英文", "en")),
        Column("active", {"zh": "在用", "en": "In use"}, aliases=("状态", "启用", "state")),
    )  # fmt: skip

    def choices(self) -> tuple[Choice, ...]:
        """Nothing is asked beside the columns: what the file leaves out stays."""
        return ()

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of texts being taken."""
        return actions.StandardTexts(actor=actor)


class EveryStandardText:
    """Every standard text in use."""

    name = "standard_texts"
    names = StandardTextFiles.names
    geometry = Geometry.NONE
    columns = tuple(column.name for column in StandardTextFiles.columns)

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By step and class."""
        for one in selectors.standard_texts():
            chinese, english = (one.texts.get(language, "") for language in ("zh", "en"))
            told = {"step": one.verb, "class": one.category, "text": chinese, "text_en": english, "active": True}
            yield told, None


class CaseForms:
    """One of the eight forms between the city and a district centre, of a case that somebody sees."""

    name = "case_forms"
    names: Mapping[str, str] = {"zh": "业务表单", "en": "Form of a case"}
    formats: tuple[str, ...] = ("pdf",)
    typed: frozenset[str] = frozenset()

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """Who sees the case has its forms, as far as it has come."""
        asked_form(options, actor)

    def said(self, every: Sequence[Mapping[str, str]]) -> list[list[tuple[Any, str]]]:
        """Which form, and of which case."""
        return [_form_said(options) for options in every]

    def write(self, options: Mapping[str, str], suffix: str, target: Path, *, actor: Actor) -> int:
        """The form as the case stands now."""
        target.write_bytes(paper_of(options, actor))
        return 1


def _form_said(options: Mapping[str, str]) -> list[tuple[Any, str]]:
    form = case_form(options.get("form", ""))
    return [(_("Form"), pick(form.names) if form else ""), (_("Case"), options.get("case", ""))]


register_dataset(EveryClass())
register_dataset(EveryGeneralRule())
register_dataset(EverySpecialRule())
register_dataset(EveryStandardText())
register_intake(ClassFiles())
register_intake(GeneralRuleFiles())
register_intake(OldCaseFiles())
register_intake(SpecialRuleFiles())
register_intake(StandardTextFiles())
register_intake(TicketFiles())
register_listing(selectors.AnswerList())
register_listing(selectors.AutoDispatchList())
register_listing(selectors.CaseList())
register_listing(selectors.CauseList())
register_listing(selectors.ControlList())
register_listing(selectors.BulkList())
register_listing(selectors.ErasableList())
register_listing(selectors.LookList())
register_listing(selectors.RequestList())
register_listing(selectors.ShirkingList())
register_document(CaseForms())
register_desk(actions.HotlineDesk())
register_reception(actions.MachineReception())
