"""Units that join: a book of their organisations, packs, people, posts and rules, and the sheet that only it has."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db import transaction

from accounts import selectors as accounts
from cases import selectors as cases
from core.languages import pick
from core.scope import Actor, Duty
from dashboard.contracts import UNITS
from dashboard.intakes.people import cell_of
from exchange.contracts import Choice, Column, Geometry, Outcome, Row, Session, Suspicion, Verdict
from exchange.contracts.books import Book, Sheet
from packs import actions as packs
from packs import selectors as library

MOST_NAMED = 9


class UnitPacks:
    """Packs that units work with, a row for each: they are in force, and whether the unit has work in them is said."""

    kind = "unit_packs"
    names = {"zh": "单位启用的系统", "en": "Systems that units use"}
    geometry = Geometry.NONE
    two_passes = False
    columns = (
        Column("organisation", {"zh": "单位代码", "en": "Organisation"}, required=True,
               aliases=("单位", "机构代码", "部门", "unit", "code")),
        Column("pack", {"zh": "系统代码", "en": "Pack"}, required=True, aliases=("系统", "系统包", "system")),
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
        """One file of packs being taken."""
        return PackSession(actor)


class PackSession:
    """The rows of one file: which packs come into force, and which units would have nothing to do there."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self._units = {row.code: row for row in accounts.organisations()}
        self._in_force = set(library.names_in_force())
        self._seen: set[tuple[str, str]] = set()
        self._idle: list[Suspicion] = []
        self._wanted: set[str] = set()

    @cached_property
    def _packs(self) -> Mapping[str, Mapping[str, Any]]:
        return {code: pack.document for code, pack in library.library().packs.items()}

    def look(self, rows: Sequence[Row]) -> None:
        """One pass is enough."""

    def suspicions(self) -> list[Suspicion]:
        """Units that carry none of the duties of a pack that they are to use."""
        return self._idle

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row."""
        return [self._judged(row) for row in rows]

    def _judged(self, row: Row) -> Verdict:
        unit, pack = cell_of(row, "organisation"), cell_of(row, "pack")
        called = f"{unit} {pack}".strip()
        if not row.faults:
            self._check(row, unit, pack)
        if row.faults:
            return Verdict(row, Outcome.REFUSE, called)
        self._look_for_work(unit, pack)
        if pack in self._in_force:
            return Verdict(row, Outcome.SAME, called)
        self._wanted.add(pack)
        return Verdict(row, Outcome.ADD, called)

    def _check(self, row: Row, unit: str, pack: str) -> None:
        if unit not in self._units:
            row.refuse("organisation", "accounts.no_such_organisation", code=unit[:60])
        if pack not in self._packs:
            row.refuse("pack", "packs.no_such_pack", codes=pack[:60])
        elif (unit, pack) in self._seen:
            row.refuse("pack", "units.pack_twice", unit=unit[:60], pack=pack[:60])
        self._seen.add((unit, pack))

    def _look_for_work(self, unit: str, pack: str) -> None:
        asked = {(one.get("department") or {}).get("duty") for one in self._packs[pack].get("categories") or ()}
        duties = sorted({str(duty) for duty in asked if duty})
        if duties and not set(duties) & set(self._units[unit].duties):
            told = {"unit": _called(self._units[unit]), "pack": pick(self._packs[pack]["names"])}
            self._idle.append(Suspicion("units.pack_without_duty", {**told, "duties": ", ".join(duties)}, False))

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """The packs are in force with what they need; their indexes come once all is kept."""
        if self._wanted:
            packs.apply(sorted(self._wanted), actor=self.actor)
            transaction.on_commit(lambda: packs.settle(actor=self.actor), robust=True)

    def finish(self) -> Mapping[str, Any]:
        """Which packs came into force."""
        return {"packs": sorted(self._wanted)}


def _called(row: Any) -> str:
    return f"{pick(row.names)} ({row.code})"


def nobody_waits_in_vain(brought: Mapping[str, Sequence[str]]) -> list[Suspicion]:
    """New units that no case can reach, and those whose cases nobody would take from the desk."""
    rows = list(accounts.organisations().filter(code__in=list(brought.get("organisations", ()))))
    named = cases.specially_named()
    idle = [row for row in rows if not row.duties and row.code not in named]
    working = [row for row in rows if row not in idle]
    alone = [row for row in working if not accounts.people_with(Duty.DESK, org=row.path, area=row.area)]
    found = (("units.no_work", idle, False), ("units.nobody_at_desk", alone, True))
    return [Suspicion(code, {"units": _listed(units)}, grave) for code, units, grave in found if units]


def _listed(rows: Sequence[Any]) -> str:
    told = ", ".join(_called(row) for row in rows[:MOST_NAMED])
    return f"{told} …" if len(rows) > MOST_NAMED else told


JOINING = Book(
    kind=UNITS,
    names={"zh": "单位入驻（多表工作簿）", "en": "Units that join (a workbook)"},
    sheets=(
        Sheet("organisations", {"zh": "单位", "en": "Units"}, {
            "zh": "每个单位一行：代码、名称、类型、层级、上级、服务区域、职责。",
            "en": "A row for each unit: code, names, kind, level, the one above, the area it serves, its duties.",
        }),
        Sheet("unit_packs", {"zh": "系统", "en": "Packs"}, {
            "zh": "每个单位使用哪些系统；尚未启用的系统会随之启用。",
            "en": "Which systems each unit uses; those that are not in force yet come into force with it.",
        }),
        Sheet("people", {"zh": "人员", "en": "People"}, {
            "zh": "每人一行。新账号没有密码，本人通过链接自行设置。",
            "en": "A row for each person. New accounts have no password until their owners set one by a link.",
        }),
        Sheet("posts", {"zh": "岗位", "en": "Posts"}, {
            "zh": "岗位给出角色：所属单位、角色、由谁担任。",
            "en": "A post gives a role: in which unit, which role, and who holds it.",
        }),
        Sheet("general_rules", {"zh": "职责分工", "en": "Duties"}, {
            "zh": "新职责由哪类单位承担、按哪一级划分；已有职责不必再写。",
            "en": "Which kind of unit carries a new duty, one for each area of which level; known duties need no row.",
        }),
        Sheet("special_rules", {"zh": "责任矩阵", "en": "Matrix"}, {
            "zh": "某小类在某区域由哪个单位负责，先于一般分工。",
            "en": "Which unit answers for a class in an area, before any general duty.",
        }),
    ),
    ending=nobody_waits_in_vain,
)  # fmt: skip
