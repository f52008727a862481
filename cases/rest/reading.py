"""What a request says besides its body: version, idempotency key, filters. Wrong ones are refused with a sentence."""

import base64
import binascii
import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.request import Request

from cases import selectors
from cases.contracts import CaseView
from cases.models import Case
from core.errors import Invalid, PreconditionRequired
from core.uploads import MOST_AT_ONCE, bounded

_VERSION = re.compile(r'"([1-9]\d{0,8})"')
_KEY = re.compile(r"[\x21-\x7e]{1,160}")
MOST = 100


def version_of(request: Request, needed: str = "case.version_needed") -> int:
    """The version in If-Match: 428 without one, 400 if it is not exactly one strong ETag of ours."""
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired(needed)
    found = _VERSION.fullmatch(given.strip())
    if found is None:
        raise Invalid("case.bad_version")
    return int(found.group(1))


def pictured(request: Request) -> tuple[Any, list[bytes]]:
    """The report and its pictures: a body of JSON has none, a form has both in parts of their own."""
    if not isinstance(request.data, QueryDict):
        return request.data, []
    files = request.FILES.getlist("photos")[: MOST_AT_ONCE + 1]
    told = request.data.get("report", "{}")
    if not isinstance(told, str):
        raise Invalid("case.report_is_text")
    parser = next(one for one in request.parsers or () if one.media_type == "application/json")
    return parser.parse(BytesIO(told.encode("utf-8", "surrogatepass"))), [bounded(file, clips=True) for file in files]


def key_of(request: Request) -> str:
    """The Idempotency-Key as a reference of its source, apart for each person."""
    given = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(given):
        raise Invalid("case.idempotency_key_needed")
    return f"{request.actor.key}/{given}"


def page_of(rows: QuerySet[Case], given: Mapping[str, Any]) -> tuple[list[CaseView], str | None]:
    """One page by key, newest first, and the cursor of the next."""
    limit = _limit(str(given.get("limit", "50")))
    if given.get("cursor"):
        rows = rows.filter(pk__lt=_place(str(given["cursor"])))
    found = selectors.newest(rows, limit + 1)
    following = _cursor(found[limit - 1][0]) if len(found) > limit else None
    return [view for _key, view in found[:limit]], following


def _limit(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= MOST:
        raise Invalid("case.bad_filter", filter="limit", value=value[:60])
    return int(value)


def _cursor(place: int) -> str:
    return base64.urlsafe_b64encode(f"c{place}".encode()).decode().rstrip("=")


def _place(cursor: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        if not re.fullmatch(r"c[0-9]{1,18}", text):
            raise ValueError(cursor)
        return int(text[1:])
    except (ValueError, binascii.Error) as error:
        raise Invalid("case.bad_filter", filter="cursor", value=cursor[:60]) from error
