"""/ws/live: who may listen, what they are told, and that nothing is lost in silence."""

import asyncio
import json
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.db import database_sync_to_async
from django.db import OperationalError
from django.test import Client

from accounts.models import Grant
from cityops.asgi import application
from core import clock
from dashboard import live
from journal import actions, contracts, selectors
from journal.adapters.bell import Bell
from journal.models import FeedPlace
from tests.journal.factories import JINGANG, LONGBIN, number_all, person, tell, test_kinds

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 60.0


@pytest.fixture(autouse=True)
def kinds():
    """The kinds of the journal's tests."""
    with contracts.reopened(), test_kinds():
        yield


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """What takes seconds in a city takes tenths here."""
    monkeypatch.setattr(live, "LOOK_S", 0.2)
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.4)
    monkeypatch.setattr(live, "RIGHTS_S", 0.3)
    monkeypatch.setattr(live, "WATCH_S", 0.3)


@database_sync_to_async
def signed_in(username="jingang", *permissions, **ground):
    """The session cookie of somebody new."""
    user = person(username, *(permissions or ("feed.read",)), **(ground or {"area": JINGANG}))
    client = Client()
    client.force_login(user)
    return user, client


@database_sync_to_async
def happen(subject, many=1, area=JINGANG):
    """So many entries are committed and numbered; the bell is not rung."""
    tell(subject, many=many, area=area)
    number_all()


class Socket(ApplicationCommunicator):
    """A client of the whole ASGI application, as a browser on our own page is one."""

    def __init__(self, client, query="", origin="http://localhost"):
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items()) if client else ""
        headers = [(b"host", b"localhost"), (b"cookie", cookies.encode()), (b"origin", origin.encode())]
        scope = {"type": "websocket", "path": "/ws/live", "query_string": query.encode(), "headers": headers}
        super().__init__(application, {**scope, "subprotocols": []})

    async def connect(self):
        """Whether the handshake is accepted."""
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(timeout=PATIENCE_S))["type"] == "websocket.accept"

    async def say(self, **message):
        """The client sends something."""
        await self.send_input({"type": "websocket.receive", **message})

    async def disconnect(self):
        """The client goes, and the consumer ends."""
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(timeout=PATIENCE_S)

    async def message(self, kind, seconds=PATIENCE_S):
        """The next message of that type, whatever comes before it."""
        async with asyncio.timeout(seconds):
            while True:
                output = await self.receive_output(timeout=seconds)
                if output["type"] == "websocket.close":
                    raise AssertionError(f"closed with {output['code']}")
                message = json.loads(output["text"])
                if message["type"] == kind:
                    return message

    async def closed(self, seconds=PATIENCE_S):
        """The code that the server closes with."""
        async with asyncio.timeout(seconds):
            while True:
                output = await self.receive_output(timeout=seconds)
                if output["type"] == "websocket.close":
                    return output["code"]


async def opened(client, query=""):
    """A socket that has been greeted, and the greeting."""
    socket = Socket(client, query)
    assert await socket.connect()
    return socket, await socket.message("hello")


async def come_true(found, what):
    """Waits, while everything else goes on, for something to be true in this process."""
    async with asyncio.timeout(PATIENCE_S):
        while not found():
            await asyncio.sleep(0.01)
    assert found(), what


class Held:
    """Stands in the place of the look at the database: counts who asks, and lets nobody have an answer before `go`."""

    def __init__(self, monkeypatch, fault=None):
        self.asked, self.go, self.stand, self.fault = 0, asyncio.Event(), live._stand, fault
        monkeypatch.setattr(live, "_stand", self)

    async def __call__(self, scopes):
        self.asked += 1
        if self.fault:
            raise self.fault
        await self.go.wait()
        return await self.stand(scopes)


async def refused(client, query="", **options):
    """Whether the handshake is refused."""
    return not await Socket(client, query, **options).connect()


async def test_hello_names_the_heads_and_what_happens_next_is_pushed_in_order():
    user, client = await signed_in()
    await happen("before", many=2)
    socket, hello = await opened(client)
    assert (hello["epoch"], hello["heads"]) == (1, {"d:449901": 2, f"user:{user.pk}": 0})
    assert hello["server_time"].startswith(f"{clock.now():%Y-%m-%d}")
    await happen("after", many=3)
    message = await socket.message("entries")
    assert (message["scope"], message["epoch"]) == ("d:449901", 1)
    assert [entry["seq"] for entry in message["entries"]] == [3, 4, 5]
    assert {entry["subject"] for entry in message["entries"]} == {"after"}
    await socket.disconnect()


async def test_what_is_pushed_is_what_is_pulled():
    _, client = await signed_in()
    socket, _ = await opened(client)
    await happen("门", many=2)
    pushed = (await socket.message("entries"))["entries"]
    answer = await sync_to_async(client.get)("/api/feed", {"scope": "d:449901", "after": 0, "epoch": 1})
    assert answer.json()["entries"] == pushed
    await socket.disconnect()


