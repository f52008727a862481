"""What a request says besides its body: version, idempotency key, filters. Wrong ones are refused with a sentence."""

import base64
import binascii
import re
from collections.abc import Mapping
from functools import partial
from io import BytesIO
from typing import Any, NamedTuple

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
AFTER, BEFORE = "c", "b"
"""How a cursor begins: it says which way it goes from its case."""


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


class Page(NamedTuple):
    """Some cases, and the cursors of those after and of those before."""

    views: list[CaseView]
    following: str | None
    preceding: str | None


def page_of(rows: QuerySet[Case], given: Mapping[str, Any], lately: selectors.Lately | None = None) -> Page:
    """One page by key, newest first; a cursor of what came before has the first page where nothing does any more."""
    limit = _limit(str(given.get("limit", "50")))
    way, key = _place(str(given["cursor"])) if given.get("cursor") else ("", 0)
    if way == BEFORE and (back := selectors.newest(rows.filter(pk__gt=key), limit + 1, oldest=True)):
        page = back[-limit:]
        return Page([view for _key, view in page], _cursor(AFTER, page[-1][0]), _earlier(page, len(back) > limit))
    rows = rows.filter(pk__lt=key) if way == AFTER else rows
    found = selectors.newest(rows, limit + 1, lately=lately and partial(lately, key if way == AFTER else None))
    page = found[:limit]
    following = _cursor(AFTER, page[-1][0]) if len(found) > limit else None
    return Page([view for _key, view in page], following, _earlier(page, way == AFTER))


def _earlier(page: list[tuple[int, CaseView]], more: bool) -> str | None:
    return _cursor(BEFORE, page[0][0]) if more and page else None


def _limit(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= MOST:
        raise Invalid("case.bad_filter", filter="limit", value=value[:60])
    return int(value)


def _cursor(way: str, place: int) -> str:
    return base64.urlsafe_b64encode(f"{way}{place}".encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[str, int]:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        if not re.fullmatch(rf"[{AFTER}{BEFORE}][0-9]{{1,18}}", text):
            raise ValueError(cursor)
        return text[0], int(text[1:])
    except (ValueError, binascii.Error) as error:
        raise Invalid("case.bad_filter", filter="cursor", value=cursor[:60]) from error
