"""Files of accounts, which lies below exchange and so cannot plug in itself: people in and out, organisations out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from accounts import actions, selectors
from accounts.actions import Judged, PersonRow
from core.scope import Actor
from exchange.contracts import (
    Choice,
    Column,
    Geometry,
    Outcome,
    Row,
    Session,
    Suspicion,
    Verdict,
    register_dataset,
    register_intake,
)

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


register_intake(PeopleFiles())
register_dataset(EveryOrganisation())
register_dataset(EveryPerson())
