"""HTTP to a partner: signed, bounded in time and size, without redirects."""

import json
import secrets
import time
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from core import clock
from exchange.rules.hotline import signature

CONNECT_S, READ_S, WHOLE_S = 5.0, 10.0, 30.0
MOST_BYTES = 4 * 1024 * 1024
BEGINNING = 300


class Unanswered(Exception):
    """Nothing usable came back; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Answer(NamedTuple):
    """What came back."""

    status: int
    content: bytes

    @property
    def beginning(self) -> str:
        """How it begins, for people."""
        return self.content[: 4 * BEGINNING].decode("utf-8", "replace").replace("\x00", " ")[:BEGINNING]

    def json(self) -> Any:
        """What it says; Unanswered where that is no JSON."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise Unanswered("hotline.bad_answer") from error


def ask(
    base_url: str, secret: str, method: str, path: str, told: Mapping[str, Any] | None = None
) -> Answer:  # fmt: skip
    """The partner's answer to a signed request; Unanswered where there is none."""
    if not secret:
        raise Unanswered("hotline.no_secret")
    body = json.dumps(told, ensure_ascii=False).encode() if told is not None else b""
    url = base_url.rstrip("/") + path
    parts = urlsplit(url)
    stamp, nonce = str(int(clock.now().timestamp())), secrets.token_urlsafe(18)
    signed = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = {
        "Content-Type": "application/json", "Accept": "application/json", "X-Partner-Timestamp": stamp,
        "X-Partner-Nonce": nonce, "X-Partner-Signature": signature(secret, stamp, nonce, method, signed, body),
    }  # fmt: skip
    try:
        return _answer(method, url, headers, body)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise Unanswered(_why(error)) from error


def _answer(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    limit, content = time.monotonic() + WHOLE_S, b""
    timeout = httpx.Timeout(READ_S, connect=CONNECT_S)
    with (
        httpx.Client(timeout=timeout, follow_redirects=False, trust_env=False) as client,
        client.stream(method, url, headers=headers, content=body) as response,
    ):
        for piece in response.iter_raw():
            content += piece
            if len(content) > MOST_BYTES or time.monotonic() > limit:
                raise Unanswered("hotline.answer_too_long")
        return Answer(response.status_code, content)


def _why(error: Exception) -> str:
    return "hotline.timed_out" if isinstance(error, httpx.TimeoutException) else "hotline.no_connection"
