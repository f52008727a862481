"""The port of scanners of files: what a city plugs in behind SCANNER_URL. Slow and outside, so never under a lock."""

import socket
from collections.abc import Callable
from typing import NamedTuple, Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

ANSWER_S = 20
CHUNK = 1 << 16
LONGEST_ANSWER = 4096


class ScannerDown(OSError):
    """Nobody answers, or the answer is no verdict: the file waits and is asked about again."""


class Verdict(NamedTuple):
    """What a scanner says of a file: the name of what it found, "" for nothing."""

    found: str


class Scanner(Protocol):
    """Somebody who looks into files. Both verbs may raise ScannerDown."""

    def scan(self, content: bytes) -> Verdict:
        """What is in the file; ScannerDown where nobody says."""

    def ping(self) -> None:
        """It answers; ScannerDown where it does not."""


class Clamd:
    """ClamAV's daemon, by TCP (`clamd://host:3310`) or by its socket on this host (`clamd+unix:///run/clamd.ctl`)."""

    def __init__(self, address: SplitResult) -> None:
        self._path = address.path if address.scheme == "clamd+unix" else ""
        self._host, self._port = address.hostname or "localhost", address.port or 3310

    def scan(self, content: bytes) -> Verdict:
        """The verdict on a stream (INSTREAM): `stream: OK`, or the name of what was found."""
        parts = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
        framed = [len(part).to_bytes(4, "big") + part for part in (*parts, b"")]
        told = self._ask(b"zINSTREAM\0" + b"".join(framed))
        if told == "stream: OK":
            return Verdict("")
        if told.startswith("stream: ") and told.endswith(" FOUND"):
            return Verdict(told.removeprefix("stream: ").removesuffix(" FOUND")[:120])
        raise ScannerDown(told[:200] or "no answer")

    def ping(self) -> None:
        """It says PONG."""
        if self._ask(b"zPING\0") != "PONG":
            raise ScannerDown("no PONG")

    def _ask(self, question: bytes) -> str:
        try:
            with self._connection() as line:
                line.settimeout(ANSWER_S)
                line.sendall(question)
                return self._answer(line)
        except OSError as error:
            raise ScannerDown(str(error) or type(error).__name__) from error

    def _answer(self, line: socket.socket) -> str:
        told = b""
        while b"\0" not in told and len(told) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
            told += more
        return told.partition(b"\0")[0].decode("utf-8", "replace").strip()

    def _connection(self) -> socket.socket:
        if not self._path:
            return socket.create_connection((self._host, self._port), timeout=ANSWER_S)
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(ANSWER_S)
        line.connect(self._path)
        return line


_MAKERS: dict[str, Callable[[SplitResult], Scanner]] = {"clamd": Clamd, "clamd+unix": Clamd}


def register_scanner(scheme: str, maker: Callable[[SplitResult], Scanner]) -> None:
    """Addresses of this scheme are those of another scanner."""
    _MAKERS[scheme] = maker


def scanner() -> Scanner | None:
    """Whoever is plugged in; None where the city has none, ScannerDown where the address is none."""
    try:
        address = urlsplit(settings.SCANNER_URL)
        if not address.scheme:
            return None
        if address.scheme not in _MAKERS:
            raise ScannerDown(f"no scanner is called {address.scheme}")
        return _MAKERS[address.scheme](address)
    except ValueError as error:
        raise ScannerDown(str(error)) from error


def is_plugged_in() -> bool:
    """Whether the city has a scanner, also one that does not answer now."""
    return bool(settings.SCANNER_URL)
