"""The page of the open interface for developers, and for administrators its services and keys."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import DomainError
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of
from portal import actions, selectors


class KeyForm(forms.Form):
    """Whose program it is, how often it reports, for how long."""

    label = forms.CharField(label=gettext_lazy("Whose program it is"), max_length=80)
    contact = forms.CharField(label=gettext_lazy("How to reach them"), max_length=120)
    hourly = forms.IntegerField(
        label=gettext_lazy("Reports an hour, at most"), min_value=1, max_value=10_000, initial=120
    )
    days = forms.IntegerField(label=gettext_lazy("Good for how many days"), min_value=1, max_value=1100, initial=365)


@login_not_required
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """How a program reads and makes reports, with the services that are open now; for anybody."""
    context = {
        "services": [
            {"code": one.code, "name": pick(one.names), "group": one.group, "realtime": one.realtime,
             "questions": [(question.code, pick(question.names), question.required) for question in one.questions]}
            for one in selectors.open_services()
        ],
        "base": request.build_absolute_uri(reverse("open311-docs")) + "v2",
    }  # fmt: skip
    return render(request, "portal/open311.html", context)


@never_cache
@login_not_required
@require_safe
def component_label(request: HttpRequest, code: str) -> HttpResponse:
    """Where the code on a component leads: those who work here to its page, anybody else to how to report it."""
    if request.actor.areas():
        return redirect("component", code)
    return render(request, "portal/label.html", {"thing": _named(selectors.labelled_component(code))})


@never_cache
@login_not_required
@require_safe
def record_label(request: HttpRequest, register: str, number: str) -> HttpResponse:
    """Where the code on what a record is about leads: those who work here to the record, others to how to report."""
    if request.actor.areas():
        return redirect("record", register, number)
    return render(request, "portal/label.html", {"thing": _named(selectors.labelled_record(register, number))})


def _named(thing: selectors.Labelled) -> dict[str, str]:
    return {"name": pick(thing.names), "number": thing.number, "place": thing.place}


@never_cache
@require_safe
@page_needs("admin")
def services(request: HttpRequest) -> HttpResponse:
    """Which classes citizens may report, and which programs report for them."""
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    standing = {one.code: one for one in selectors.open_services()}
    context: dict[str, Any] = {
        "rows": [{"row": row, "offered": standing.get(row.code)} for row in selectors.service_rows()],
        "closed": [(row.code, pick(row.names)) for row in selectors.closed_classes()],
        "keys": selectors.keys(request.actor),
        "now": clock.now(),
        "form": KeyForm(label_suffix=""),
        **more,
    }
    return render(request, "portal/services.html", context, status=status)


@require_POST
@page_needs("admin")
def switch(request: HttpRequest) -> HttpResponse:
    """Citizens may, or may no longer, report a class."""
    code, opened = request.POST.get("code", ""), request.POST.get("open") == "1"
    try:
        actions.open_service(code, opened=opened, actor=request.actor, reason=request.POST.get("reason", ""))
    except DomainError as error:
        return _page(request, status=error.status, refusal=sentence_of(error))
    told = _("%(code)s is open to citizens.") if opened else _("%(code)s is closed to citizens; old reports stay.")
    messages.success(request, told % {"code": code})
    return redirect("open-services")


@never_cache
@require_POST
@page_needs("admin")
def make_key(request: HttpRequest) -> HttpResponse:
    """A new key is shown once, on the answer that made it."""
    form = KeyForm(request.POST, label_suffix="")
    if not form.is_valid():
        missing = _("Something is missing or does not fit; look at the marked fields.")
        return _page(request, status=400, form=form, refusal=missing)
    try:
        made, text = actions.make_key(**form.cleaned_data, actor=request.actor)
    except DomainError as error:
        return _page(request, status=error.status, form=form, refusal=sentence_of(error))
    return _page(request, status=201, made=made, text=text)


@require_POST
@page_needs("admin")
def end_key(request: HttpRequest, pk: int) -> HttpResponse:
    """The key opens nothing any more."""
    key = actions.end_key(pk, actor=request.actor)
    messages.success(request, _("The key “%(label)s” is ended.") % {"label": key.label})
    return redirect("open-services")
