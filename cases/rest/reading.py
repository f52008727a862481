"""What a request says besides its body: version, idempotency key, filters. Wrong ones are refused with a sentence."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request

from cases import selectors
from cases.contracts import ENDS, CaseView, Source, Stage
from cases.models import Case
from core import clock
from core.errors import Invalid, PreconditionRequired

_VERSION = re.compile(r'"([1-9]\d{0,8})"')
_KEY = re.compile(r"[\x21-\x7e]{1,160}")
MOST = 100
Filter = Callable[[QuerySet[Case], str], QuerySet[Case]]


def version_of(request: Request, needed: str = "case.version_needed") -> int:
    """The version in If-Match: 428 without one, 400 if it is not exactly one strong ETag of ours."""
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired(needed)
    found = _VERSION.fullmatch(given.strip())
    if found is None:
        raise Invalid("case.bad_version")
    return int(found.group(1))


def key_of(request: Request) -> str:
    """The Idempotency-Key as a reference of its source, apart for each person."""
    given = request.headers.get("Idempotency-Key", "")
    if not _KEY.fullmatch(given):
        raise Invalid("case.idempotency_key_needed")
    return f"{request.actor.key}/{given}"


def _stage(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
    return rows.filter(stage__in=[Stage(word) for word in value.split(",")])


def _source(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
    return rows.filter(source__in=[Source(word) for word in value.split(",")])


def _district(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
    return rows.filter(district=_digits(value, 12))


def _category(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
    if not re.fullmatch(r"[A-Z]\d{2,8}", value):
        raise ValueError(value)
    return rows.filter(category__code=value)


def _late(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
    wanted = {"true": True, "false": False}[value]
    late = selectors.late(clock.now())
    return rows.filter(late) if wanted else rows.exclude(late)


def _open(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
    ended = sorted(ENDS)
    return {"true": rows.exclude(stage__in=ended), "false": rows.filter(stage__in=ended)}[value]


def _search(rows: QuerySet[Case], value: str) -> QuerySet[Case]:
    if "\x00" in value or len(value) > 100 or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(value)
    return selectors.matching(rows, value)


def _digits(value: str, most: int) -> str:
    if not re.fullmatch(rf"[0-9]{{1,{most}}}", value):
        raise ValueError(value)
    return value


FILTERS: Mapping[str, Filter] = {
    "stage": _stage,
    "source": _source,
    "district": _district,
    "category": _category,
    "late": _late,
    "open": _open,
    "q": _search,
}


def filtered(rows: QuerySet[Case], given: Mapping[str, Any], paging: tuple[str, ...]) -> QuerySet[Case]:
    """The rows that pass every filter of the request; one that is unknown or makes no sense is a 400 that names it."""
    for name, value in given.items():
        if name in paging:
            continue
        if name not in FILTERS:
            raise Invalid("case.unknown_filter", filter=name[:60])
        try:
            rows = FILTERS[name](rows, str(value))
        except (ValueError, KeyError) as error:
            raise Invalid("case.bad_filter", filter=name, value=str(value)[:60]) from error
    return rows


def page_of(rows: QuerySet[Case], given: Mapping[str, Any]) -> tuple[list[CaseView], str | None]:
    """One page by key, newest first, and the cursor of the next."""
    limit = _limit(str(given.get("limit", "50")))
    if given.get("cursor"):
        rows = rows.filter(pk__lt=_place(str(given["cursor"])))
    found = selectors.views(rows.order_by("-pk")[: limit + 1])
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
        return int(_digits(text.removeprefix("c"), 18))
    except (ValueError, binascii.Error) as error:
        raise Invalid("case.bad_filter", filter="cursor", value=cursor[:60]) from error
