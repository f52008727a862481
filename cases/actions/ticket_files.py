"""Files of hotline tickets: open ones become reports like any other, closed ones are kept as the past they are.

Nothing is lost: a ticket without a place inside the grid, or of a class that nobody knows, is taken and flagged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.gis.geos import Point
from django.utils.timezone import localdate

from cases.actions.intake import numbers, report
from cases.actions.withholding import keep_person, masked_case
from cases.contracts import Source, Stage
from cases.contracts.history import HISTORY_TAKEN, HistoryTaken
from cases.models import Case, Category, Move
from cases.rules.tickets import class_words, plain
from cases.selectors import categories, tickets_known
from core import clock
from core.errors import Forbidden, Invalid
from core.personal import NOBODY
from core.scope import EVERYWHERE, Actor
from core.trace import current_trace
from core.written import moment_of
from exchange.contracts import Fault, Outcome, Row, Suspicion, Verdict
from grid import selectors as grid
from grid.contracts import Place
from journal import actions as journal

MOST_TEXT = 4000
MOST_REF = 120
LISTED = 12
COUNTED = {
    "open": "ticket.many_open", "unlocated": "ticket.many_unlocated", "elsewhere": "ticket.many_elsewhere",
}  # fmt: skip
TEXTS = ("class", "text", "address", "district", "state")


@dataclass(frozen=True)
class Ticket:
    """A line that can be taken: `closed` is None while the hotline still has it open."""

    ref: str
    created: datetime
    closed: datetime | None
    kind: Category | None
    place: Place | None
    point: tuple[float, float] | None
    text: str
    address: str
    told: Mapping[str, str]


class Tickets:
    """One file being taken: known tickets stay as they are, new ones come in once."""

    def __init__(self, options: Mapping[str, str], *, actor: Actor, keep: Mapping[str, Any]) -> None:
        if not actor.may("admin"):
            raise Forbidden("case.no_page")
        self.actor = replace(actor, rights={**actor.rights, "case.report": EVERYWHERE})
        self.system = (options.get("system") or "12345").strip()[:40]
        self.zone = zone_told(options.get("zone") or "Asia/Shanghai")
        self._kinds = {row.code: row for row in categories()}
        self._names = {plain(name): row.code for row in self._kinds.values() for name in row.names.values()}
        self._names |= {plain(code): code for code in self._kinds}
        self._words = classes_told(class_words(options.get("classes") or ""), self._kinds)
        self._cells: dict[str, Place | None] = {}
        self._seen: dict[str, int] = {}
        self._strange: dict[str, int] = {}
        self._counts = dict.fromkeys(COUNTED, 0)
        self._taken = {"open": 0, "closed": 0}
        self._districts: dict[str, set[str]] = {}

    def look(self, rows: Sequence[Row]) -> None:
        """Nothing must be known before."""

    def suspicions(self) -> list[Suspicion]:
        """Unknown words for classes; how many are open, have no place, or one in another district than they say."""
        found = []
        if self._strange:
            words = sorted(self._strange, key=lambda word: (-self._strange[word], word))
            told = ", ".join(f"{word} ({self._strange[word]})" for word in words[:LISTED])
            found.append(Suspicion("ticket.unknown_classes", {"count": len(words), "words": told}, grave=False))
        for name, count in self._counts.items():
            if count:
                found.append(Suspicion(COUNTED[name], {"count": count}, grave=False))
        return found

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """What would become of each ticket; what is only doubtful is listed and taken all the same."""
        refs = {row.number: self._ref(row) for row in rows}
        known = tickets_known(Source.HOTLINE, refs.values())
        places = self._places(rows)
        return [self._judge(row, refs[row.number], known, places.get(row.number)) for row in rows]

    def _ref(self, row: Row) -> str:
        return f"{self.system}:{str(row.values.get('ticket') or '').strip()[:MOST_REF]}"

    def _places(self, rows: Sequence[Row]) -> dict[int, Place | None]:
        located = [row for row in rows if row.geometry is not None and row.geometry.geom_type == "Point"]
        found = grid.places_at([(row.geometry.x, row.geometry.y) for row in located if row.geometry is not None])
        return {row.number: self._cell(hit[0]) if hit else None for row, hit in zip(located, found, strict=True)}

    def _cell(self, code: str) -> Place | None:
        if code not in self._cells:
            self._cells[code] = grid.cell_place(code)
        return self._cells[code]

    def _judge(self, row: Row, ref: str, known: Mapping[str, str], place: Place | None) -> Verdict:
        code = ref.partition(":")[2]
        created, closed = (self._moment(row, name) for name in ("created", "closed"))
        if self._seen.setdefault(ref, row.line) != row.line:
            row.refuse("ticket", "ticket.twice", line=self._seen[ref])
        if created and closed and closed < created:
            row.refuse("closed", "ticket.closed_before_created")
        if row.faults or created is None:
            return Verdict(row, Outcome.REFUSE, code)
        if ref in known:
            if closed and known[ref] != Stage.CLOSED:
                self._doubt(row, "closed", "ticket.closed_there")
            return Verdict(row, Outcome.SAME, code)
        return Verdict(row, Outcome.ADD, code, self._ticket(row, ref, created, closed, place))

    def _moment(self, row: Row, name: str) -> datetime | None:
        value = row.values.get(name)
        if row.faults or value in ("", None):
            return None
        found = moment_of(str(value), self.zone)
        if found is None or found > clock.now():
            row.refuse(name, "ticket.bad_moment", given=str(value)[:40])
        return found

    def _doubt(self, row: Row, name: str, code: str, /, **params: object) -> None:
        """Something is listed with the row, which is taken all the same."""
        row.faults.append(Fault(row.line, row.columns.get(name, name), code, params))

    def _ticket(
        self, row: Row, ref: str, created: datetime, closed: datetime | None, place: Place | None
    ) -> Ticket:  # fmt: skip
        told = {
            name: str(row.values.get(name) or "").strip() for name in ("class", "text", "address", "district", "state")
        }
        self._counts["open"] += closed is None
        kind = self._kind(row, told["class"])
        self._look_at_place(row, place, told["district"])
        text = "\n".join(filter(None, (told["class"] if kind is None else "", told["text"])))
        shape = row.geometry if row.geometry is not None and row.geometry.geom_type == "Point" else None
        kept = {name: told[name] for name in ("class", "district", "state") if told[name]}
        return Ticket(
            ref, created, closed, kind, place, (shape.x, shape.y) if shape is not None else None,
            (text or told["class"])[:MOST_TEXT], told["address"][:300], kept,
        )  # fmt: skip

    def _kind(self, row: Row, word: str) -> Category | None:
        code = self._words.get(plain(word)) or self._names.get(plain(word), "")
        if not code:
            self._strange[word or "—"] = self._strange.get(word or "—", 0) + 1
        return self._kinds.get(code)

    def _look_at_place(self, row: Row, place: Place | None, district: str) -> None:
        if place is None:
            self._counts["unlocated"] += 1
            self._doubt(row, "lon", "ticket.unlocated")
        elif district and not self._is_called(place, district):
            self._counts["elsewhere"] += 1
            self._doubt(row, "district", "ticket.other_district", given=district[:40], found=place.district)

    def _is_called(self, place: Place, district: str) -> bool:
        if not self._districts:
            self._districts = {
                one.code: {plain(name) for name in one.names.values()} for one in grid.region_names_at("district")
            }
        return plain(district) in {plain(place.district), *self._districts.get(place.district, ())}

    def store(self, verdicts: Sequence[Verdict]) -> None:
        """Open tickets are reported, one by one and like all reports; closed ones are entered together."""
        tickets = [verdict.item for verdict in verdicts if verdict.outcome == Outcome.ADD]
        for ticket in tickets:
            if ticket.closed is None:
                self._report(ticket)
        closed = [(ticket, ticket.closed) for ticket in tickets if ticket.closed is not None]
        if closed:
            self._enter(closed)
        self._taken["open"] += len(tickets) - len(closed)
        self._taken["closed"] += len(closed)

    def _report(self, ticket: Ticket) -> None:
        lon, lat = ticket.point or (None, None)
        report(
            actor=self.actor, source=Source.HOTLINE, source_ref=ticket.ref, reported_at=ticket.created,
            category=ticket.kind.code if ticket.kind else "", description=ticket.text, lon=lon, lat=lat,
            address=ticket.address or ("" if ticket.point else "—"), attributes=ticket.told,
        )  # fmt: skip

    def _enter(self, tickets: Sequence[tuple[Ticket, datetime]]) -> None:
        begun = [(ticket.place.district if ticket.place else "", localdate(ticket.created)) for ticket, _ in tickets]
        cases = [self._case(*ticket, number) for ticket, number in zip(tickets, numbers(begun), strict=True)]
        words = [masked_case(case) for case in cases]
        Case.objects.bulk_create(cases)
        for case, found in zip(cases, words, strict=True):
            keep_person(case, NOBODY, found)
        moves = [move for case, (_, closed) in zip(cases, tickets, strict=True) for move in self._moves(case, closed)]
        Move.objects.bulk_create(moves)
        news = HistoryTaken(Source.HOTLINE, self.system, len(cases), cases[0].number, cases[-1].number)
        journal.record(HISTORY_TAKEN, subject=f"tickets:{self.system}", actor=self.actor, data=news)

    def _case(self, ticket: Ticket, closed: datetime, number: str) -> Case:
        place = ticket.place
        return Case(
            number=number, version=2, stage_version=2, stage=Stage.CLOSED, stage_since=closed,
            source=Source.HOTLINE, source_ref=ticket.ref, reported_by=self.actor.key, category=ticket.kind,
            kind=ticket.kind.kind if ticket.kind else "", description=ticket.text, address=ticket.address,
            attributes=dict(ticket.told), point=Point(*ticket.point, srid=4326) if ticket.point else None,
            cell=place.cell if place else "", area=place.area if place else "",
            district=place.district if place else "", place=dict(place.names) if place else {},
            reported_at=ticket.created, closed_at=closed, trace=current_trace(),
        )  # fmt: skip

    def _moves(self, case: Case, closed: datetime) -> list[Move]:
        steps = (
            ("report", "", Stage.REPORTED, case.reported_at),
            ("archive", Stage.REPORTED, Stage.CLOSED, closed),
        )
        return [
            Move(
                case=case, version=version, verb=verb, before=before, after=after, actor=self.actor.key,
                actor_label=self.actor.label, given={"source": Source.HOTLINE, "note": self.system}, at=at,
                trace=case.trace,
            )
            for version, (verb, before, after, at) in enumerate(steps, start=1)
        ]  # fmt: skip

    def finish(self) -> Mapping[str, Any]:
        """How many came in open and how many as the past."""
        return dict(self._taken)


def zone_told(name: str) -> ZoneInfo:
    """The zone that a setting names; Invalid where there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise Invalid("ticket.bad_zone", given=name[:40]) from None


def classes_told(words: Mapping[str, str], kinds: Mapping[str, Category]) -> Mapping[str, str]:
    """The classes that a setting gives to words; Invalid where it gives one that nobody knows."""
    for code in words.values():
        if code not in kinds:
            raise Invalid("case.unknown_category", given=code[:20])
    return words
