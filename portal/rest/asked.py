"""What a request says: its parameters, the jurisdiction it names, the report it brings."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import QueryDict
from rest_framework.request import Request

from core.errors import Invalid, NotFound
from core.uploads import MOST_AT_ONCE, bounded
from portal.contracts import Telling

_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,40})\](\[\])?")
TEXTS = (
    "service_code", "lat", "long", "address_string", "address_id", "email", "device_id", "account_id", "first_name",
    "last_name", "phone", "description", "media_url",
)  # fmt: skip


def told(given: Mapping[str, Any], name: str) -> str:
    """The parameter without space around it, "" where it is absent."""
    return str(given.get(name) or "").strip()


def check_jurisdiction(given: Mapping[str, Any]) -> None:
    """One of the names this city answers to, where it has several; with none configured any name will do."""
    known, named = settings.OPEN311_JURISDICTIONS, told(given, "jurisdiction_id")
    if named and known and named not in known:
        raise NotFound("portal.unknown_jurisdiction", given=named[:40])
    if not named and len(known) > 1:
        raise Invalid("portal.needs_jurisdiction")


def form_of(request: Request) -> QueryDict:
    """The form that was sent, empty where nothing was."""
    return request.data if isinstance(request.data, QueryDict) else QueryDict()


def telling_in(request: Request) -> Telling:
    """The report that a form brings, with its pictures (parts called `media`)."""
    data = form_of(request)
    attributes: dict[str, list[str]] = {}
    for name in data:
        if (match := _ATTRIBUTE.fullmatch(name)) is not None:
            attributes.setdefault(match[1], []).extend(data.getlist(name))
    files = request.FILES.getlist("media")
    return Telling(
        **{name: told(data, name) for name in TEXTS},
        reference=request.headers.get("Idempotency-Key", "").strip(),
        attributes={code: texts for code, texts in attributes.items() if any(text.strip() for text in texts)},
        media=tuple(bounded(file) for file in files[: MOST_AT_ONCE + 1]),
    )
