"""Files of rosters, a row for each shift of somebody on a day: what would become of each, and then exactly that."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from accounts.actions.file_rows import FileRow, JudgedRow, code_in, codes_called
from accounts.actions.rosters import Wish, save_roster, staff_in_week, turn_of
from accounts.models import Organisation, User, Watch
from accounts.rules import Turn, monday_of, overlapping
from accounts.selectors import shifts, watches_in_week
from core.errors import DomainError
from core.languages import pick
from core.scope import Actor
from core.written import day_of

DAY, WEEK = timedelta(days=1), timedelta(days=7)
Key = tuple[str, date]


@dataclass(slots=True)
class Said:
    """What a row says: whose roster, and who has which shift on which day."""

    row: FileRow
    home: str
    day: date
    shift: str
    person: str

    @property
    def key(self) -> Key:
        """The roster that the row is part of: organisation and week."""
        return self.home, monday_of(self.day)


@dataclass(slots=True)
class Roster:
    """A week of an organisation that the file speaks of: whom it may name, what stands, what comes and what goes."""

    staff: Mapping[int, User]
    standing: set[Wish]
    named: set[Wish] = field(default_factory=set)
    comes: dict[Wish, Said] = field(default_factory=dict)
    goes: set[Wish] = field(default_factory=set)


class RosterFile:
    """One file being taken: `look` at every row, then `judge` them and `store` those that are sound.

    What a file leaves out stays; or it goes, in the weeks and organisations that the file names.
    """

    def __init__(self, *, actor: Actor, replaces: bool = False) -> None:
        self.actor, self.replaces = actor, replaces
        self._homes = {row.code: row for row in Organisation.objects.filter(active=True)}
        self._kinds = {row.code: row for row in shifts()}
        self._by_name = {
            "organisation": codes_called((row.code, row.names) for row in self._homes.values()),
            "shift": codes_called((row.code, row.names) for row in self._kinds.values()),
        }
        self._people: dict[str, User] = {}
        self._said: dict[int, Said] = {}
        self._rosters: dict[Key, Roster] = {}
        self._judged: dict[int, JudgedRow] = {}
        self._turns: dict[int, list[Turn]] = defaultdict(list)
        self._stored: set[Key] = set()
        self._rehearsed = self._cleared = False

    def look(self, rows: Iterable[FileRow]) -> None:
        """Every row is read and remembered."""
        for row in rows:
            called = " ".join(filter(None, (row.cells.get("day", "")[:10], row.cells.get("person", ""))))
            judged = self._judged[row.number] = JudgedRow(called, number=row.number)
            home, shift = (code_in(row, name, self._by_name[name], judged) for name in ("organisation", "shift"))
            day = day_of(row.cells.get("day", ""))
            if day is None:
                judged.refuse("day", "accounts.bad_date", value=row.cells.get("day", "")[:30])
            elif home and shift and not judged.faults:
                self._said[row.number] = Said(row, home, day, shift, row.cells.get("person", "").strip())

    def judge(self, rows: Iterable[FileRow]) -> list[JudgedRow]:
        """What would become of each row; nothing is stored."""
        self._rehearse_once()
        return [self._judged[row.number] for row in rows]

    def left_out(self) -> list[JudgedRow]:
        """The shifts that go because the file leaves them out."""
        self._rehearse_once()
        names = {user.pk: user.username for one in self._rosters.values() for user in one.staff.values()}
        gone = (wish for one in self._rosters.values() for wish in sorted(one.goes))
        return [JudgedRow(f"{wish.day.isoformat()} {names.get(wish.user_id, wish.user_id)}", "retire") for wish in gone]

    def store(self, judged: Iterable[JudgedRow]) -> None:
        """The rosters that these rows are part of are as the file says; what goes anywhere has gone before."""
        if not self._cleared:
            self._clear()
            self._cleared = True
        for one in judged:
            if one.outcome == "add":
                self._save(self._said[one.number].key)

    def finish(self) -> Mapping[str, int]:
        """Nothing is left to do; answers how many weeks were changed."""
        return {"weeks": len(self._stored | {key for key, roster in self._rosters.items() if roster.goes})}

    def _rehearse_once(self) -> None:
        if self._rehearsed:
            return
        self._rehearsed = True
        usernames = {said.person for said in self._said.values()}
        self._people = {user.username: user for user in User.objects.filter(username__in=usernames)}
        for said in self._said.values():
            if said.key not in self._rosters:
                self._rosters[said.key] = self._roster(*said.key)
        new = [said for _number, said in sorted(self._said.items()) if not self._stands(said)]
        if self.replaces:
            for one in self._rosters.values():
                one.goes = one.standing - one.named
        self._gather()
        for said in new:
            self._judge(said)
        self._rehearse()

    def _roster(self, home: str, first: date) -> Roster:
        held = {Wish(row.user_id, row.day, row.shift.code) for row in watches_in_week(home, first)}
        return Roster(staff_in_week(self._homes[home], first), held)

    def _stands(self, said: Said) -> bool:
        """Whether nothing need be asked of a row: somebody unknown, told twice, or on the roster already."""
        judged, roster, person = self._judged[said.row.number], self._rosters[said.key], self._people.get(said.person)
        if person is None:
            judged.refuse("person", "accounts.no_such_person", user_id=said.person[:60])
            return True
        wish = Wish(person.pk, said.day, said.shift)
        if wish in roster.named:
            judged.refuse("person", "accounts.turn_twice")
            return True
        roster.named.add(wish)
        judged.outcome = "same"
        return wish in roster.standing

    def _gather(self) -> None:
        """What the people of the file have on any roster around its weeks, but for what goes."""
        weeks = [first for _home, first in self._rosters]
        if not weeks:
            return
        rows = Watch.objects.filter(
            user__in=[user.pk for user in self._people.values()], day__gte=min(weeks) - DAY, day__lte=max(weeks) + WEEK
        )
        for row in rows.select_related("shift", "organisation").iterator(chunk_size=1000):
            roster = self._rosters.get((row.organisation.code, monday_of(row.day)))
            if roster is None or Wish(row.user_id, row.day, row.shift.code) not in roster.goes:
                turn = Turn(row.user_id, row.day, row.shift.code, row.begins_at, row.ends_at)
                self._turns[row.user_id].append(turn)

    def _judge(self, said: Said) -> None:
        judged, roster, person = self._judged[said.row.number], self._rosters[said.key], self._people[said.person]
        if person.pk not in roster.staff:
            name = pick(self._homes[said.home].names)
            judged.refuse("person", "accounts.not_of_the_staff", user_id=said.person, name=name)
            return
        wish = Wish(person.pk, said.day, said.shift)
        turn = turn_of(wish, self._kinds)
        near = [one for one in self._turns[person.pk] if abs(one.day - said.day) <= DAY]
        for one, other in [pair for pair in overlapping([*near, turn]) if turn in pair][:1]:
            first, second = (
                pick(self._kinds[held.shift].names) if held.shift in self._kinds else held.shift
                for held in (one, other)
            )
            judged.refuse(
                "day", "accounts.shifts_overlap", name=person.get_full_name(), day=one.day.isoformat(), first=first,
                other=other.day.isoformat(), second=second,
            )  # fmt: skip
            return
        self._turns[person.pk].append(turn)
        roster.comes[wish] = said
        judged.outcome = "add"

    @transaction.atomic
    def _rehearse(self) -> None:
        """All is done and taken back: what the verb refuses is the fault of the rows of its week."""
        point = transaction.savepoint()
        self._clear()
        for key, roster in self._rosters.items():
            try:
                self._save(key)
            except DomainError as error:
                for said in roster.comes.values():
                    self._judged[said.row.number].refuse("organisation", error.code, **error.params)
        transaction.savepoint_rollback(point)
        self._stored.clear()

    def _clear(self) -> None:
        for key, roster in self._rosters.items():
            if roster.goes:
                self._change(key, gone=roster.goes)

    def _save(self, key: Key) -> None:
        wanted = self._rosters[key].comes
        new = {wish for wish, said in wanted.items() if self._judged[said.row.number].outcome == "add"}
        if new and key not in self._stored:
            self._change(key, new=new)
            self._stored.add(key)

    @transaction.atomic
    def _change(self, key: Key, *, new: Iterable[Wish] = (), gone: Iterable[Wish] = ()) -> None:
        """The roster as it stands by then, but for what comes or goes: what somebody else changed meanwhile stays."""
        code, first = key
        Organisation.objects.select_for_update(of=("self",)).filter(code=code).first()
        standing = {Wish(row.user_id, row.day, row.shift.code) for row in watches_in_week(code, first)}
        save_roster(code, week=first, wishes=(standing | set(new)) - set(gone), actor=self.actor)
