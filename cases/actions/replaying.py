"""A rule of automatic dispatch replayed on many cases: asked for by a person, done by a worker, sealed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from cases.contracts.dispatching import REPLAYING, ReplayState
from cases.models import DispatchReplayJob, DispatchRule
from cases.selectors import DispatchReplay, replay_dispatch, replay_size, what_decides
from core import clock
from core.errors import Forbidden
from core.scope import Actor

AT_SIGHT = 300
"""A replay of so many cases is done while its reader waits."""
LEASE, KEPT_FOR = timedelta(seconds=120), timedelta(days=1)
MOST_ATTEMPTS = 3
RULE = ("name", "priority", "level", "aim", "classes", "area", "sources", "grades", "hours", "reason")


class _Taken(Exception):
    """Another worker holds the replay, or somebody asked for another one."""


@transaction.atomic
def ask_replay(
    row: DispatchRule, *, days: int, until: datetime, typed: Mapping[str, Sequence[str]], actor: Actor
) -> DispatchReplayJob:
    """The drafted rule is going to be replayed for the actor; what they had asked for before is left."""
    if actor.user_id is None:
        raise Forbidden("responsibility.not_yours")
    asked = DispatchReplayJob.objects.select_for_update().filter(user_id=actor.user_id, state__in=sorted(REPLAYING))
    for job in asked:
        job.state, job.epoch = ReplayState.LEFT, job.epoch + 1
        job.save(update_fields=["state", "epoch"])
    rule = {name: getattr(row, name) for name in RULE}
    return DispatchReplayJob.objects.create(
        user_id=actor.user_id, typed={name: list(given) for name, given in typed.items()}, rule=rule, days=days,
        until=until, total=replay_size(row, days, until),
    )  # fmt: skip


def replay_waiting() -> bool:
    """The replay that waits longest is done, or another worker goes on with it; False where none waits."""
    job = _claimed()
    if job is None:
        return False
    row = DispatchRule(**job.rule)
    try:
        decided_by = what_decides(row)
        found = replay_dispatch(row, job.days, job.until, lambda done: _beat(job, done))
        _ended(job, found, decided_by)
    except _Taken:
        pass
    return True


def drop_replays() -> int:
    """Replays that were asked for more than a day ago are kept no more; answers how many."""
    return DispatchReplayJob.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()[0]


@transaction.atomic
def _claimed() -> DispatchReplayJob | None:
    """This worker holds the replay under a new epoch; None where none waits, or several workers died of the first."""
    now = clock.now()
    free = Q(state=ReplayState.WAITING) | Q(state=ReplayState.RUNNING, beat_at__lt=now - LEASE)
    jobs = DispatchReplayJob.objects.select_for_update(skip_locked=True).filter(free)
    job = jobs.order_by("created_at", "pk").first()
    if job is None:
        return None
    gave_up = job.attempts >= MOST_ATTEMPTS
    job.state = ReplayState.FAILED if gave_up else ReplayState.RUNNING
    job.epoch, job.attempts, job.beat_at = job.epoch + 1, job.attempts + 1, now
    job.save(update_fields=["state", "beat_at", "attempts", "epoch"])
    return None if gave_up else job


def _beat(job: DispatchReplayJob, done: int) -> None:
    """The worker lives, and this is how far it is."""
    _say(job, done=done, beat_at=clock.now())


def _ended(job: DispatchReplayJob, found: DispatchReplay, decided_by: str) -> None:
    result = {name: getattr(found, name) for name in ("total", "right", "wrong", "open")}
    result |= {"left": dict(found.left), "listed": [list(one) for one in found.listed]}
    _say(job, state=ReplayState.DONE, done=job.total, result=result, seal=found.seal, decided_by=decided_by)


def _say(job: DispatchReplayJob, **columns: Any) -> None:
    held = DispatchReplayJob.objects.filter(pk=job.pk, epoch=job.epoch, state=ReplayState.RUNNING)
    if not held.update(**columns):
        raise _Taken
