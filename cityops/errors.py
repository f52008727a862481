"""The one place where a domain error becomes an answer: {code, message, params} for programs, a page for people."""

from collections.abc import Callable
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from core.errors import DomainError, Invalid
from core.sentences import sentence_of

log = structlog.get_logger(__name__)

JsonBody = dict[str, Any]
UNSTORABLE = "NUL (0x00)"
"""What psycopg2 says of a NUL, as a plain ValueError."""


def body_of(error: DomainError) -> JsonBody:
    """What an API client gets: a code to branch on, a sentence to show, the facts in it."""
    return {"code": error.code, "message": sentence_of(error), "params": dict(error.params)}


def understood(error: Exception) -> DomainError | None:
    """What the rules, or PostgreSQL, refused about the values that were given; None where the fault is ours.

    A NUL character, a number or a date out of range is refused where it is read. What slips through there the database
    refuses, and that is the caller's doing still.
    """
    if isinstance(error, DomainError):
        return error
    if isinstance(error, DataError) or (isinstance(error, ValueError) and UNSTORABLE in str(error)):
        log.warning("value.unstorable", exc_info=error)
        return Invalid("value.unstorable")
    return None


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: domain errors keep their status, DRF's own get a code and a sentence."""
    if (refused := understood(error)) is not None:
        set_rollback()
        return Response(body_of(refused), status=refused.status)
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _drf_body(error, response.data)
    return response


def _drf_body(error: Exception, data: object) -> JsonBody:
    if isinstance(error, exceptions.ValidationError):
        return {
            "code": "request.invalid",
            "message": _("The request contains invalid values."),
            "params": {"fields": data},
        }
    code = (
        f"request.{getattr(error, 'default_code', 'not_found' if isinstance(error, Http404) else 'permission_denied')}"
    )
    detail = data.get("detail", "") if isinstance(data, dict) else ""
    return {"code": code, "message": str(detail), "params": {}}


def wants_json(request: HttpRequest) -> bool:
    """A program asks: under /api/, /ogc or /tiles/, or it accepts JSON and not HTML."""
    accept = request.headers.get("Accept", "")
    return request.path.startswith(("/api/", "/ogc", "/tiles/")) or (
        "application/json" in accept and "text/html" not in accept
    )


class DomainErrorMiddleware:
    """A domain error that leaves a page becomes an answer with its own status and sentence, never a 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django calls this for every exception a view lets through."""
        refused = understood(error)
        return None if refused is None else answer(request, refused.status, body_of(refused))


def answer(request: HttpRequest, status: int, body: JsonBody) -> HttpResponse:
    """The same refusal as JSON for programs, as a page for people, as a fragment for htmx."""
    if wants_json(request):
        return JsonResponse(body, status=status)
    template = "errors/fragment.html" if request.headers.get("HX-Request") == "true" else "errors/page.html"
    return render(request, template, {"status": status, **body}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: a request Django itself could not accept."""
    log.warning("request.refused", path=request.path, reason=type(exception).__name__)
    return answer(
        request, 400, {"code": "request.invalid", "message": _("The request could not be understood."), "params": {}}
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    code = "request.permission_denied" if isinstance(exception, PermissionDenied) else "request.refused"
    return answer(request, 403, {"code": code, "message": _("You may not see or do this."), "params": {}})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: the form is too old or came from elsewhere."""
    log.warning("request.csrf", path=request.path, reason=reason)
    message = _("This form has expired or came from another site. Open the page again and repeat.")
    return answer(request, 403, {"code": "request.csrf", "message": message, "params": {}})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404; says the same for what is absent and what is not yours."""
    return answer(
        request, 404, {"code": "request.not_found", "message": _("There is nothing here for you."), "params": {}}
    )


def broken(request: HttpRequest) -> HttpResponse:
    """handler500: our fault; the trace id lets the operator find the log line."""
    body = {
        "code": "server.error",
        "message": _("Something broke on our side. It has been written to the log."),
        "params": {},
    }
    if wants_json(request):
        return JsonResponse(body, status=500)
    return render(request, "errors/broken.html", {"status": 500, **body}, status=500)
