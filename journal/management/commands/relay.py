"""The relay: numbers entries and rings the bell; with --deliver it serves the subscribers instead."""

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from journal import actions
from journal.adapters import nudge
from journal.adapters.bell import Bell
from journal.contracts import subscribers

logger = logging.getLogger(__name__)
LOOK_S = 1.0
BEAT_S = 2.0
TIDY_S = 3600.0
PAUSE_AFTER_FAILURE_S = 0.5


class Every:
    """Says when a piece of upkeep is due again."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.next = seconds, 0.0

    def due(self) -> bool:
        """True at most once in so many seconds."""
        if time.monotonic() < self.next:
            return False
        self.next = time.monotonic() + self.seconds
        return True


class Command(BaseCommand):
    """`relay` numbers, `relay --deliver` delivers; any number of either may run."""

    requires_system_checks = ()  # a relay that was killed is back sooner
    help = "Numbers committed entries and rings the bell; with --deliver gives them to the subscribers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--deliver", action="store_true", help="serve the subscribers instead of numbering")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM or SIGINT, then end cleanly."""
        self.stop = threading.Event()
        self.broken = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        if options["deliver"]:
            self._deliver_forever()
        else:
            self._number_forever()
        if self.broken.is_set():
            raise CommandError("a subscriber's thread ended; see the log")

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stop.set()

    def _number_forever(self) -> None:
        bell, listener = Bell(), nudge.Listener(nudge.RECORDED)
        beat, tidy = Every(BEAT_S), Every(TIDY_S)
        while not self.stop.is_set():
            try:
                if self._number_all(bell):
                    nudge.send(nudge.NUMBERED)
                if beat.due():
                    actions.beat("relay")
                if tidy.due():
                    actions.make_partitions()
                    actions.prune()
            except actions.NumberingConflict as conflict:
                logger.warning("relay: %s; the batch is taken again", conflict)
                continue
            except (OperationalError, InterfaceError):
                self._recover("relay")
            listener.wait(LOOK_S)
        listener.close()
        bell.close()
        connection.close()

    def _number_all(self, bell: Bell) -> bool:
        numbered = False
        while not self.stop.is_set():
            self._patiently()
            heads = actions.number()
            if not heads:
                break
            bell.ring(heads)
            numbered = True
        return numbered

    def _patiently(self) -> None:
        if connection.connection is None:
            actions.give_up_when_frozen()

    def _recover(self, who: str) -> None:
        logger.exception("%s: the database failed; trying again", who)
        connection.close()
        self.stop.wait(PAUSE_AFTER_FAILURE_S)

    def _deliver_forever(self) -> None:
        wakes = {name: threading.Event() for name in subscribers()}
        threads = [threading.Thread(target=self._serve, args=item, name=item[0]) for item in wakes.items()]
        for thread in threads:
            thread.start()
        listener, beat = nudge.Listener(nudge.NUMBERED), Every(BEAT_S)
        while not self.stop.is_set():
            listener.wait(LOOK_S)
            for wake in wakes.values():
                wake.set()
            try:
                if beat.due():
                    actions.beat("deliver")
            except (OperationalError, InterfaceError):
                self._recover("deliver")
        for wake in wakes.values():
            wake.set()
        for thread in threads:
            thread.join()
        listener.close()
        connection.close()

    def _serve(self, name: str, wake: threading.Event) -> None:
        """One subscriber at its own pace, on its own connection."""
        try:
            while not self.stop.is_set():
                self._serve_once(name, wake)
        except BaseException:
            logger.exception("deliver: the thread of %s ended", name)
            self.broken.set()
            self.stop.set()
            raise
        finally:
            connection.close()

    def _serve_once(self, name: str, wake: threading.Event) -> None:
        try:
            passed = actions.deliver(name)
        except DatabaseError:
            self._recover(name)
            return
        if not passed:
            wake.wait(LOOK_S)
            wake.clear()
