"""Health checks of the containers: is this one process at work? Exit 0 or 1, with the reason."""

import urllib.error
from typing import Any

import redis
from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from cityops import heartbeat
from cityops.health import answers
from core import clock
from journal import selectors as journal
from telemetry import selectors as telemetry

JOURNAL = ("relay", "deliver")
TELEMETRY = ("gateway", "store")


def journal_age(name: str) -> float | None:
    """Seconds since the relay or the deliverer was last seen at work."""
    lag = journal.lag()
    return {"relay": lag.relay_seen_s, "deliver": lag.deliver_seen_s}[name]


class Command(BaseCommand):
    """One process, one answer."""

    help = "Asks one process: relay, deliver, gateway, store, beat, a queue (default, video), or a URL."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """What to ask."""
        parser.add_argument("what")

    def handle(self, *args: Any, **options: Any) -> None:
        """Silence is health."""
        what: str = options["what"]
        try:
            self._ask(what)
        except (urllib.error.URLError, TimeoutError, DatabaseError, redis.RedisError) as error:
            raise CommandError(f"{what}: {error}") from error

    def _ask(self, what: str) -> None:
        if what.startswith("http://"):
            answers(what)
            return
        if what in JOURNAL:
            age, limit = journal_age(what), settings.RELAY_LAG_LIMIT_S
        elif what in TELEMETRY:
            age, limit = telemetry.age_of(what, clock.now()), settings.HEARTBEAT_LIMIT_S
        elif what in settings.HEARTBEAT_QUEUES:
            age, limit = heartbeat.ages()[what], settings.HEARTBEAT_LIMIT_S
        elif what == heartbeat.SENDER:
            age, limit = heartbeat.sender_age(), settings.HEARTBEAT_LIMIT_S
        else:
            raise CommandError(f"no process is called {what}")
        if age is None or age > limit:
            raise CommandError(f"{what} was last seen {'never' if age is None else f'{age:.0f} s ago'}")
