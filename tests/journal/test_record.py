"""An entry is part of its transaction, of a known kind, and is never changed again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core import clock
from core.trace import use_trace
from journal import actions, selectors
from journal.models import Entry, FeedPlace
from tests.journal.factories import JINGANG, TESTER, Colour, News, Other, Spot, tell


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_an_entry_says_who_what_where_when_and_why():
    clock.set_source(lambda: datetime(2026, 11, 22, 9, 30, tzinfo=UTC))
    with use_trace("frame-7"):
        tell("4499", org="centre.d449901", data=News(7, Colour.GREEN, Spot(1.5, 2), {"zh": "门"}, ("x",)))
    (entry,) = selectors.history("4499")
    assert entry.kind == "test.told.v1"
    assert (entry.actor, entry.actor_label) == ("tester", "测试")
    assert (entry.org, entry.area) == ("centre.d449901", JINGANG)
    assert entry.at == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    assert entry.trace == "frame-7"
    assert entry.data == {
        "number": 7, "colour": "green", "spot": {"lon": 1.5, "lat": 2}, "names": {"zh": "门"}, "tags": ["x"],
    }  # fmt: skip
    assert entry.seq == 0


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        actions.record("test.told.v1", subject="s", actor=TESTER, data=News())
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_did_not_happen():
    @transaction.atomic
    def change_one_s_mind():
        tell("gone")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        change_one_s_mind()
    assert selectors.history("gone") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        ("test.unknown.v1", News(), "not a registered kind"),
        ("test.told.v1", Other(), "its data is a News, not a Other"),
        ("test.told.v1", {"number": 1}, "its data is a News, not a dict"),
        ("test.told.v1", News(number="many"), "wrong type in number"),
    ],
)
def test_only_known_kinds_with_their_own_data_are_recorded(kind, data, why):
    with pytest.raises(ValueError, match=why):
        actions.record(kind, subject="s", actor=TESTER, data=data)
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal_entry SET subject = 'other'",
        "UPDATE journal_entry SET seq = NULL, data = '{}'",
        "UPDATE journal_entry SET seq = 5, actor = 'other'",
        "UPDATE journal_entry SET at = at + interval '1 second', seq = 5",
        "DELETE FROM journal_entry",
    ],
)
def test_the_database_refuses_to_change_or_delete_an_entry(change):
    tell("kept")
    before = Entry.objects.values().get()
    with pytest.raises(IntegrityError, match="never changed or deleted"):
        execute(change)
    assert Entry.objects.values().get() == before


@pytest.mark.django_db
def test_a_number_is_given_once_and_never_taken_back():
    tell("kept")
    assert Entry.objects.update(seq=5) == 1
    for seq in (6, None, 5):
        with pytest.raises(IntegrityError), transaction.atomic():
            Entry.objects.update(seq=seq)
    with pytest.raises(IntegrityError, match="numbered by the relay"), transaction.atomic():
        Entry.objects.create(kind="x.v1", subject="s", actor="a", scopes=[], data={}, at=clock.now(), seq=9)


@pytest.mark.django_db
def test_a_place_belongs_to_an_entry_that_exists():
    with pytest.raises(IntegrityError, match="feedplace_entry"), transaction.atomic():
        FeedPlace.objects.create(scope="city", seq=1, entry_id=77, at=clock.now())


def partition_of(subject: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM journal_entry WHERE subject = %s", [subject])
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_entries_lie_in_the_partition_of_their_month_and_strange_times_in_the_default():
    tell("today")
    assert partition_of("today") == f"journal_entry_{clock.now():y%Ym%m}"
    clock.set_source(lambda: datetime(1999, 1, 1, tzinfo=UTC))
    tell("long ago")
    assert partition_of("long ago") == "journal_entry_default"


@pytest.mark.django_db
def test_partitions_are_made_ahead_once_and_rows_in_the_way_stay_where_they_are():
    assert actions.make_partitions() == 0
    far = clock.now() + timedelta(days=31 * 5)
    clock.set_source(lambda: far)
    tell("early")
    made = actions.make_partitions(7)
    assert made >= 2
    assert actions.make_partitions(7) == 0
    assert partition_of("early") == "journal_entry_default"
    assert [entry.subject for entry in selectors.history("early")] == ["early"]


@pytest.mark.django_db
def test_the_journal_is_truncated_in_test_databases_only():
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'journal_entry_keep'")
        assert "LIKE 'test\\_%'" in cursor.fetchone()[0]
        cursor.execute("ALTER TABLE journal_feedplace DISABLE TRIGGER ALL")
        cursor.execute(
            "CREATE OR REPLACE FUNCTION journal_entry_keep() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'journal: entries are never truncated'; END $$"
        )
        with pytest.raises(DatabaseError, match="never truncated"):
            cursor.execute("TRUNCATE journal_entry CASCADE")


@pytest.mark.django_db(transaction=True)
def test_a_commit_asks_for_one_nudge_whatever_it_recorded(monkeypatch):
    sent = []
    monkeypatch.setattr(actions.nudge, "send", lambda: sent.append(1))
    tell("many", many=5)
    assert sent == [1]
