"""What the grid takes from and gives away as files: divisions, boundaries, cells, supervision areas, calendars."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.scope import Actor
from exchange.contracts import Choice, Column, Geometry, Session, register_dataset, register_intake
from grid import actions, selectors
from grid.contracts import Level

CODE = Column(
    "code", {"zh": "代码", "en": "Code"}, required=True, code=True,
    aliases=("区划代码", "行政区划代码", "编码", "统计用区划代码", "adcode", "region_code", "xzqdm", "bgid", "网格编码",
             "单元网格编码"),
)  # fmt: skip
NAME = Column(
    "name", {"zh": "名称", "en": "Name"}, required=True, aliases=("zh", "name_zh", "区划名称", "行政区", "mc", "xzqmc")
)
LEVEL_NAMES = (
    (Level.CITY.value, {"zh": "市", "en": "City"}),
    (Level.DISTRICT.value, {"zh": "区", "en": "District"}),
    (Level.STREET.value, {"zh": "街道", "en": "Street"}),
    (Level.COMMUNITY.value, {"zh": "社区", "en": "Community"}),
)


PLACEHOLDERS = (
    ("leave", {"zh": "不导入", "en": "Are left out"}),
    ("take", {"zh": "照录", "en": "Are taken as regions"}),
)

BASE_KINDS = (
    ("road", {"zh": "道路", "en": "Roads"}),
    ("river", {"zh": "水系", "en": "Rivers and lakes"}),
    ("park", {"zh": "公园绿地", "en": "Parks"}),
    ("sea", {"zh": "海域", "en": "The sea"}),
)
REPLACE = (("no", {"zh": "保留", "en": "Stay"}), ("yes", {"zh": "由此文件替换", "en": "Are replaced by this file"}))


class _Regional:
    """What the three kinds share: they write into the working draft of the map."""

    two_passes = True
    columns: tuple[Column, ...] = ()

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """The same under all settings."""
        return self.columns

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """There is a draft, and it is remembered."""
        return {"version": actions.working_draft(actor=actor)}

    def choices(self) -> tuple[Choice, ...]:
        """Nothing more is asked."""
        return ()


class DivisionFiles(_Regional):
    """The official list: city, district, street, community."""

    kind = "divisions"
    names = {"zh": "行政区划", "en": "Divisions"}
    geometry = Geometry.NONE
    columns = (
        CODE,
        NAME,
        Column("parent", {"zh": "上级代码", "en": "Code of the region above"}, code=True,
               aliases=("parent_code", "parentcode", "pcode", "上级区划代码", "父级代码")),
        Column("level", {"zh": "级别", "en": "Level"}, aliases=("层级", "类型", "type")),
        Column("name_en", {"zh": "英文名称", "en": "English name"}, aliases=("en", "english")),
    )  # fmt: skip

    def choices(self) -> tuple[Choice, ...]:
        """Lists are often those of a province: which city of it, and whether rows like 市辖区 are places."""
        city = {"zh": "只导入这个市（市的区划代码，留空为全部）", "en": "Only the city of this code (empty: all)"}
        placeholders = {"zh": "“市辖区”等占位行", "en": "Rows that only hold a place (市辖区)"}
        return (
            Choice("city", city, default=selectors.only_city()),
            Choice("placeholders", placeholders, PLACEHOLDERS, default="leave"),
        )

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One list being taken."""
        return actions.Divisions(options, actor=actor, keep=keep)


