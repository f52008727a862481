"""Files of accounts about how offices are staffed: posts with who holds them, and shift rosters."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from django.utils.timezone import localtime

from accounts import actions, selectors
from accounts.actions import FileRow, JudgedRow
from core import clock
from core.errors import Invalid
from core.scope import Actor
from core.written import day_of
from dashboard.intakes.people import cell_of, verdict_of
from exchange.contracts import Choice, Column, Geometry, Outcome, Row, Session, Suspicion, Verdict
from grid import selectors as grid
from grid.actions import TAKE_OUT

BEGIN = ("任职起始", "任职开始", "起始时间", "生效时间", "开始日期", "起始日期", "from", "since")
END = ("任职截止", "任职结束", "截止时间", "失效时间", "结束日期", "截止日期", "until")


class Taking(Protocol):
    """A file as accounts take one."""

    def look(self, rows: Sequence[FileRow]) -> None:
        """Rows are remembered."""

    def judge(self, rows: Sequence[FileRow]) -> list[JudgedRow]:
        """What would become of each."""

    def store(self, judged: Sequence[JudgedRow]) -> None:
        """They are stored."""

    def finish(self) -> Mapping[str, int]:
        """What to tell of it."""


class StaffingSession:
    """The rows of one file, judged and stored by accounts; areas are held against the map."""

    def __init__(self, file: Taking, columns: Sequence[Column], paths: Mapping[str, str]) -> None:
        self._file, self._columns, self._paths = file, columns, paths

    def look(self, rows: Sequence[Row]) -> None:
        """Every row that could be read is remembered."""
        self._file.look([self._row(row) for row in rows if not row.faults])

    def suspicions(self) -> list[Suspicion]:
        """Nothing looks wrong about such a list as a whole."""
        return []

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row; a row that could not be read is refused already."""
        judged = iter(self._file.judge([self._row(row) for row in rows if not row.faults]))
        first = self._columns[0].name
        return [
            Verdict(row, Outcome.REFUSE, cell_of(row, first)) if row.faults else verdict_of(row, next(judged))
            for row in rows
        ]

    def _row(self, row: Row) -> FileRow:
        cells = {column.name: cell_of(row, column.name) for column in self._columns}
        if "area" in cells:
            cells["area"] = self._paths.get(cells["area"], cells["area"])
        return FileRow(row.number, row.line, cells, frozenset(row.columns))

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The posts and rosters are as the rows say."""
        self._file.store([verdict.item for verdict in verdicts if verdict.outcome is not Outcome.REFUSE])

    def finish(self) -> Mapping[str, Any]:
        """What is told when all is done."""
        return self._file.finish()


class RosterSession(StaffingSession):
    """Rosters, which a file may replace for the weeks that it names."""

    def __init__(self, file: actions.RosterFile, columns: Sequence[Column]) -> None:
        super().__init__(file, columns, {})
        self._rosters = file

    def suspicions(self) -> list[Suspicion]:
        """Shifts that would go because the file leaves them out."""
        gone = len(self._rosters.left_out())
        return [Suspicion("accounts.turns_left_out", {"count": gone})] if gone else []

    def left_out(self) -> list[Verdict]:
        """Those shifts."""
        return [
            Verdict(Row(number=0, line=0, values={}), Outcome.RETIRE, one.code, one) for one in self._rosters.left_out()
        ]


class PostFiles:
    """Posts, and who holds which from when until when: a row for each holding."""

    kind = "posts"
    names = {"zh": "岗位与任职", "en": "Posts and who holds them"}
    geometry = Geometry.NONE
    two_passes = True
    columns = (
        Column("post", {"zh": "岗位代码", "en": "Code of the post"}, required=True, aliases=("岗位编码", "post code")),
        Column("organisation", {"zh": "单位", "en": "Organisation"},
               aliases=("department", "org", "部门", "所属单位", "单位代码", "机构代码")),
        Column("role", {"zh": "角色", "en": "Role"}, aliases=("角色代码", "岗位类型")),
        Column("name", {"zh": "岗位名称", "en": "Name of the post"}, aliases=("名称", "name_zh", "岗位")),
        Column("name_en", {"zh": "岗位英文名称", "en": "English name of the post"}, aliases=("英文名称", "en")),
        Column("area", {"zh": "区域（* 为全市，新岗位留空为单位的服务区域）",
                        "en": "Area (* the whole city; empty for a new post: what its organisation serves)"},
               aliases=("区域", "辖区", "区划代码", "area")),
        Column("bound", {"zh": "限于本单位", "en": "Only its organisation's work"}, aliases=("限于本单位", "限本单位")),
        Column("active", {"zh": "在用", "en": "In use"}, aliases=("状态", "启用", "state")),
        Column("person", {"zh": "任职人用户名", "en": "User name of the holder"},
               aliases=("用户名", "人员", "任职人", "账号", "工号", "username", "user")),
        Column("valid_from", {"zh": "任职起始（留空为现在）", "en": "From (empty: now)"}, aliases=BEGIN),
        Column("valid_until", {"zh": "任职截止（留空为长期）", "en": "Until (empty: for good)"}, aliases=END),
    )  # fmt: skip

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """The same under all settings."""
        return self.columns

    def choices(self) -> tuple[Choice, ...]:
        """Nothing is asked beside the columns: what the file leaves out stays."""
        return ()

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """Nothing must exist before."""
        return {"begun": True}

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of posts being taken."""
        paths = {one.code: one.path for one in grid.region_names()}
        file = actions.PostFile(actor=actor, areas=frozenset(paths.values()))
        return StaffingSession(file, self.columns, paths)


