"""Message templates: the list by occasion, and the editor with a preview that follows what is typed."""

from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.gates import page_needs
from core.languages import pick
from core.placeholders import filled, listed
from core.sentences import say, sentence_of
from exchange import actions, selectors
from exchange.forms import TemplateForm
from exchange.rules.messages import LANGUAGES, differences, template_faults
from exchange.selectors import TemplateEntry


@require_safe
@page_needs("admin")
def templates(request: HttpRequest) -> HttpResponse:
    """Every occasion with what is said at it."""
    rows = [
        {"entry": entry, "name": pick(entry.occasion.names), "title": pick(entry.texts["titles"])}
        for entry in selectors.templates()
    ]
    return render(request, "exchange/templates.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def template(request: HttpRequest, code: str) -> HttpResponse:
    """The template of an occasion: as it will read, how city and pack differ, and every version before."""
    entry = selectors.template(code)
    if request.method != "POST":
        return _page(request, entry, TemplateForm(initial=TemplateForm.given(entry)))
    form = TemplateForm(data=request.POST)
    act = request.POST.get("act", "look")
    if act == "look":
        return _page(request, entry, form)
    if not form.is_valid():
        return _page(request, entry, form, status=400)
    try:
        _done(act, code, form, request)
    except DomainError as error:
        return _page(request, selectors.template(code), form, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The template is saved; the journal has it."))
    return redirect("message-template", code=code)


def _done(act: str, code: str, form: TemplateForm, request: HttpRequest) -> None:
    seen = form.cleaned_data["seen"]
    if act == "reset":
        actions.reset_template(code, seen=seen, actor=request.actor)
        return
    told = {**form.texts(), "enabled": form.cleaned_data["enabled"], "urgent": form.cleaned_data["urgent"]}
    actions.save_template(code, **told, seen=seen, actor=request.actor)


def _page(
    request: HttpRequest, entry: TemplateEntry, form: TemplateForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    texts = form.texts()
    faults = template_faults(entry.occasion, **texts)
    versions = selectors.template_versions(entry.occasion.code)
    context = {
        "entry": entry,
        "form": form,
        "name": pick(entry.occasion.names),
        "places": [{"name": listed([one.name]), "what": pick(one.names)} for one in entry.occasion.places],
        "faults": list(dict.fromkeys(say(fault.code, fault.params) for fault in faults)),
        "preview": [_preview(entry, texts, language) for language in LANGUAGES],
        "changes": differences(entry.texts, texts),
        "pack_changes": differences(entry.row.said, entry.row.says) if entry.row and entry.row.differs else [],
        "versions": [
            {"row": row, "changes": differences(before.says if before else {}, row.says)}
            for row, before in zip_longest(versions, versions[1:])
        ],
        **more,
    }
    return render(request, "exchange/template.html", context, status=status)


def _preview(entry: TemplateEntry, texts: dict[str, dict[str, str]], language: str) -> dict[str, str]:
    values = entry.occasion.example(language)
    told = {"title": filled(texts["titles"][language], values), "body": filled(texts["bodies"][language], values)}
    return {**told, "language": "zh-Hans" if language == "zh" else language}
