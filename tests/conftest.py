"""What every test shares: the database of the run, a clean clock, signed-in clients."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.core.cache import cache
from django.test import TransactionTestCase
from django.utils import translation

from core import clock
from tests import kept

TransactionTestCase._fixture_teardown = kept.emptied
SLOW = ("worker", "rtsp", "browser")
MOST_SECOND_CHANCES = 5

# The suite answers the same whenever it is asked; `./run prove properties` looks where nobody has looked yet.
hypothesis.settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", print_blob=True, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture(autouse=True)
def the_real_clock_and_language_return() -> Iterator[None]:
    """A test that sets the clock or the language leaves no trace for the next."""
    yield
    clock.set_source(None)
    translation.deactivate()


def until_the_day_has_turned(seconds: float) -> None:
    """Waits for midnight, here and in the city, where it is nearer than that: today is one day for a whole test."""
    for zone in (UTC, ZoneInfo("Asia/Shanghai")):
        now = datetime.now(zone)
        midnight = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        if (left := (midnight - now).total_seconds()) < seconds:
            time.sleep(left + 0.1)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that asks what happened today does not begin shortly before the day ends."""
    if needs_database(item):
        until_the_day_has_turned(120 if any(item.get_closest_marker(mark) for mark in SLOW) else 30)


@pytest.fixture(autouse=True)
def the_cache_is_empty() -> None:
    """Rate limits of one test are not felt by another."""
    cache.clear()


def needs_database(item: pytest.Item) -> bool:
    """Whether the test asks for the database, by mark or by fixture."""
    wanted = {"db", "transactional_db", "django_db_setup", "live_server", "client", "admin_client"}
    return item.get_closest_marker("django_db") is not None or bool(wanted & set(getattr(item, "fixturenames", ())))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Pure tests run first, browsers and cameras last: what is cheap to learn is learnt first."""

    def turn(item: pytest.Item) -> tuple[bool, bool]:
        return any(item.get_closest_marker(mark) for mark in SLOW), needs_database(item)

    items.sort(key=turn)
    for item in items:
        if waits_for_others(item):
            item.add_marker(pytest.mark.flaky(reruns=1))


def waits_for_others(item: pytest.Item) -> bool:
    """Whether another process, thread or task of the machine has a part in it: a browser, a stream, a worker, a socket.

    Only such a test gets a second chance, and the run tells which needed it, with what went wrong (ADR 0027).
    """
    database = item.get_closest_marker("django_db")
    across = database is not None and database.kwargs.get("transaction", False)
    return across or any(item.get_closest_marker(mark) for mark in (*SLOW, "asyncio"))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run in which many tests needed their second chance is no green run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or session.exitstatus != pytest.ExitCode.OK:
        return
    if (again := len(reporter.stats.get("rerun", ()))) > MOST_SECOND_CHANCES:
        reporter.write_line(f"\n{again} tests needed a second chance, {MOST_SECOND_CHANCES} may: not green.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
