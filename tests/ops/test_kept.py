"""What stood in the database is put back, row for row, and not while somebody still asks it."""

import pytest
from django.db import connection

from accounts.actions import create_user
from accounts.models import User
from journal.models import Entry
from tests import kept
from tests.accounts.factories import ROOT

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shelf(monkeypatch):
    """What is kept here is forgotten afterwards."""
    monkeypatch.setattr(kept, "answers", {})
    yield "trial"
    kept.kept.pop("trial", None)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS kept_trial CASCADE")


@pytest.fixture
def somebody_else():
    """Another connection to the same database."""
    other = connection.get_new_connection(connection.get_connection_params())
    yield other
    other.close()


def person(username):
    return create_user(username=username, label=username, password="a-long-enough-password-9", actor=ROOT)


def standing():
    """The people and the history, row for row."""
    return list(User.objects.order_by("pk").values()), list(Entry.objects.order_by("pk").values())


def test_rows_that_were_changed_added_or_taken_away_are_as_they_were(shelf):
    for name in ("stays", "goes"):
        person(name)
    before = standing()
    kept.keep(shelf)
    person("comes")
    User.objects.filter(username="goes").delete()
    User.objects.filter(username="stays").update(label="Another")
    assert standing() != before
    kept.put_back(shelf)
    assert standing() == before


def test_a_table_that_was_empty_is_empty_again_and_new_rows_find_numbers(shelf):
    User.objects.all().delete()
    kept.keep(shelf)
    person("comes")
    kept.put_back(shelf)
    assert not User.objects.exists()
    person("comes")
    assert User.objects.get().username == "comes"


def test_a_town_is_made_once_and_each_test_gets_an_answer_of_its_own(shelf):
    made = []

    def make():
        made.append(person("founder").pk)
        return made

    kept.standing(shelf, make).append("scribbled")
    User.objects.all().delete()
    assert kept.standing(shelf, make) == made == [User.objects.get().pk]


def test_nothing_is_put_back_while_somebody_else_is_in_the_middle_of_something(somebody_else, monkeypatch):
    monkeypatch.setattr(kept, "QUIET_S", 0.2)
    kept.quiet()
    with somebody_else.cursor() as cursor:
        cursor.execute("SELECT 'in the middle'")
    with pytest.raises(AssertionError, match="in the middle"):
        kept.quiet()
    somebody_else.rollback()
    kept.quiet()