async def test_nobody_hears_of_another_district():
    _, client = await signed_in()
    socket, _ = await opened(client)
    await happen("theirs", area=LONGBIN)
    await happen("ours")
    message = await socket.message("entries")
    assert [entry["subject"] for entry in message["entries"]] == ["ours"]
    await socket.disconnect()


async def test_only_those_are_let_in_who_may_read_what_they_ask_for():
    _, client = await signed_in()
    _, without_right = await signed_in("nothing", "case.see", area=JINGANG)
    assert await refused(None)
    assert await refused(client, "scopes=d:449902")
    assert await refused(client, "scopes=d:449901,city")
    assert await refused(client, "scopes=d:449901:restricted")
    assert await refused(client, "scopes=user:999999")
    assert await refused(client, origin="http://evil.example")
    socket, hello = await opened(client, "scopes=d:449901")
    assert set(hello["heads"]) == {"d:449901"}
    await socket.disconnect()
    socket, hello = await opened(without_right)
    assert all(scope.startswith("user:") for scope in hello["heads"])
    await socket.disconnect()


async def test_the_bell_hastens_the_look(monkeypatch):
    _, client = await signed_in()
    socket, _ = await opened(client)
    await come_true(lambda: "d:449901" in live.reader()._grouped, "the reader listens to the bell")
    monkeypatch.setattr(live, "LOOK_S", 10 * PATIENCE_S)
    before = live.reader()._looked_at
    await come_true(lambda: live.reader()._looked_at != before, "the last look for a long while was taken")
    await happen("rung")
    bell = Bell()
    bell.ring({"city": 1, "d:449901": 1})
    message = await socket.message("entries")
    assert message["entries"][0]["subject"] == "rung"
    await asyncio.to_thread(bell.close)
    await socket.disconnect()


async def test_without_redis_nothing_is_missed(settings):
    layers = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": ["unix:///nowhere.sock"]}}
    settings.CHANNEL_LAYERS = {"default": layers}
    _, client = await signed_in()
    socket, _ = await opened(client)
    await happen("unheard")
    assert (await socket.message("entries"))["entries"][0]["subject"] == "unheard"
    assert (await socket.message("heartbeat"))["heads"]["d:449901"] == 1
    await socket.disconnect()


async def test_heartbeats_carry_the_heads_and_come_after_what_they_count():
    _, client = await signed_in()
    socket, hello = await opened(client)
    last = hello["heads"]["d:449901"]
    for turn in range(3):
        await happen(f"turn {turn}")
        seen = []
        while not seen or seen[-1]["type"] != "heartbeat":
            seen.append(json.loads((await socket.receive_output(timeout=PATIENCE_S))["text"]))
        for message in seen[:-1]:
            assert message["entries"][0]["seq"] == last + 1
            last = message["entries"][-1]["seq"]
        assert seen[-1]["heads"]["d:449901"] == last
    await socket.disconnect()


async def test_while_the_database_is_silent_there_is_no_heartbeat(monkeypatch):
    monkeypatch.setattr(live, "TRUSTED_S", 0.5)
    _, client = await signed_in()
    socket, _ = await opened(client)
    assert await socket.message("heartbeat")
    silent = Held(monkeypatch, OperationalError("server closed the connection"))
    await come_true(lambda: silent.asked, "no look that was answered is still under way")
    await asyncio.sleep(live.TRUSTED_S + 0.1)
    while not await socket.receive_nothing(timeout=0.01):
        await socket.receive_output()
    assert await socket.receive_nothing(timeout=1.2)
    await happen("meanwhile")
    monkeypatch.setattr(live, "_stand", silent.stand)
    assert (await socket.message("entries"))["entries"][0]["subject"] == "meanwhile"
    assert await socket.message("heartbeat")
    await socket.disconnect()


async def test_a_process_reads_a_feed_once_for_all_its_sockets(monkeypatch):
    reads, page = [], live._page

    async def counted(scope, after):
        reads.append((scope, after))
        return await page(scope, after)

    monkeypatch.setattr(live, "_page", counted)
    _, client = await signed_in()
    sockets = [(await opened(client))[0] for _ in range(5)]
    await happen("one")
    texts = [json.dumps(await socket.message("entries")) for socket in sockets]
    assert len(set(texts)) == 1
    assert reads == [("d:449901", 0)]
    for socket in sockets:
        await socket.disconnect()


async def test_a_long_absence_is_made_good_in_pages():
    _, client = await signed_in()
    socket, _ = await opened(client)
    await happen("many", many=live.PAGE * 2 + 30)
    seen = []
    while len(seen) < live.PAGE * 2 + 30:
        seen += [entry["seq"] for entry in (await socket.message("entries"))["entries"]]
    assert seen == list(range(1, live.PAGE * 2 + 31))
    await socket.disconnect()


