"""Asking the workers to write a census; where the queue is away, the sweep asks again."""

import structlog
from celery import current_app
from celery.exceptions import CeleryError
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)
TASK = "assets.tasks.write_census"


def ask(project: int) -> None:
    """A worker has been asked, unless the queue cannot be reached."""
    try:
        current_app.send_task(TASK, args=[project], retry=False, expires=600)
    except (KombuError, CeleryError, RedisError, OSError) as error:
        logger.warning("assets.queue_away", error=type(error).__name__)
