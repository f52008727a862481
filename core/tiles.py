"""A vector tile as an HTTP answer: compressed, tagged by content, kept by the browser as long as its version stands.

A process keeps the tiles that it cut lately (`Drawer`). Their keys carry the state of the layer, so none is ever stale.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

CONTENT_TYPE = "application/vnd.mapbox-vector-tile"
DEEPEST = 22
WORTH_PACKING = 200
PACKING = 4
KEPT = "private, max-age=31536000, immutable"
ASKED_AGAIN = "private, no-cache"


ROOM = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile, its digest, and the same compressed (empty where that is not worth while)."""

    mvt: bytes
    digest: str
    packed: bytes

    def __len__(self) -> int:
        return len(self.mvt) + len(self.packed) + 200


def tile_of(mvt: bytes, digest: str) -> Tile:
    """The tile of these bytes."""
    return Tile(mvt, digest, gzip.compress(mvt, PACKING, mtime=0) if len(mvt) > WORTH_PACKING else b"")


class Drawer:
    """The tiles that were asked for lately, at most so many bytes of them; safe between threads."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._used = 0
        self._tiles: OrderedDict[Hashable, Tile] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, cut: Callable[[], tuple[bytes, str]]) -> Tile:
        """The tile of that key, cut now unless it lies here."""
        with self._lock:
            found = self._tiles.get(key)
            if found is not None:
                self._tiles.move_to_end(key)
                return found
        made = tile_of(*cut())
        with self._lock:
            self._used += len(made) - len(self._tiles.pop(key, ()))
            self._tiles[key] = made
            while self._used > self.room and self._tiles:
                self._used -= len(self._tiles.popitem(last=False)[1])
        return made

    def clear(self) -> None:
        """It is empty."""
        with self._lock:
            self._tiles.clear()
            self._used = 0


drawer = Drawer()


def exists(z: int, x: int, y: int) -> bool:
    """Whether the address is one of a tile of the world."""
    return 0 <= z <= DEEPEST and 0 <= x < 1 << z and 0 <= y < 1 << z


def answer(request: HttpRequest, tile: Tile, version: int | str) -> HttpResponse:
    """The tile, or 304 where the browser has it; an address with the present version (`?v=`) is kept for a year.

    Private always: only people who are signed in see the map. Each coding has a strong tag of its own.
    """
    coded = "gzip" in request.headers.get("Accept-Encoding", "") and bool(tile.packed)
    tag = f'"{tile.digest}-gz"' if coded else f'"{tile.digest}"'
    given = {part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")}
    response: HttpResponse
    if given & {tag, "*"}:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(tile.packed if coded else tile.mvt, content_type=CONTENT_TYPE)
        if coded:
            response["Content-Encoding"] = "gzip"
        if not tile.mvt:
            response.status_code = 204
    response["ETag"] = tag
    response["Cache-Control"] = KEPT if request.GET.get("v") == str(version) else ASKED_AGAIN
    patch_vary_headers(response, ["Accept-Encoding", "Cookie"])
    return response
