"""Partners for tests: a real HTTP server and a real mail server on this host that keep what came and answer as told."""

import json
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Reply = tuple[int, dict[str, str], Any]


@dataclass
class Came:
    """A request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Partner:
    """What came, and what is answered: `answer` is asked for each request."""

    url: str = ""
    came: list[Came] = field(default_factory=list)
    answer: Callable[[Came], Reply] = lambda came: (200, {}, {})
    ended: threading.Event = field(default_factory=threading.Event)

    def ids(self) -> list[str]:
        """The ids of what came, in order."""
        return [one.headers["webhook-id"] for one in self.came]


@contextmanager
def partner(certificate: Path | None = None) -> Iterator[Partner]:
    """A partner that listens, with TLS where there is a certificate, until the block ends."""
    held = Partner()

    class Handler(BaseHTTPRequestHandler):
        def take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            came = Came(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            held.came.append(came)
            status, headers, told = held.answer(came)
            content = told if isinstance(told, bytes) else json.dumps(told).encode()
            try:
                self.send_response(status)
                for name, value in {"Content-Length": str(len(content)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                return

        def log_message(self, *_told: object) -> None:
            return

    for verb in ("GET", "POST"):
        setattr(Handler, f"do_{verb}", Handler.take)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    held.url = f"{scheme}://127.0.0.1:{server.server_port}"
    with serving(server):
        yield held
        held.ended.set()


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    """The server answers until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)


@dataclass
class Letterbox:
    """A mail server: what came, and what it says to a recipient (250 takes it)."""

    port: int = 0
    came: list[Message] = field(default_factory=list)
    says: str = "250 OK"


@contextmanager
def letterbox() -> Iterator[Letterbox]:
    """A mail server that listens until the block ends."""
    held = Letterbox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            for line in iter(self.rfile.readline, b""):
                verb = line.split(b" ")[0].strip().upper()
                if verb == b"DATA":
                    self._take()
                elif verb == b"QUIT":
                    self._say("221 bye")
                    return
                elif verb == b"EHLO":
                    self._say("250-here\r\n250 AUTH PLAIN")
                elif verb == b"AUTH":
                    self._say("535 who are you")
                else:
                    self._say(held.says if verb == b"RCPT" else "250 OK")

        def _take(self) -> None:
            self._say("354 go on")
            lines = []
            for line in iter(self.rfile.readline, b".\r\n"):
                lines.append(line[1:] if line.startswith(b"..") else line)
            held.came.append(message_from_bytes(b"".join(lines)))
            self._say("250 taken")

        def _say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    held.port = server.server_address[1]
    with serving(server):
        yield held
