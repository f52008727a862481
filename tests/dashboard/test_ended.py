"""Whoever is switched off, signed out or narrowed is off the live socket within five seconds, at the real pace."""

import time

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


@database_sync_to_async
def two_browsers(username="jingang"):
    """The same person signed in twice."""
    user = person(username, "feed.read", area=JINGANG)
    clients = Client(), Client()
    for client in clients:
        client.force_login(user)
    return user, *clients


async def closed_in_time(socket, code):
    """The socket is closed with that code within what was promised."""
    began = time.monotonic()
    assert await socket.closed(seconds=PROMISED_S) == code
    assert time.monotonic() - began < PROMISED_S


async def test_deactivation_ends_sockets_sessions_and_keys_within_five_seconds():
    user, first, second = await two_browsers()
    bystander, other, _ = await two_browsers("bystander")
    sockets = [(await opened(client))[0] for client in (first, second)]
    spared, _ = await opened(other)
    actor = await database_sync_to_async(live.accounts.actor_of)(user)
    _, text = await sync_to_async(accounts.make_key)(label="QGIS", days=9, actor=actor)
    asked = {"headers": {"Authorization": f"Bearer {text}"}}
    assert (await sync_to_async(Client().get)("/api/me", **asked)).status_code == 200
    await sync_to_async(accounts.change_person)(user.pk, active=False, actor=ROOT)
    for socket in sockets:
        await closed_in_time(socket, live.SIGNED_OUT)
    assert (await sync_to_async(Client().get)("/api/me", **asked)).status_code == 401
    assert (await sync_to_async(first.get)("/accounts/profile/")).status_code == 302
    assert await refused(first)
    await sync_to_async(accounts.change_person)(user.pk, active=True, actor=ROOT)
    assert (await sync_to_async(Client().get)("/api/me", **asked)).status_code == 401, "an ended key stays ended"
    assert (await sync_to_async(first.get)("/accounts/profile/")).status_code == 302, "and so does a session"
    await spared.message("heartbeat", seconds=6)
    await spared.disconnect()


async def test_revoking_the_last_grant_closes_the_socket_but_not_the_session():
    user, first, _ = await two_browsers()
    socket, _ = await opened(first)
    row = await database_sync_to_async(Grant.objects.get)(user=user)
    await sync_to_async(accounts.revoke)(row.pk, actor=ROOT)
    await closed_in_time(socket, live.NOT_YOURS)
    assert (await sync_to_async(first.get)("/accounts/profile/")).status_code == 200


async def test_signing_out_my_other_browsers_leaves_this_one_alone():
    user, here, there = await two_browsers()
    mine, _ = await opened(here)
    lost, _ = await opened(there)
    actor = await database_sync_to_async(live.accounts.actor_of)(user)
    key = await sync_to_async(lambda: here.session.session_key)()
    assert await sync_to_async(accounts.end_my_other_sessions)(key, actor=actor) == 1
    await closed_in_time(lost, live.SIGNED_OUT)
    await mine.message("heartbeat", seconds=6)
    await mine.disconnect()
