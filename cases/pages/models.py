"""The city's model of steps: what each one says, and the choice by an administrator."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases import actions, selectors
from cases.models import StepsModel, words
from cases.rules import VERBS
from cases.templatetags.case_words import limit
from core.errors import DomainError
from core.gates import page_needs
from core.sentences import sentence_of


@require_safe
@page_needs("admin")
def models(request: HttpRequest) -> HttpResponse:
    """Every model beside the others: which level may use which verb, who must be apart, what is quick."""
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = selectors.steps_models()
    verbs = [{"verb": verb, "levels": [_levels(row, verb) for row in rows]} for verb in VERBS]
    return render(request, "cases/models.html", {"rows": [_told(row) for row in rows], "verbs": verbs, **more},
                  status=status)  # fmt: skip


def _levels(row: StepsModel, verb: str) -> str:
    held = row.levels.get(verb)
    if held is None:
        return _("every level")
    return ", ".join(str(words.LEVEL_NAMES[level]) for level in held) or _("nobody")


def _told(row: StepsModel) -> dict[str, Any]:
    apart = [(words.VERB_NAMES[one], words.VERB_NAMES[other]) for one, other in row.apart]
    pressed = [
        {
            "clock": words.CLOCK_NAMES[one["clock"]],
            "stage": words.STAGE_NAMES[one["stage"]] if one.get("stage") else "",
            "level": words.LEVEL_NAMES[one["level"]],
            "within": limit(one["within"]),
        }
        for one in row.timeout_orders
    ]
    quick = limit(row.quick["limit"]) if row.quick else ""
    return {"row": row, "apart": apart, "quick": quick, "pressed": pressed}


@require_POST
@page_needs("admin")
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Another model is in force."""
    try:
        actions.choose_steps_model(code, actor=request.actor, reason=request.POST.get("reason", ""))
    except DomainError as error:
        return _page(request, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The model is in force. What was promised before stays."))
    return redirect("steps-models")
