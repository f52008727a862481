"""What every test shares: the database of the run, a clean clock, signed-in clients."""

import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.core.cache import cache
from django.utils import translation

from core import clock

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
    slow = ("worker", "rtsp", "browser")

    def turn(item: pytest.Item) -> tuple[bool, bool]:
        return any(item.get_closest_marker(mark) for mark in slow), needs_database(item)

    items.sort(key=turn)
