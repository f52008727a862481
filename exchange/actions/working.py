"""The two long works: the check, which stores nothing, and the run, which goes on where the last batch ended."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import transaction

from core import clock
from core.errors import DomainError, Gone
from exchange import codecs
from exchange.actions.books import check_book, take_book
from exchange.actions.findings import Findings
from exchange.actions.steps import actor_of, claim, end, finish, held, keep_report
from exchange.adapters import folder
from exchange.adapters.planes import Plane
from exchange.contracts import Datum, Replacing, Row, Session, State, Verdict, counted, intakes
from exchange.contracts.books import Book
from exchange.models import ImportJob
from exchange.rules.records import LIMITS
from exchange.rules.shaping import Shaper

BATCH = 1000


def work(uid: str) -> None:
    """The import has gone as far as it can without a person; work that another worker holds is left alone."""
    job = claim(uid)
    if job is None:
        return
    intake = intakes()[job.kind]
    try:
        if isinstance(intake, Book):
            (check_book if job.state == State.MAPPED else take_book)(job, intake)
        elif job.state == State.MAPPED:
            _check(job)
        else:
            _run(job)
    except DomainError as error:
        _failed(job, error)
    except FileNotFoundError:
        _failed(job, Gone("exchange.file_gone"))


@transaction.atomic
def _failed(job: ImportJob, error: DomainError) -> None:
    row = held(job)
    if row:
        end(row, State.FAILED, error)


def _batches(job: ImportJob) -> Iterator[list[Row]]:
    """The rows of the file, always the same, in batches."""
    intake, options = intakes()[job.kind], job.options
    source = codecs.open_source(
        folder.path_of(job.uid), job.format, layer=job.header["layer"], encoding=options.get("encoding", "")
    )
    plane = Plane(options["crs"])
    shaper = Shaper(
        intake.asked(options), intake.geometry, source.header, job.mapping, to_degrees=plane.to_wgs84,
        datum=Datum(options["datum"]), kept=options.get("attributes", ()),
    )  # fmt: skip
    records = islice(source.records(), LIMITS.rows)
    while batch := list(islice(records, BATCH)):
        yield shaper.rows(batch)


def _session(job: ImportJob) -> Session:
    intake = intakes()[job.kind]
    return intake.open(job.options, actor=actor_of(job), keep=job.kept)


def _looked(job: ImportJob, session: Session) -> bool:
    """The session has seen every row; False when the import was taken away meanwhile."""
    if not intakes()[job.kind].two_passes:
        return True
    for rows in _batches(job):
        session.look(rows)
        if not _beat(job):
            return False
    return True


@transaction.atomic
def _beat(job: ImportJob, **columns: Any) -> bool:
    """The worker lives, and this is how far it is; False when it no longer holds the import."""
    row = held(job)
    if row is None:
        return False
    row.beat_at = clock.now()
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=["beat_at", *columns])
    return True


def _check(job: ImportJob) -> None:
    session = _session(job)
    if not _looked(job, session):
        return
    with folder.faults_kept(job.uid, job.epoch) as keep:
        findings = Findings(keep)
        for rows in _batches(job):
            findings.take(session.judge(rows))
            if not _beat(job, total=findings.total):
                return
        findings.take_out(_left_out(session))
    findings.suspect(session.suspicions())
    keep_report(job, findings)


def _run(job: ImportJob) -> None:
    if not job.kept and not _begun(job):
        return
    session = _session(job)
    if not _looked(job, session):
        return
    read = 0
    for rows in _batches(job):
        verdicts = session.judge(rows)
        read += len(rows)
        if read <= job.done:
            if not _beat(job):
                return
        elif not _store(job, session, verdicts):
            return
    _finish(job, session)


@transaction.atomic
def _begun(job: ImportJob) -> bool:
    row = held(job)
    if row is None:
        return False
    row.kept = dict(intakes()[job.kind].begin(job.options, actor=actor_of(job)))
    row.save(update_fields=["kept"])
    job.kept = row.kept
    return True


@transaction.atomic
def _store(job: ImportJob, session: Session, verdicts: list[Verdict]) -> bool:
    """A batch and the count of it are stored together, or neither."""
    row = held(job)
    if row is None:
        return False
    session.store(verdicts)
    for outcome, count in counted(verdicts).items():
        row.counts[outcome] = row.counts.get(outcome, 0) + count
    row.done += len(verdicts)
    row.beat_at, row.attempts = clock.now(), 0
    row.save(update_fields=["counts", "done", "beat_at", "attempts"])
    return True


def _left_out(session: Session) -> list[Verdict]:
    """What goes because the file leaves it out; nothing, where an intake does not take that for a wish."""
    return session.left_out() if isinstance(session, Replacing) else []


@transaction.atomic
def _finish(job: ImportJob, session: Session) -> None:
    row = held(job)
    if row is None:
        return
    gone, counts = _left_out(session), row.counts
    if gone:
        session.store(gone)
        counts["retire"] = counts.get("retire", 0) + len(gone)
    row.report["told"] = dict(session.finish())
    finish(row)
