"""Files of records that stood in old books: each row becomes a record with its number, state and term, once.

A record that stands here already is amended: its attributes, place and links follow the file, an empty cell changes
nothing. State, term and keeper are its own by then, because only steps change them; where the file says otherwise, the
row is told so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import shapely
from django.contrib.gis.geos import GEOSGeometry
from django.utils.timezone import get_default_timezone, localtime

from core import clock
from core.errors import Conflict, DomainError, Names
from core.schema import validate
from core.scope import Actor, machine
from exchange.contracts import Fault, Outcome, Row, Suspicion, Verdict
from journal import actions as journal
from registers import rules
from registers.actions import writing
from registers.actions.linking import leads_to, link, tie
from registers.actions.records import amend
from registers.contracts import ATTRIBUTE, CASE, LINK, Act, Declared, Link, RecordEntered
from registers.models import Record, Register
from registers.selectors import as_declared_now, declared_of, needs_place, obeyed, version_of
from registers.selectors.files import Known, attribute_in, known_of, organisations_by_word, text_in


@dataclass
class Given:
    """What a row says of a record, as far as it could be read."""

    number: str
    held: Record | None
    declared: Declared
    attributes: dict[str, Any] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    shape: GEOSGeometry | None = None
    cell: str = ""
    area: str = ""
    org: str = ""
    asset: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    otherwise: list[Fault] = field(default_factory=list)


class RecordFile:
    """One file of a register being taken."""

    def __init__(self, options: Mapping[str, str], *, actor: Actor) -> None:
        self.actor = machine(actor.key, "admin", "case.see", label=actor.label)  # links lead to cases as well
        self.version = version_of(options.get("register") or "")
        self.declared = declared_of(self.version)
        if self.version.register.retired:
            raise Conflict("registers.retired", register=Names(self.declared.names))
        self.reason = writing.text_of(options.get("source") or "")
        self.zone = get_default_timezone()
        self._organisations = organisations_by_word()
        self._seen: dict[str, int] = {}
        self._new: set[str] = set()
        self._claimed: dict[tuple[str, str], str] = {}
        self._lapsing = self._entered = self._amended = 0

    def look(self, rows: Sequence[Row]) -> None:
        """Nothing must be known before."""

    def suspicions(self) -> list[Suspicion]:
        """How many would lapse at once, because the term that the file tells has ended."""
        return [Suspicion("registers.lapse_at_once", {"count": self._lapsing})] if self._lapsing else []

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each row of a batch; nothing is stored."""
        known = known_of(self.version, self.declared, rows, self.actor)
        return [self._judge(row, known) for row in rows]

    def _judge(self, row: Row, known: Known) -> Verdict:
        number = text_in(row, "number")
        if number and not rules.number_of_record(number):
            row.refuse("number", "registers.bad_number", given=number[:40])
        elif number and self._seen.setdefault(number, row.line) != row.line:
            row.refuse("number", "registers.number_twice", line=self._seen[number])
        if row.faults or not number:
            return Verdict(row, Outcome.REFUSE, number[:60])
        held = known.records.get(number)
        given = Given(number, held, self._under(held))
        for read in (self._read_attributes, self._read_state, self._read_place, self._read_keeper, self._read_links):
            read(row, given, known)
        outcome = Outcome.REFUSE if row.faults else self._outcome(row, given, known)
        if outcome == Outcome.ADD:
            self._new.add(number)
            self._lapsing += _lapses(given)
        row.faults += given.otherwise
        before = shapely.from_wkb(bytes(held.geom.wkb)) if held and held.geom and outcome == Outcome.CHANGE else None
        return Verdict(row, outcome, number, given, before)

    def _under(self, held: Record | None) -> Declared:
        """The register that the row obeys: the newest, or that of a record whose state it knows no more."""
        if held is None or any(one.code == held.state and one.end == held.ended for one in self.declared.states):
            return self.declared
        return obeyed(held.written_under, self.declared)

    def _read_attributes(self, row: Row, given: Given, known: Known) -> None:
        told = {}
        for name in self.declared.schema.get("properties") or {}:
            value = attribute_in(self.declared, row, name)
            if value not in ("", None, []):
                told[name] = value
        before = given.held.attributes if given.held else {}
        if given.held and given.declared is self.declared:
            before = as_declared_now(given.held, self.version)
        masks = rules.masked(before, given.declared.personal)
        given.attributes = {
            name: value for name, value in told.items()
            if before.get(name) != value and not (name in given.declared.personal and masks.get(name) == value)
        }  # fmt: skip
        for problem in validate(given.declared.schema, {**before, **given.attributes}):
            name = problem.path.strip("/").split("/")[0]
            row.refuse(f"{ATTRIBUTE}{name}", problem.code)

    def _read_state(self, row: Row, given: Given, known: Known) -> None:
        word = text_in(row, "state")
        given.state = rules.state_of_word(given.declared, word) if word else given.declared.states[0].code
        if word and not given.state:
            row.refuse("state", "registers.unknown_state", given=word[:40])
        told = {name: self._moment(row, name, end=name == "valid_until") for name in ("valid_from", "valid_until")}
        term = given.declared.term
        given.since, given.until = rules.whole_term(term, told["valid_from"], told["valid_until"], self.zone)
        if any(told.values()) and not (given.since and given.until):
            row.refuse("valid_until", "registers.half_a_term")
        elif given.since and given.until and given.since >= given.until:
            row.refuse("valid_until", "registers.term_order")
        if given.held is not None:
            self._differs(row, given, "state", bool(given.state and word) and given.state != given.held.state)
            for name, held in (("valid_from", given.held.valid_from), ("valid_until", given.held.valid_until)):
                self._differs(row, given, name, told[name] is not None and not _same_moment(told[name], held))

    def _moment(self, row: Row, name: str, *, end: bool) -> datetime | None:
        text = text_in(row, name)
        moment = rules.moment_told(text, self.zone, end=end) if text else None
        if text and moment is None:
            row.refuse(name, "registers.bad_moment", given=text[:40])
        return moment

    def _differs(self, row: Row, given: Given, name: str, differs: bool) -> None:
        """The row is told that the record is otherwise by now, and stays so."""
        if differs:
            given.otherwise.append(Fault(row.line, row.columns.get(name, name), "registers.otherwise_here"))

    def _read_place(self, row: Row, given: Given, known: Known) -> None:
        self._read_component(row, given, known)
        if row.geometry is None:
            if given.held is None and needs_place(given.declared) and not given.asset:
                state = next((one for one in given.declared.states if one.code == given.state), None)
                if state is None or not state.end:
                    row.refuse("lon", "registers.place_needed")
            return
        try:
            shape = writing.shape_of(given.declared, row.geometry.wkt)
        except DomainError as error:
            row.refuse("lon", error.code)
            return
        place = known.places.get(row.number)
        if place is None:
            row.refuse("lon", "registers.place_outside")
            return
        before = given.held.geom if given.held else None
        given.shape = None if shape is None or (before and shape.equals_exact(before, 1e-9)) else shape
        given.cell, given.area = place

    def _read_component(self, row: Row, given: Given, known: Known) -> None:
        code = text_in(row, "component")
        if not code:
            return
        about = known.components.get(code)
        if about is None or about.type not in given.declared.assets:
            row.refuse("component", "registers.unknown_asset", asset=code[:24])
            return
        given.asset = about.code
        if given.held is not None:
            self._differs(row, given, "component", about.code != given.held.asset)
        elif row.geometry is None:
            given.cell, given.area = about.cell, about.area
            if needs_place(given.declared) and given.declared.placing.value == "point":
                given.shape = GEOSGeometry(f"POINT({about.lon!r} {about.lat!r})", srid=4326)

    def _read_keeper(self, row: Row, given: Given, known: Known) -> None:
        word = text_in(row, "organisation")
        hits = self._organisations.get(word.casefold(), []) if word else []
        if word and len(hits) != 1:
            row.refuse("organisation", "registers.two_keepers" if hits else "registers.unknown_keeper", given=word[:60])
        elif word:
            given.org, home = hits[0]
            given.area = given.area or home
            self._differs(row, given, "organisation", given.held is not None and given.held.org != given.org)

    def _read_links(self, row: Row, given: Given, known: Known) -> None:
        for one in given.declared.links:
            name = f"{LINK}{one.code}"
            for to in dict.fromkeys(rules.listed(text_in(row, name))):
                self._read_link(row, given, known, one, to)
            many = sum(code == one.code for code, _to in given.links) + _held_links(given, known, one)
            if one.most and many > one.most:
                row.refuse(name, "registers.too_many_links", most=one.most)
            if one.needed and not many and not text_in(row, name):
                row.refuse(name, "exchange.empty_cell")
        if given.held is None and not given.area and not given.org and not row.faults:
            row.refuse("organisation", "registers.keeper_needed")

    def _read_link(self, row: Row, given: Given, known: Known, one: Link, to: str) -> None:
        name = f"{LINK}{one.code}"
        if given.held is not None and (given.held.pk, one.code, to) in known.tied:
            return
        if to == given.number and one.to == self.declared.code:
            row.refuse(name, "registers.links_itself")
        elif (one.code, to) in known.targets:
            target = known.targets[one.code, to]
            given.area = given.area or (target.area if target else "")
            given.links.append((one.code, to))
        elif one.to == self.declared.code and to in self._new:
            given.links.append((one.code, to))
        elif one.to == CASE:
            row.refuse(name, "registers.no_case", case=to[:40])
        else:
            row.refuse(name, "registers.no_record", number=to[:60])

    def _outcome(self, row: Row, given: Given, known: Known) -> Outcome:
        if given.held is not None and not (given.attributes or given.links or given.shape):
            return Outcome.SAME
        if given.held is not None and given.held.ended:
            row.refuse("number", "registers.ended", number=given.number)
        else:
            self._claim(row, given, known)
        if row.faults:
            return Outcome.REFUSE
        return Outcome.CHANGE if given.held else Outcome.ADD

    def _claim(self, row: Row, given: Given, known: Known) -> None:
        """Its unique values are its own; the row is refused where another record has one of them."""
        if given.held is None and given.declared.state_of(given.state).end:
            return
        for name in given.declared.unique:
            value = str(given.attributes.get(name, ""))[:200]
            owner = known.taken.get((name, value)) or self._claimed.get((name, value))
            column = f"{ATTRIBUTE}{name}"
            if value and owner not in (None, given.number):
                row.refuse(column, "registers.value_taken", label=row.columns.get(column, name))
        if not row.faults:
            self._claimed |= {(name, str(given.attributes[name])[:200]): given.number
                              for name in given.declared.unique if name in given.attributes}  # fmt: skip

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """New records stand in the register, known ones are as the file says; one file at a time."""
        Register.objects.select_for_update(no_key=True).get(pk=self.version.register_id)
        new = [one for one in verdicts if one.outcome == Outcome.ADD]
        writing.keep_runs(self.version.register_id, self.declared, [one.item.number for one in new])
        meanwhile = set(
            Record.objects.filter(
                register=self.version.register, number__in=[one.item.number for one in new]
            ).values_list("number", flat=True)
        )
        for one in new:
            if one.item.number in meanwhile:
                one.outcome = Outcome.REFUSE
            else:
                self._enter(one.item)
        for one in verdicts:
            if one.outcome == Outcome.CHANGE:
                self._amend(one.item)

    def _enter(self, given: Given) -> None:
        now = clock.now()
        row = Record(
            register=self.version.register, written_under=self.version, number=given.number, created_at=now,
            attributes=writing.valid_attributes(given.declared, given.attributes), org=given.org, area=given.area,
            cell=given.cell, geom=given.shape, asset=given.asset, valid_from=given.since, valid_until=given.until,
        )  # fmt: skip
        writing.enter_state(row, given.declared, given.state, now)
        writing.write(row, given.declared, writing.Deed(self.actor, Act.ENTER, reason=self.reason), {})
        for code, to in given.links:
            tie(row, given.declared, code, to, leads_to(given.declared, code, to, self.actor), self.actor)
        news = RecordEntered(self.declared.code, row.number, row.state)
        journal.record(
            "registers.entered.v1", subject=row.number, actor=self.actor, org=row.org, area=row.area, data=news
        )
        self._entered += 1

    def _amend(self, given: Given) -> None:
        if given.held is None:
            return
        if given.attributes or given.shape:
            version = Record.objects.select_for_update().get(pk=given.held.pk).version  # a reminder may have come since
            amend(
                self.declared.code, given.number, actor=self.actor, version=version,
                given=given.attributes, place=given.shape.wkt if given.shape else None, reason=self.reason,
            )  # fmt: skip
        for code, to in given.links:
            link(self.declared.code, given.number, actor=self.actor, link=code, to=to, reason=self.reason)
        self._amended += 1

    def finish(self) -> Mapping[str, Any]:
        """How many came in, how many were changed."""
        return {"entered": self._entered, "amended": self._amended}


def _held_links(given: Given, known: Known, one: Link) -> int:
    if given.held is None:
        return 0
    return sum((record, code) == (given.held.pk, one.code) for record, code, _to in known.tied)


def _same_moment(told: datetime | None, held: datetime | None) -> bool:
    """Whether a file means this moment: it tells no parts of a second, and a day for the moments within it."""
    return told is not None and held is not None and (
        abs((told - held).total_seconds()) < 1 or localtime(told).date() == localtime(held).date()
    )  # fmt: skip


def _lapses(given: Given) -> bool:
    """Whether the record would lapse as soon as it stands in the register."""
    term = given.declared.term
    over = given.until is not None and given.until <= clock.now()
    return term is not None and bool(term.lapse) and over and given.state in term.sources
