"""The safety net: what the relay does, done once in a while by anybody."""

import time

from celery import shared_task

from journal import actions

_SECONDS = 20


@shared_task(name="journal.tasks.sweep", ignore_result=True, soft_time_limit=50, time_limit=60)
def sweep() -> None:
    """Nothing committed stays without its number or its delivery, even where no relay runs."""
    until = time.monotonic() + _SECONDS
    while actions.number() and time.monotonic() < until:
        continue
    while actions.deliver() and time.monotonic() < until:
        continue


@shared_task(name="journal.tasks.tidy", ignore_result=True, soft_time_limit=300, time_limit=330)
def tidy() -> None:
    """Next month has its partition, and feeds keep thirty days."""
    actions.make_partitions()
    actions.prune()
