"""The live socket /ws/live: authorise, join, say hello, push numbered entries, beat every five seconds.

Each process reads the new entries of a feed once, whatever the number of its sockets. The bell only hastens the look
that is taken every second anyway, so a dead Redis costs a second and never an entry; a dead database stops the beat,
and the page says "stale".
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs
from weakref import WeakKeyDictionary

import redis
from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.urls import path

from accounts import selectors as accounts
from core import clock
from core.scope import NOBODY, Actor
from journal import selectors as journal
from journal.contracts import group_of

logger = logging.getLogger(__name__)
LOOK_S = 1.0
HEARTBEAT_S = 5.0
TRUSTED_S = 4.0
RIGHTS_S = 30.0
WATCH_S = 2.0
REDIS_S = 1.0
SEND_S = 20.0
QUEUE_LIMIT = 256
PAGE = 100
INBOUND_BYTES = 4096
INBOUND_PER_S = 10
RESTARTED, TOO_BIG, SIGNED_OUT, NOT_YOURS, TOO_MANY = 1012, 1009, 4401, 4403, 4429
REDIS_FAILURES = (redis.RedisError, OSError, TimeoutError)
DATABASE_FAILURES = (DatabaseError, InterfaceError)


def encode(**message: Any) -> str:
    """A message as text; made once and shared by all sockets it goes to."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _wanted() -> bool:
    """False once the running task was cancelled: on Python 3.11 `wait_for` inside redis-py may swallow that."""
    task = asyncio.current_task()
    return task is None or not task.cancelling()


class Outlet:
    """What waits to be sent to one socket: bounded, so that a slow one costs nobody anything but itself."""

    def __init__(
        self, scopes: Iterable[str], limit: int = QUEUE_LIMIT, *, session: str = "", user_id: int | None = None
    ) -> None:
        self.scopes = tuple(sorted(scopes))
        self.session, self.user_id = session, user_id
        self._queue: asyncio.Queue[str | int] = asyncio.Queue(limit)
        self._behind: set[str] = set()

    def offer(self, scope: str, text: str) -> None:
        """Entries wait to be sent; where there is no room the feed is marked, and a `resync` follows when there is."""
        if scope in self._behind:
            return
        try:
            self._queue.put_nowait(text)
        except asyncio.QueueFull:
            self._behind.add(scope)

    def beat(self, text: str) -> None:
        """A heartbeat waits; a socket that is behind does without, and its page says so."""
        if not self._queue.full():
            self._queue.put_nowait(text)

    def end(self, code: int) -> None:
        """The socket is closed next, whatever waits."""
        while not self._queue.empty():
            self._queue.get_nowait()
        self._queue.put_nowait(code)

    async def take(self) -> str | int:
        """The next text to send, or the code to close with."""
        if self._queue.empty() and self._behind:
            return encode(type="resync", scope=self._behind.pop())
        return await self._queue.get()


@database_sync_to_async
def _stand(scopes: list[str]) -> tuple[int, dict[str, int]]:
    return journal.epoch(), journal.heads(scopes)


@database_sync_to_async
def _page(scope: str, after: int) -> list[dict[str, Any]]:
    return [entry.public() for entry in journal.entries_after(scope, after, PAGE)]


@database_sync_to_async
def _holders(sessions: set[str], user_ids: set[int]) -> tuple[set[str], dict[int, Actor]]:
    return accounts.sessions_alive(sessions), accounts.actors(user_ids)


