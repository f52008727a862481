"""Files of accounts, which lies below exchange and so cannot plug in itself: people and organisations."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from accounts import actions, selectors
from accounts.actions import FileRow, Judged, JudgedRow, PersonRow
from core.scope import Actor
from exchange.contracts import Choice, Column, Geometry, Outcome, Row, Session, Suspicion, Verdict
from grid import selectors as grid

FIELDS = {"username": "username", "label": "name"}


class PeopleFiles:
    """People with their organisation and posts; new accounts have no password until their owners set one."""

    kind = "people"
    names = {"zh": "人员", "en": "People"}
    geometry = Geometry.NONE
    two_passes = False
    columns = (
        Column("username", {"zh": "用户名", "en": "User name"}, required=True,
               aliases=("login", "account", "账号", "登录名", "工号")),
        Column("name", {"zh": "姓名", "en": "Name"}, required=True, aliases=("label", "full_name", "人员姓名")),
        Column("organisation", {"zh": "单位", "en": "Organisation"},
               aliases=("department", "org", "部门", "所属单位", "单位代码")),
        Column("phone", {"zh": "电话", "en": "Phone"}, aliases=("mobile", "手机", "手机号", "联系电话"), code=True),
        Column("email", {"zh": "邮箱", "en": "E-mail"}, aliases=("mail", "电子邮箱")),
        Column("posts", {"zh": "岗位", "en": "Posts"}, aliases=("post", "position", "职位", "岗位名称")),
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
        """One file of people being taken."""
        return PeopleSession(actor)


class PeopleSession:
    """The rows of one file, judged and stored by accounts."""

    def __init__(self, actor: Actor) -> None:
        self._file = actions.PeopleFile(actor=actor)
        self._made = 0

    def look(self, rows: Sequence[Row]) -> None:
        """One pass is enough."""

    def suspicions(self) -> list[Suspicion]:
        """Nothing looks wrong about a list of people as a whole."""
        return []

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row; a row that could not be read is refused already."""
        sound = [row for row in rows if not row.faults]
        judged = iter(self._file.judge([_person(row) for row in sound]))
        return [
            Verdict(row, Outcome.REFUSE, str(row.values.get("username", ""))) if row.faults else _verdict(row, judged)
            for row in rows
        ]

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The people are on record with their posts."""
        self._made += len(self._file.store(verdict.item for verdict in verdicts if verdict.item is not None))

    def finish(self) -> Mapping[str, Any]:
        """How many accounts wait for a password; the page of people makes the links."""
        return {"people": self._made}


def _text(row: Row, name: str) -> str:
    return str(row.values.get(name) or "").strip()


def _person(row: Row) -> PersonRow:
    return PersonRow(
        username=_text(row, "username"), label=_text(row, "name"), organisation=_text(row, "organisation"),
        phone=_text(row, "phone"), email=_text(row, "email"), posts=_text(row, "posts"),
    )  # fmt: skip


def _verdict(row: Row, judged: Iterator[Judged]) -> Verdict:
    one = next(judged)
    for name, code, params in one.faults:
        row.refuse(FIELDS.get(name, name), code, **params)
    return Verdict(row, Outcome(one.outcome), one.row.username, None if one.faults else one)


def cell_of(row: Row, name: str) -> str:
    """A cell as text, also where a workbook has a number or a truth in it."""
    value = row.values.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def verdict_of(row: Row, one: JudgedRow) -> Verdict:
    """What accounts say of a row, in the words of exchange."""
    for name, code, params in one.faults:
        row.refuse(name, code, **params)
    return Verdict(row, Outcome(one.outcome), one.code, one)


class EveryPerson:
    """Every account that is in use, with its organisation and posts; never a password."""

    name = "people"
    names = {"zh": "人员", "en": "People"}
    geometry = Geometry.NONE
    columns = ("username", "name", "organisation", "phone", "email", "posts")

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """By user name, on the actor's ground."""
        for user in selectors.find_people(actor, active="yes").iterator(chunk_size=1000):
            posts = [held.post.code for held in getattr(user, "in_posts", ())]
            yield {
                "username": user.username, "name": user.label, "phone": user.phone, "email": user.email,
                "organisation": user.organisation.code if user.organisation else "", "posts": ";".join(posts),
            }, None  # fmt: skip


