"""What each person hears on a socket. Every socket has a row."""

import pytest
from channels.db import database_sync_to_async
from django.test import Client

from dashboard.live import websocket_urlpatterns
from tests.dashboard.test_live import Socket
from tests.strangers.world import NEIGHBOUR_NAME, NOBODY, STRANGER_NAME, build

HERE, THERE, DEPARTMENT = "d:449901", "d:449902", "dept:d449901-appearance"
EAVESDROPPING = ("city", HERE, DEPARTMENT, f"{HERE}:restricted", "city:restricted")
HEARD = {
    "ws/live": {
        NOBODY: None,
        STRANGER_NAME: {THERE},
        NEIGHBOUR_NAME: {"dept:sanitation-here"},
        "here": {HERE},
        "desk": {DEPARTMENT},
    }
}


def mine(scope: str, heard: set[str]) -> bool:
    """Whoever holds person.see over a ground may also listen to what is restricted there."""
    return scope.removesuffix(":restricted") in heard


def test_every_socket_has_a_row():
    assert {str(route.pattern) for route in websocket_urlpatterns} == set(HEARD)


@database_sync_to_async
def clients() -> tuple[dict[str, Client | None], dict[str, int]]:
    """Somebody signed in for each row, and nobody."""
    world = build()
    found: dict[str, Client | None] = {NOBODY: None}
    for name in HEARD["ws/live"]:
        if name != NOBODY:
            found[name] = Client()
            found[name].force_login(world.people[name])
    return found, {name: user.pk for name, user in world.people.items()}


@pytest.mark.django_db(transaction=True)
async def test_nobody_listens_to_what_is_not_theirs():
    people, ids = await clients()
    for name, wanted in HEARD["ws/live"].items():
        if wanted is None:
            assert not await Socket(people[name]).connect(), "nobody is not even let in"
            continue
        socket = Socket(people[name])
        assert await socket.connect()
        hello = await socket.message("hello")
        assert set(hello["heads"]) - {f"user:{ids[name]}"} == wanted, name
        await socket.disconnect()
        for scope in [scope for scope in EAVESDROPPING if not mine(scope, wanted)] + [f"user:{ids['boss']}"]:
            assert not await Socket(people[name], f"scopes={scope}").connect(), (name, scope)
