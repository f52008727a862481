"""Maps of others beneath our own data: what the file of base maps may say, and which hosts a browser then asks."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

DATUMS = ("wgs84", "gcj02")
DEEPEST = 22
CODE = re.compile(r"[a-z][a-z0-9_]{0,30}")
HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
FIELDS = frozenset({"names", "datum", "zoom", "tiles", "servers", "credit", "link", "key_of"})


class BadBaseMap(ValueError):
    """What is wrong with the file of base maps, in a sentence for whoever sets the platform up."""


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A map of somebody else: pictures by z, x and y, drawn one over the other, in their own frame."""

    code: str
    names: Mapping[str, str]
    datum: str
    tiles: tuple[str, ...]
    servers: tuple[str, ...]
    zoom: tuple[int, int]
    credit: Mapping[str, str]
    link: str

    def told(self) -> dict[str, Any]:
        """As a browser is told of it."""
        return {
            "code": self.code, "names": dict(self.names), "datum": self.datum, "tiles": list(self.tiles),
            "servers": list(self.servers), "min_zoom": self.zoom[0], "max_zoom": self.zoom[1],
            "credit": dict(self.credit), "link": self.link,
        }  # fmt: skip


def offered(document: Any, codes: Iterable[str], keys: Mapping[str, str]) -> tuple[BaseMap, ...]:
    """The maps of these codes in this order, with their keys; BadBaseMap where the file or a key is wrong."""
    if not isinstance(document, Mapping):
        raise BadBaseMap("The file of base maps is not a table of maps by code.")
    found = []
    for code in codes:
        if code not in document:
            raise BadBaseMap(f"No base map is called {code}; the file has {', '.join(sorted(map(str, document)))}.")
        found.append(_base_map(code, document[code], keys))
    return tuple(found)


def origins(maps: Iterable[BaseMap]) -> list[str]:
    """The hosts that a browser asks for tiles, with scheme and port, each once: the policy of the pages names them."""
    found = {
        "{0.scheme}://{0.netloc}".format(urlsplit(address.replace("{s}", server)))
        for one in maps
        for address in one.tiles
        for server in (one.servers or ("",))
    }
    return sorted(found)


def _base_map(code: str, given: Any, keys: Mapping[str, str]) -> BaseMap:
    if not CODE.fullmatch(code) or not isinstance(given, Mapping):
        raise BadBaseMap(f"Base map {code}: the code is small letters, and below it stands a table.")
    if unknown := sorted(set(map(str, given)) - FIELDS):
        raise BadBaseMap(f"Base map {code}: unknown words {', '.join(unknown)}.")
    datum, link = given.get("datum", "wgs84"), given.get("link", "")
    if datum not in DATUMS:
        raise BadBaseMap(f"Base map {code}: datum is {' or '.join(DATUMS)}, not {datum}.")
    if link and urlsplit(str(link)).scheme not in ("https", "http"):
        raise BadBaseMap(f"Base map {code}: the link of the credit begins with https.")
    servers = tuple(str(server) for server in given.get("servers", ()))
    return BaseMap(
        code=code,
        names=_words(code, "names", given.get("names")),
        datum=datum,
        tiles=tuple(_address(code, one, servers, keys, given.get("key_of", code)) for one in _tiles(code, given)),
        servers=servers,
        zoom=_zoom(code, given.get("zoom", (0, 18))),
        credit=_words(code, "credit", given.get("credit")),
        link=str(link),
    )


def _words(code: str, name: str, given: Any) -> Mapping[str, str]:
    if not isinstance(given, Mapping) or not all(str(given.get(language) or "").strip() for language in ("zh", "en")):
        raise BadBaseMap(f"Base map {code}: {name} needs words in zh and in en.")
    return {language: str(given[language]) for language in ("zh", "en")}


def _tiles(code: str, given: Mapping[str, Any]) -> list[Any]:
    tiles = given.get("tiles")
    if not isinstance(tiles, list) or not tiles:
        raise BadBaseMap(f"Base map {code}: tiles is a list of addresses.")
    return tiles


def _zoom(code: str, given: Any) -> tuple[int, int]:
    if not (isinstance(given, list | tuple) and len(given) == 2 and all(isinstance(level, int) for level in given)):
        raise BadBaseMap(f"Base map {code}: zoom is two whole numbers.")
    least, most = given
    if not 0 <= least <= most <= DEEPEST:
        raise BadBaseMap(f"Base map {code}: zoom goes up, from 0 to {DEEPEST} at most.")
    return least, most


def _address(code: str, given: Any, servers: tuple[str, ...], keys: Mapping[str, str], key_of: str) -> str:
    address = str(given)
    parts = urlsplit(address.replace("{s}", servers[0] if servers else "{s}"))
    if parts.scheme not in ("https", "http") or not HOST.fullmatch(parts.netloc):
        raise BadBaseMap(f"Base map {code}: {address[:80]} is no address of tiles.")
    if missing := [part for part in ("{z}", "{x}", "{y}") if part not in address]:
        raise BadBaseMap(f"Base map {code}: the address lacks {', '.join(missing)}.")
    if "{key}" in address and not keys.get(key_of):
        raise BadBaseMap(f"Base map {code} needs a key: BASE_MAP_KEYS={key_of}=...")
    return address.replace("{key}", keys.get(key_of, ""))
