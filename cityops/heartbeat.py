"""A beat task goes through each queue and leaves its time in Redis; who does not beat is not working."""

from collections.abc import Sequence

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from cityops.connections import channel_prefix
from core.clock import now

SENDER = "beat"
"""The key of beat itself, which no worker writes."""


def client() -> redis.Redis:
    """A connection that fails within two seconds instead of retrying behind our back."""
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, retry=Retry(NoBackoff(), 0)
    )


def _key(queue: str) -> str:
    return f"{channel_prefix(settings.REDIS_URL)}.heartbeat.{queue}"


def beat(queue: str) -> None:
    """This queue has a worker that works, or beat looks at its list, as of now."""
    client().set(_key(queue), now().timestamp())


def ages() -> dict[str, float | None]:
    """Seconds since each queue's last beat; None where it never beat."""
    return _ages(settings.HEARTBEAT_QUEUES)


def sender_age() -> float | None:
    """Seconds since beat last looked at its list; None where it never did."""
    return _ages((SENDER,))[SENDER]


def _ages(names: Sequence[str]) -> dict[str, float | None]:
    values = client().mget([_key(name) for name in names])
    moment = now().timestamp()
    return {
        name: None if value is None else max(0.0, moment - float(value))
        for name, value in zip(names, values, strict=True)
    }


def waiting() -> dict[str, int]:
    """How many tasks wait in each queue."""
    connection, prefix = client(), channel_prefix(settings.REDIS_URL)
    lengths = [connection.llen(f"{prefix}.{queue}") for queue in settings.HEARTBEAT_QUEUES]
    return dict(zip(settings.HEARTBEAT_QUEUES, map(int, lengths), strict=True))
