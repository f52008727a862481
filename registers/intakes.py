"""What registers take from files, the records of old books, and give away: the list of a register, by export jobs."""

from collections.abc import Mapping
from typing import Any

from core.scope import Actor
from exchange.contracts import Choice, Column, Geometry, Session, register_intake
from exchange.contracts.exports import register_document, register_listing
from exchange.selectors import LabelSheets
from registers import actions, selectors

DAY = {"zh": "日期，如 2026-10-01", "en": "a date, such as 2026-10-01"}
COLUMNS = (
    Column("number", {"zh": "编号", "en": "Number"}, required=True, aliases=("证号", "登记编号", "台账编号")),
    Column("state", {"zh": "状态", "en": "State"}),
    Column("valid_from", {"zh": "有效期自", "en": "Valid from"}, aliases=("有效期开始", "发证日期"), hint=DAY),
    Column("valid_until", {"zh": "有效期至", "en": "Valid until"}, aliases=("有效期结束", "到期日期"), hint=DAY),
    Column("organisation", {"zh": "管理单位", "en": "Kept by"}, aliases=("登记单位", "主管单位"),
           hint={"zh": "机构名称或代码", "en": "name or code of an organisation"}),
    Column("component", {"zh": "部件标识码", "en": "Code of the component"}, aliases=("部件编码", "标识码")),
)  # fmt: skip
NONE = ("", {"zh": "请选择", "en": "Choose one"})


class RecordFiles:
    """Records of one register; the register says which attributes and links are asked for."""

    kind = "records"
    names = {"zh": "台账记录", "en": "Records of a register"}
    geometry = Geometry.OPTIONAL
    two_passes = False
    columns = COLUMNS

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """The columns of all registers, and the attributes and links of this one."""
        register = options.get("register") or ""
        states = selectors.state_hint(register)
        known = (column._replace(hint=states) if column.name == "state" else column for column in self.columns)
        return (*known, *selectors.file_columns(register))

    def choices(self) -> tuple[Choice, ...]:
        """Which register, and what its history says of where the records are from."""
        known = tuple((code, one["names"]) for code, one in sorted(selectors.documents().items()))
        return (
            Choice("register", {"zh": "台账", "en": "Register"}, (NONE, *known), required=True, asks=True),
            Choice("source", {"zh": "来源（记入历史）", "en": "Where they are from (kept in the history)"}),
        )

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """Nothing must be there before; the answer says that the run has begun."""
        return {"begun": True}

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of records being taken."""
        return actions.RecordFile(options, actor=actor)


register_intake(RecordFiles())
register_listing(selectors.RecordList())
register_document(
    LabelSheets("record_labels", {"zh": "台账标签", "en": "Labels of records"}, selectors.RecordList(),
                selectors.record_labels)
)  # fmt: skip
