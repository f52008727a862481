"""A scheme as a form: tried on a period that is over, then in force from a day on, or a scheme of its own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.errors import DomainError, Forbidden
from core.gates import page_needs
from core.scope import Duty
from core.sentences import sentence_of
from evaluation import actions, rules, selectors
from evaluation.forms import document_of, shown, typed, when_of
from evaluation.selectors import Question

HEAD = ("valid_from", "reason", "seen", "new_code", "level", "on")


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs(selectors.RIGHT)
def scheme(request: HttpRequest, code: str) -> HttpResponse:
    """The form of a scheme. It is tried, or saved; what was typed stays when either is refused."""
    if not request.actor.may(Duty.EVALUATE):
        raise Forbidden("evaluation.not_evaluator")
    row = selectors.scheme(code)
    newest = selectors.versions_of(row)[0]
    if request.method != "POST":
        given = shown(selectors.formula_of(newest))
        before = rules.previous(rules.period_of("month", localdate(clock.now())))
        following = localdate(clock.now()) + timedelta(days=1)
        head = {
            "valid_from": following.isoformat(), "reason": "", "seen": str(newest.version), "new_code": "",
            "level": given["subjects"][0], "on": before.since.isoformat(),
        }  # fmt: skip
        return _page(request, row, given, head)
    given = typed(request.POST)
    head = {name: request.POST.get(name, "").replace("\x00", "")[:2000] for name in HEAD}
    try:
        return _acted(request, row, given, head)
    except DomainError as error:
        return _page(request, row, given, head, status=error.status, refusal=sentence_of(error))


def _acted(request: HttpRequest, row: Any, given: Mapping[str, Any], head: Mapping[str, str]) -> HttpResponse:
    document = document_of(given)
    if request.POST.get("act") != "save":
        asked = Question(head["level"], rules.period_of("month", when_of(head["on"])))
        tried = selectors.tried(request.actor, asked, row, document)
        return _page(request, row, given, head, tried=tried)
    told: dict[str, Any] = {"actor": request.actor, "valid_from": when_of(head["valid_from"]), "reason": head["reason"]}
    if head["new_code"]:
        actions.copy_scheme(row.code, head["new_code"], document, **told)
    else:
        seen = int(head["seen"]) if head["seen"].isdecimal() and len(head["seen"]) < 7 else 0
        actions.change_scheme(row.code, document, seen=seen, **told)
    messages.success(request, _("The scheme is kept. Periods that are published keep theirs."))
    return redirect("score-schemes")


def _page(
    request: HttpRequest, row: Any, given: Mapping[str, Any], head: Mapping[str, str], status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "row": row,
        "given": given,
        "head": head,
        "subjects": [(level, rules.LEVELS[level]) for level in rules.JUDGED],
        "slices": rules.SLICES,
        "rates": rules.RATES.values(),
        "counts": rules.COUNTS.values(),
        **more,
    }
    return render(request, "evaluation/scheme.html", context, status=status)
