"""Supervision orders and coordination on the page of a case."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from cases import actions
from cases.forms import OrderForm
from cases.pages.asking import refused, version_in
from cases.pages.queues import redirect_to
from core.errors import DomainError, Invalid


@require_POST
def issue(request: HttpRequest, number: str) -> HttpResponse:
    """Whoever has the case is pressed for it."""
    form = OrderForm(data=request.POST)
    try:
        if not form.is_valid():
            raise Invalid("case.form_incomplete")
        actions.order(number, actor=request.actor, **form.cleaned_data)
    except DomainError as error:
        return refused(request, number, error, "order", order_form=form)
    return redirect_to(number)


@require_POST
def reply(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A supervision order is answered."""
    text = request.POST.get("reply", "")[:4000]
    try:
        actions.reply(number, pk, actor=request.actor, version=version_in(request), text=text)
    except DomainError as error:
        return refused(request, number, error, f"reply-{pk}")
    return redirect_to(number)


@require_POST
def coordinate(request: HttpRequest, number: str) -> HttpResponse:
    """It is settled whose case it is."""
    given = {"organisation": request.POST.get("organisation", ""), "reason": request.POST.get("reason", "")[:4000]}
    try:
        actions.coordinate(number, actor=request.actor, version=version_in(request), **given)
    except DomainError as error:
        return refused(request, number, error, "coordinate")
    return redirect_to(number)
