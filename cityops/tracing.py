"""One trace id for everything a request causes: taken from the caller or made, sent back, kept in logs and journal."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.trace import use_trace

HEADER = "X-Trace-Id"
ACCEPTABLE = re.compile(r"[A-Za-z0-9._:-]{8,64}")


def trace_of(candidate: str | None) -> str:
    """The caller's trace id where it is a sane one, else a new one."""
    if candidate and ACCEPTABLE.fullmatch(candidate):
        return candidate
    return uuid.uuid4().hex


class TraceMiddleware:
    """The request, its journal entries, its tasks and its log lines share one id, told in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trace = trace_of(request.headers.get(HEADER))
        with use_trace(trace):
            response = self.get_response(request)
        response[HEADER] = trace
        return response
