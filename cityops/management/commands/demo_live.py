"""`manage.py demo_live`: the demo city goes on living. Started by `./run demo`; refuses anything but a demo."""

import signal
import threading
import time
from types import FrameType
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection
from redis import RedisError

from cityops.management.demo_live import LiveCity, Unfounded

log = structlog.get_logger(__name__)
TICK_S = 7.0
LONGEST_PAUSE_S = 60.0


class Command(BaseCommand):
    """Looks at the city every few seconds until it is told to end."""

    requires_system_checks = ()  # it must start, and say so, while the database is away
    help = "Report new cases in the demo city and let the colleagues take up what nobody has touched."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until SIGTERM or SIGINT; a step under way is finished first."""
        if not settings.DEMO:
            raise CommandError("demo_live invents cases: it runs only where DEMO is true")
        self.stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        self.city, self.failures = LiveCity(), 0
        log.info("live.started", every_s=TICK_S)
        while not self.stop.is_set():
            self.stop.wait(self._tick())
        connection.close()
        log.info("live.ended")

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stop.set()

    def _tick(self) -> float:
        """One look at the city; answers how long to wait for the next, longer after each failure in a row."""
        began = time.process_time()
        try:
            told = self.city.tick()
        except (Error, RedisError, Unfounded) as error:
            return self._failed(error)
        except Exception as error:
            # A fault of ours must not become a restart every few seconds: it is told once and waited out.
            log.exception("live.fault")
            return self._failed(error)
        self.failures = 0
        if told.reported or told.done or told.refused:
            log.info("live.tick", **told._asdict(), cpu_ms=round(1000 * (time.process_time() - began)))
        return TICK_S

    def _failed(self, error: Exception) -> float:
        connection.close()
        pause = min(LONGEST_PAUSE_S, TICK_S * 2.0**self.failures)
        self.failures += 1
        log.warning("live.waits", why=f"{type(error).__name__}: {error}".strip()[:300], again_in_s=pause)
        return pause