class Reader:
    """Reads every feed that somebody here listens to, once, and hands it to all who do."""

    def __init__(self) -> None:
        self.outlets: dict[str, set[Outlet]] = defaultdict(set)
        self.last: dict[str, int] = {}
        self.epoch = 0
        self._joining = asyncio.Lock()
        self._wake = asyncio.Event()
        self._looked_at = 0.0
        self._channel = ""
        self._grouped: set[str] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def join(self, outlet: Outlet) -> tuple[int, dict[str, int]]:
        """From the heads that are answered on, the outlet gets every entry of its feeds, in order, without a hole."""
        async with self._joining:
            self._start()
            while not self.epoch or not self.last.keys() >= set(outlet.scopes):
                fresh = [scope for scope in outlet.scopes if scope not in self.last]
                await self._group(fresh)
                self.epoch, heads = await _stand(fresh)
                self.last.update({scope: head for scope, head in heads.items() if scope not in self.last})
            for scope in outlet.scopes:
                self.outlets[scope].add(outlet)
            self._start()
            return self.epoch, {scope: self.last[scope] for scope in outlet.scopes}

    def leave(self, outlet: Outlet) -> None:
        """The outlet gets nothing more; feeds without listeners are not read any more."""
        for scope in outlet.scopes:
            self.outlets[scope].discard(outlet)
            if not self.outlets[scope]:
                del self.outlets[scope]
                self.last.pop(scope, None)
        if not self.outlets:
            self._stop()

    def _start(self) -> None:
        if not self._tasks:
            works = (self._look_on, self._beat_on, self._listen_on, self._group_on, self._watch_on)
            self._tasks = [asyncio.create_task(self._keep(work)) for work in works]

    def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._tasks, self._channel, self.epoch, self.last = [], "", 0, {}
        self._grouped = set()

    async def _keep(self, work: Callable[[], Awaitable[None]]) -> None:
        """A fault nobody foresaw makes everybody connect anew; it never leaves a socket open and mute."""
        while True:
            try:
                return await work()
            except Exception:
                logger.exception("live: %s failed", work)
                self._restart()
                await asyncio.sleep(LOOK_S)

    async def _look_on(self) -> None:
        """Look at every ring, and once a second without."""
        while _wanted():
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._look()
            except DATABASE_FAILURES:
                logger.warning("live: the database does not answer; no heartbeat until it does", exc_info=True)

    async def _look(self) -> None:
        scopes = sorted(self.last)
        epoch, heads = await _stand(scopes)
        if epoch != self.epoch or any(head < self.last.get(scope, head) for scope, head in heads.items()):
            self._restart()
            return
        for scope, head in heads.items():
            while scope in self.last and self.last[scope] < head and await self._push(scope):
                continue
        self._looked_at = asyncio.get_running_loop().time()

    async def _push(self, scope: str) -> bool:
        """Hand the next page of a feed to its outlets; false when there was nothing to hand on."""
        after = self.last[scope]
        entries = await _page(scope, after)
        if not entries or self.last.get(scope) != after:
            return False
        if entries[0]["seq"] != after + 1:
            text = encode(type="resync", scope=scope)
        else:
            text = encode(type="entries", scope=scope, epoch=self.epoch, entries=entries)
        self.last[scope] = entries[-1]["seq"]
        for outlet in self.outlets[scope]:
            outlet.offer(scope, text)
        return True

    def _restart(self) -> None:
        """Numbers were turned back by a restore: everybody connects again and loads anew."""
        for outlet in set().union(*self.outlets.values()):
            outlet.end(RESTARTED)
        self.epoch, self.last = 0, {}

    async def _beat_on(self) -> None:
        """A heartbeat every five seconds, as long as the database has lately answered."""
        while _wanted():
            await asyncio.sleep(HEARTBEAT_S)
            if asyncio.get_running_loop().time() - self._looked_at <= TRUSTED_S:
                self._beat()

    def _beat(self) -> None:
        texts: dict[tuple[str, ...], str] = {}
        now = clock.now().isoformat()
        for outlet in set().union(*self.outlets.values()):
            if outlet.scopes not in texts:
                heads = {scope: self.last[scope] for scope in outlet.scopes if scope in self.last}
                texts[outlet.scopes] = encode(type="heartbeat", epoch=self.epoch, heads=heads, server_time=now)
            outlet.beat(texts[outlet.scopes])

    async def _watch_on(self) -> None:
        """Every two seconds, for all sockets at once: are their sessions still open and their feeds still theirs?"""
        while _wanted():
            await asyncio.sleep(WATCH_S)
            with suppress(*DATABASE_FAILURES):
                await self._watch()

    async def _watch(self) -> None:
        held = [outlet for outlet in set().union(*self.outlets.values()) if outlet.user_id is not None]
        users = {outlet.user_id for outlet in held if outlet.user_id is not None}
        alive, actors = await _holders({outlet.session for outlet in held}, users)
        for outlet in held:
            actor = actors.get(outlet.user_id or 0, NOBODY)
            if outlet.session not in alive or actor is NOBODY:
                outlet.end(SIGNED_OUT)
            elif not all(journal.may_read(actor, scope) for scope in outlet.scopes):
                outlet.end(NOT_YOURS)

    async def _listen_on(self) -> None:
        """Hear the bell; without Redis try again every second, the look goes on by itself."""
        layer = get_channel_layer()
        while layer is not None and _wanted():
            try:
                channel = await layer.new_channel()
                self._channel, self._grouped = channel, set()
                await self._group(sorted(self.last))
                while _wanted():
                    await layer.receive(channel)
                    self._wake.set()
            except REDIS_FAILURES:
                self._channel = ""
                await asyncio.sleep(REDIS_S)

    async def _group_on(self) -> None:
        """Groups that could not be joined when somebody came are joined as soon as Redis lets us."""
        while _wanted():
            await asyncio.sleep(LOOK_S)
            await self._group(sorted(self.outlets))

    async def _group(self, scopes: Iterable[str]) -> None:
        """Join the groups of these feeds, if Redis lets us within a second; those left out are tried again later."""
        layer, channel = get_channel_layer(), self._channel
        if layer is None or not channel:
            return
        with suppress(*REDIS_FAILURES):
            async with asyncio.timeout(REDIS_S):
                for scope in set(scopes) - self._grouped:
                    await layer.group_add(group_of(scope), channel)
                    self._grouped.add(scope)


