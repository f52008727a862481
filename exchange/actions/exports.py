"""A list goes out as a job: its rows are read by key, a batch at a time, and then a file is made of them; and a
document, which is made as a whole.

What was read is kept, so that the worker after one that was killed goes on behind the last batch. Each batch is asked
for with the rights that its person has at that moment.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.selectors import actors
from core import clock
from core.errors import Conflict, DomainError, Forbidden, Gone, Invalid, NotFound
from core.scope import NOBODY, Actor
from exchange import selectors
from exchange.actions.steps import LEASE, MOST_ATTEMPTS
from exchange.adapters import queue, shelf
from exchange.adapters.shelf import Item
from exchange.codecs.writing import FILES, TEXTS
from exchange.contracts import FileExported
from exchange.contracts.exports import (
    EXPORTED,
    EXPORTING,
    LIST_FORMATS,
    Document,
    ExportState,
    FileFetched,
    Listing,
    documents,
    exported,
    listings,
)
from exchange.models import ExportJob
from exchange.rules.exports import MOST_ROWS, too_many
from journal.actions import record

BATCH = 2000
KEPT_FOR = timedelta(hours=24)
PACKING = timedelta(minutes=10)
"""A workbook of a million rows is packed for minutes after its last row, without a sign of life."""


class _Taken(Exception):
    """Another worker holds the export, or it was cancelled."""


def ask_export(name: str, suffix: str, options: Mapping[str, str], *, actor: Actor) -> ExportJob:
    """A file of this list or document, narrowed so, is being made for the actor; the journal says what was asked."""
    listing = exported(name)
    document = documents().get(name)
    if listing is None or suffix not in (document.formats if document else LIST_FORMATS):
        raise NotFound("exchange.unknown_dataset", name=f"{name}.{suffix}"[:60])
    if actor.user_id is None:
        raise Forbidden("exchange.people_only")
    listing.check(options, actor=actor)
    try:
        with transaction.atomic():
            job = ExportJob.objects.create(dataset=name, format=suffix, options=dict(options), user_id=actor.user_id)
            told = {key: "…" if key in listing.typed else value for key, value in options.items()}
            news = FileExported(name, suffix, told)
            record("exchange.exported.v1", subject=f"export:{job.uid}", actor=actor, data=news)
            transaction.on_commit(lambda: queue.ask(str(job.uid), queue.EXPORT_TASK), robust=True)
    except IntegrityError as error:
        raise Conflict("exchange.one_export_at_a_time") from error
    return job


@transaction.atomic
def cancel_export(uid: str, *, actor: Actor) -> ExportJob:
    """The export goes no further, and nothing of it is kept."""
    selectors.export_of(uid, actor)
    job = _locked(uid)
    if job.state in EXPORTED:
        raise Conflict("exchange.export_ended")
    _end(job, ExportState.CANCELLED)
    return job


@transaction.atomic
def fetch_export(uid: str, *, actor: Actor) -> tuple[ExportJob, BinaryIO]:
    """The export and its file, for whom it was made and who may see such a list; the journal says who fetched it."""
    job = selectors.export_of(uid, actor)
    _source(job).check(job.options, actor=actor)
    if job.state != ExportState.DONE:
        raise Conflict("exchange.export_not_done")
    try:
        found = shelf.file_of(job.uid).open("rb")
    except FileNotFoundError as error:
        raise Gone("exchange.export_dropped") from error
    news = FileFetched(str(job.uid), job.dataset, job.format, job.done, job.sha256)
    record("exchange.fetched.v1", subject=f"export:{job.uid}", actor=actor, data=news)
    return job, found


def write_export(uid: str) -> None:
    """The export has its file; work that another worker holds is left alone."""
    job = _claim(uid)
    if job is None:
        return
    try:
        shelf.take_over(job.uid, job.epoch, job.kept)
        document = documents().get(job.dataset)
        if document is None:
            _read(job)
        _write(job, document)
    except _Taken:
        return
    except DomainError as error:
        _failed(job, error)
    except FileNotFoundError:
        _failed(job, Gone("exchange.export_lost"))


def unfinished_exports() -> int:
    """Every export whose worker is gone is asked for again; answers how many."""
    stale = Q(beat_at__isnull=True) | Q(beat_at__lt=clock.now() - LEASE)
    found = list(ExportJob.objects.filter(stale, state__in=sorted(EXPORTING)).values_list("uid", flat=True))
    for uid in found:
        queue.ask(str(uid), queue.EXPORT_TASK)
    return len(found)


def drop_exports() -> int:
    """Files that were made more than a day ago are kept no more; answers how many."""
    before = clock.now() - KEPT_FOR
    old = ExportJob.objects.filter(state__in=sorted(EXPORTED), ended_at__lt=before, dropped=False)
    found = list(old.values_list("uid", flat=True))
    for uid in found:
        shelf.drop(uid)
    ExportJob.objects.filter(uid__in=found).update(dropped=True)
    shelf.drop_strays(set(ExportJob.objects.filter(dropped=False).values_list("uid", flat=True)), before)
    return len(found)


def _listing(job: ExportJob) -> Listing:
    found = listings().get(job.dataset)
    if found is None:
        raise NotFound("exchange.unknown_dataset", name=job.dataset)
    return found


def _source(job: ExportJob) -> Listing | Document:
    found = exported(job.dataset)
    if found is None:
        raise NotFound("exchange.unknown_dataset", name=job.dataset)
    return found


def _locked(uid: str | UUID) -> ExportJob:
    return ExportJob.objects.select_for_update().get(uid=uid)


def _held(job: ExportJob) -> ExportJob:
    """The row of an export that this worker still holds, locked."""
    row = _locked(job.uid)
    if row.epoch != job.epoch or row.state != ExportState.RUNNING:
        raise _Taken
    return row


def _end(job: ExportJob, state: ExportState, error: DomainError | None = None) -> None:
    job.state, job.ended_at, job.beat_at = state, clock.now(), None
    job.failure = {"code": error.code, "params": {k: str(v)[:200] for k, v in error.params.items()}} if error else {}
    job.epoch += 1
    job.save()
    if state != ExportState.DONE:
        transaction.on_commit(lambda: shelf.drop(job.uid), robust=True)


@transaction.atomic
def _failed(job: ExportJob, error: DomainError) -> None:
    try:
        _end(_held(job), ExportState.FAILED, error)
    except _Taken:
        return


@transaction.atomic
def _claim(uid: str) -> ExportJob | None:
    """This worker holds the export under a new epoch; None where there is nothing to do or another one lives."""
    job = ExportJob.objects.select_for_update().filter(uid=UUID(uid)).first()
    if job is None or job.state not in EXPORTING or (job.beat_at and job.beat_at > clock.now() - LEASE):
        return None
    if job.attempts >= MOST_ATTEMPTS:
        _end(job, ExportState.FAILED, Conflict("exchange.gave_up_export", times=job.attempts))
        return None
    job.state, job.beat_at, job.written = ExportState.RUNNING, clock.now(), 0
    job.epoch += 1
    job.attempts += 1
    job.save()
    return job


@transaction.atomic
def _beat(job: ExportJob, *, quiet: timedelta = timedelta(), **columns: Any) -> None:
    """The worker lives, may be `quiet` for so long, and this is how far it is."""
    row = _held(job)
    row.beat_at = clock.now() + quiet
    for name, value in columns.items():
        setattr(row, name, value)
        setattr(job, name, value)
    row.save(update_fields=["beat_at", *columns])


def _now(job: ExportJob) -> Actor:
    """The person of an export with the rights of this moment; Forbidden once they may not see such a list."""
    actor = actors([job.user_id]).get(job.user_id, NOBODY)
    _source(job).check(job.options, actor=actor)
    return actor


def _read(job: ExportJob) -> None:
    """Every row is kept; a batch and the count of it together, or neither."""
    listing = _listing(job)
    if job.total is None:
        _beat(job, total=listing.count(job.options, actor=_now(job)))
    if too_many(job.format, job.total or 0):
        raise Invalid("exchange.too_many_rows", most=MOST_ROWS[job.format])
    while rows := listing.batch(job.options, actor=_now(job), below=job.below, most=BATCH):
        kept = shelf.append(job.uid, job.epoch, job.kept, rows)
        _beat(job, done=job.done + len(rows), below=rows[-1].key, kept=kept, attempts=0)


def _write(job: ExportJob, document: Document | None) -> None:
    target = shelf.making(job.uid, job.epoch)
    if document is None:
        _make(job, target)
    else:
        _beat(job, quiet=PACKING)
        lines = document.write(job.options, job.format, target, actor=_now(job))
        _beat(job, total=lines, done=lines)
    _beat(job)
    sha256, size = shelf.seal(target)
    _now(job)
    with transaction.atomic():
        row = _held(job)
        row.written, row.size, row.sha256, row.total = row.done, size, sha256, row.done
        shelf.put(job.uid, target)
        transaction.on_commit(lambda: shelf.drop_rows(job.uid), robust=True)
        _end(row, ExportState.DONE)


def _make(job: ExportJob, target: Path) -> None:
    """A file of the rows that were kept."""
    listing, found = _listing(job), _told(job)
    if job.format in TEXTS:
        with target.open("w", encoding="utf-8", newline="") as held:
            held.writelines(TEXTS[job.format](listing.columns, found))
    else:
        FILES[job.format](target, listing.name, listing.columns, found)


def _told(job: ExportJob) -> Iterator[Item]:
    """The rows that were kept, telling now and then how many were written."""
    for turn, item in enumerate(shelf.items(job.uid, job.epoch, job.done)):
        if turn and turn % BATCH == 0:
            _beat(job, written=turn)
        yield item
    _beat(job, quiet=PACKING, written=job.done)
