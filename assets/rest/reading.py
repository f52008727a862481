"""What requests say: bodies, keys, versions, cursors."""

import re
from datetime import datetime
from typing import Any

from rest_framework.request import Request

from core.errors import Invalid, PreconditionRequired

_KEY = re.compile(r"[A-Za-z0-9._:-]{8,60}")
MOST = 200


def body(shape: type, request: Request) -> dict[str, Any]:
    """The body as its shape wants it."""
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    found: dict[str, Any] = dict(given.validated_data)
    return found


def key_of(request: Request) -> str:
    """The Idempotency-Key: the same one is the same deed."""
    given = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(given):
        raise Invalid("assets.key_needed")
    return str(given)


def version_of(request: Request) -> int:
    """The version that the program saw, from If-Match."""
    given = re.fullmatch(r'"([0-9]{1,9})"', request.headers.get("If-Match", "").strip())
    if given is None:
        raise PreconditionRequired("assets.version_needed")
    return int(given[1])


def number(request: Request, name: str, default: int, most: int) -> int:
    """A whole number of the query."""
    given = request.query_params.get(name) or str(default)
    if not re.fullmatch(r"[0-9]{1,18}", given) or int(given) > most:
        raise Invalid("assets.bad_filter", filter=name, value=given[:40])
    return int(given)


def limit_of(request: Request) -> int:
    """How many at once."""
    return max(1, number(request, "limit", 50, MOST))


def moment_of(text: str) -> datetime:
    """A moment in ISO 8601 with its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("assets.bad_filter", filter="at", value=text[:40]) from error
    if found.tzinfo is None:
        raise Invalid("assets.bad_filter", filter="at", value=text[:40])
    return found
