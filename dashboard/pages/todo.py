"""The to-do: what waits for whoever asks, over all systems, the soonest due first."""

from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.errors import Invalid
from core.waiting import desks
from dashboard import selectors


class Promise(NamedTuple):
    """The end of something that is no case, as lamps and chips read one."""

    due_at: datetime | None
    warn_at: datetime | None
    stage: str = ""


@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    """Everything, or what waits at the desk `of`, with the count of each."""
    if not request.actor.rights:
        raise PermissionDenied("the to-do is for people who work here")
    of = request.GET.get("of", "")
    if of not in ("", *(desk.code for desk in desks())):
        raise Invalid("todo.no_desk", given=of[:40].replace("\x00", ""))
    found = selectors.todo(request.actor, of)
    context = {
        "of": of, "heaps": found.heaps, "cut": found.cut, "silent": [heap for heap in found.heaps if heap.silence],
        "lines": [{"line": line, "promise": Promise(line.row.due_at, line.row.warn_at)} for line in found.lines],
        "total": sum(heap.count for heap in found.heaps), "more": any(heap.more for heap in found.heaps),
        "whole": next((heap.href for heap in found.heaps if heap.code == of), ""),
    }  # fmt: skip
    response = render(request, "dashboard/todo.html", context)
    response["Cache-Control"] = "private, no-store"
    return response
