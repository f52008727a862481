"""The pages of imports: the list with the upload, and one import from its mapping to its end."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError, Invalid
from core.gates import page_needs
from core.languages import pick, short
from core.sentences import sentence_of
from exchange import actions, selectors
from exchange.codecs.writing import TYPES, csv_lines, sheets_book, template_book
from exchange.contracts import AT_WORK, BEFORE, ENDS, Geometry, State, datasets, intakes
from exchange.contracts.books import Book
from exchange.forms import MappingForm, UploadForm
from exchange.models import ImportJob
from exchange.sentences import (
    OUTCOMES,
    STATES,
    failure_text,
    fault_rows,
    fault_text,
    place_of,
    sheet_lines,
    suspicion_lines,
)

PAGE = 30
SHOWN_FAULTS = 100
WRITTEN = ("add", "change", "retire")
LEVELS = {
    "add": "normal",
    "change": "caution",
    "same": "info",
    "retire": "serious",
    "leave": "off",
    "refuse": "critical",
}


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def imports(request: HttpRequest) -> HttpResponse:
    """Every import, newest first, and the form for another file."""
    if request.method != "POST":
        return _list(request, UploadForm(initial={"kind": request.GET.get("kind", "")}))
    form = UploadForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise Invalid("exchange.no_file")
        file = form.cleaned_data["file"]
        job = actions.upload(file.name, file.chunks(), kind=form.cleaned_data["kind"], actor=request.actor)
    except DomainError as error:
        return _list(request, form, status=error.status, refusal=sentence_of(error))
    return redirect("import", uid=job.uid)


def _list(request: HttpRequest, form: UploadForm, *, status: int = 200, **more: Any) -> HttpResponse:
    page = Paginator(selectors.visible_to(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [{"job": job, "kind": _kind(job), "state": STATES[job.state]} for job in page],
        "datasets": [
            {"name": name, "label": pick(one.names), "shaped": one.geometry is not Geometry.NONE}
            for name, one in datasets().items()
        ],
        "templates": [
            (kind, query, pick(names), isinstance(intakes()[kind], Book))
            for kind, query, names in selectors.template_kinds()
        ],
        **more,
    }
    return render(request, "exchange/imports.html", context, status=status)


def _kind(job: ImportJob) -> str:
    return pick(intakes()[job.kind].names) if job.kind in intakes() else job.kind


@require_safe
@page_needs("admin")
def template(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """A file of that kind to be filled in, as CSV or XLSX; the query says the settings that it is for."""
    settings = {name: str(value) for name, value in request.GET.items()}
    made = selectors.template_of(kind, settings, short(), request.actor)
    sheets = selectors.book_headings(kind, short())
    if sheets and form == "csv":
        raise Invalid("exchange.book_no_workbook")
    if sheets:
        content: str | bytes = _book_to_fill(sheets)
    elif form == "csv":
        content = "".join(csv_lines([[heading for heading, _hint in made.headings]]))
    else:
        content = template_book(pick(made.names), _("What goes where"), made.headings)
    response = HttpResponse(content, content_type=TYPES[form])
    name = "-".join(part for part in (kind, *made.settings.values()) if part.isascii() and part.isidentifier())
    response["Content-Disposition"] = content_disposition_header(True, f"template-{name}.{form}")
    response["Cache-Control"] = "private, no-store"
    return response


def _book_to_fill(sheets: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> bytes:
    """A workbook with every sheet of a book, and one that says what goes where."""
    empty = [(title, [heading for heading, _hint in told], ()) for title, told in sheets]
    notes = [(title, heading, hint) for title, told in sheets for heading, hint in told]
    return sheets_book([*empty, (_("What goes where"), [_("Sheet"), _("Column"), _("Note")], notes)])


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def job(request: HttpRequest, uid: str) -> HttpResponse:
    """One import: its mapping as a form, what would happen, how far it is; a POST sets it, or shows it anew."""
    found = selectors.job(uid, request.actor)
    if request.method != "POST":
        return _page(request, found)
    if request.POST.get("again"):
        return _page(request, found, MappingForm(found, seen=request.POST.dict()))
    form = MappingForm(found, request.POST)
    try:
        if "layer" in request.POST:
            actions.choose_layer(uid, layer=request.POST["layer"], actor=request.actor)
            return redirect("import", uid=uid)
        if not form.is_valid():
            return _page(request, found, form, status=400)
        actions.map_columns(uid, actor=request.actor, **form.given())
    except DomainError as error:
        return _page(request, found, form, status=error.status, refusal=sentence_of(error))
    return redirect("import", uid=uid)


def _page(
    request: HttpRequest, found: ImportJob, form: MappingForm | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    open_to_change = found.state in (State.UPLOADED, State.CHECKED, State.MAPPED)
    context = {**_told(found), "form": (form or MappingForm(found)) if open_to_change else None, **more}
    return render(request, "exchange/import.html", context, status=status)


def _told(found: ImportJob) -> dict[str, Any]:
    """What page and fragment show of an import."""
    report = found.report
    counts = found.counts or report.get("counts", {})
    return {
        "job": found,
        "kind": _kind(found),
        "state": STATES[found.state],
        "at_work": found.state in AT_WORK,
        "ended": found.state in ENDS,
        "checked": found.state == State.CHECKED,
        "whole": isinstance(intakes().get(found.kind), Book),
        "sheets": sheet_lines(report),
        "idle": found.state == State.CHECKED and not any(counts.get(name) for name in WRITTEN),
        "shaped": found.kind in intakes() and intakes()[found.kind].geometry is not Geometry.NONE,
        "counts": [
            {"name": OUTCOMES[name], "count": count, "level": LEVELS[name] if count else "off"}
            for name, count in counts.items()
            if count or name not in ("retire", "leave")
        ],
        "suspicions": suspicion_lines(report),
        "grave": any(one["grave"] for one in report.get("suspicions", ())),
        "faults": [
            {"place": place_of(one), "text": fault_text(one)} for one in report.get("faults", ())[:SHOWN_FAULTS]
        ],
        "faults_in_all": report.get("faults_in_all", 0),
        "faults_shown": min(SHOWN_FAULTS, report.get("faults_in_all", 0)),
        "replaced": any(one["properties"]["outcome"] == BEFORE for one in found.preview),
        "rows": [
            {**row, "named": OUTCOMES[row["outcome"]], "sheet": pick(row.get("sheet"))}
            for row in report.get("rows", ())[:SHOWN_FAULTS]
        ],
        "told": report.get("told", {}),
        "failure": failure_text(found.failure),
        "points": [_mark(one) for one in found.preview if _is_mark(one)][:500],
        "shapes": {"type": "FeatureCollection", "features": found.preview},
    }


def _is_mark(feature: dict[str, Any]) -> bool:
    return feature["geometry"]["type"] == "Point" and feature["properties"]["outcome"] != BEFORE


def _mark(feature: dict[str, Any]) -> dict[str, Any]:
    """A mark of the map for a point."""
    place = feature["geometry"]["coordinates"]
    told = feature["properties"]
    return {
        "id": told["code"],
        "label": told["code"],
        "lon": place[0],
        "lat": place[1],
        "level": LEVELS[told["outcome"]],
    }


@require_safe
@page_needs("admin")
def faults(request: HttpRequest, uid: str) -> StreamingHttpResponse:
    """Every fault of the newest check as CSV that no spreadsheet runs: the page shows only the first ones."""
    found = selectors.job(uid, request.actor)
    lines = csv_lines(fault_rows(found.report, selectors.faults_of(found), get_language()))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="faults-{found.uid}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@page_needs("admin")
def progress(request: HttpRequest, uid: str) -> HttpResponse:
    """How far it is, as a fragment; once the work has ended, the page is asked to load itself anew."""
    found = selectors.job(uid, request.actor)
    response = render(request, "exchange/_progress.html", _told(found))
    if found.state not in AT_WORK:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@page_needs("admin")
def confirm(request: HttpRequest, uid: str) -> HttpResponse:
    """What the check promised is to happen."""
    try:
        actions.confirm(uid, actor=request.actor, accept_suspicions=bool(request.POST.get("read")))
    except DomainError as error:
        return _page(request, selectors.job(uid, request.actor), status=error.status, refusal=sentence_of(error))
    return redirect("import", uid=uid)


@require_POST
@page_needs("admin")
def cancel(request: HttpRequest, uid: str) -> HttpResponse:
    """The import goes no further."""
    try:
        actions.cancel(uid, actor=request.actor)
    except DomainError as error:
        return _page(request, selectors.job(uid, request.actor), status=error.status, refusal=sentence_of(error))
    return redirect("import", uid=uid)
