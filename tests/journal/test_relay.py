"""The relay as a process: it numbers, rings, delivers, outlives Redis, and ends when it is told to."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from types import SimpleNamespace

import pytest
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from journal import actions, selectors
from journal.adapters import nudge
from journal.adapters.bell import Bell
from journal.management.commands.relay import Command
from journal.models import Cursor, Entry
from tests.journal.factories import tell


def until(holds, seconds=150.0):
    """Wait until something holds; whether it did. A process takes long to begin where others are at work."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def relay():
    """Starts relays against the test database; none is left."""
    started = []

    def start(*arguments, **environment):
        url = os.environ["DATABASE_URL"]
        base, _, _ = url.rpartition("/")
        environment = {**os.environ, "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}", **environment}
        command = [sys.executable, "manage.py", "relay", *arguments]
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def numbered():
    return not Entry.objects.filter(seq=None).exists()


@pytest.mark.django_db(transaction=True)
def test_the_relay_numbers_is_seen_and_ends_on_sigterm(relay):
    tell("before")
    process = relay()
    assert until(numbered)
    tell("after", many=3)
    assert until(numbered)
    assert selectors.heads(["city"]) == {"city": 4}
    assert until(lambda: selectors.lag().relay_seen_s is not None)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


@pytest.mark.django_db(transaction=True)
def test_the_relay_numbers_without_redis(relay):
    relay(REDIS_URL="unix:///nowhere/redis.sock?db=0")
    assert until(lambda: selectors.lag().relay_seen_s is not None)
    tell()
    assert until(numbered)


@pytest.mark.django_db(transaction=True)
def test_the_relay_comes_back_when_its_connection_is_cut(relay):
    process = relay()
    tell()
    assert until(numbered)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 1
    tell()
    assert until(numbered)
    assert process.poll() is None


@pytest.mark.django_db(transaction=True)
def test_the_deliverer_serves_every_subscriber_and_ends_on_sigterm(relay):
    """In its own process only the project's own subscribers exist; the test's kinds interest none of them."""
    tell(many=3)
    while actions.number():
        continue
    process = relay("--deliver")
    names = [name for name in selectors.subscribers() if not name.startswith("test.")]
    assert names
    assert until(lambda: Cursor.objects.filter(subscriber__in=names, seq=3).count() == len(names))
    assert until(lambda: selectors.lag().deliver_seen_s is not None)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


@pytest.mark.django_db(transaction=True)
def test_a_frozen_relay_gives_up_its_lock_and_the_zombie_harms_nothing():
    """A session that stands still inside the numbering transaction is ended by the server after two seconds."""
    tell()
    holding = threading.Event()
    outcome = []

    def freeze():
        try:
            actions.give_up_when_frozen()
            with connection.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [actions._ADVISORY_KEY])
                cursor.execute("INSERT INTO journal_feedhead VALUES ('*', 0) ON CONFLICT DO NOTHING")
                cursor.execute("SELECT head FROM journal_feedhead WHERE scope = '*' FOR UPDATE")
                holding.set()
                time.sleep(4)
                cursor.execute("UPDATE journal_entry SET seq = 1 WHERE seq IS NULL")
        except (OperationalError, InterfaceError):
            outcome.append("lost its session")
        finally:
            connection.close()

    thread = threading.Thread(target=freeze)
    thread.start()
    assert holding.wait(60)
    assert actions.number() == {}
    assert until(lambda: bool(actions.number()))
    thread.join()
    assert outcome == ["lost its session"]
    assert [entry.seq for entry in selectors.entries_after("city", 0, 9)] == [1]


def test_a_nudge_is_heard_at_once_and_its_absence_costs_the_wait():
    listener = nudge.Listener()
    started = time.monotonic()
    assert listener.wait(0.2) is False
    assert time.monotonic() - started > 0.19
    threading.Timer(0.1, nudge.send).start()
    started = time.monotonic()
    assert listener.wait(60) is True
    assert time.monotonic() - started < 20, "long before the wait was over"
    listener.close()


def test_without_redis_a_nudge_costs_next_to_nothing_and_waiting_only_waits(settings, monkeypatch):
    settings.REDIS_URL = "unix:///nowhere/redis.sock?db=0"
    monkeypatch.setattr(nudge, "_line", nudge._Line())
    opened, now = [], [1000.0]
    monkeypatch.setattr(nudge._Line, "open", lambda line: opened.append(now[0]) or nudge.connect())
    with monkeypatch.context() as standing:
        standing.setattr(nudge, "time", SimpleNamespace(monotonic=lambda: now[0]))
        for _ in range(50):
            nudge.send()
            now[0] += 0.19
    assert opened == pytest.approx([1000.0, 1005.13], abs=0.2), "fifty in ten seconds cost two broken connections"
    listener = nudge.Listener()
    started = time.monotonic()
    assert listener.wait(0.3) is False
    assert time.monotonic() - started > 0.29
    listener.close()


@pytest.fixture
def patient(monkeypatch):
    """The bell waits for Redis for as long as this machine takes: a ring that is given up is not told again."""
    monkeypatch.setattr("journal.adapters.bell.TIMEOUT_S", 60)


async def heard(rings, last):
    """What the groups hear while the bell rings, until they have heard these last heads; and a moment longer."""
    layer = get_channel_layer()
    channel = await layer.new_channel()
    for group in ("city", "d.449901"):
        await layer.group_add(group, channel)
    bell, found = Bell(), []
    try:
        rings(bell)
        async with asyncio.timeout(60):
            while {message["scope"]: message["head"] for message in found} != last:
                found.append(await layer.receive(channel))
        with suppress(TimeoutError):
            async with asyncio.timeout(0.4):
                while True:
                    found.append(await layer.receive(channel))
    finally:
        bell.close()
    return found


async def test_the_bell_tells_scope_and_head_and_never_the_whole_journal(patient):
    found = await heard(lambda bell: bell.ring({"*": 9, "city": 5, "d:449901": 2}), {"city": 5, "d:449901": 2})
    assert sorted((message["scope"], message["head"]) for message in found) == [("city", 5), ("d:449901", 2)]
    assert {frozenset(message) for message in found} == {frozenset({"type", "scope", "head"})}


async def test_a_hundred_rings_in_a_moment_are_few_and_the_last_head_is_told(patient):
    def ring(bell):
        for head in range(1, 101):
            bell.ring({"city": head})

    found = await heard(ring, {"city": 100})
    assert len(found) <= 5
    assert found[-1]["head"] == 100


def test_the_command_says_when_a_subscribers_thread_ended(monkeypatch):
    command = Command()
    command.stop, command.broken = threading.Event(), threading.Event()

    def fall_over(name):
        raise SystemError("a fault nobody foresaw")

    monkeypatch.setattr("journal.management.commands.relay.actions.deliver", fall_over)
    with pytest.raises(SystemError):
        command._serve("test.one", threading.Event())
    assert command.broken.is_set()
    assert command.stop.is_set()
