"""One step with all the cases that pass a filter: chosen, looked at by a worker, confirmed, and told case by case."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cases import actions, selectors
from cases.contracts.bulk import Outcome
from cases.models import BulkItem, BulkJob, words
from cases.pages import bulk, showing
from core.errors import DomainError, Invalid
from core.gates import page_needs
from core.sentences import sentence_of
from exchange.contracts.exports import LIST_FORMATS

STATES = {
    "looking": _("is looking what it would do"),
    "looked": _("looked at, waits for you"),
    "doing": _("is being done"),
    "done": pgettext_lazy("bulk job", "done"),
    "stopped": _("stopped"),
    "cancelled": _("cancelled"),
}
OUTCOMES = {
    "waiting": _("not looked at"),
    "fine": _("would change"),
    "done": pgettext_lazy("bulk job", "done"),
    "refused": _("refused"),
}
PAGE = 100
FORMATS = {name: LIST_FORMATS[name] for name in ("csv", "xlsx")}


@require_POST
@page_needs("case.see")
def chosen(request: HttpRequest) -> HttpResponse:
    """All the cases of a filter, the steps that some of them may take, and what the step asks; then a job is asked."""
    typed = request.POST.get("filters", "")
    filters = dict(parse_qsl(typed))
    context: dict[str, Any] = {"filters": typed, "status": 200}
    try:
        cases = selectors.all_that_pass(filters, request.actor)
        verb, said = bulk.verb_of(request), selectors.filters_said([filters])[0]
        context |= {"count": len(cases), "verbs": bulk.verbs_for(cases, request.actor), "verb": verb, "said": said}
        if verb:
            sent = request.POST if request.POST.get("act") == "preview" else None
            form = bulk.form_for(verb, cases, sent)
            context |= {"form": form, "label": words.VERB_NAMES[verb]}
            if sent is not None:
                return redirect("cases-bulk-job", uid=_asked(request, form, verb, filters).uid)
    except DomainError as error:
        context |= {"refusal": sentence_of(error), "status": error.status}
    return render(request, "cases/bulk_all.html", context, status=context.pop("status"))


def _asked(request: HttpRequest, form: Any, verb: str, filters: dict[str, str]) -> BulkJob:
    if not form.is_valid():
        raise Invalid("case.form_incomplete")
    return actions.ask_bulk(verb, filters, actor=request.actor, given=form.given(), own=form.own())


@never_cache
@require_safe
@page_needs("case.see")
def jobs(request: HttpRequest) -> HttpResponse:
    """One's own jobs, the newest first, with what became of their cases."""
    found = selectors.bulk_jobs(request.actor)
    counts, said = selectors.bulk_counts(found), selectors.filters_said([job.filters for job in found])
    rows = [
        {"job": job, "counts": counts[job.pk], "state": STATES[job.state], "label": words.VERB_NAMES[job.verb],
         "said": filters}
        for job, filters in zip(found, said, strict=True)
    ]  # fmt: skip
    return render(request, "cases/bulk_jobs.html", {"rows": rows})


@never_cache
@require_safe
@page_needs("case.see")
def job(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How far a job is; what it would do or did, counted by reason, and each case with its sentence."""
    return _page(request, selectors.bulk_job(uid, request.actor))


def _page(request: HttpRequest, found: BulkJob, *, status: int = 200, **more: Any) -> HttpResponse:
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in frozenset(Outcome) else ""
    after = request.GET.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    lines, progress = selectors.bulk_lines(found, outcome, start, PAGE), _progress(found)
    counts = progress["counts"]
    context = {
        **progress,
        "said": selectors.filters_said([found.filters])[0],
        "reasons": selectors.bulk_reasons(found),
        "failure": sentence_of(DomainError(found.failure)) if found.failure else "",
        "rows": _rows(request, lines[:PAGE]),
        "outcomes": [
            {"name": name, "label": OUTCOMES[name] if name else _("All"), "count": count, "href": _at(found, name)}
            for name, count in (("", counts.total), *zip(Outcome, counts, strict=True))
            if count or not name
        ],
        "outcome": outcome,
        "next": _at(found, outcome, lines[PAGE - 1].pk) if len(lines) > PAGE else "",
        "first": _at(found, outcome) if start else "",
        "formats": FORMATS.items(),
        **more,
    }
    return render(request, "cases/bulk_job.html", context, status=status)


def _progress(found: BulkJob) -> dict[str, Any]:
    counts = selectors.bulk_counts([found])[found.pk]
    past = counts.total - (counts.waiting if found.state == "looking" else counts.fine)
    return {"job": found, "counts": counts, "past": past, "state": STATES[found.state],
            "label": words.VERB_NAMES[found.verb]}  # fmt: skip


def _at(found: BulkJob, outcome: str, after: int = 0) -> str:
    told = urlencode({name: value for name, value in (("outcome", outcome), ("after", after)) if value})
    return reverse("cases-bulk-job", args=[found.uid]) + (f"?{told}" if told else "")


def _rows(request: HttpRequest, items: Iterable[BulkItem]) -> list[dict[str, Any]]:
    """Each case by its number and, where the reader still sees it, its name and place."""
    held = list(items)
    seen = {row.number: row for row in selectors.visible_to(request.actor).filter(
        number__in=[item.case.number for item in held])}  # fmt: skip
    return [
        {"item": item, "number": item.case.number, "outcome": OUTCOMES[item.outcome],
         "told": selectors.bulk_sentence(item), **_named(seen.get(item.case.number))}
        for item in held
    ]  # fmt: skip


def _named(case: Any) -> dict[str, str]:
    return {"title": showing.title_of(case), "place": showing.place_of(case)} if case else {}


@never_cache
@require_safe
@page_needs("case.see")
def progress(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How far it is, as a fragment; once no worker is at it, the page is asked to load itself anew."""
    found = selectors.bulk_job(uid, request.actor)
    response = render(request, "cases/_bulk_progress.html", _progress(found))
    if not found.at_work:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@page_needs("case.see")
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was looked at is going to be done."""
    return _acted(request, uid, actions.confirm_bulk)


@require_POST
@page_needs("case.see")
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The job goes no further."""
    return _acted(request, uid, actions.cancel_bulk)


def _acted(request: HttpRequest, uid: UUID, act: Any) -> HttpResponse:
    try:
        act(uid, actor=request.actor)
    except DomainError as error:
        found = selectors.bulk_job(uid, request.actor)
        return _page(request, found, status=error.status, refusal=sentence_of(error))
    return redirect("cases-bulk-job", uid=uid)
