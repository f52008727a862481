"""Answers in parts: what a player asks for when somebody moves along a film (RFC 9110, section 14)."""

import re

from django.http import HttpRequest, HttpResponse

_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def ranged(request: HttpRequest, content: bytes, *, kind: str, seal: str) -> HttpResponse:
    """The whole (200), the part that was asked for (206), or that there is no such part (416).

    Several parts at once, or what is no range at all, are answered with the whole, as the standard allows.
    """
    tag = f'"{seal}"'
    asked = request.headers.get("Range", "") if request.headers.get("If-Range", tag) == tag else ""
    found = _ONE.fullmatch(asked.strip())
    part = _part(found.group(1), found.group(2), len(content)) if found and found.group(0) != "bytes=-" else None
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": tag,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "inline",
        "Cache-Control": "private, max-age=3600",
    }
    if part is None:
        return HttpResponse(content, content_type=kind, headers=headers)
    if not part:
        headers["Content-Range"] = f"bytes */{len(content)}"
        return HttpResponse(status=416, content_type=kind, headers=headers)
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
    return HttpResponse(content[part.start : part.stop], status=206, content_type=kind, headers=headers)


def _part(first: str, last: str, size: int) -> range | None:
    """The bytes that are meant; empty where there are none of them, None where it is no range."""
    if not first:
        return range(max(0, size - int(last)), size) if int(last) else range(0)
    if last and int(last) < int(first):
        return None
    return range(int(first), min(int(last) + 1, size) if last else size) if int(first) < size else range(0)
