"""What the contract with a partner says: signatures, the shape of messages, order, and when to try again. Pure."""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from core.personal import NOBODY, Person, masked_name, masked_phone, masked_words
from exchange.contracts.hotline import VERSION, MessageKind, Score

SKEW_S = 300
NONCES_KEPT_S = 3600
OVERLAP_S = 300
MOST_SEQUENCE = 1_000_000_000
MOST_BYTES = 200_000
_NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}")
_STAMP = re.compile(r"[0-9]{1,12}")
_NOISE = re.compile(r"[\s/_\-]+")
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
_FIRST_WAIT_S, _LONGEST_WAIT_S = 10, 3600
STEPS = (
    "register", "refuse", "dispatch_district", "dispatch", "assign", "submit", "confirm", "check_pass", "check_fail",
    "rework", "send_back", "merge",
)  # fmt: skip
"""The steps of a case that a partner is told of where its row does not say otherwise."""

_TEXT = {"type": "string", "maxLength": 4000}
_SHORT = {"type": "string", "maxLength": 300}
_WORD = {"type": "string", "maxLength": 120}
_MOMENT = {"type": "string", "maxLength": 40}
_CALLER = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 80},
        "phone": {"type": "string", "maxLength": 40},
        "callback": {"type": "boolean"},
    },
    "additionalProperties": False,
}
TICKET_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "class": _WORD, "text": _TEXT, "address": _SHORT, "lon": {"type": "number", "minimum": -180, "maximum": 180},
    "lat": {"type": "number", "minimum": -90, "maximum": 90}, "area": _WORD, "received_at": _MOMENT,
    "deadline": _MOMENT, "caller": _CALLER,
}  # fmt: skip
_FIELDS: Mapping[MessageKind, tuple[Mapping[str, Any], tuple[str, ...]]] = {
    MessageKind.TICKET: (TICKET_FIELDS, ("class", "text")),
    MessageKind.UPDATE: (TICKET_FIELDS, ()),
    MessageKind.URGE: ({"text": _TEXT}, ()),
    MessageKind.WITHDRAW: ({"reason": _TEXT}, ("reason",)),
    MessageKind.CALLBACK: ({"score": {"enum": [one.value for one in Score]}, "text": _TEXT}, ("score",)),
    MessageKind.EXTENSION: ({"granted": {"type": "boolean"}, "deadline": _MOMENT, "reason": _TEXT}, ("granted",)),
}
MESSAGE: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A message about a ticket",
    "type": "object",
    "required": ["version", "kind", "ticket", "sequence", "sent_at", "content"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": VERSION},
        "kind": {"enum": [one.value for one in MessageKind]},
        "ticket": {"type": "string", "pattern": "^[0-9A-Za-z._-]{1,60}(?![\\s\\S])"},
        "sequence": {"type": "integer", "minimum": 1, "maximum": MOST_SEQUENCE},
        "sent_at": _MOMENT,
        "content": {"type": "object"},
    },
}
PULLED: Mapping[str, Any] = {
    "type": "object",
    "required": ["messages", "next", "until"],
    "properties": {
        "messages": {"type": "array", "maxItems": 500},
        "next": {"type": "string", "maxLength": 200},
        "until": _MOMENT,
    },
}


def content_schema(kind: MessageKind) -> dict[str, Any]:
    """What the content of such a message holds, in our words; what else it holds is kept and not looked at."""
    fields, required = _FIELDS[kind]
    return {"type": "object", "properties": dict(fields), "required": list(required)}


def contract() -> dict[str, Any]:
    """The whole schema of what a partner may send, as it is published."""
    branches = [
        {
            "if": {"properties": {"kind": {"const": kind.value}}},
            "then": {"properties": {"content": content_schema(kind)}},
        }
        for kind in MessageKind
    ]
    return {**MESSAGE, "allOf": branches}


def signed_text(stamp: str, nonce: str, method: str, path: str, body: bytes) -> bytes:
    """What is signed: five lines, the last of them the SHA-256 of the body; `path` with its query."""
    return "\n".join((stamp, nonce, method.upper(), path, hashlib.sha256(body).hexdigest())).encode()


def signature(secret: str, stamp: str, nonce: str, method: str, path: str, body: bytes) -> str:
    """HMAC-SHA256 in hexadecimal."""
    return hmac.new(secret.encode(), signed_text(stamp, nonce, method, path, body), hashlib.sha256).hexdigest()


