"""Reports that come by themselves: which there are, a form for another one, and their files."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.gates import page_needs
from core.scope import Duty
from core.sentences import sentence_of
from evaluation import actions, rules, selectors
from evaluation.forms import SCORE, planned
from grid import selectors as grid

SHOWN = 60
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
FIRST = {"level": "district", "show": SCORE, "every": "month", "day": "1", "at": "08:00", "formats": ["pdf", "xlsx"]}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page_needs(selectors.RIGHT)
def reports(request: HttpRequest) -> HttpResponse:
    """Those that came and those that will; a POST asks for another one, and keeps what was typed if it is refused."""
    if request.method != "POST":
        first = {**FIRST, "language": get_language()}
        given = {name: request.GET[name] for name in ("level", "within", "scheme", "show") if request.GET.get(name)}
        return _page(request, {**first, **given})
    try:
        told = planned(request.POST)
        actions.plan_report(
            told.asked.question, scheme=told.asked.scheme, show=told.asked.show, every=told.every, day=told.day,
            at=told.at, formats=told.formats, language=told.language, actor=request.actor,
        )  # fmt: skip
    except DomainError as error:
        typed = {**request.POST.dict(), "formats": request.POST.getlist("formats")}
        return _page(request, typed, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("The report comes by itself from now on. You are told when there is one."))
    return redirect("score-reports")


def _page(request: HttpRequest, given: Mapping[str, Any], status: int = 200, **more: Any) -> HttpResponse:
    actor = request.actor
    runs = selectors.report_runs(actor, SHOWN)
    files = selectors.files_of(runs)
    areas = {row.code: row for level in selectors.AREAS[:2] for row in grid.regions(level)}
    context = {
        "given": given,
        "runs": [{"run": run, "files": files.get(run.pk, []), **_said(run.plan, areas)} for run in runs],
        "plans": [
            {
                "plan": plan,
                **_said(plan, areas),
                "may_end": plan.owner_id == actor.user_id or actor.may(Duty.EVALUATE, area=plan.area),
            }
            for plan in selectors.report_plans(actor)
        ],
        "levels": rules.LEVELS.items(),
        "areas": [row for row in areas.values() if actor.may(selectors.RIGHT, area=row.path)],
        "schemes": selectors.schemes(),
        "shows": [
            (SCORE, rules.SCORES),
            *((code, names) for code, (names, _r) in rules.TABLES.items()),
        ],
    }
    return render(request, "evaluation/reports.html", {**context, **more}, status=status)


def _said(plan: Any, areas: Mapping[str, Any]) -> dict[str, Any]:
    """A plan in words: its lines, its region and its table."""
    place = areas.get(plan.within)
    return {
        "level": rules.LEVELS[plan.level],
        "place": place.names if place else {"zh": plan.within, "en": plan.within},
        "table": rules.TABLES[plan.show][0] if plan.show in rules.TABLES else rules.SCORES,
    }


@require_POST
@page_needs(selectors.RIGHT)
def end_report(request: HttpRequest, pk: int) -> HttpResponse:
    """A report comes no more."""
    actions.end_report(pk, actor=request.actor)
    messages.success(request, _("The report comes no more. Those that were made stay for two years."))
    return redirect("score-reports")


@never_cache
@require_safe
@page_needs(selectors.RIGHT)
def report_file(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """A file of a report."""
    row = actions.fetch_report(pk, suffix, actor=request.actor)
    plan = row.run.plan
    response = HttpResponse(bytes(row.content), content_type=TYPES[row.format])
    name = "-".join(filter(None, ("scores", plan.level, plan.within, plan.every, row.run.since.isoformat())))
    response["Content-Disposition"] = f'attachment; filename="{name}.{row.format}"'
    response["Cache-Control"] = "private, no-store"
    return response
