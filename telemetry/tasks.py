"""The periodic work of telemetry."""

from celery import shared_task
from django.conf import settings

from core import clock
from telemetry import actions


@shared_task(time_limit=600)
def keep_position_days() -> None:
    """The coming days have tables, the old ones are dropped."""
    actions.make_days(now=clock.now())
    actions.drop_old_days(now=clock.now(), keep_days=settings.POSITION_KEEP_DAYS)


@shared_task(time_limit=120)
def expire_downlinks() -> None:
    """What no terminal answered in its time is over."""
    actions.expire_downlinks(now=clock.now())
