"""HTTP to a partner: signed, through the guard of everything that leaves the house, bounded in size."""

import json
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from core import clock
from exchange.adapters import outside
from exchange.rules.hotline import signature

MOST_BYTES = 4 * 1024 * 1024
BEGINNING = 300
_OURS = {"sending.timed_out": "hotline.timed_out", "sending.no_connection": "hotline.no_connection"}


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
        found = outside.request(method, url, headers, body, most=MOST_BYTES + 1)
    except outside.Unreachable as error:
        raise Unanswered(_OURS.get(error.code, error.code)) from error
    if len(found.body) > MOST_BYTES:
        raise Unanswered("hotline.answer_too_long")
    return Answer(found.status, found.body)
