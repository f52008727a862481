"""A step with all the cases that pass a filter, as a job: frozen, looked at, confirmed, then done case by case.

A case's step and the row that says it was done are one transaction, in which the worker still holds the job: killed at
any moment, each case was stepped once or is still to come. Each step has the rights that its person has then.
"""

from collections.abc import Mapping
from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from accounts.selectors import actors
from cases import rules
from cases.actions.bulk import take_one
from cases.contracts.bulk import (
    AT_WORK,
    BULK_BEGUN,
    BULK_ENDED,
    BULK_ENDS,
    BULK_OPEN,
    BulkNews,
    BulkState,
    Outcome,
)
from cases.models import BulkItem, BulkJob
from cases.selectors import all_that_pass, bulk_job
from core import clock
from core.errors import Conflict, Forbidden, Invalid
from core.scope import NOBODY, Actor, machine
from journal import actions as journal

LEASE, KEPT_FOR = timedelta(seconds=60), timedelta(days=30)
SLICE = 20.0
"""Seconds after which a worker lets go of a job, so that no task goes on for long; the next one goes on with it."""
MOST_ATTEMPTS = 3
WORKER = machine("job:bulk")


class _Taken(Exception):
    """Another worker holds the job, or it has ended."""


def ask_bulk(
    verb: str, filters: Mapping[str, str], *, actor: Actor, given: Mapping[str, Any],
    own: Mapping[str, Mapping[str, Any]] | None = None,
) -> BulkJob:  # fmt: skip
    """All the cases that pass the filters are frozen in their versions, and a worker looks what the step would do.

    What the actor had looked at before and did not confirm goes no further; while one is being done, it is refused.
    """
    if verb not in rules.IN_BULK:
        raise Invalid("case.not_in_bulk", verb=verb[:20])
    if actor.user_id is None or not may_try(actor, verb):
        raise Forbidden("bulk.rights_gone")
    try:
        with transaction.atomic():
            _leave_earlier(actor.user_id)
            chosen = all_that_pass(filters, actor)
            job = BulkJob.objects.create(user_id=actor.user_id, verb=verb, filters=dict(filters), given=dict(given))
            held = own or {}
            BulkItem.objects.bulk_create(
                [BulkItem(job=job, case=case, version=case.version, own=dict(held.get(case.number, {})))
                 for case in chosen],
                batch_size=1000,
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("bulk.at_work") from error
    return job


def _leave_earlier(user_id: int) -> None:
    earlier = BulkJob.objects.select_for_update().filter(user_id=user_id, state__in=sorted(BULK_OPEN)).first()
    if earlier is None:
        return
    if earlier.state == BulkState.DOING:
        raise Conflict("bulk.at_work")
    _end(earlier, BulkState.CANCELLED)


def may_try(actor: Actor, verb: str) -> bool:
    """Whether the actor holds a duty of the step, and sees cases, anywhere at all."""
    return actor.holds("case.see") and any(actor.holds(duty) for step in rules.rows(verb) for duty in step.duties)


@transaction.atomic
def confirm_bulk(uid: UUID, *, actor: Actor) -> BulkJob:
    """What was looked at is going to be done, with the cases that would change; confirmed twice, it is done once."""
    job = _own(uid, actor)
    if job.confirmed_at is not None:
        return job
    if job.state != BulkState.LOOKED or not job.items.filter(outcome=Outcome.FINE).exists():
        raise Conflict("bulk.not_now")
    if not may_try(actor, job.verb):
        raise Forbidden("bulk.rights_gone")
    job.state, job.confirmed_at, job.beat_at, job.attempts = BulkState.DOING, clock.now(), None, 0
    job.save(update_fields=["state", "confirmed_at", "beat_at", "attempts"])
    journal.record(BULK_BEGUN, subject=f"bulk:{job.uid}", actor=actor, data=_news(job))
    return job


@transaction.atomic
def cancel_bulk(uid: UUID, *, actor: Actor) -> BulkJob:
    """The job goes no further; what was done with single cases stays."""
    job = _own(uid, actor)
    if job.state in BULK_ENDS:
        raise Conflict("bulk.not_now")
    _end(job, BulkState.CANCELLED)
    return job


def work_bulk() -> bool:
    """A worker has gone on with the job that waits longest, for a while; False where none waits."""
    job = _claimed()
    if job is None:
        return False
    until = monotonic() + SLICE
    try:
        while _next_done(job):
            if monotonic() > until:
                _let_go(job)
                break
    except _Taken:
        pass
    return True


def drop_bulk_jobs() -> int:
    """Jobs that ended, or were asked for and not confirmed, more than 30 days ago are kept no more; how many."""
    old = BulkJob.objects.filter(created_at__lt=clock.now() - KEPT_FOR).exclude(state__in=sorted(AT_WORK))
    found = old.count()
    old.delete()
    return found


def _own(uid: UUID, actor: Actor) -> BulkJob:
    return BulkJob.objects.select_for_update().get(pk=bulk_job(uid, actor).pk)


@transaction.atomic
def _claimed() -> BulkJob | None:
    """This worker holds the job under a new epoch; None where none waits, or several workers died of one case."""
    now = clock.now()
    free = Q(beat_at=None) | Q(beat_at__lt=now - LEASE)
    jobs = BulkJob.objects.select_for_update(skip_locked=True).filter(free, state__in=sorted(AT_WORK))
    job = jobs.order_by("created_at", "pk").first()
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        _end(job, BulkState.STOPPED, "bulk.gave_up")
        return None
    job.epoch, job.attempts, job.beat_at = job.epoch + 1, job.attempts + 1, now
    job.save(update_fields=["epoch", "attempts", "beat_at"])
    return job


@transaction.atomic
def _next_done(claimed: BulkJob) -> bool:
    """One more case is done with, under its key; False where there was none left and the job is a state further."""
    job = _held(claimed)
    item = job.items.filter(outcome=AT_WORK[job.state]).select_related("case").order_by("pk").first()
    if item is None:
        _further(job)
        return False
    actor = actors([job.user_id]).get(job.user_id, NOBODY)
    if not may_try(actor, job.verb):
        _end(job, BulkState.STOPPED, "bulk.rights_gone")
        return False
    _take(job, item, actor)
    job.beat_at, job.attempts = clock.now(), 0
    job.save(update_fields=["beat_at", "attempts"])
    return True


def _held(claimed: BulkJob) -> BulkJob:
    """The job, locked, if this worker still holds it."""
    job = BulkJob.objects.select_for_update().get(pk=claimed.pk)
    if job.epoch != claimed.epoch or not job.at_work:
        raise _Taken
    return job


def _take(job: BulkJob, item: BulkItem, actor: Actor) -> None:
    preview = job.state == BulkState.LOOKING
    given = {**job.given, **item.own}
    line = take_one(job.verb, item.case.number, item.version, actor, given, preview)
    fine = Outcome.FINE if preview else Outcome.DONE
    item.outcome, item.repeated, item.stage = fine if line.done else Outcome.REFUSED, line.repeated, line.stage
    item.code, item.params = line.code, {name: _kept(value) for name, value in line.params.items()}
    item.at = clock.now()
    item.save(update_fields=["outcome", "repeated", "stage", "code", "params", "at"])


def _kept(value: Any) -> Any:
    """A parameter of a sentence as JSON holds it."""
    return value if isinstance(value, str | int | float | dict | list) or value is None else str(value)


def _further(job: BulkJob) -> None:
    if job.state == BulkState.DOING:
        _end(job, BulkState.DONE)
        return
    job.state, job.beat_at = BulkState.LOOKED, None
    job.save(update_fields=["state", "beat_at"])


def _let_go(claimed: BulkJob) -> None:
    """Another worker may go on at once."""
    held = BulkJob.objects.filter(pk=claimed.pk, epoch=claimed.epoch, state__in=sorted(AT_WORK))
    held.update(beat_at=None)


def _end(job: BulkJob, state: BulkState, failure: str = "") -> None:
    """It goes no further, and forgets what was typed: that stands with each case, as long as the case may keep it."""
    job.state, job.failure, job.ended_at, job.beat_at, job.epoch = state, failure, clock.now(), None, job.epoch + 1
    job.given = {}
    job.save(update_fields=["state", "failure", "ended_at", "beat_at", "epoch", "given"])
    if job.confirmed_at is not None:
        journal.record(BULK_ENDED, subject=f"bulk:{job.uid}", actor=WORKER, data=_news(job))


def _news(job: BulkJob) -> BulkNews:
    counted = dict(job.items.order_by().values_list("outcome").annotate(Count("pk")))
    return BulkNews(
        job.verb, str(job.state), sum(counted.values()), counted.get(Outcome.DONE, 0), counted.get(Outcome.REFUSED, 0)
    )
