"""Answers that say nothing again to whoever has them already."""

from collections.abc import Callable
from hashlib import md5
from typing import Any

import orjson
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

HELD = {"Cache-Control": "private, no-cache", "Vary": "Cookie"}


def digest(text: bytes) -> str:
    """A tag of this content."""
    return f'"{md5(text, usedforsecurity=False).hexdigest()}"'


def has(request: Request, tag: str) -> bool:
    """Whether the caller has what the tag stands for."""
    return tag in request.headers.get("If-None-Match", "").replace("W/", "").split(", ")


def tagged(request: Request, told: Any) -> Response:
    """The answer with its tag; 304 where the caller has it."""
    tag = digest(orjson.dumps(told, option=orjson.OPT_NON_STR_KEYS))
    headers = {**HELD, "ETag": tag}
    return Response(status=304, headers=headers) if has(request, tag) else Response(told, headers=headers)


def tagged_text(request: Request, known_by: str, made: Callable[[], str]) -> HttpResponse:
    """JSON text that is made only where the caller has not the one that is known by this already."""
    tag = digest(known_by.encode())
    headers = {**HELD, "ETag": tag}
    if has(request, tag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(made(), content_type="application/json", headers=headers)
