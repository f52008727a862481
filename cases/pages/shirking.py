"""Shirking 推诿: which organisations passed cases on, how many, and which."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import selectors
from cases.pages.showing import holders
from core.gates import page_needs

LISTED = 300


@require_safe
@page_needs("case.see")
def shirking(request: HttpRequest) -> HttpResponse:
    """The last days by organisation, and each return with its reason."""
    chosen = request.GET.get("organisation", "")[:40]
    found, names = selectors.shirkings(request.actor, selectors.RECENT_DAYS), holders()
    shown = [one for one in found if chosen in ("", one.organisation)]
    context = {
        "days": selectors.RECENT_DAYS,
        "chosen": chosen,
        "counts": [(code, names.get(code, code), n) for code, n in selectors.shirk_counts(found).items()],
        "rows": [{"one": one, "name": names.get(one.organisation, one.organisation)} for one in shown[:LISTED]],
        "address": urlencode({"organisation": chosen}) if chosen else "",
        "hidden": max(0, len(shown) - LISTED),
    }
    return render(request, "cases/shirking.html", context)