class OrganisationFiles:
    """The tree of organisations: a row for how each stands now, and one for each stretch of its past."""

    kind = "organisations"
    names = {"zh": "机构（含历史）", "en": "Organisations, with their past"}
    geometry = Geometry.NONE
    two_passes = True
    columns = (
        Column("code", {"zh": "机构代码", "en": "Code"}, required=True, aliases=("代码", "部门代码", "单位代码")),
        Column("name", {"zh": "名称", "en": "Name"}, aliases=("zh", "name_zh", "机构名称", "部门名称", "单位名称")),
        Column("name_en", {"zh": "英文名称", "en": "English name"}, aliases=("en", "english")),
        Column("kind", {"zh": "机构类型", "en": "Kind"}, aliases=("类型", "类别", "type")),
        Column("level", {"zh": "层级", "en": "Level"}, aliases=("级别",)),
        Column("parent", {"zh": "上级机构代码", "en": "Code of the organisation above"},
               aliases=("上级代码", "上级", "上级部门", "上级单位", "parent_code")),
        Column("area", {"zh": "服务区域", "en": "Area served"}, aliases=("区域", "辖区", "区划代码", "region")),
        Column("duties", {"zh": "职责（多个用分号隔开）", "en": "Duties, joined by ;"}, aliases=("职责", "duty")),
        Column("active", {"zh": "在用", "en": "In use"}, aliases=("状态", "启用", "state")),
        Column("valid_from", {"zh": "起始时间", "en": "From"}, aliases=("生效时间", "开始日期", "起始日期", "from")),
        Column("valid_until", {"zh": "截止时间（现状留空）", "en": "Until (empty: now)"},
               aliases=("截止时间", "失效时间", "结束日期", "截止日期", "until")),
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
        """One file of organisations being taken."""
        return OrganisationSession(actor)


class OrganisationSession:
    """The rows of one file, judged and stored by accounts; areas are held against the map."""

    def __init__(self, actor: Actor) -> None:
        self._paths = {one.code: one.path for one in grid.region_names()}
        self._file = actions.OrganisationFile(actor=actor, areas=frozenset(self._paths.values()))

    def look(self, rows: Sequence[Row]) -> None:
        """Every row that could be read is remembered."""
        self._file.look([self._row(row) for row in rows if not row.faults])

    def suspicions(self) -> list[Suspicion]:
        """Nothing looks wrong about a list of organisations as a whole."""
        return []

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row; a row that could not be read is refused already."""
        judged = iter(self._file.judge([self._row(row) for row in rows if not row.faults]))
        return [
            Verdict(row, Outcome.REFUSE, cell_of(row, "code")) if row.faults else verdict_of(row, next(judged))
            for row in rows
        ]

    def _row(self, row: Row) -> FileRow:
        cells = {column.name: cell_of(row, column.name) for column in OrganisationFiles.columns}
        cells["area"] = self._paths.get(cells["area"], cells["area"])
        return FileRow(row.number, row.line, cells, frozenset(row.columns))

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The organisations stand so."""
        self._file.store(verdict.item for verdict in verdicts if verdict.outcome is not Outcome.REFUSE)

    def finish(self) -> Mapping[str, Any]:
        """Those that the file ends are closed; answers how many."""
        return self._file.finish()


class EveryOrganisation:
    """How every organisation stands in the tree, and how it stood, with its duties and from when until when."""

    name = "organisations"
    names = {"zh": "机构（含历史）", "en": "Organisations, with their past"}
    geometry = Geometry.NONE
    columns = (
        "code", "name", "name_en", "kind", "level", "parent", "area", "duties", "active", "valid_from", "valid_until",
    )  # fmt: skip

    def rows(self, options: Mapping[str, str], *, actor: Actor) -> Iterator[tuple[dict[str, Any], bytes | None]]:
        """Parents before their children."""
        return ((row, None) for row in selectors.standing_rows())
