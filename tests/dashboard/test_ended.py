"""Whoever is switched off, signed out or narrowed is off the live socket within five seconds, at the real pace.

Not by a stopwatch, which would measure this machine: the first look that begins afterwards ends the socket, and looks
follow one another so soon that even a look as long as the pause before it stays within what was promised. How many
seconds it takes is measured by `./run prove live`.
"""

import asyncio
from collections import Counter

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.test import Client

from accounts import actions as accounts
from accounts.models import Grant
from dashboard import live
from tests.accounts.factories import ROOT
from tests.dashboard.test_live import opened, refused
from tests.journal.factories import JINGANG, person

pytestmark = pytest.mark.django_db(transaction=True)
PROMISED_S = 5.0


@pytest.fixture
def looks(monkeypatch):
    """Every look at who still may listen: the pause before each, and how many had begun when a socket was to close."""
    watch, end, sleep = live.Reader._watch, live.Outlet.end, asyncio.sleep
    seen, asleep = {"begun": 0, "pauses": [], "ended": {}}, Counter()

    async def slept(delay, result=None):
        asleep[asyncio.current_task()] += delay
        return await sleep(delay, result)

    async def watched(reader):
        seen["begun"] += 1
        seen["pauses"].append(asleep.pop(asyncio.current_task(), 0))
        await watch(reader)

    def ended(outlet, code):
        seen["ended"].setdefault(outlet, seen["begun"])
        end(outlet, code)

    monkeypatch.setattr(live.asyncio, "sleep", slept)
    monkeypatch.setattr(live.Reader, "_watch", watched)
    monkeypatch.setattr(live.Outlet, "end", ended)
    return seen


@database_sync_to_async
def two_browsers(username="jingang"):
    """The same person signed in twice."""
    user = person(username, "feed.read", area=JINGANG)
    clients = Client(), Client()
    for client in clients:
        client.force_login(user)
    return user, *clients


async def closed_in_time(socket, code, looks, before):
    """The socket is closed with that code by the first look that begins after so many; one may have been under way."""
    assert await socket.closed() == code
    assert max(looks["ended"].values()) <= before + 1
    assert set(looks["pauses"]) == {live.WATCH_S}, "each look follows the one before it after just this pause"
    assert 2 * live.WATCH_S < PROMISED_S


async def test_deactivation_ends_sockets_sessions_and_keys_within_five_seconds(looks):
    user, first, second = await two_browsers()
    bystander, other, _ = await two_browsers("bystander")
    sockets = [(await opened(client))[0] for client in (first, second)]
    spared, _ = await opened(other)
    actor = await database_sync_to_async(live.accounts.actor_of)(user)
    _, text = await sync_to_async(accounts.make_key)(label="QGIS", days=9, actor=actor)
    asked = {"headers": {"Authorization": f"Bearer {text}"}}
    assert (await sync_to_async(Client().get)("/api/me", **asked)).status_code == 200
    await sync_to_async(accounts.change_person)(user.pk, active=False, actor=ROOT)
    before = looks["begun"]
    for socket in sockets:
        await closed_in_time(socket, live.SIGNED_OUT, looks, before)
    assert (await sync_to_async(Client().get)("/api/me", **asked)).status_code == 401
    assert (await sync_to_async(first.get)("/accounts/profile/")).status_code == 302
    assert await refused(first)
    await sync_to_async(accounts.change_person)(user.pk, active=True, actor=ROOT)
    assert (await sync_to_async(Client().get)("/api/me", **asked)).status_code == 401, "an ended key stays ended"
    assert (await sync_to_async(first.get)("/accounts/profile/")).status_code == 302, "and so does a session"
    await spared.message("heartbeat")
    await spared.disconnect()


async def test_revoking_the_last_grant_closes_the_socket_but_not_the_session(looks):
    user, first, _ = await two_browsers()
    socket, _ = await opened(first)
    row = await database_sync_to_async(Grant.objects.get)(user=user)
    await sync_to_async(accounts.revoke)(row.pk, actor=ROOT)
    await closed_in_time(socket, live.NOT_YOURS, looks, looks["begun"])
    assert (await sync_to_async(first.get)("/accounts/profile/")).status_code == 200


async def test_signing_out_my_other_browsers_leaves_this_one_alone(looks):
    user, here, there = await two_browsers()
    mine, _ = await opened(here)
    lost, _ = await opened(there)
    actor = await database_sync_to_async(live.accounts.actor_of)(user)
    key = await sync_to_async(lambda: here.session.session_key)()
    assert await sync_to_async(accounts.end_my_other_sessions)(key, actor=actor) == 1
    await closed_in_time(lost, live.SIGNED_OUT, looks, looks["begun"])
    await mine.message("heartbeat")
    await mine.disconnect()
