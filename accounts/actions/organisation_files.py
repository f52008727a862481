"""Files of organisations, a row for each stretch of time: what would become of each, and then exactly that.

The file itself is somebody else's. What would be refused is found out by doing it all and taking it back.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import get_current_timezone

from accounts.actions.file_rows import FOR_EVER, FileRow, JudgedRow, moment_in
from accounts.actions.moving import close_organisation, move_organisation
from accounts.actions.organisations import Stretch, bring_organisation, bring_past, change_organisation
from accounts.contracts import Level
from accounts.models import Organisation, OrganisationKind, Standing
from accounts.rules import CODE, place_under
from core import clock
from core.errors import Conflict, DomainError, Names
from core.languages import pick
from core.scope import Actor
from core.written import flag_of, listed

LEVELS = {"市": Level.CITY, "区": Level.DISTRICT, "街道": Level.STREET, "社区": Level.COMMUNITY}
FIELDS = {
    "accounts.bad_code": "code", "accounts.bad_area": "area", "accounts.name_missing": "name_en",
    "accounts.bad_level": "level", "accounts.unknown_kind": "kind", "accounts.kind_not_at_level": "kind",
    "accounts.level_above_parent": "level", "accounts.area_outside_parent": "area",
    "accounts.closing_hindered": "active", "accounts.closes_others": "active", "accounts.past_stays": "valid_from",
    "accounts.stands_later": "valid_from", "accounts.stretches_overlap": "valid_from",
}  # fmt: skip
CARRIED = ("add", "change", "retire")


@dataclass(slots=True)
class Said:
    """What a row says, so far as it can be read; `until` tells the past from the present."""

    row: FileRow
    code: str
    names: dict[str, str]
    kind: str
    level: str
    parent: str
    area: str
    duties: list[str]
    active: bool
    since: datetime | None = None
    until: datetime | None = None


class OrganisationFile:
    """One file being taken: `look` at every row, then `judge` them, `store` those that are sound, and `finish`."""

    def __init__(self, *, actor: Actor, areas: Collection[str] = ()) -> None:
        """`areas` are those of the map, before there is one none."""
        self.areas = areas
        self.actor, self.now, self.zone = actor, clock.now(), get_current_timezone()
        self._held = {row.code: row for row in Organisation.objects.select_related("parent")}
        self._kinds = {name: row.code for row in OrganisationKind.objects.all() for name in row.names.values()}
        self._said: dict[int, Said] = {}
        self._present: dict[str, Said] = {}
        self._past: dict[str, list[Said]] = defaultdict(list)
        self._judged: dict[int, JudgedRow] = {}
        self._carried: set[str] = set()
        self._rehearsed = False

    def look(self, rows: Iterable[FileRow]) -> None:
        """Every row is read and remembered, so that a child may stand before its parent."""
        for row in rows:
            judged = self._judged[row.number] = JudgedRow(row.cells.get("code", ""))
            said = self._read(row, judged)
            self._said[row.number] = said
            if not CODE.search(said.code):
                judged.refuse("code", "accounts.bad_code", value=said.code[:60])
            elif judged.faults:
                continue
            elif said.until:
                self._past[said.code].append(said)
            elif said.code in self._present:
                judged.refuse(
                    "code", "accounts.organisation_twice", code=said.code, line=self._present[said.code].row.line
                )
            else:
                self._present[said.code] = said

    def _read(self, row: FileRow, judged: JudgedRow) -> Said:
        cell = row.cells.get
        since, until = (moment_in(row, name, judged, self.zone) for name in ("valid_from", "valid_until"))
        active = flag_of(cell("active", "")) if cell("active") else True
        if active is None:
            judged.refuse("active", "accounts.flag_unread", given=cell("active", "")[:20])
        if since and since > self.now:
            judged.refuse("valid_from", "accounts.stands_later")
        if until and until > self.now:
            judged.refuse("valid_until", "accounts.ends_later")
        elif until and (since is None or until <= since):
            judged.refuse("valid_until", "accounts.dates_reversed")
        kind, level = cell("kind", ""), cell("level", "")
        return Said(
            row, cell("code", ""), {"zh": cell("name", ""), "en": cell("name_en", "")}, self._kinds.get(kind, kind),
            LEVELS.get(level, level), cell("parent", ""), cell("area", ""), sorted(set(listed(cell("duties", "")))),
            active is not False, since, until,
        )  # fmt: skip

    def judge(self, rows: Iterable[FileRow]) -> list[JudgedRow]:
        """What would become of each row; nothing is stored."""
        if not self._rehearsed:
            self._judge_all()
            self._rehearsed = True
        return [self._judged[row.number] for row in rows]

    def _judge_all(self) -> None:
        for said in self._present.values():
            self._judge_present(said, self._judged[said.row.number])
        for said in self._present.values():
            self._judge_place(said, self._judged[said.row.number])
        stood = {(row.organisation.code, row.valid_from): row for row in self._standings()} if self._past else {}
        for code, stretches in self._past.items():
            for said in stretches:
                self._judge_past(code, said, stood.get((code, said.since or self.now)))
        self._fall_together()
        self._rehearse()
        self._fall_together()

    def _fall_together(self) -> None:
        """Of a new organisation no row is taken where one is refused: its past could not be told later."""
        broken = {one.code for one in self._judged.values() if one.outcome == "refuse"} - self._held.keys()
        for one in self._judged.values():
            if one.code in broken and one.outcome != "refuse":
                one.refuse("code", "accounts.other_rows", code=one.code)

    def _standings(self) -> Iterable[Standing]:
        return Standing.objects.filter(organisation__code__in=list(self._past)).select_related("organisation", "parent")

    def _judge_present(self, said: Said, judged: JudgedRow) -> None:
        held = self._held.get(said.code)
        if held is None:
            judged.outcome = "add"
            for name in ("kind", "level"):
                if not getattr(said, name):
                    judged.refuse(name, "accounts.cell_missing")
            if self.areas and said.area and said.area not in self.areas:
                judged.refuse("area", "accounts.area_not_on_map", area=said.area[:60])
            return
        for name in ("kind", "level", "area"):
            wanted = getattr(said, name)
            if wanted and wanted != getattr(held, name):
                judged.refuse(name, "accounts.organisation_fixed", name=Names(held.names))
        if not judged.faults:
            judged.outcome = self._outcome(said, held)

    def _outcome(self, said: Said, held: Organisation) -> str:
        if held.active and not self._active(said):
            return "retire"
        same = (
            self._parent(said.code) == (held.parent.code if held.parent else "") and self._active(said) == held.active
        )
        named = _names(said, held) == held.names
        return "same" if same and named and ("duties" not in said.row.given or said.duties == held.duties) else "change"

    def _active(self, said: Said) -> bool:
        held = self._held.get(said.code)
        return held.active if held and not said.row.cells.get("active") else said.active

    def _parent(self, code: str) -> str:
        """Under which the organisation will stand."""
        said, held = self._present.get(code), self._held.get(code)
        if said and (held is None or "parent" in said.row.given):
            return said.parent
        return held.parent.code if held and held.parent else ""

    def _above(self, code: str) -> list[str]:
        """Those under which it will stand, the nearest first; itself among them where it would stand below itself."""
        found: list[str] = []
        while (code := self._parent(code)) and code not in found:
            found.append(code)
        return found

    def _judge_place(self, said: Said, judged: JudgedRow) -> None:
        """The parent exists, nothing stands below itself, and what is in use stands under what is in use."""
        if judged.outcome in ("refuse", "same"):
            return
        if said.code in self._above(said.code):
            self._refuse_circle(said, judged)
            return
        parent = self._parent(said.code)
        if parent and parent not in self._held and parent not in self._present:
            judged.refuse("parent", "accounts.no_such_organisation", code=parent[:60])
        elif parent and judged.outcome != "retire" and self._active(said) and not self._stays(parent):
            judged.refuse("parent", "accounts.parent_closed", parent=parent)
        if judged.outcome == "retire" and (others := self._left_under(said.code)):
            judged.refuse("active", "accounts.closes_others", count=len(others), which=", ".join(others[:5]))

    def _refuse_circle(self, said: Said, judged: JudgedRow) -> None:
        judged.refuse("parent", "accounts.moves_below_itself", name=pick(said.names) or said.code, parent=said.parent)

    def _stays(self, code: str) -> bool:
        said, held = self._present.get(code), self._held.get(code)
        return self._active(said) if said else held is not None and held.active

    def _left_under(self, code: str) -> list[str]:
        """Which organisations that stay in use will stand directly under this one."""
        known = self._held.keys() | self._present.keys()
        return sorted(one for one in known if self._parent(one) == code and self._stays(one))

    def _judge_past(self, code: str, said: Said, stood: Standing | None) -> None:
        judged = self._judged[said.row.number]
        if stood and _stood_so(said, stood):
            judged.outcome = "same"
        elif code in self._held:
            judged.refuse("valid_from", "accounts.past_stays", code=code)
        elif code not in self._present:
            judged.refuse("code", "accounts.past_of_nobody", code=code)
        elif said.parent and said.parent not in self._held and said.parent not in self._present:
            judged.refuse("parent", "accounts.no_such_organisation", code=said.parent[:60])
        else:
            judged.outcome = "add"
            before = [one for one in self._past[code] if one.row.number < said.row.number]
            crossed = next((one for one in (self._present[code], *before) if _cross(one, said)), None)
            if crossed:
                judged.refuse("valid_from", "accounts.stretches_overlap", line=crossed.row.line)

    @transaction.atomic
    def _rehearse(self) -> None:
        """All is done and taken back: whatever is refused on the way is the fault of its row."""
        point = transaction.savepoint()
        rows = sorted(self._present.values(), key=lambda said: len(self._above(said.code)))
        for said in rows:
            if self._judged[said.row.number].outcome in CARRIED:
                self._try(said, self._carry)
        for said in rows:
            if self._judged[said.row.number].outcome == "retire":
                self._try(said, self._end)
        transaction.savepoint_rollback(point)
        self._carried.clear()

    def _try(self, said: Said, act: Callable[[str], None]) -> None:
        try:
            with transaction.atomic():
                act(said.code)
        except DomainError as error:
            name = "name" if "zh" in str(error.params.get("languages", "")) else FIELDS.get(error.code, "parent")
            self._judged[said.row.number].refuse(name, error.code, **error.params)

    def store(self, judged: Iterable[JudgedRow]) -> None:
        """The organisations that are new or changed stand so, each after the one above it."""
        for one in judged:
            if one.outcome in CARRIED:
                self._carry(one.code)

    def finish(self) -> Mapping[str, int]:
        """Those that the file ends are closed, once nothing in use stands under them any more."""
        ended = [code for code, said in self._present.items() if self._judged[said.row.number].outcome == "retire"]
        for code in ended:
            self._end(code)
        return {"closed": len(ended)}

    def _carry(self, code: str) -> None:
        said = self._present.get(code)
        if said is None or code in self._carried:
            return
        if self._judged[said.row.number].outcome == "refuse":
            raise Conflict("accounts.parent_refused", code=code, line=said.row.line)
        if self._judged[said.row.number].outcome == "same":
            return
        self._carry(self._parent(code))
        held = self._held.get(code)
        if held is None:
            self._bring(said)
        else:
            self._change(said, held)
        self._carried.add(code)

    def _bring(self, said: Said) -> None:
        bring_organisation(
            code=said.code, names=said.names, kind=said.kind, level=said.level, parent=said.parent, area=said.area,
            duties=said.duties, active=said.active, since=said.since, actor=self.actor,
        )  # fmt: skip
        self._carried.add(said.code)
        past = [one for one in self._past.get(said.code, ()) if self._judged[one.row.number].outcome == "add"]
        for one in past:
            self._carry(one.parent)
        stretches = [
            Stretch(
                one.names, one.duties, one.parent, self._path_at(one.code, one.since), one.active, one.since, one.until
            )
            for one in past
            if one.since and one.until
        ]
        bring_past(said.code, stretches, actor=self.actor)

    def _change(self, said: Said, held: Organisation) -> None:
        parent = self._parent(said.code)
        if parent != (held.parent.code if held.parent else ""):
            move_organisation(said.code, parent=parent, actor=self.actor)
        change_organisation(
            said.code, actor=self.actor, names=_names(said, held),
            duties=said.duties if "duties" in said.row.given else None,
            active=True if self._active(said) and not held.active else None,
        )  # fmt: skip

    def _end(self, code: str) -> None:
        """It is closed; what was closed with another stays as it is."""
        if Organisation.objects.filter(code=code, active=True).exists():
            close_organisation(code, actor=self.actor)

    def _path_at(self, code: str, moment: datetime | None) -> str:
        """The path that an organisation had, by what the file says of it and of those above it."""
        path, seen = code, {code}
        while (code := self._parent_at(code, moment)) and code not in seen:
            seen.add(code)
            path = place_under(code, path)
        return path

    def _parent_at(self, code: str, moment: datetime | None) -> str:
        for one in self._past.get(code, ()):
            if moment and one.since and one.until and one.since <= moment < one.until:
                return one.parent
        return self._parent(code)


def _names(said: Said, held: Organisation) -> dict[str, str]:
    return {**held.names, **{language: name for language, name in said.names.items() if name}}


def _stood_so(said: Said, stood: Standing) -> bool:
    named = all(stood.names.get(language, "") == name for language, name in said.names.items())
    parent = stood.parent.code if stood.parent else ""
    then = (parent, stood.duties, stood.active, stood.valid_until)
    return named and then == (said.parent, said.duties, said.active, said.until)


def _cross(one: Said, other: Said) -> bool:
    """Whether two rows speak of the same time; a present one goes on for ever."""
    first, second = (said.since or FOR_EVER for said in (one, other))
    return first < (other.until or FOR_EVER) and second < (one.until or FOR_EVER)