class BoundaryFiles(_Regional):
    """Outlines for regions that are known by code or name."""

    kind = "boundaries"
    names = {"zh": "区域边界", "en": "Boundaries"}
    geometry = Geometry.REQUIRED
    columns = (
        CODE._replace(required=False),
        NAME._replace(required=False, aliases=(*NAME.aliases, "qh", "区划", "区名", "district")),
    )

    def choices(self) -> tuple[Choice, ...]:
        """Names alone may be those of a district or of a street."""
        label = {"zh": "边界所属级别", "en": "Level of the outlines"}
        return (Choice("level", label, (("", {"zh": "任意", "en": "Any"}), *LEVEL_NAMES)),)

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of outlines being taken."""
        return actions.Boundaries(options, actor=actor, keep=keep)


class CellFiles(_Regional):
    """Unit cells with their codes."""

    kind = "cells"
    names = {"zh": "单元网格", "en": "Cells"}
    geometry = Geometry.REQUIRED
    columns = (
        CODE,
        Column("land_use", {"zh": "用地类别", "en": "Land use"}, aliases=("landuse", "用地类型", "ydlb")),
        Column("grade", {"zh": "管理等级", "en": "Management grade"}, aliases=("等级", "gldj")),
        Column("responsible", {"zh": "责任主体", "en": "Responsible body"}, aliases=("责任单位", "zrdw", "responsibl")),
    )

    def choices(self) -> tuple[Choice, ...]:
        """A file measured anew may stand for all the cells of its communities."""
        label = {
            "zh": "文件所涉社区中未列出的单元网格",
            "en": "Cells of the communities in the file that it leaves out",
        }
        stay, go = {"zh": "保留", "en": "stay"}, {"zh": "从草稿中移除", "en": "are taken out of the draft"}
        return (Choice("left_out", label, (("", stay), (actions.TAKE_OUT, go))),)

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of cells being taken."""
        return actions.Cells(options, actor=actor, keep=keep)


class BaseFiles(_Regional):
    """Roads, rivers, parks and the sea beneath everything else."""

    kind = "base"
    names = {"zh": "底图要素（道路、水系、公园）", "en": "Base map (roads, water, parks)"}
    geometry = Geometry.REQUIRED
    columns = (
        Column("kind", {"zh": "类别", "en": "Kind"}, aliases=("要素类别", "要素类型", "类型")),
        Column(
            "class", {"zh": "等级", "en": "Class"}, aliases=("highway", "fclass", "waterway", "道路等级", "道路类型")
        ),
        Column("name", {"zh": "名称", "en": "Name"}, aliases=("zh", "name_zh", "name:zh", "道路名称", "路名", "mc")),
        Column("name_en", {"zh": "英文名称", "en": "English name"}, aliases=("name:en", "en", "english")),
    )

    def choices(self) -> tuple[Choice, ...]:
        """What rows are that do not say it themselves, and what becomes of the features there were."""
        kind = {"zh": "未写明类别的行作为", "en": "Rows that do not say their kind are"}
        replace = {"zh": "草稿中同类的已有要素", "en": "Features of the same kinds in the draft"}
        return (Choice("kind", kind, BASE_KINDS, default="road"), Choice("replace", replace, REPLACE, default="no"))

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of the base map being taken."""
        return actions.BaseFeatures(options, actor=actor, keep=keep)


class SupervisionFiles:
    """Supervision areas: a code, a name, the cells that collectors walk together."""

    kind = "supervision_areas"
    names = {"zh": "责任网格", "en": "Supervision areas"}
    geometry = Geometry.NONE
    two_passes = True
    columns = (
        Column("code", {"zh": "责任网格代码", "en": "Code"}, required=True, aliases=("代码", "编号", "area")),
        NAME,
        Column("name_en", {"zh": "英文名称", "en": "English name"}, aliases=("en", "english")),
        Column("cells", {"zh": "单元网格（多个用分号隔开）", "en": "Cells, joined by ;"}, required=True,
               aliases=("单元网格", "网格", "cell")),
    )  # fmt: skip

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """The same under all settings."""
        return self.columns

    def choices(self) -> tuple[Choice, ...]:
        """Nothing is asked beside the columns."""
        return ()

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """Nothing must exist before."""
        return {"begun": True}

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of supervision areas being taken."""
        return actions.SupervisionAreas(actor=actor)


