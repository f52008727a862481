"""Standard texts: the list by step, and the form with its preview."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import actions, selectors
from cases.contracts import TEXT_CHANGED
from cases.models import StandardText, words
from cases.rules.texts import PLACES, strange_places
from core import versions
from core.errors import DomainError, Invalid, Stale
from core.gates import page_needs
from core.languages import pick
from core.placeholders import filled
from core.sentences import sentence_of
from journal import selectors as journal

EXAMPLE = {"number": "2026112344990100012", "class": "暴露垃圾", "place": "金砂路 12 号", "department": "环卫局"}
_AREA = {"rows": 4, "maxlength": 1000}


class TextForm(forms.Form):
    """A text for a step, in both languages."""

    verb = forms.ChoiceField(label=gettext_lazy("Step"))
    category = forms.CharField(label=gettext_lazy("Only for classes that begin with"), max_length=20, required=False)
    zh = forms.CharField(label=gettext_lazy("Chinese text"), max_length=1000, widget=forms.Textarea(_AREA))
    en = forms.CharField(label=gettext_lazy("English text"), max_length=1000, widget=forms.Textarea(_AREA))

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label_suffix": "", **options})
        steps = [(verb, name) for verb, name in words.VERB_NAMES.items() if verb not in ("report", "locate")]
        self.fields["verb"] = forms.ChoiceField(label=gettext_lazy("Step"), choices=steps)
        self.order_fields(["verb", "category", "zh", "en"])


@require_safe
@page_needs("admin")
def texts(request: HttpRequest) -> HttpResponse:
    """Every standard text in use."""
    rows = [
        {
            "row": row,
            "step": words.VERB_NAMES.get(row.verb, row.verb),
            "text": pick(row.texts),
            "version": versions.sealed(selectors.text_told(row)),
        }
        for row in selectors.standard_texts()
    ]
    return render(request, "cases/texts.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def text(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One text, or a new one; what it will look like is shown before it is saved."""
    row = selectors.standard_text(pk) if pk else None
    if request.method != "POST":
        return _page(request, TextForm(initial=selectors.text_told(row) if row else {}), row)
    form = TextForm(data=request.POST)
    if not form.is_valid():
        return _page(request, form, row, status=400, refusal=sentence_of(Invalid("case.form_incomplete")))
    if request.POST.get("act") != "save":
        return _page(request, form, row)
    return _saved(request, form, row)


def _saved(request: HttpRequest, form: TextForm, row: StandardText | None) -> HttpResponse:
    seen, pk = versions.seen_in(request.POST), row.pk if row else 0
    which: dict[str, Any] = {"text_id": pk, "seen": seen.version} if pk else {}
    try:
        actions.save_text(**form.cleaned_data, **which, actor=request.actor)
    except Stale as error:
        return _stale(request, form, selectors.standard_text(pk), seen, error)
    except DomainError as error:
        return _page(request, form, row, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The text is saved; the journal has it."))
    return redirect("texts")


def _stale(request: HttpRequest, form: TextForm, row: StandardText, seen: versions.Seen, error: Stale) -> HttpResponse:
    """The page with what was typed, and what somebody else changed meanwhile."""
    told = selectors.text_told(row)
    more = {
        "refusal": sentence_of(error),
        "version": versions.sealed(told),
        "meanwhile": versions.differences(seen, told, form.fields, {"verb": lambda verb: words.VERB_NAMES[verb]}),
        "changed": journal.latest(f"text:{row.pk}", TEXT_CHANGED),
    }
    return _page(request, form, row, status=error.status, **more)


def _page(
    request: HttpRequest, form: TextForm, row: StandardText | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    told = {name: str(form[name].value() or "") for name in ("zh", "en")}
    context = {
        "form": form,
        "pk": row.pk if row else 0,
        "preview": {name: filled(text, EXAMPLE) for name, text in told.items() if text and not strange_places(text)},
        "places": [f"{{{one}}}" for one in PLACES],
        "version": versions.field(request.POST, selectors.text_told(row)) if row else "",
        **more,
    }
    return render(request, "cases/text.html", context, status=status)


@require_POST
@page_needs("admin")
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """The text is offered no more."""
    try:
        actions.retire_text(pk, actor=request.actor, seen=versions.seen_in(request.POST).version)
    except Stale as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("The text is offered no more."))
    return redirect("texts")
