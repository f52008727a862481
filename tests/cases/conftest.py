"""The town that the tests of cases play in, and a clock they may set."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction

from core import clock
from tests.cases.factories import Town, at, build_town
from tests.kept import standing


@pytest.fixture(scope="module")
def standing_town(django_db_setup: None, django_db_blocker: Any) -> Iterator[Town]:
    """One town for the tests of a module, which each roll back to it; gone with the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield founded()
        transaction.set_rollback(True)


def founded() -> Town:
    """The town, founded long before any test."""
    clock.set_source(lambda: at("2026-01-01T00:00:00+08:00"))
    try:
        return build_town()
    finally:
        clock.set_source(None)


@pytest.fixture
def town(standing_town: Town, db: None, settings: LazySettings, tmp_path: Path) -> Town:
    """A town with everything it needs; its evidence goes where the test ends."""
    settings.MEDIA_ROOT = tmp_path
    return standing_town


@pytest.fixture
def real_town(transactional_db: None, settings: LazySettings, tmp_path: Path) -> Town:
    """A town that is really committed, for tests with several connections."""
    settings.MEDIA_ROOT = tmp_path
    return standing("founded_town", founded)


class Time:
    """A clock that stands until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **parts: float) -> None:
        """So much later."""
        self.moment += timedelta(**parts)

    def be(self, text: str) -> None:
        """It is then."""
        self.moment = at(text)


@pytest.fixture
def time() -> Iterator[Time]:
    """Monday, 16 November 2026, nine in the morning in Shanghai, standing still."""
    source = Time(at("2026-11-16T09:00:00+08:00"))
    clock.set_source(source)
    yield source
    clock.set_source(None)
