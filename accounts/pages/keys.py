"""Keys for programs: one's own, and for administrators everybody's."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, selectors
from core import clock
from core.errors import DomainError
from core.sentences import sentence_of


class KeyForm(forms.Form):
    """What the key is for, and for how many days."""

    label = forms.CharField(label=gettext_lazy("What it is for"), max_length=80)
    days = forms.IntegerField(label=gettext_lazy("Good for how many days"), min_value=1, max_value=366, initial=90)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The keys in force; a new one is shown once, on the answer that made it."""
    form = KeyForm(request.POST or None, label_suffix="")
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        made, text = actions.make_key(**form.cleaned_data, actor=request.actor)
    except DomainError as error:
        return _page(request, form, status=error.status, refusal=sentence_of(error))
    return _page(request, KeyForm(label_suffix=""), status=201, made=made, text=text)


def _page(request: HttpRequest, form: KeyForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "mine": selectors.keys_of(request.actor), "now": clock.now(), **more}
    if request.actor.may("admin"):
        context["others"] = selectors.open_keys().exclude(user_id=request.actor.user_id or 0)
    return render(request, "accounts/keys.html", context, status=status)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The key opens nothing any more."""
    key = actions.end_key(pk, actor=request.actor)
    messages.success(request, _("The key “%(label)s” is ended.") % {"label": key.label})
    return redirect("keys")
