"""Asking the workers to go on with an import or an export, or to send; where the queue is away, a sweep asks again."""

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
    _ask(task, [uid], expires=600)


def wake_senders() -> None:
    """Somebody looks for what is to be sent; the rows say what that is."""
    _ask(SEND_TASK, [], expires=60)


def _ask(task: str, args: list[str], *, expires: int) -> None:
    try:
        current_app.send_task(task, args=args, retry=False, expires=expires)
    except (KombuError, CeleryError, RedisError, OSError) as error:
        logger.warning("exchange.queue_away", error=type(error).__name__)
