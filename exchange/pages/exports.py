"""The pages of exports: one's own, each with its progress, and the file at its end."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.gates import page_needs
from core.languages import pick
from core.sentences import sentence_of
from exchange import actions, selectors
from exchange.codecs.writing import MADE
from exchange.contracts.exports import EXPORTING, Document, ExportState, Listing, documents, exported, listings
from exchange.models import ExportJob
from exchange.sentences import EXPORT_STATES, failure_text


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page_needs()
def exports(request: HttpRequest) -> HttpResponse:
    """One's own exports, newest first; a POST asks for another one, with the filters of a list as its URL has them."""
    if request.method != "POST":
        return _list(request)
    options = dict(parse_qsl(request.POST.get("filters", "")))
    asked = request.POST.get("dataset", ""), request.POST.get("format", "")
    try:
        job = actions.ask_export(*asked, options, actor=request.actor)
    except DomainError as error:
        return _list(request, status=error.status, refusal=sentence_of(error))
    return redirect("export", uid=job.uid)


def _list(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    rows = _told_all(selectors.newest_exports(request.actor))
    return render(request, "exchange/exports.html", {"rows": rows, **more}, status=status)


def _told_all(jobs: Iterable[ExportJob]) -> list[dict[str, Any]]:
    """What the pages show of them; every list is asked once how it says its filters."""
    rows = [_told(job) for job in jobs]
    every: dict[str, Listing | Document] = {**listings(), **documents()}
    for name, listing in every.items():
        of_it = [row for row in rows if row["job"].dataset == name]
        for row, said in zip(of_it, listing.said([row["job"].options for row in of_it]), strict=True):
            row["filters"] = said
    return rows


def _told(job: ExportJob) -> dict[str, Any]:
    """What the pages show of an export."""
    listing = exported(job.dataset)
    return {
        "job": job,
        "name": pick(listing.names) if listing else job.dataset,
        "format": job.format.upper(),
        "state": EXPORT_STATES[job.state],
        "at_work": job.state in EXPORTING,
        "ready": job.state == ExportState.DONE and not job.dropped,
        "failure": failure_text(job.failure),
        "filters": list(job.options.items()),
    }


@never_cache
@require_safe
@page_needs()
def export(request: HttpRequest, uid: str) -> HttpResponse:
    """One export: what was asked for, how far it is, and its file."""
    return render(request, "exchange/export.html", _told_all([selectors.export_of(uid, request.actor)])[0])


@never_cache
@require_safe
@page_needs()
def progress(request: HttpRequest, uid: str) -> HttpResponse:
    """How far it is, as a fragment; once the work has ended, the page is asked to load itself anew."""
    told = _told(selectors.export_of(uid, request.actor))
    response = render(request, "exchange/_export_progress.html", told)
    if not told["at_work"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@page_needs()
def cancel(request: HttpRequest, uid: str) -> HttpResponse:
    """The export goes no further."""
    try:
        actions.cancel_export(uid, actor=request.actor)
    except DomainError as error:
        told = _told_all([selectors.export_of(uid, request.actor)])[0]
        return render(request, "exchange/export.html", {**told, "refusal": sentence_of(error)}, status=error.status)
    return redirect("export", uid=uid)


@require_safe
@page_needs()
def file(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The finished file."""
    job, found = actions.fetch_export(uid, actor=request.actor)
    return FileResponse(
        found,
        as_attachment=True,
        filename=selectors.file_name_of(job),
        content_type=MADE[job.format],
        headers={"Cache-Control": "private, no-store"},
    )
