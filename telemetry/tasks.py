"""What beat sends to telemetry."""

from celery import shared_task
from django.conf import settings

from core import clock
from telemetry import actions


@shared_task(name="telemetry.tasks.sweep", ignore_result=True, soft_time_limit=50, time_limit=55)
def sweep() -> None:
    """What time alone makes true of alarms is true."""
    actions.sweep_alarms()


@shared_task(name="telemetry.tasks.follow", ignore_result=True, soft_time_limit=280, time_limit=290)
def follow() -> None:
    """Gauges of the register of components have their streams; the next days have their tables, old ones are gone."""
    actions.keep_days()
    actions.follow_components()


@shared_task(time_limit=600)
def keep_position_days() -> None:
    """The coming days have tables, the old ones are dropped."""
    actions.make_days(now=clock.now())
    actions.drop_old_days(now=clock.now(), keep_days=settings.POSITION_KEEP_DAYS)


@shared_task(time_limit=120)
def expire_downlinks() -> None:
    """What no terminal answered in its time is over."""
    actions.expire_downlinks(now=clock.now())
