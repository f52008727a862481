"""XML or JSON: by the suffix of the path, else by Accept; and the limits of who asks how often."""

from typing import IO, Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import FormParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from portal.codecs import xml_of

MOST_BYTES = 2 * 1024 * 1024


class Json(JSONRenderer):
    """As the contract has it, with its charset."""

    charset = "utf-8"


class Xml(BaseRenderer):
    """The same document under the root element that the view names; errors have a root of their own."""

    media_type = "text/xml"
    format = "xml"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """XML in UTF-8."""
        context = renderer_context or {}
        refused = context["response"].status_code >= 400
        return xml_of("errors" if refused else context["view"].root, data)


class Negotiation(BaseContentNegotiation):
    """The suffix decides; without one JSON for who asks for it, else XML, which every Open311 server speaks."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """The one for the type of the body."""
        kind = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """A renderer and its media type; never none."""
        wanted = format_suffix or ("json" if "application/json" in request.headers.get("Accept", "") else "xml")
        found = next((one for one in renderers if one.format == wanted), renderers[0])
        return found, found.media_type


class Form(FormParser):
    """A form of at most two megabytes."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """What `request.data` becomes."""
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise ParseError
        return QueryDict(raw, encoding="utf-8")


class _ByAddress(SimpleRateThrottle):
    """So many requests from one network address."""

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """The address of the caller behind the reverse proxy that we trust; without one they share a limit."""
        try:
            address = get_adapter().get_client_ip(request._request)
        except PermissionDenied:
            address = ""
        return f"open311:{self.scope}:{address}"


class Reading(_ByAddress):
    """Four a second, for long."""

    scope = "reading"
    rate = "240/min"


class Reporting(_ByAddress):
    """One a second, also with a wrong key; a key has a limit of its own."""

    scope = "reporting"
    rate = "60/min"
