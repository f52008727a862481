"""The steps between the works: confirmed, cancelled, and who works on what."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core import clock
from core.errors import Conflict, DomainError, Gone, NotFound
from core.scope import Actor, machine
from exchange import selectors
from exchange.actions.findings import Findings
from exchange.adapters import folder, queue
from exchange.contracts import AT_WORK, ENDS, WAITING, FileImported, State, intakes
from exchange.contracts.books import Book
from exchange.models import ImportJob
from journal import actions as journal

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 5


def locked(uid: str | UUID) -> ImportJob:
    """The import, locked until the transaction ends."""
    try:
        wanted = uid if isinstance(uid, UUID) else UUID(str(uid))
    except ValueError as error:
        raise NotFound("exchange.no_job") from error
    job = ImportJob.objects.select_for_update().filter(uid=wanted).first()
    if job is None:
        raise NotFound("exchange.no_job")
    return job


def refuse_unless(job: ImportJob, *states: State) -> None:
    """An import in another state is left alone."""
    if job.state not in states:
        raise Conflict("exchange.wrong_state", state=job.state)


@transaction.atomic
def confirm(uid: str, *, actor: Actor, accept_suspicions: bool = False) -> ImportJob:
    """What the check promised is to happen; grave suspicions must have been read."""
    selectors.only_admins(actor)
    job = locked(uid)
    refuse_unless(job, State.CHECKED)
    if any(one["grave"] for one in job.report.get("suspicions", ())) and not accept_suspicions:
        raise Conflict("exchange.suspicions_unread")
    if isinstance(intakes().get(job.kind), Book) and job.report.get("faults_in_all"):
        raise Conflict("exchange.book_faulty", number=job.report["faults_in_all"])
    if not sum(job.report["counts"].get(name, 0) for name in ("add", "change", "retire")):
        raise Conflict("exchange.nothing_to_do")
    job.state, job.confirmed_by, job.done, job.counts, job.beat_at = State.CONFIRMED, actor.key, 0, {}, None
    job.epoch, job.attempts = job.epoch + 1, 0
    job.save()
    transaction.on_commit(lambda: queue.ask(str(job.uid)), robust=True)
    return job


@transaction.atomic
def cancel(uid: str, *, actor: Actor) -> ImportJob:
    """The import goes no further; batches that were stored stay, and the page says how many rows that were."""
    selectors.only_admins(actor)
    job = locked(uid)
    if job.state in ENDS:
        raise Conflict("exchange.wrong_state", state=job.state)
    end(job, State.CANCELLED)
    return job


def end(job: ImportJob, state: State, error: DomainError | None = None) -> None:
    """The import has come to this end, and its file is not kept any more; what was wrong with it is."""
    job.state, job.ended_at, job.beat_at = state, clock.now(), None
    job.failure = {"code": error.code, "params": {k: str(v)[:200] for k, v in error.params.items()}} if error else {}
    job.epoch += 1
    job.save()
    drop = folder.drop_file if job.report.get("faults_in_all") else folder.drop
    transaction.on_commit(lambda: drop(job.uid), robust=True)


def actor_of(job: ImportJob) -> Actor:
    """Who confirmed it, as a machine with an administrator's right: the person may have gone home."""
    return machine(job.confirmed_by or job.created_by, "admin", label=job.created_label)


@transaction.atomic
def claim(uid: str) -> ImportJob | None:
    """This worker holds the import under a new epoch; None where there is nothing to do or another one lives."""
    job = locked(uid)
    if job.state not in AT_WORK or (job.beat_at and job.beat_at > clock.now() - LEASE):
        return None
    if job.attempts >= MOST_ATTEMPTS:
        end(job, State.FAILED, Conflict("exchange.gave_up", times=job.attempts))
        return None
    job.epoch += 1
    job.attempts += 1
    job.beat_at = clock.now()
    if job.state == State.CONFIRMED:
        job.state = State.RUNNING
    job.save(update_fields=["epoch", "attempts", "beat_at", "state"])
    return job


def held(job: ImportJob) -> ImportJob | None:
    """The row of an import that this worker still holds, locked; None once somebody else took it or ended it."""
    row = locked(job.uid)
    return row if row.epoch == job.epoch and row.state == job.state else None


@transaction.atomic
def keep_report(job: ImportJob, findings: Findings) -> None:
    """What a check found out is there for people to read, unless somebody else has taken the import meanwhile."""
    row = held(job)
    if row:
        row.report, row.preview, row.total = findings.report(), findings.preview(), findings.total
        row.report["check"] = job.epoch
        row.state, row.beat_at = State.CHECKED, clock.now()
        row.save()


def finish(row: ImportJob) -> None:
    """The locked import is done, and it is told."""
    counts = row.counts
    news = FileImported(
        job=str(row.uid), kind=row.kind, sha256=row.sha256, added=counts.get("add", 0),
        changed=counts.get("change", 0) + counts.get("retire", 0), same=counts.get("same", 0),
        refused=counts.get("refuse", 0),
    )  # fmt: skip
    journal.record("exchange.imported.v1", subject=f"import:{row.uid}", actor=actor_of(row), data=news)
    end(row, State.DONE)


def drop_abandoned() -> int:
    """Uploads that nobody went on with for so many days are cancelled, and bytes without an import are dropped.

    Answers how many imports ended. Bytes without an import are those of an upload whose process died on the way.
    """
    before = clock.now() - timedelta(days=settings.IMPORT_KEEP_DAYS)
    waiting = ImportJob.objects.filter(_untouched_since(before), state__in=sorted(WAITING))
    ended = sum(_abandoned(uid, before) for uid in list(waiting.values_list("uid", flat=True)))
    kept = set(ImportJob.objects.exclude(state__in=sorted(ENDS)).values_list("uid", flat=True))
    folder.drop_strays(kept, before)
    return ended


@transaction.atomic
def _abandoned(uid: UUID, before: datetime) -> bool:
    job = locked(uid)
    if job.state not in WAITING or max(job.created_at, job.beat_at or job.created_at) >= before:
        return False
    end(job, State.CANCELLED, Gone("exchange.abandoned", days=settings.IMPORT_KEEP_DAYS))
    return True


def _untouched_since(moment: datetime) -> Q:
    return Q(created_at__lt=moment) & (Q(beat_at__isnull=True) | Q(beat_at__lt=moment))


def unfinished() -> int:
    """Every import whose worker is gone is asked for again; answers how many."""
    stale = Q(beat_at__isnull=True) | Q(beat_at__lt=clock.now() - LEASE)
    found = list(ImportJob.objects.filter(stale, state__in=sorted(AT_WORK)).values_list("uid", flat=True))
    for uid in found:
        queue.ask(str(uid))
    return len(found)