_readers: WeakKeyDictionary[asyncio.AbstractEventLoop, Reader] = WeakKeyDictionary()


def reader() -> Reader:
    """The one reader of this process (of this event loop)."""
    loop = asyncio.get_running_loop()
    if loop not in _readers:
        _readers[loop] = Reader()
    return _readers[loop]


@database_sync_to_async
def _open_feeds(actor: Actor) -> list[str]:
    return journal.scopes_for(actor)


@database_sync_to_async
def _actor_of(user: object) -> Actor:
    return accounts.actor_of(user)


@database_sync_to_async
def _session(key: str) -> Any:
    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return store if store.exists(key) else None


async def actor_still(scope: dict[str, Any]) -> Actor:
    """Who the session of a socket stands for now: NOBODY once it is closed, expired or its password was changed."""
    key = getattr(scope.get("session"), "session_key", None)
    session = await _session(key) if key else None
    if session is None:
        return NOBODY
    return await _actor_of(await get_user({"session": session}))


class LiveConsumer(AsyncWebsocketConsumer):
    """One socket. It joins no group itself, so it opens and lives without Redis."""

    channel_layer_alias = "none"
    outlet: Outlet | None = None

    async def connect(self) -> None:
        """Accepted are those who may read some feed; the asked-for feeds must all be theirs."""
        scopes = await _open_feeds(self.scope.get("actor", NOBODY))
        asked = parse_qs(self.scope.get("query_string", b"").decode("latin-1")).get("scopes")
        wanted = set(asked[0].split(",")) if asked else set(scopes)
        if not scopes or not wanted <= set(scopes):
            await self.close(code=NOT_YOURS)
            return
        self.tasks: list[asyncio.Task[None]] = []
        self.received: list[float] = []
        await self.accept()
        key = getattr(self.scope.get("session"), "session_key", None) or ""
        outlet = Outlet(wanted, session=key, user_id=self.scope["actor"].user_id)
        epoch, heads = await reader().join(outlet)
        self.outlet = outlet
        await self.send(encode(type="hello", epoch=epoch, heads=heads, server_time=clock.now().isoformat()))
        self.tasks = [asyncio.create_task(self._pump(outlet)), asyncio.create_task(self._watch_rights(outlet))]

    async def disconnect(self, code: int) -> None:
        """Nothing of the socket is left."""
        if self.outlet is None:
            return
        reader().leave(self.outlet)
        for task in self.tasks:
            task.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Clients have nothing to say; those who say too much are shown out."""
        now = asyncio.get_running_loop().time()
        self.received = [moment for moment in self.received if now - moment < 1.0] + [now]
        if len((text_data or "").encode()) + len(bytes_data or b"") > INBOUND_BYTES:
            await self.close(code=TOO_BIG)
        elif len(self.received) > INBOUND_PER_S:
            await self.close(code=TOO_MANY)

    async def _pump(self, outlet: Outlet) -> None:
        """Send what waits, in order; a client that takes nothing for twenty seconds is let go."""
        try:
            while isinstance(item := await outlet.take(), str):
                async with asyncio.timeout(SEND_S):
                    await self.send(item)
            await self.close(code=item)
        except TimeoutError:
            await self.close(code=RESTARTED)
        except (OSError, RuntimeError) as error:
            logger.debug("live: the client went away: %r", error)

    async def _watch_rights(self, outlet: Outlet) -> None:
        """Every half minute: is the session still open, and are these feeds still theirs?"""
        while True:
            await asyncio.sleep(RIGHTS_S)
            try:
                actor = await actor_still(self.scope)
            except DATABASE_FAILURES:
                continue
            if not all(journal.may_read(actor, scope) for scope in outlet.scopes):
                outlet.end(SIGNED_OUT if actor is NOBODY else NOT_YOURS)


websocket_urlpatterns = [path("ws/live", LiveConsumer.as_asgi())]