class EveryPost:
    """Every post, with who holds it now or will hold it, from when until when."""

    name = "posts"
    names = PostFiles.names
    geometry = Geometry.NONE
    columns = (
        "post", "organisation", "role", "name", "name_en", "area", "bound", "active", "person", "person_name",
        "valid_from", "valid_until",
    )  # fmt: skip

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By organisation and code."""
        return ((row, None) for row in selectors.post_rows())


class RosterFiles:
    """Shift rosters: a row for each shift of somebody on a day."""

    kind = "rosters"
    names = {"zh": "排班表", "en": "Shift rosters"}
    geometry = Geometry.NONE
    two_passes = True
    columns = (
        Column("organisation", {"zh": "单位", "en": "Organisation"}, required=True,
               aliases=("department", "org", "部门", "单位代码", "机构代码")),
        Column("day", {"zh": "日期", "en": "Day"}, required=True, aliases=("date", "值班日期", "排班日期")),
        Column("shift", {"zh": "班次", "en": "Shift"}, required=True, aliases=("班次代码", "班别")),
        Column("person", {"zh": "用户名", "en": "User name"}, required=True,
               aliases=("人员", "值班人员", "账号", "工号", "username", "user")),
    )  # fmt: skip

    def asked(self, options: Mapping[str, str]) -> tuple[Column, ...]:
        """The same under all settings."""
        return self.columns

    def choices(self) -> tuple[Choice, ...]:
        """A file may stand for all that the weeks of its rosters have."""
        label = {"zh": "所列单位和周次中文件未列出的班次", "en": "Shifts that the file leaves out, in its weeks"}
        stay, go = {"zh": "保留", "en": "stay"}, {"zh": "从排班表中删除", "en": "are taken off the roster"}
        return (Choice("left_out", label, (("", stay), (TAKE_OUT, go))),)

    def begin(self, options: Mapping[str, str], *, actor: Actor) -> Mapping[str, Any]:
        """Nothing must exist before."""
        return {"begun": True}

    def open(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> Session:
        """One file of rosters being taken."""
        file = actions.RosterFile(actor=actor, replaces=options.get("left_out") == TAKE_OUT)
        return RosterSession(file, self.columns)


class EveryRoster:
    """The rosters of `organisation`, or of all, from `since` (this week) to `until` (for good)."""

    name = "rosters"
    names = RosterFiles.names
    geometry = Geometry.NONE
    columns = ("organisation", "day", "shift", "person", "person_name")

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By organisation and day."""
        today = localtime(clock.now()).date()
        since = _day(options, "since") or today - timedelta(days=today.weekday())
        until = _day(options, "until") or date.max
        return ((row, None) for row in selectors.watch_rows(options.get("organisation", ""), since, until))


def _day(options: Mapping[str, str], name: str) -> date | None:
    text = options.get(name, "")
    found = day_of(text) if text else None
    if text and found is None:
        raise Invalid("accounts.bad_date", value=text[:30])
    return found
