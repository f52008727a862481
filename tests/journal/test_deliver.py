"""Subscribers get every entry they want, in order, at least once; one bad entry stops nobody for long."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock
from core.errors import Conflict, NotFound
from core.trace import current_trace, use_trace
from journal import actions, selectors
from journal.contracts import on
from journal.models import Cursor, Epoch, Parked
from tests.journal.factories import number_all, tell


class Listener:
    """Notes what it is given; fails on the subjects it was told to fail on."""

    def __init__(self, name="test.listener", patterns=("test.*.v1",), from_start=False):
        self.heard, self.fails = [], set()
        on(*patterns, as_=name, from_start=from_start)(self)
        self.name = name

    def __call__(self, entry):
        if entry.subject in self.fails:
            raise RuntimeError(f"cannot take {entry.subject}")
        self.heard.append((entry.seq, entry.subject))


def deliver():
    return actions.deliver("test.listener")


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self):
        self.time = datetime(2026, 11, 22, tzinfo=UTC)
        clock.set_source(lambda: self.time)

    def move(self, seconds):
        self.time += timedelta(seconds=seconds)


@pytest.mark.django_db
def test_entries_come_in_order_once_and_only_those_wanted():
    listener, other = Listener(), Listener("test.other", ("case.*",))
    actions.open_cursors()
    tell("a")
    tell("b")
    assert deliver() == 0
    number_all()
    assert deliver() == 2
    assert listener.heard == [(1, "a"), (2, "b")]
    assert deliver() == 0
    tell("c")
    number_all()
    actions.deliver()
    assert listener.heard[-1] == (3, "c")
    assert other.heard == []
    assert Cursor.objects.get(subscriber="test.other").seq == 3


@pytest.mark.django_db
def test_a_newcomer_begins_at_the_end_or_asks_for_the_start():
    tell("before")
    number_all()
    late, early = Listener("test.late"), Listener("test.early", from_start=True)
    actions.open_cursors()
    tell("after")
    number_all()
    actions.deliver()
    assert [subject for _, subject in late.heard] == ["after"]
    assert [subject for _, subject in early.heard] == ["before", "after"]


@pytest.mark.django_db
def test_what_a_failed_reaction_wrote_is_undone_and_what_went_before_is_kept():
    Clock()

    def write_then_fail(entry):
        Epoch.objects.create(number=entry.seq + 100, reason=entry.subject, at=entry.at)
        if entry.subject == "bad":
            Epoch.objects.create(number=entry.seq + 100, reason="twice", at=entry.at)

    on("test.*.v1", as_="test.writer")(write_then_fail)
    actions.open_cursors()
    tell("good")
    tell("bad")
    tell("next")
    number_all()
    assert actions.deliver("test.writer") == 1
    assert list(Epoch.objects.values_list("reason", flat=True)) == ["good"]
    cursor = Cursor.objects.get(subscriber="test.writer")
    assert (cursor.seq, cursor.attempts) == (1, 1)
    assert "IntegrityError" in cursor.error


@pytest.mark.django_db
def test_a_failure_is_tried_five_times_with_growing_pauses_then_parked_and_the_next_is_served():
    moments = Clock()
    listener = Listener()
    actions.open_cursors()
    listener.fails = {"bad"}
    tell("bad")
    tell("good")
    number_all()
    for pause in (1, 2, 4, 8):
        assert deliver() == 0
        moments.move(pause - 0.1)
        before = Cursor.objects.get(subscriber="test.listener").attempts
        assert deliver() == 0
        assert Cursor.objects.get(subscriber="test.listener").attempts == before
        moments.move(0.2)
    assert listener.heard == []
    assert deliver() == 2
    assert listener.heard == [(2, "good")]
    (parked,) = selectors.parked_rows()
    assert (parked.subscriber, parked.seq, parked.subject, parked.attempts) == ("test.listener", 1, "bad", 5)
    assert parked.error == "RuntimeError: cannot take bad"
    assert selectors.lag().parked == 1
    cursor = Cursor.objects.get(subscriber="test.listener")
    assert (cursor.seq, cursor.attempts, cursor.error, cursor.retry_at) == (2, 0, "", None)


@pytest.mark.django_db
def test_a_failure_of_one_delays_no_other():
    Clock()
    bad, good = Listener("test.bad"), Listener("test.good")
    actions.open_cursors()
    bad.fails = {"a"}
    tell("a")
    tell("b")
    number_all()
    actions.deliver()
    assert bad.heard == []
    assert [subject for _, subject in good.heard] == ["a", "b"]
    lag = {cursor.subscriber: cursor for cursor in selectors.lag().cursors}
    assert (lag["test.bad"].behind, lag["test.bad"].attempts) == (2, 1)
    assert (lag["test.good"].behind, lag["test.good"].seconds) == (0, 0.0)


def park_one(listener):
    moments = Clock()
    listener.fails = {"bad"}
    actions.open_cursors()
    tell("bad")
    number_all()
    for _ in range(5):
        deliver()
        moments.move(9)
    return selectors.parked_rows()[0]


@pytest.mark.django_db
def test_a_parked_entry_can_be_given_again():
    listener = Listener()
    parked = park_one(listener)
    actions.requeue_parked(parked.pk)
    assert Parked.objects.get().attempts == 6
    assert selectors.lag().parked == 1
    listener.fails = set()
    actions.requeue_parked(parked.pk)
    assert listener.heard == [(1, "bad")]
    assert selectors.parked_rows() == []
    with pytest.raises(NotFound):
        actions.requeue_parked(parked.pk)


@pytest.mark.django_db
def test_a_parked_entry_of_a_subscriber_that_left_stays_parked():
    parked = park_one(Listener())
    Parked.objects.update(subscriber="test.gone")
    with pytest.raises(Conflict, match=r"journal\.no_subscriber"):
        actions.requeue_parked(parked.pk)
    assert Parked.objects.get(settled_at=None)


@pytest.mark.django_db
def test_a_reaction_works_under_the_trace_of_its_entry():
    traces = []
    on("test.*.v1", as_="test.tracer")(lambda entry: traces.append(current_trace()))
    actions.open_cursors()
    with use_trace("frame-9"):
        tell("a")
    number_all()
    actions.deliver("test.tracer")
    assert traces == ["frame-9"]
    assert current_trace() == ""


@pytest.mark.django_db
def test_a_reaction_may_record_news_of_its_own():
    def answer(entry):
        if entry.subject == "question":
            tell("answer")

    on("test.told.v1", as_="test.answerer")(answer)
    actions.open_cursors()
    tell("question")
    number_all()
    actions.deliver("test.answerer")
    number_all()
    assert [entry.subject for entry in selectors.entries_after("city", 0, 9)] == ["question", "answer"]


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_never_serve_one_subscriber_at_once_and_lose_nothing():
    busy, overlaps, heard = threading.Lock(), [], []

    def slow(entry):
        if not busy.acquire(blocking=False):
            overlaps.append(entry.seq)
            return
        time.sleep(0.002)
        heard.append(entry.seq)
        busy.release()

    on("test.*.v1", as_="test.slow")(slow)
    actions.open_cursors()
    tell(many=60)
    number_all()

    def work():
        try:
            while Cursor.objects.get(subscriber="test.slow").seq < 60:
                actions.deliver("test.slow", limit=7)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert overlaps == []
    assert heard == list(range(1, 61))


@pytest.mark.django_db(transaction=True)
def test_a_delivery_that_is_cut_off_is_repeated_never_skipped():
    """At least once: the commit of the cursor is lost, so the same entries come again."""
    listener = Listener()
    actions.open_cursors()
    tell(many=3)
    number_all()

    @transaction.atomic
    def deliver_and_lose_the_commit():
        deliver()
        raise IntegrityError

    with pytest.raises(IntegrityError):
        deliver_and_lose_the_commit()
    assert deliver() == 3
    assert [seq for seq, _ in listener.heard] == [1, 2, 3, 1, 2, 3]


@pytest.mark.django_db
def test_subscribers_that_exist_when_the_tables_are_made_have_a_cursor_from_the_beginning():
    """Opened by post_migrate, so that a seeded city is not missed by who is served first afterwards."""
    names = {name for name in selectors.subscribers() if not name.startswith("test.")}
    assert names
    assert set(Cursor.objects.filter(seq=0).values_list("subscriber", flat=True)) >= names
