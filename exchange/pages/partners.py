"""Partners: who exchanges tickets with the city, where they are, and what their words are called here."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from core.gates import page_needs
from core.languages import pick
from core.sentences import say, sentence_of
from core.versions import FIELD, field, seen_in
from exchange import actions, selectors
from exchange.forms import PartnerForm


@require_safe
@page_needs("admin")
def partners(request: HttpRequest) -> HttpResponse:
    """Every partner and how the exchange with it goes."""
    rows = [
        {
            "row": row, "name": pick(row.names), "failure": say(row.failure, {}),
            "secret": bool(selectors.secret_of(row)),
        }
        for row in selectors.partners(request.actor)
    ]  # fmt: skip
    return render(request, "exchange/partners.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def new(request: HttpRequest) -> HttpResponse:
    """A partner more."""
    selectors.may_set_partners(request.actor)
    if request.method != "POST":
        return _form(request, PartnerForm(new=True))
    form = PartnerForm(data=request.POST, new=True)
    return _saved(request, form, form.data.get("code", ""), "")


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def partner(request: HttpRequest, code: str) -> HttpResponse:
    """One partner, as people set it."""
    selectors.may_set_partners(request.actor)
    row = selectors.partner(code)
    if request.method != "POST":
        return _form(request, PartnerForm(initial=PartnerForm.shown(selectors.partner_told(row))), code=code)
    return _saved(request, PartnerForm(data=request.POST), code, seen_in(request.POST).version)


def _saved(request: HttpRequest, form: PartnerForm, code: str, seen: str) -> HttpResponse:
    there = "" if form.new else code
    if not form.is_valid():
        return _form(request, form, code=there, status=400)
    try:
        actions.save_partner(code, told=form.told(), seen=seen, actor=request.actor)
    except DomainError as error:
        return _form(request, form, code=there, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The partner is saved; the journal has it."))
    return redirect("hotline-partner", code=code)


def _form(request: HttpRequest, form: PartnerForm, *, code: str = "", status: int = 200, **more: Any) -> HttpResponse:
    row = selectors.partner(code) if code else None
    told = selectors.partner_told(row) if row else {}
    context = {
        "form": form, "row": row, "name": pick(row.names) if row else _("New partner"), "version_field": FIELD,
        "version": field(request.POST, told) if row else "", "has_secret": bool(row and selectors.secret_of(row)),
        **more,
    }  # fmt: skip
    return render(request, "exchange/partner.html", context, status=status)
