"""The consumer that stores what the gateway appended, until it is told to stop."""

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from telemetry import actions
from telemetry.store import Consumer


class Command(BaseCommand):
    """`store` stores; several may run, each with a name of its own that it keeps."""

    requires_system_checks = ()  # one that was killed is back sooner
    help = "Stores what the gateway appended to the streams."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Its name in the group."""
        parser.add_argument("--name", default="store-1", help="its name; what it had taken is its own after a restart")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM or SIGINT, then end after the batch in hand."""
        self.consumer = Consumer(options["name"])
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        actions.make_days(now=clock.now())
        self.consumer.run()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.consumer.stopped = True
