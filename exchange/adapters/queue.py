"""Asking the workers to go on with an import or an export; where the queue is away, the sweep asks again."""

import structlog
from celery import current_app
from celery.exceptions import CeleryError
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)
TASK = "exchange.tasks.work"
EXPORT_TASK = "exchange.tasks.write_export"
SEND_TASK = "exchange.tasks.send_due"


def ask(uid: str, task: str = TASK) -> None:
    """A worker has been asked, unless the queue cannot be reached."""
    try:
        current_app.send_task(task, args=[uid], retry=False, expires=600)
    except (KombuError, CeleryError, RedisError, OSError) as error:
        logger.warning("exchange.queue_away", error=type(error).__name__)


def wake_senders() -> None:
    """Somebody looks for what is to be sent; the rows say what that is."""
    try:
        current_app.send_task(SEND_TASK, retry=False, expires=60)
    except (KombuError, CeleryError, RedisError, OSError) as error:
        logger.warning("exchange.queue_away", error=type(error).__name__)
