"""The sender of all periodic work, which says that it is alive: a queue that falls silent does not tell who fell."""

from typing import Any

import redis
import structlog
from celery.beat import PersistentScheduler

from cityops import heartbeat

log = structlog.get_logger(__name__)


class BeatingScheduler(PersistentScheduler):
    """Celery's own scheduler; each look at its list, every few seconds, leaves its time in Redis."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """What is due is sent; beat was alive just now."""
        pause = super().tick(*args, **kwargs)
        try:
            heartbeat.beat(heartbeat.SENDER)
        except redis.RedisError as error:
            log.warning("beat.not_told", why=type(error).__name__)
        return pause
