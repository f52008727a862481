"""HTTP to others: no redirects, one look-up whose address is the one connected to, no way into our own networks.

A host is looked up once, every address it has is judged, and the connection goes to one of those judged: a name that
answers otherwise the second time gains nothing. All of a request must be over within its time, however the other side
dribbles, and only the beginning of an answer is read.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpcore
from django.conf import settings

MOST_BYTES = 65_536
_NAT64 = ipaddress.ip_network("64:ff9b::/32")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Unreachable(Exception):
    """Nothing came back; `code` says why, `forbidden` whether trying again is of no use."""

    def __init__(self, code: str, *, forbidden: bool = False) -> None:
        super().__init__(code)
        self.code, self.forbidden = code, forbidden


class Answer(NamedTuple):
    """What came back: its status, its headers in small letters, and how it begins."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def request(
    method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, most: int = MOST_BYTES
) -> Answer:  # fmt: skip
    """One request, whole within OUTGOING_TIMEOUT_S; Unreachable where nothing came back.

    Of the answer only the first `most` bytes are read.
    """
    deadline = time.monotonic() + settings.OUTGOING_TIMEOUT_S
    guarded = _Guarded(deadline, plain=urlsplit(url).scheme == "http")
    try:
        with httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=guarded) as pool:
            return _answer(pool, (method, url), headers, body, most)
    except httpcore.TimeoutException as error:
        raise Unreachable("sending.timed_out") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError) as error:
        raise Unreachable(_why(error)) from error


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Who vouches for others is read once, as the system has it (SSL_CERT_FILE may name another list)."""
    return ssl.create_default_context()


def _answer(
    pool: httpcore.ConnectionPool, line: tuple[str, str], headers: Mapping[str, str], body: bytes, most: int
) -> Answer:  # fmt: skip
    told = {"User-Agent": "CityOps", "Connection": "close", **headers}
    sent = [(name.encode("latin-1"), value.encode("utf-8")) for name, value in told.items()]
    read = bytearray()
    with pool.stream(*line, headers=sent, content=body) as response:
        for piece in response.iter_stream():
            read += piece
            if len(read) >= most:
                break
        found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        return Answer(response.status, found, bytes(read[:most]))


def _why(error: BaseException | None) -> str:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return "sending.bad_certificate"
        error = error.__cause__ or error.__context__
    return "sending.no_connection"


def reachable(host: str, port: int, *, plain: bool) -> str:
    """The address to connect to; Unreachable where the host has none, or any that must not be asked from here."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable("sending.no_host") from error
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    near = [_ours(address) for address in addresses]
    if not addresses or not all(ours or _outside(one) for ours, one in zip(near, addresses, strict=True)):
        raise Unreachable("sending.forbidden_address", forbidden=True)
    if plain and not all(near):
        raise Unreachable("sending.plain_http", forbidden=True)
    return str(addresses[0])


def _ours(address: Address) -> bool:
    """Whether the city's own networks, as its setting names them, hold the address."""
    networks = [ipaddress.ip_network(text, strict=False) for text in settings.OUTGOING_NETWORKS]
    return any(address in network for network in networks)


def _outside(address: Address) -> bool:
    """Whether the address is on the open internet, also where one of IPv4 hides in it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _outside(address.ipv4_mapped)
        if address.sixtofour is not None or address.teredo is not None or address in _NAT64:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Bounded(httpcore.NetworkStream):
    """A connection whose every wait ends with the time of the whole request."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Bounded(self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Guarded(httpcore.NetworkBackend):
    """Connects only to addresses that were judged."""

    def __init__(self, deadline: float, *, plain: bool) -> None:
        self._inner, self._deadline, self._plain = httpcore.SyncBackend(), deadline, plain

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:  # fmt: skip
        address = reachable(host, port, plain=self._plain)
        return _Bounded(self._inner.connect_tcp(address, port, _left(self._deadline)), self._deadline)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
