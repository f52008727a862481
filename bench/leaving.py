"""Somebody is switched off while a live socket of theirs is open: how soon it ends."""

import asyncio
import math
import time
from contextlib import suppress

from django.apps import apps
from django.db import connection
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from accounts.actions import change_person
from core.scope import machine
from dashboard.live import SIGNED_OUT

ROOT = machine("prover:root", "admin")
HELLO_S, LONGEST_S = 15.0, 60.0


async def switched_off(port: int, username: str, cookie: str, after: float) -> float:
    """Seconds from an account's end until its socket has ended for it; for ever where that ended otherwise."""
    await asyncio.sleep(after)
    url, headers = f"ws://127.0.0.1:{port}/ws/live?scopes=city", {"Cookie": f"sessionid={cookie}"}
    async with connect(url, additional_headers=headers, open_timeout=20, close_timeout=1) as socket:
        await asyncio.wait_for(socket.recv(), HELLO_S)
        began = time.monotonic()
        ended, _ = await asyncio.gather(_end_of(socket), asyncio.to_thread(_switch_off, username))
    return ended - began if socket.close_code == SIGNED_OUT else math.inf


async def _end_of(socket: ClientConnection) -> float:
    with suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(LONGEST_S):
            while True:
                await socket.recv()
    return time.monotonic()


def _switch_off(username: str) -> None:
    try:
        user = apps.get_model("accounts", "User").objects.get(username=username)
        change_person(user.pk, active=False, actor=ROOT)
    finally:
        connection.close()
