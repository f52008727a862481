"""The town with its law, built once for each file and rolled back at its end."""

import pytest
from django.db import transaction

from core import clock
from tests.enforcement.factories import START, at, build


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        at(START)
        yield build()
        clock.set_source(None)
        transaction.set_rollback(True)


@pytest.fixture
def town(built):
    """It is ten in the morning of the first day."""
    at(START)
    return built
