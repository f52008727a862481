"""The rules of alarms, and one of them in numbers: tried on the past before it is saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.sentences import sentence_of
from telemetry import actions, selectors
from telemetry.contracts.alarms import RuleKind
from telemetry.forms.alarms import RuleForm, first_values


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with what it looks at, its bands and its case."""
    return render(request, "telemetry/rules.html", {"rules": selectors.rules(request.actor)})


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """One rule: what it says, what it would have raised, its versions; administrators change it here."""
    row, versions = selectors.rule_row(code, request.actor)
    newest = versions[0]
    form = RuleForm(newest.kind, request.POST or None, initial=first_values(newest.document, newest.number))
    context: dict[str, Any] = {
        "rule": row, "newest": newest, "versions": versions, "form": form, "may": request.actor.may("admin"),
        "refusal": "", "tried": None, "levels": newest.kind == RuleKind.LEVEL,
    }  # fmt: skip
    if request.method != "POST":
        return render(request, "telemetry/rule.html", context)
    if not form.is_valid():
        return render(request, "telemetry/rule.html", context, status=400)
    try:
        document = actions.checked_rule(form.document(newest.document))
        if request.POST.get("do") == "save":
            return _saved(request, code, document, form)
        found = selectors.tried(document, code, request.actor, days=form.cleaned_data["days"])
    except DomainError as error:
        return render(request, "telemetry/rule.html", {**context, "refusal": sentence_of(error)}, status=error.status)
    would, raised = sum(len(one.episodes) for one in found), sum(one.raised for one in found)
    return render(request, "telemetry/rule.html", {**context, "tried": found, "would": would, "raised": raised})


def _saved(request: HttpRequest, code: str, document: dict[str, Any], form: RuleForm) -> HttpResponse:
    """The rule is saved as it was typed, if nobody has changed it meanwhile."""
    told = form.cleaned_data
    actions.save_rule(
        code, actor=request.actor, document=document, reason=told["reason"], version=told["version"]
    )  # fmt: skip
    messages.success(request, _("The rule is in force for what is measured from now on."))
    return redirect("alarm-rule", code)
