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
    newest, may = versions[0], request.actor.may("admin")
    form = RuleForm(newest.kind, request.POST or None, initial=first_values(newest.document, newest.number))
    context: dict[str, Any] = {
        "rule": row, "newest": newest, "versions": versions, "form": form, "may": may, "refusal": "", "tried": None,
        "levels": newest.kind == RuleKind.LEVEL,
    }  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 400
        try:
            if form.is_valid():
                document = actions.checked_rule(form.document(newest.document))
                if request.POST.get("do") == "save":
                    actions.save_rule(
                        code, actor=request.actor, document=document, reason=form.cleaned_data["reason"],
                        version=form.cleaned_data["version"],
                    )  # fmt: skip
                    messages.success(request, _("The rule is in force for what is measured from now on."))
                    return redirect("alarm-rule", code)
                context["tried"] = selectors.tried(document, code, request.actor, days=form.cleaned_data["days"])
                status = 200
        except DomainError as error:
            context["refusal"], status = sentence_of(error), error.status
    if context["tried"] is not None:
        context["would"] = sum(len(one.episodes) for one in context["tried"])
        context["raised"] = sum(one.raised for one in context["tried"])
    return render(request, "telemetry/rule.html", context, status=status)