def unsigned(
    secret: str, headers: Mapping[str, str], method: str, path: str, body: bytes, now: datetime
) -> str:  # fmt: skip
    """Why the request does not prove who sent it; "" where it does. Whether the nonce is new is asked elsewhere."""
    stamp, nonce = headers.get("stamp", ""), headers.get("nonce", "")
    if not secret:
        return "hotline.no_secret"
    if not _STAMP.fullmatch(stamp) or not _NONCE.fullmatch(nonce):
        return "hotline.no_signature"
    if not hmac.compare_digest(
        signature(secret, stamp, nonce, method, path, body).encode(), headers.get("signature", "").lower().encode()
    ):
        return "hotline.bad_signature"
    return "hotline.out_of_time" if abs(int(stamp) - now.timestamp()) > SKEW_S else ""


def digest_of(message: Mapping[str, Any]) -> str:
    """The same for the same words, however they were written down."""
    plain = json.dumps(message, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def moment_of(text: object) -> datetime | None:
    """A time with its zone; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def storable(message: object) -> bool:
    """Whether it can be kept: not too large, and without what no column holds."""
    try:
        written = json.dumps(message, ensure_ascii=False, allow_nan=False)
        return len(written.encode()) <= MOST_BYTES and "\\u0000" not in written
    except (TypeError, ValueError, RecursionError):
        return False


def in_our_words(content: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any]:
    """The content with the fields of the contract, each from the place that the partner has for it."""
    told = dict(content)
    for ours, theirs in fields.items():
        found: Any = content
        for part in theirs.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if found is not None:
            told[ours] = found
    return {name: value for name, value in told.items() if value is not None}


def plain(word: str) -> str:
    """A word of a partner without what makes no difference."""
    return _NOISE.sub("", word).casefold()


def known_as(word: str, words: Mapping[str, str]) -> str:
    """What a partner's word is called here; "" where nobody has said."""
    wanted = plain(word)
    return next((ours for theirs, ours in words.items() if plain(theirs) == wanted), "") if wanted else ""


def masked(value: Any, caller: Person = NOBODY) -> Any:
    """The message as it may be shown: the caller masked, and in every text what is personal."""
    if isinstance(value, str):
        return masked_words(value, caller)
    if isinstance(value, int) and not isinstance(value, bool):
        shown = masked_words(str(value), caller)
        return value if shown == str(value) else shown
    if isinstance(value, list):
        return [masked(one, caller) for one in value]
    if isinstance(value, Mapping):
        return {str(key): masked(one, caller) for key, one in value.items()}
    return value


def caller_of(told: Mapping[str, Any]) -> Person:
    """Whoever called, as far as the content says."""
    given = told.get("caller")
    given = given if isinstance(given, Mapping) else {}
    return Person(str(given.get("name") or "").strip(), str(given.get("phone") or "").strip())


def without_caller(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with its caller as it may be shown."""
    caller = content.get("caller")
    if not isinstance(caller, Mapping):
        return dict(content)
    shown = {"name": masked_name(str(caller.get("name") or "")), "phone": masked_phone(str(caller.get("phone") or ""))}
    return {**content, "caller": {**caller, **shown}}


def shown(message: Any, fields: Mapping[str, str]) -> Any:
    """The message as it may be shown, also one that breaks the contract; `fields` is where the partner has what."""
    content = message.get("content") if isinstance(message, Mapping) else None
    if not isinstance(content, Mapping):
        return masked(message)
    return masked({**message, "content": without_caller(content)}, caller_of(in_our_words(content, fields)))


def wait_s(failures: int) -> int:
    """How long to wait after so many failures: 10 s, twice as long each time, an hour at most."""
    return int(min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(max(failures, 1) - 1, 12)))


def since(cursor: str, overlap_s: int = OVERLAP_S) -> str:
    """From when to fetch: a while before the last time, because what was written then may have come later."""
    found = moment_of(cursor)
    return (found - timedelta(seconds=overlap_s)).isoformat() if found else ""


def is_taken(status: int) -> bool:
    """Whether the partner has it."""
    return 200 <= status < 300


def is_final(status: int) -> bool:
    """Whether asking again is of no use: the partner says what is wrong with what it was told."""
    return 400 <= status < 500 and status not in (401, 403, 408, 425, 429)
