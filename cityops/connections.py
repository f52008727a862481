"""Addresses of the database and of Redis, turned into what each library wants. No Django settings here."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ


def database(url: str, *, max_age: int, statement_timeout_ms: int) -> dict[str, Any]:
    """A DATABASES entry that notices a dead network within seconds (reliability 0, row 5)."""
    config: dict[str, Any] = environ.Env.db_url_config(url)
    config.update(
        HOST=unquote(config["HOST"]),
        ENGINE="django.contrib.gis.db.backends.postgis",
        CONN_MAX_AGE=max_age,
        CONN_HEALTH_CHECKS=True,
    )
    config.setdefault("OPTIONS", {}).update(
        connect_timeout=3,
        keepalives=1,
        keepalives_idle=5,
        keepalives_interval=2,
        keepalives_count=2,
        tcp_user_timeout=5000,
        options=_limits(statement_timeout_ms),
    )
    return config


def _limits(statement_timeout_ms: int) -> str:
    """Limits of a session; 0 lifts them, for migrations, seeds and tests.

    Compiling a statement (JIT) costs more than it ever brings here: the tiles of a small map took 1,048 ms with it and
    34 ms without.
    """
    idle_ms = 30000 if statement_timeout_ms else 0
    return f"-c jit=off -c statement_timeout={statement_timeout_ms} -c idle_in_transaction_session_timeout={idle_ms}"


def redis_database(url: str) -> str:
    """The number of the Redis database a URL names; "0" where it names none."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return parse_qs(parts.query).get("db", ["0"])[0]
    return parts.path.strip("/") or "0"


def broker_url(url: str) -> str:
    """The same Redis in Kombu's spelling, which differs for Unix sockets."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    return f"redis+socket://{parts.path}?virtual_host={redis_database(url)}"


def channel_prefix(url: str) -> str:
    """Pub/sub ignores database numbers, so the number goes into the channel names."""
    return f"cityops{redis_database(url)}"


def email(url: str) -> dict[str, Any]:
    """The EMAIL_* settings that a URL such as smtp+tls://user:password@host:587 stands for."""
    settings: dict[str, Any] = environ.Env.email_url_config(url)
    return {name: value for name, value in settings.items() if name.startswith("EMAIL_")}
