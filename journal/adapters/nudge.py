"""Wakes whoever waits for entries. It carries nothing and may be lost: everybody looks once a second anyway."""

import time
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

RECORDED = "journal.recorded"
NUMBERED = "journal.numbered"
TIMEOUT_S = 0.3
_PAUSE_AFTER_FAILURE_S = 5.0


class _Line:
    """One lazily opened connection pool per process, left alone for a while after a failure."""

    def __init__(self) -> None:
        self.client: Any = None
        self.silent_until = 0.0

    def open(self) -> Any:
        if self.client is None:
            self.client = connect()
        return self.client


def connect() -> Any:
    """A client that gives up after 0.3 s and never tries again by itself."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
        retry_on_timeout=False,
    )


_line = _Line()


def _name(client: Any, channel: str) -> str:
    """Publish and subscribe ignore database numbers, so the number goes into the name."""
    return f"{channel}.{client.get_connection_kwargs().get('db') or 0}"


def send(channel: str = RECORDED) -> None:
    """Whoever waits on the channel wakes; a dead Redis costs one 0.3 s time-out in five seconds, nothing else."""
    if time.monotonic() < _line.silent_until:
        return
    try:
        client = _line.open()
        client.publish(_name(client, channel), b"")
    except (redis.RedisError, OSError):
        _line.silent_until = time.monotonic() + _PAUSE_AFTER_FAILURE_S


class Listener:
    """Waits for nudges on one channel."""

    def __init__(self, channel: str = RECORDED) -> None:
        self.channel = channel
        self._pubsub: Any = None
        self._retry_at = 0.0

    def wait(self, seconds: float) -> bool:
        """Return on a nudge (true) or after so many seconds; without Redis it only sleeps."""
        deadline = time.monotonic() + seconds
        try:
            heard = self._ready() and self._hear(deadline)
        except (redis.RedisError, OSError):
            self.close()
            self._retry_at = time.monotonic() + 1.0
            heard = False
        if not heard:
            time.sleep(max(0.0, deadline - time.monotonic()))
        return heard

    def close(self) -> None:
        """The connection is given back; the next wait opens another."""
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            try:
                pubsub.close()
            except (redis.RedisError, OSError):
                return

    def _ready(self) -> bool:
        if self._pubsub is None and time.monotonic() >= self._retry_at:
            client = connect()
            self._pubsub = client.pubsub(ignore_subscribe_messages=True)
            self._pubsub.subscribe(_name(client, self.channel))
        return self._pubsub is not None

    def _hear(self, deadline: float) -> bool:
        while (left := deadline - time.monotonic()) > 0:
            if self._pubsub.get_message(timeout=left) is not None:
                while self._pubsub.get_message(timeout=0) is not None:
                    continue
                return True
        return False
