"""Books: the sheets of a workbook are carried out one after the other in one transaction, or taken back all together.

So a check is the very act that it promises, and a worker that dies half way leaves nothing behind.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import transaction

from core import clock
from core.errors import Conflict, DomainError, Invalid, Names, NotFound
from core.languages import pick
from core.scope import Actor
from exchange import selectors
from exchange.actions.findings import Findings, plain
from exchange.actions.mapping import map_columns
from exchange.actions.steps import actor_of, finish, held, keep_report
from exchange.actions.uploads import upload
from exchange.adapters import folder
from exchange.adapters.planes import Plane
from exchange.codecs.sheets import Sheets, titles
from exchange.codecs.writing import sheets_book
from exchange.contracts import Fault, Format, Intake, Outcome, Row, Session, Suspicion, Verdict, intakes
from exchange.contracts.books import MOST_ROWS, Book, Sheet
from exchange.models import ImportJob
from exchange.rules.books import is_notes, sheet_called
from exchange.rules.mapping import fields_of, guess, problems
from exchange.rules.records import Record
from exchange.rules.shaping import Shaper

WRITTEN = (Outcome.ADD, Outcome.CHANGE, Outcome.RETIRE)
DEGREES = "EPSG:4326"


class _Read(NamedTuple):
    """A sheet as it stands in the workbook: its columns by field, its rows, and the columns that nobody asked for."""

    sheet: Sheet
    title: str
    mapping: Mapping[str, str]
    records: Sequence[Record]
    rows: Sequence[Row]
    unread: Sequence[str]
    faults: Sequence[Fault]


def check_book(job: ImportJob, book: Book) -> None:
    """Everything was done and taken back; what would be refused, and what would become of the rest, can be read."""
    with folder.faults_kept(job.uid, job.epoch) as keep:
        findings = Findings(keep)
        if not _rehearsed(job, book, findings):
            return
    keep_report(job, findings)


@transaction.atomic
def take_book(job: ImportJob, book: Book) -> None:
    """Every sheet is taken over and it is told; Conflict, and nothing of it, where a row is refused by now.

    The import stays locked meanwhile, so that nobody cancels it half way.
    """
    row = held(job)
    if row is None:
        return
    findings = Findings(_forget)
    told = _carried(row, book, findings)
    if findings.faults:
        raise Conflict("exchange.book_changed", number=findings.faults_in_all)
    row.counts, row.total, row.done = findings.counts, findings.total, findings.total
    row.report = {**row.report, "told": told}
    finish(row)


@transaction.atomic
def _rehearsed(job: ImportJob, book: Book, findings: Findings) -> bool:
    """All is done and taken back; False where somebody else has taken the import meanwhile.

    The beat at the end is for whoever waited for the lock of a check that took long: it is not theirs to begin anew.
    """
    row = held(job)
    if row is None:
        return False
    with transaction.atomic():
        _carried(row, book, findings)
        transaction.set_rollback(True)
    row.beat_at = clock.now()
    row.save(update_fields=["beat_at"])
    return True


def _forget(fault: Mapping[str, Any]) -> None:
    """In a run nobody reads faults one by one: there are none, or nothing happens."""


def _carried(job: ImportJob, book: Book, findings: Findings) -> dict[str, Any]:
    """The sheets in the order of the book, each judged on what those before it have brought, and stored."""
    if job.format != Format.XLSX:
        raise Invalid("exchange.book_no_workbook")
    actor, told = actor_of(job), dict[str, Any]()
    brought: dict[str, list[str]] = defaultdict(list)
    for read in _sheets(folder.path_of(job.uid), book, findings):
        findings.turn_to(read.sheet.kind, read.sheet.names)
        for fault in read.faults:
            findings.blame(fault)
        verdicts, done = _sheet_carried(read, actor, findings)
        told |= done
        brought[read.sheet.kind] += [one.code for one in verdicts if one.outcome is Outcome.ADD]
    if not findings.sheets:
        raise Invalid("exchange.book_without_sheets", book=job.name)
    findings.suspect(book.ending(brought))
    return told


def _sheet_carried(read: _Read, actor: Actor, findings: Findings) -> tuple[Sequence[Verdict], Mapping[str, Any]]:
    intake = intakes()[read.sheet.kind]
    if read.faults:
        return (), {}
    session = _session(intake, actor)
    session.look(read.rows)
    verdicts = session.judge(read.rows)
    findings.take(verdicts)
    findings.suspect([*session.suspicions(), *_unread(read)])
    try:
        with transaction.atomic():
            session.store(verdicts)
            return verdicts, session.finish()
    except DomainError as error:
        findings.blame(Fault(0, "", error.code, error.params))
        return (), {}


def _session(intake: Intake, actor: Actor) -> Session:
    options = {choice.name: choice.default for choice in intake.choices()}
    return intake.open(options, actor=actor, keep=intake.begin(options, actor=actor))


def _unread(read: _Read) -> list[Suspicion]:
    if not read.unread:
        return []
    return [Suspicion("exchange.columns_unread", {"sheet": read.title, "columns": ", ".join(read.unread[:9])}, False)]


def _sheets(path: Path, book: Book, findings: Findings) -> Iterator[_Read]:
    """The sheets that the workbook has, in the order of the book; others are told of and left alone."""
    left, found = MOST_ROWS, defaultdict[str, list[str]](list)
    for title in titles(path):
        sheet = sheet_called(book, title, {kind: intake.names for kind, intake in intakes().items()})
        if sheet or not is_notes(title):
            found[sheet.kind if sheet else ""].append(title)
    if found[""]:
        what = ", ".join(plain(title) for title in found[""][:9])
        findings.suspect([Suspicion("exchange.sheets_unread", {"sheets": what}, False)])
    for sheet in book.sheets:
        for title in found[sheet.kind]:
            read = _read(path, sheet, title)
            left -= len(read.rows)
            if left < 0:
                raise Invalid("exchange.book_too_long", most=MOST_ROWS)
            yield read


def _read(path: Path, sheet: Sheet, title: str) -> _Read:
    intake = intakes()[sheet.kind]
    options = {choice.name: choice.default for choice in intake.choices()}
    try:
        source = Sheets(path, layer=title)
    except Invalid as error:
        return _Read(sheet, title, {}, (), (), (), [Fault(1, "", error.code, error.params)])
    columns = intake.asked(options)
    fields = fields_of(columns, intake.geometry, source.header)
    mapping = guess(fields, source.header)
    wrong = problems(mapping, fields, intake.geometry, source.header)
    if wrong:
        return _Read(sheet, title, mapping, (), (), (), [Fault(1, "", code, _shown(params)) for code, params in wrong])
    shaper = Shaper(columns, intake.geometry, source.header, mapping, to_degrees=Plane(DEGREES).to_wgs84)
    records = list(islice(source.records(), MOST_ROWS + 1))
    unread = [column for column in source.header.columns if column not in set(mapping.values())]
    return _Read(sheet, title, mapping, records, shaper.rows(records), unread, ())


def _shown(params: Mapping[str, object]) -> dict[str, object]:
    """Parameters as a report keeps them: what has a name in each language keeps the one of now."""
    return {name: pick(value) if isinstance(value, Names) else value for name, value in params.items()}


def upload_book(kind: str, sheets: Mapping[str, Sequence[Mapping[str, str]]], *, name: str, actor: Actor) -> ImportJob:
    """A workbook of these rows (by the kind of their sheet, with values by field) is in, and waits for its check."""
    book = _book(kind)
    written = [
        (sheet.names["zh"], _fields(sheet.kind), [_cells(sheet.kind, row) for row in sheets.get(sheet.kind, ())])
        for sheet in book.sheets
        if sheets.get(sheet.kind)
    ]
    if not written:
        raise Invalid("exchange.book_empty")
    job = upload(name, [sheets_book(written)], kind=kind, actor=actor)
    return map_columns(str(job.uid), actor=actor, mapping={})


def read_book(chunks: Iterable[bytes], *, kind: str, actor: Actor) -> dict[str, list[dict[str, str]]]:
    """The rows of a workbook as texts by field, by the kind of their sheet; nothing of it is kept."""
    selectors.only_admins(actor)
    book, uid = _book(kind), uuid4()
    folder.keep(uid, chunks)
    try:
        reads = list(_sheets(folder.path_of(uid), book, Findings(_forget)))
    finally:
        folder.drop(uid)
    for read in reads:
        if read.faults:
            raise Invalid(read.faults[0].code, **read.faults[0].params)
    if not reads:
        raise Invalid("exchange.book_without_sheets", book="")
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for read in reads:
        found[read.sheet.kind] += [_texts(record, read.mapping) for record in read.records]
    return dict(found)


def _book(kind: str) -> Book:
    book = intakes().get(kind)
    if not isinstance(book, Book):
        raise NotFound("exchange.unknown_kind", kind=kind[:40])
    return book


def _fields(kind: str) -> list[str]:
    return [column.name for column in intakes()[kind].columns if not column.many]


def _cells(kind: str, row: Mapping[str, str]) -> list[str]:
    return [str(row.get(name, "")) for name in _fields(kind)]


def _texts(record: Record, mapping: Mapping[str, str]) -> dict[str, str]:
    """The cells that say something, as texts; a code of which a workbook made a number is a whole one again."""
    told = {}
    for name, column in mapping.items():
        value = record.values.get(column, "")
        whole = int(value) if isinstance(value, float) and value.is_integer() else value
        if str(whole).strip():
            told[name] = plain(str(whole).strip())
    return told
