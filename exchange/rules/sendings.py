"""Sendings: how long to wait, when quiet hours end, what is signed and how, whose news an endpoint gets. Pure."""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from core.personal import masked_words
from core.scope import Ground
from exchange.contracts.sendings import OUR_OWN
from exchange.rules.messages import is_quiet
from journal.contracts import Audience, EntryView, kinds

LEASE = timedelta(minutes=5)
"""Longer than any attempt: a task is killed before."""
KEEP = timedelta(days=90)
CODE_GOOD_FOR = timedelta(minutes=15)
LONGEST_SPAN = timedelta(days=31)
LONGEST_WAIT_S = 86_400
BREAK_AFTER = 5
BREAK_S, LONGEST_BREAK_S = 30, 900
JITTER = 0.25
PREFIX = "whsec_"
_PLACE = re.compile(r"\{([a-z]+)\}")


class Policy(NamedTuple):
    """How often something is tried, and how the waits between grow."""

    most: int
    first: int
    factor: int
    longest: int


TO_PROGRAMS = Policy(most=10, first=5, factor=6, longest=LONGEST_WAIT_S)
TO_PEOPLE = Policy(most=6, first=10, factor=4, longest=3600)


def wait_after(policy: Policy, attempts: int, uid: str) -> timedelta:
    """How long after so many attempts the next one comes: growing, and spread so that not all come at once.

    What spreads them is taken from the sending itself, so that asked twice it is the same.
    """
    base = min(policy.longest, policy.first * policy.factor ** max(0, min(attempts, 40) - 1))
    spread = int.from_bytes(hashlib.sha256(f"{uid}:{attempts}".encode()).digest()[:4], "big") / 2**32
    return timedelta(seconds=base * (1 + JITTER * spread))


def break_after(failures: int) -> timedelta | None:
    """How long an endpoint that failed so often in a row is left alone; None while it is not."""
    if failures < BREAK_AFTER:
        return None
    return timedelta(seconds=min(LONGEST_BREAK_S, BREAK_S * 2 ** min(failures - BREAK_AFTER, 10)))


def asked_wait(header: str, now: datetime) -> float:
    """The seconds that a Retry-After asks for, as a number or a date; at most a day, 0 where it says nothing."""
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(min(LONGEST_WAIT_S, int(text[:9])))
    try:
        until = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return 0.0
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(float(LONGEST_WAIT_S), max(0.0, (aware - now).total_seconds()))


def quiet_until(local: datetime, begins: time | None, ends: time | None) -> datetime | None:
    """When the quiet hours that hold at this local moment end; None where they do not hold."""
    if begins is None or ends is None or not is_quiet(local.time(), begins, ends):
        return None
    day: date = local.date() if local.time() < ends else local.date() + timedelta(days=1)
    return datetime.combine(day, ends, tzinfo=local.tzinfo)


def signature(secret: str, uid: str, at: datetime, body: bytes) -> str:
    """One signature of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, as `v1,<base64>`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{uid}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def is_signing_secret(text: str) -> bool:
    """Whether it can sign: `whsec_` and 24 to 64 bytes in base64."""
    if not text.startswith(PREFIX):
        return False
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return 24 <= len(key) <= 64


def is_url(text: str) -> bool:
    """Whether something can be sent there: http or https, a host, no name or password in it, no fragment."""
    if len(text) > 500 or any(letter.isspace() or not letter.isprintable() for letter in text) or not text.isascii():
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = "@" not in parts.netloc and not parts.fragment and port != 0
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain


def offered_kinds() -> tuple[str, ...]:
    """The kinds of entries that may leave: those told by area or organisation, none that only some may read."""
    return tuple(
        name
        for name, kind in kinds().items()
        if not kind.audience & (Audience.PERSONAL | Audience.RESTRICTED) and not name.startswith(OUR_OWN)
    )


def covers(org: str, area: str, entry: EntryView) -> bool:
    """Whether an entry lies on the ground that an endpoint is told of."""
    return Ground(org, area).covers(entry.org, entry.area)


def told_of(entry: EntryView, *, thin: bool) -> dict[str, Any]:
    """The payload of an entry: what happened to what, where; thin ones leave out how. Words of people are masked."""
    data: dict[str, Any] = {"entry": entry.id, "subject": entry.subject, "org": entry.org, "area": entry.area}
    if not thin:
        data["details"] = masked(entry.data)
    return {"type": entry.kind, "timestamp": entry.at.astimezone(UTC).isoformat(), "data": data}


def masked(value: Any) -> Any:
    """The same without what looks like numbers or addresses of people, however deep it lies."""
    if isinstance(value, str):
        return masked_words(value)
    if isinstance(value, Mapping):
        return {key: masked(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [masked(one) for one in value]
    return value


def filled(template: str, values: Mapping[str, str]) -> str:
    """The words with `{name}` replaced where a value of that name is there; everything else stays as it is.

    What a value says is never looked at again: a citizen who writes `{secret}` is told no secret.
    """
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)


def found_at(answer: Any, path: str) -> str:
    """What stands in a JSON answer at `a.b.c`, as text; empty where nothing does."""
    for step in path.split("."):
        if not isinstance(answer, Mapping):
            return ""
        answer = answer.get(step)
    return "" if answer is None else str(answer)


def readable(value: Any) -> Any:
    """Words of the other side without what no column holds and nobody can read."""
    if not isinstance(value, str):
        return value
    return "".join(letter if letter.isprintable() else " " for letter in value)
