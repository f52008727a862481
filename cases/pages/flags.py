"""Flags of a case: set and taken away on its page, each with a reason."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from cases import actions
from cases.pages.asking import refused, version_in
from cases.pages.queues import redirect_to
from core.errors import DomainError


@require_POST
def flag(request: HttpRequest, number: str) -> HttpResponse:
    """The flag is set, or taken away; refused, the page says why and keeps what was typed."""
    given = {"flag": request.POST.get("flag", ""), "reason": request.POST.get("reason", "")[:4000]}
    verb = actions.unflag if request.POST.get("take_away") else actions.flag
    try:
        verb(number, actor=request.actor, version=version_in(request), **given)
    except DomainError as error:
        return refused(request, number, error, f"flag-{given['flag'][:20]}")
    return redirect_to(number)