async def test_who_loses_the_right_is_shown_out():
    user, client = await signed_in()
    socket, _ = await opened(client)
    await database_sync_to_async(Grant.objects.filter(user=user).update)(valid_until=clock.now())
    assert await socket.closed() == live.NOT_YOURS


async def test_who_signs_out_or_is_switched_off_is_shown_out():
    _, client = await signed_in()
    user, other = await signed_in("other")
    first, _ = await opened(client)
    second, _ = await opened(other)
    await sync_to_async(client.logout)()
    assert await first.closed() == live.SIGNED_OUT
    user.is_active = False
    await database_sync_to_async(user.save)()
    assert await second.closed() == live.SIGNED_OUT


async def test_a_new_epoch_sends_everybody_to_load_anew():
    _, client = await signed_in()
    socket, _ = await opened(client)
    await database_sync_to_async(actions.raise_epoch)("restored")
    assert await socket.closed() == live.RESTARTED
    socket, hello = await opened(client)
    assert hello["epoch"] == 2
    await socket.disconnect()


async def test_entries_that_are_no_longer_kept_are_a_resync_not_a_hole(monkeypatch):
    _, client = await signed_in()
    socket, _ = await opened(client)

    @database_sync_to_async
    def pruned_meanwhile():
        tell("gone", many=2)
        tell("kept")
        number_all()
        FeedPlace.objects.filter(scope="d:449901", seq__lt=3).delete()

    between = Held(monkeypatch)
    await come_true(lambda: between.asked, "no look falls between what is told and what is pruned")
    await pruned_meanwhile()
    between.go.set()
    assert (await socket.message("resync"))["scope"] == "d:449901"
    await happen("next")
    assert (await socket.message("entries"))["entries"][0]["seq"] == 4
    await socket.disconnect()


async def test_a_fault_nobody_foresaw_closes_sockets_and_the_next_ones_are_served(monkeypatch):
    _, client = await signed_in()
    socket, _ = await opened(client)
    page = live._page

    async def broken(scope, after):
        raise KeyError("a fault")

    monkeypatch.setattr(live, "_page", broken)
    await happen("bang")
    assert await socket.closed() == live.RESTARTED
    monkeypatch.setattr(live, "_page", page)
    socket, hello = await opened(client)
    await happen("again")
    assert (await socket.message("entries"))["entries"][-1]["subject"] == "again"
    await socket.disconnect()


@pytest.mark.parametrize(
    ("sent", "code"),
    [([{"text": "x" * 4097}], 1009), ([{"bytes": b"x" * 4097}], 1009), ([{"text": "hi"}] * 11, 4429)],
)
async def test_clients_that_say_too_much_are_shown_out(sent, code):
    _, client = await signed_in()
    socket, _ = await opened(client)
    for message in sent:
        await socket.say(**message)
    assert await socket.closed() == code


async def test_a_little_talk_is_ignored():
    _, client = await signed_in()
    socket, _ = await opened(client)
    for _ in range(9):
        await socket.say(text='{"type": "anything"}')
    await happen("still here")
    assert (await socket.message("entries"))["entries"][0]["subject"] == "still here"
    await socket.disconnect()


async def test_when_the_last_socket_leaves_nothing_goes_on():
    _, client = await signed_in()
    socket, _ = await opened(client)
    tasks = list(live.reader()._tasks)
    assert len(tasks) == 5
    await socket.disconnect()
    _, going_on = await asyncio.wait(tasks, timeout=PATIENCE_S)
    assert [str(task) for task in going_on] == []
    assert (live.reader().outlets, live.reader().last, live.reader()._tasks) == ({}, {}, [])


async def test_a_slow_socket_is_told_to_resync_and_costs_no_more_than_its_queue():
    outlet = live.Outlet(["city", "d:1"], limit=3)
    for number in range(1000):
        outlet.offer("city", f"city {number}")
    outlet.offer("d:1", "one")
    outlet.beat("beat")
    taken = [await outlet.take() for _ in range(5)]
    assert taken[:3] == ["city 0", "city 1", "city 2"]
    assert sorted(json.loads(text)["scope"] for text in taken[3:]) == ["city", "d:1"]
    assert {json.loads(text)["type"] for text in taken[3:]} == {"resync"}
    outlet.offer("city", "city 1000")
    assert await outlet.take() == "city 1000"
    outlet.offer("city", "never sent")
    outlet.end(4403)
    assert await outlet.take() == 4403


async def test_heads_that_go_backwards_are_a_restore(monkeypatch):
    _, client = await signed_in()
    await happen("kept", many=2)
    socket, _ = await opened(client)

    @database_sync_to_async
    def turned_back():
        actions.FeedHead.objects.filter(scope="d:449901").update(head=1)

    await turned_back()
    assert await socket.closed() == live.RESTARTED


def test_places_are_kept_long_enough_for_a_long_weekend():
    assert timedelta(days=14) < selectors.KEEP_PLACES
