"""A partner that exchanges tickets with the city, as 12345 does, with every fault a real one has.

    python3 -m simulator.hotline --port 8556 --city http://127.0.0.1:8000 --code 12345

It was written from docs/programs.md and shares no code with the city. What is signed and what is done twice, late or in
another order is therefore judged by the contract and not by our own reading of it. Its secret is HOTLINE_SECRET.

For whoever drives it, on the same port and without signature:

    POST /control/mode      {"mode": "ok" | "broken" | "hang" | "strict" | "stranger"}
    POST /control/offer     {"messages": [...]}            what the city may fetch
    POST /control/push      {"messages": [...]}            sends them to the city, in this order; answers what it said
    GET  /control/replies                                  what the city told, in the order in which it came

Only the standard library: it runs with the system's Python.
"""

import argparse
import hashlib
import hmac
import json
import os
import secrets
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

DEMO_SECRET = "dev-only-not-a-secret-shared-with-the-simulated-hotline"
NAMES = ("X-Partner-Timestamp", "X-Partner-Nonce", "X-Partner-Signature")
MODES = ("ok", "broken", "hang", "strict", "stranger")


def signed(secret: str, method: str, path: str, body: bytes) -> dict[str, str]:
    """The three headers of a request."""
    stamp, nonce = str(int(time.time())), secrets.token_urlsafe(12)
    return dict(zip(NAMES, (stamp, nonce, _signature(secret, stamp, nonce, method, path, body)), strict=True))


def _signature(secret: str, stamp: str, nonce: str, method: str, path: str, body: bytes) -> str:
    lines = [stamp, nonce, method, path, hashlib.sha256(body).hexdigest()]
    return hmac.new(secret.encode(), "\n".join(lines).encode(), hashlib.sha256).hexdigest()


def message(ticket: str, sequence: int, kind: str = "ticket", **content: Any) -> dict[str, Any]:
    """A message as the contract has it."""
    return {
        "version": 1, "kind": kind, "ticket": ticket, "sequence": sequence,
        "sent_at": datetime.now(UTC).isoformat(), "content": content,
    }  # fmt: skip


def push(city: str, code: str, secret: str, body: bytes, timeout: float = 30) -> tuple[int, dict[str, Any]]:
    """What the city answers to one message; the status 0 where it says nothing."""
    url = f"{city}/api/hotline/{code}/messages"
    headers = {"Content-Type": "application/json", **signed(secret, "POST", urlsplit(url).path, body)}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read() or b"{}")
    except (OSError, ValueError):
        return 0, {}


class Partner(ThreadingHTTPServer):
    """The partner: its tickets, what it was told, and how it behaves just now."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], *, secret: str, city: str = "", code: str = "12345") -> None:
        super().__init__(address, Handler)
        self.secret, self.city, self.code = secret, city, code
        self.mode, self.released = "ok", threading.Event()
        self.offered: list[tuple[float, dict[str, Any]]] = []
        self.replies: list[dict[str, Any]] = []
        self.again = 0
        self.lock = threading.Lock()

    def behave(self, mode: str) -> None:
        """From now on so; whoever hangs is let go."""
        self.mode = mode
        self.released.set()
        self.released = threading.Event()

    def offer(self, messages: Iterable[dict[str, Any]]) -> None:
        """The city may fetch these."""
        with self.lock:
            self.offered += [(time.time(), one) for one in messages]

    def page(self, since: str, page: str, limit: int) -> dict[str, Any]:
        """What was offered from then on, a page at a time; the page is the place of its first message."""
        begin = datetime.fromisoformat(since).timestamp() if since else 0.0
        until = datetime.now(UTC).isoformat()
        with self.lock:
            found = [one for at, one in self.offered if at >= begin]
        place = int(page or 0)
        more = place + limit < len(found)
        return {
            "messages": found[place : place + limit], "next": str(place + limit) if more else "", "until": until,
        }  # fmt: skip

    def take(self, told: dict[str, Any]) -> None:
        """The city's reply is kept once, by its ticket and number."""
        with self.lock:
            known = any((one["ticket"], one["number"]) == (told["ticket"], told["number"]) for one in self.replies)
            self.again += known
            if not known:
                self.replies.append(told)

    def send(self, messages: Sequence[Mapping[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
        """What the city said to each."""
        return [push(self.city, self.code, self.secret, json.dumps(one).encode()) for one in messages]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Partner
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Fetching, and the questions of whoever drives it."""
        parts = urlsplit(self.path)
        if parts.path == "/control/replies":
            self._answer(200, {"replies": self.server.replies, "again": self.server.again})
        elif parts.path.endswith("/messages") and self._lets_in(b""):
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            limit = int(asked.get("limit", "100"))
            self._answer(200, self.server.page(asked.get("since", ""), asked.get("page", ""), limit))

    def do_POST(self) -> None:
        """Replies of the city, and the orders of whoever drives it."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        path = urlsplit(self.path).path
        if path.startswith("/control/"):
            self._control(path.rpartition("/")[2], json.loads(body or b"{}"))
        elif path.endswith("/replies") and self._lets_in(body):
            told = json.loads(body)
            if self.server.mode == "strict":
                self._answer(422, {"message": "this ticket is closed"})
                return
            self.server.take(told)
            self._answer(200, {"number": told["number"]})

    def _control(self, what: str, given: dict[str, Any]) -> None:
        if what == "mode" and given.get("mode") in MODES:
            self.server.behave(given["mode"])
        elif what == "offer":
            self.server.offer(given["messages"])
        elif what == "push":
            self._answer(200, {"answers": self.server.send(given["messages"])})
            return
        else:
            self._answer(404, {})
            return
        self._answer(200, {})

    def _lets_in(self, body: bytes) -> bool:
        """Whether the request is signed, and the partner in the mood to answer."""
        mode, released = self.server.mode, self.server.released
        if mode == "hang":
            released.wait(120)
            self.close_connection = True
            return False
        stamp, nonce, given = (self.headers.get(name, "") for name in NAMES)
        right = _signature(self.server.secret, stamp, nonce, self.command, self.path, body)
        if mode == "stranger" or not hmac.compare_digest(right, given):
            self._answer(401, {"message": "who are you"})
            return False
        if mode == "broken":
            self._answer(500, {"message": "something broke"})
            return False
        return True

    def _answer(self, status: int, told: Any) -> None:
        body = json.dumps(told, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form: str, *args: Any) -> None:
        """Nothing: whoever drives it asks."""


def main() -> None:
    """Serves until it is ended."""
    given = argparse.ArgumentParser(description="A simulated partner that exchanges tickets with the city")
    given.add_argument("--port", type=int, default=8556)
    given.add_argument("--city", default="")
    given.add_argument("--code", default="12345")
    told = given.parse_args()
    secret = os.environ.get("HOTLINE_SECRET", DEMO_SECRET)
    server = Partner(("127.0.0.1", told.port), secret=secret, city=told.city, code=told.code)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
