"""Numbers are given after the commit, dense in every feed, once, whoever else is at it."""

import threading
import time
from collections import defaultdict
from datetime import timedelta

import pytest
from django.db import connection, transaction

from core import clock
from journal import actions, selectors
from journal.models import Entry, FeedHead, FeedPlace
from tests.journal.factories import CITY, JINGANG, LONGBIN, TESTER, Other, number_all, tell


@pytest.mark.django_db
def test_every_feed_counts_for_itself_without_holes():
    tell("a", area=JINGANG, many=2)
    tell("b", area=LONGBIN, org="centre.d449902.parks")
    tell("c", area=CITY)
    heads = actions.number()
    assert heads == {"*": 4, "city": 4, "d:449901": 2, "d:449902": 1, "dept:d449902": 1, "dept:parks": 1}
    city = [(e.seq, e.subject) for e in selectors.entries_after("city", 0, 9)]
    assert city == [(1, "a"), (2, "a"), (3, "b"), (4, "c")]
    assert [(e.seq, e.subject) for e in selectors.entries_after("d:449902", 0, 9)] == [(1, "b")]
    assert [(e.seq, e.subject) for e in selectors.entries_after("city", 2, 1)] == [(3, "b")]
    assert selectors.heads(["city", "d:449901", "d:none"]) == {"city": 4, "d:449901": 2, "d:none": 0}
    assert actions.number() == {}


@pytest.mark.django_db
def test_restricted_news_leaves_no_hole_in_the_open_feed():
    tell("open")
    actions.record("test.whispered.v1", subject="secret", actor=TESTER, area=JINGANG, data=Other())
    actions.record("test.said_to.v1", subject="mine", actor=TESTER, data=Other(), user_id=9)
    actions.record("test.kept.v1", subject="nobody's", actor=TESTER, data=Other())
    tell("open")
    number_all()
    assert [e.subject for e in selectors.entries_after("d:449901", 0, 9)] == ["open", "open"]
    assert [e.subject for e in selectors.entries_after("city:restricted", 0, 9)] == ["secret"]
    assert [e.subject for e in selectors.entries_after("user:9", 0, 9)] == ["mine"]
    assert Entry.objects.filter(seq=None).count() == 0


@pytest.mark.django_db
def test_a_batch_has_a_limit_and_the_rest_comes_next():
    tell(many=7)
    assert actions.number(limit=3)["city"] == 3
    assert actions.number(limit=3)["city"] == 6
    assert actions.number(limit=3)["city"] == 7


@pytest.mark.django_db
def test_a_batch_that_does_not_add_up_is_rolled_back(monkeypatch):
    tell(many=3)
    monkeypatch.setattr(actions.selectors, "heads", lambda scopes: dict.fromkeys(scopes, 4))
    FeedHead.objects.create(scope="city", head=9)
    with pytest.raises(actions.NumberingConflict, match="heads"), transaction.atomic():
        actions.number()
    assert Entry.objects.filter(seq=None).count() == 3
    assert not FeedPlace.objects.exists()


@pytest.mark.django_db
def test_old_places_go_and_the_entries_stay():
    clock.set_source(lambda: clock.datetime.now(clock.UTC) - timedelta(days=31))
    tell("old", many=2)
    clock.set_source(None)
    tell("new")
    number_all()
    assert selectors.first_kept("city") == 1
    assert actions.prune() == 4
    assert selectors.first_kept("city") == 3
    assert [e.seq for e in selectors.entries_after("city", 0, 9)] == [3]
    assert len(selectors.history("old")) == 2
    assert selectors.first_kept("d:none") == 1


@pytest.mark.django_db
def test_lag_counts_what_waits_and_who_was_seen():
    clock.set_source(lambda: clock.datetime.now(clock.UTC) - timedelta(seconds=9))
    tell(many=2)
    actions.beat("relay")
    clock.set_source(None)
    lag = selectors.lag()
    assert (lag.unnumbered, lag.deliver_seen_s) == (2, None)
    assert 8 < lag.unnumbered_s < 12
    assert lag.relay_seen_s is not None
    assert 8 < lag.relay_seen_s < 12
    number_all()
    assert selectors.lag().unnumbered == 0


@pytest.mark.django_db
def test_an_epoch_only_rises():
    assert selectors.epoch() == 1
    assert actions.raise_epoch("restored to 09:30") == 2
    assert actions.raise_epoch("fail-over") == 3
    assert selectors.epoch() == 3


def in_threads(*works):
    """Run all at once, each on its own connection; answer what they raised."""
    raised = []

    def run(work):
        try:
            work()
        except Exception as error:
            raised.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def places():
    found = defaultdict(list)
    for scope, seq, entry in FeedPlace.objects.order_by("seq").values_list("scope", "seq", "entry_id"):
        found[scope].append((seq, entry))
    return found


@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_is_numbered_late_and_never_missed():
    """The row id of the slow one is lower; a reader that remembers ids would skip it."""
    recorded, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            tell("slow")
            recorded.set()
            go_on.wait(60)

    thread = threading.Thread(target=lambda: in_threads(slow))
    thread.start()
    assert recorded.wait(60)
    tell("fast")
    number_all()
    assert [e.subject for e in selectors.entries_after("city", 0, 9)] == ["fast"]
    go_on.set()
    thread.join()
    number_all()
    after = selectors.entries_after("city", 0, 9)
    assert [(e.seq, e.subject) for e in after] == [(1, "fast"), (2, "slow")]
    assert after[1].id < after[0].id


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", [actions.number, actions.number_locked], ids=["advisory lock", "no advisory lock"])
def test_three_relays_and_six_writers_leave_no_hole_and_number_nothing_twice(verb):
    done = threading.Event()

    def write(who):
        def work():
            for turn in range(25):
                with transaction.atomic():
                    tell(f"{who}.{turn}", area=JINGANG if who % 2 else LONGBIN)
                    time.sleep(0.001 * (who % 3))

        return work

    def relay():
        while not (done.is_set() and not Entry.objects.filter(seq=None).exists()):
            try:
                verb(limit=7)
            except actions.NumberingConflict:
                continue

    def writers():
        raised = in_threads(*[write(who) for who in range(6)])
        done.set()
        assert raised == []

    assert in_threads(writers, relay, relay, relay) == []
    assert sorted(Entry.objects.values_list("seq", flat=True)) == list(range(1, 151))
    for scope, many in (("city", 150), ("d:449901", 75), ("d:449902", 75)):
        feed = places()[scope]
        assert [seq for seq, _ in feed] == list(range(1, many + 1))
        assert len({entry for _, entry in feed}) == many
        assert selectors.heads([scope]) == {scope: many}


@pytest.mark.django_db(transaction=True)
def test_where_another_relay_is_at_work_nothing_is_done_and_nobody_waits():
    tell()
    held, go_on, answers = threading.Event(), threading.Event(), []

    def holder():
        with transaction.atomic():
            actions.number()
            held.set()
            go_on.wait(60)

    thread = threading.Thread(target=lambda: in_threads(holder))
    thread.start()
    assert held.wait(60)
    started = time.monotonic()
    answers.append(actions.number())
    waited = time.monotonic() - started
    go_on.set()
    thread.join()
    assert answers == [{}]
    assert waited < 20, "the other holds it for as long as we let it"
    assert selectors.heads(["city"]) == {"city": 1}


@pytest.mark.django_db(transaction=True)
def test_the_first_two_relays_of_an_empty_city_do_not_stumble():
    tell(many=10)
    assert in_threads(*[lambda: actions.number_locked(limit=100)] * 4) == []
    assert [seq for seq, _ in places()["city"]] == list(range(1, 11))
