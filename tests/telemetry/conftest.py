"""The flood town, built once for each file and rolled back at its end."""

import pytest
from django.db import transaction

from core import clock
from tests.telemetry.flood_town import START, at, build


@pytest.fixture(scope="module")
def flood_built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        at(START)
        yield build()
        clock.set_source(None)
        transaction.set_rollback(True)


@pytest.fixture
def flood(flood_built):
    """It is nine in the morning of the first of June, in the city."""
    at(START)
    return flood_built