class CalendarFiles:
    """Working calendars: a row for each weekday, day of rest and make-up day."""

    kind = "calendars"
    names = {"zh": "工作日历", "en": "Working calendars"}
    geometry = Geometry.NONE
    two_passes = True
    columns = (
        Column("calendar", {"zh": "日历代码", "en": "Calendar"}, required=True, aliases=("代码", "日历", "code")),
        Column("area", {"zh": "区域（留空为全市）", "en": "Area (empty: the city)"}, aliases=("区域", "区划代码")),
        Column("name", {"zh": "名称", "en": "Name"}, aliases=("zh", "name_zh")),
        Column("name_en", {"zh": "英文名称", "en": "English name"}, aliases=("en", "english")),
        Column("tz", {"zh": "时区", "en": "Time zone"}, aliases=("timezone",)),
        Column("round_the_clock", {"zh": "全天候", "en": "Round the clock"}, aliases=("24小时",)),
        Column("kind", {"zh": "日期类型（每周、休息日、补班）", "en": "Kind of day (weekly, closed, extra)"},
               required=True, aliases=("类型", "日期类型", "kind of day")),
        Column("day", {"zh": "日期或星期", "en": "Date or weekday"}, required=True, aliases=("日期", "星期", "date")),
        Column("hours", {"zh": "工作时段", "en": "Hours"}, aliases=("时段", "工作时间", "上班时间")),
    )  # fmt: skip

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """The same under all settings."""
        return self.columns

    def choices(self) -> tuple[Choice, ...]:
        """A file may stand for all special days of its calendars."""
        label = {"zh": "文件未列出的休息日和补班日", "en": "Days of rest and make-up days that the file leaves out"}
        stay, go = {"zh": "保留", "en": "stay"}, {"zh": "从日历中删除", "en": "are taken out of the calendar"}
        return (Choice("left_out", label, (("", stay), (actions.TAKE_OUT, go))),)

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """Nothing must exist before."""
        return {"begun": True}

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of calendars being taken."""
        return actions.Calendars(options, actor=actor)


class EverySupervisionArea:
    """Every supervision area in use, with its cells and who collects there now."""

    name = "supervision_areas"
    names = {"zh": "责任网格", "en": "Supervision areas"}
    geometry = Geometry.NONE
    columns = ("code", "name", "name_en", "region", "cells", "collectors")

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By code."""
        return ((row, None) for row in selectors.supervision_rows(actor))


class EveryCalendar:
    """Every working calendar, a row for each weekday, day of rest and make-up day."""

    name = "calendars"
    names = {"zh": "工作日历", "en": "Working calendars"}
    geometry = Geometry.NONE
    columns = ("calendar", "area", "name", "name_en", "tz", "round_the_clock", "kind", "day", "hours")

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By code, the whole city's before those of its areas."""
        return ((row, None) for row in selectors.calendar_rows())


class Regions:
    """Every region of the map in force (of the newest draft before there is one), or of `version`."""

    name = "regions"
    names = {"zh": "区域", "en": "Regions"}
    geometry = Geometry.OPTIONAL
    columns = ("code", "name", "parent", "level", "name_en")

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """Parents before their children."""
        return selectors.region_rows(_version(options))


class UnitCells:
    """Every cell of the map in force (of the newest draft before there is one), or of `version`."""

    name = "cells"
    names = {"zh": "单元网格", "en": "Cells"}
    geometry = Geometry.REQUIRED
    columns = ("code", "land_use", "grade", "responsible")

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By code."""
        return selectors.cell_rows(_version(options))


class BaseMap:
    """The base map of the map in force (of the newest draft before there is one), or of `version`."""

    name = "base"
    names = {"zh": "底图要素", "en": "Base map"}
    geometry = Geometry.REQUIRED
    columns = ("kind", "class", "name", "name_en")

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By kind."""
        return selectors.base_rows(_version(options))


def _version(options: Mapping[str, str]) -> int:
    given = options.get("version", "")
    if given.isascii() and given.isdigit() and len(given) < 10:
        return int(given)
    return selectors.map_version() or selectors.newest_draft()


register_dataset(Regions())
register_dataset(UnitCells())
register_dataset(BaseMap())
register_dataset(EverySupervisionArea())
register_dataset(EveryCalendar())
register_intake(DivisionFiles())
register_intake(BoundaryFiles())
register_intake(CellFiles())
register_intake(BaseFiles())
register_intake(CalendarFiles())
register_intake(SupervisionFiles())
