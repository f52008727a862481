"""Units that join, step by step: organisations, packs, people, posts, duties, matrix; a check, then all at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import DomainError, Invalid
from core.gates import page_needs
from core.languages import pick
from core.sentences import say, sentence_of
from dashboard import actions, selectors
from dashboard.contracts import UNITS
from dashboard.models import Joining
from exchange import actions as exchange
from exchange.contracts import AT_WORK, Column, State

SHOWN_FAULTS = 200
OUTCOMES = {
    "add": pgettext_lazy("units", "new"), "change": pgettext_lazy("units", "changed"),
    "same": pgettext_lazy("units", "unchanged"), "retire": pgettext_lazy("units", "ended"),
    "leave": pgettext_lazy("units", "left out"), "refuse": pgettext_lazy("units", "refused"),
}  # fmt: skip


class BeginForm(forms.Form):
    """What the draft is called, and a workbook to begin with."""

    title = forms.CharField(label=gettext_lazy("Title of the draft"), max_length=80)
    file = forms.FileField(label=gettext_lazy("Workbook (XLSX), if there is one"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})


class RowForm(forms.Form):
    """The fields of one row of a sheet; everything may be left open until the check."""

    def __init__(
        self, first: Sequence[Column], more: Sequence[Column], words: Mapping[str, Sequence[tuple[str, str]]],
        *args: Any, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **{"label_suffix": "", **options})
        self.words = words
        for column in (*first, *more):
            label = pick(column.label) + (" *" if column.required else "")
            widget = forms.TextInput({"list": f"words-{column.name}"} if column.name in words else {})
            self.fields[column.name] = forms.CharField(
                label=label, required=False, max_length=500, widget=widget, help_text=pick(column.hint) or ""
            )
        self.first = [self[column.name] for column in first]
        self.more = [self[column.name] for column in more]


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def units(request: HttpRequest) -> HttpResponse:
    """The drafts, and the form for another, empty or from a workbook."""
    form, refusal, status = BeginForm(request.POST or None, request.FILES or None), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.begin_joining(title=form.cleaned_data["title"], actor=request.actor, sheets=_sheets(request))
            return redirect("setup-units-check" if row.sheets else "setup-units-step", **_first(row))
        except DomainError as error:
            refusal, status = str(sentence_of(error)), error.status
    elif request.method == "POST":
        status = 400
    rows = [
        {"row": one, "steps": [step for step in selectors.joining_steps(one) if step.count]}
        for one in selectors.joinings(request.actor)
    ]
    context = {"form": form, "refusal": refusal, "rows": rows, "sheets": selectors.joining_book().sheets}
    return render(request, "dashboard/units.html", context, status=status)


def _sheets(request: HttpRequest) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """The rows of the workbook that was chosen; nothing without one."""
    file = request.FILES.get("file")
    if file is None:
        return {}
    if not str(file.name or "").lower().endswith(".xlsx"):
        raise Invalid("exchange.book_no_workbook")
    return exchange.read_book(file.chunks(), kind=UNITS, actor=request.actor)


def _first(row: Joining) -> dict[str, Any]:
    return {"uid": row.uid} if row.sheets else {"uid": row.uid, "kind": selectors.joining_book().sheets[0].kind}


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def step(request: HttpRequest, uid: str, kind: str) -> HttpResponse:
    """One step: its rows and the form for another one, or for the one that is to be mended; a POST writes or drops."""
    row = selectors.joining(uid, request.actor)
    first, more = selectors.joining_columns(kind)
    words = selectors.joining_words(row, kind)
    number = _number(request)
    if request.method != "POST":
        held = dict(enumerate(row.sheets.get(kind, ()), start=1)).get(number or 0)
        return _step(request, row, kind, RowForm(first, more, words, initial=held or {}), number if held else None)
    form = RowForm(first, more, words, request.POST)
    try:
        if not form.is_valid():
            return _step(request, row, kind, form, number, status=400)
        _write(request, uid, kind, form, number)
    except DomainError as error:
        row = selectors.joining(uid, request.actor)
        return _step(request, row, kind, form, number, status=error.status, refusal=sentence_of(error))
    return redirect("setup-units-step", uid=uid, kind=kind)


def _write(request: HttpRequest, uid: str, kind: str, form: RowForm, number: int | None) -> None:
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
    if request.POST.get("act") == "drop":
        actions.drop_row(uid, kind=kind, number=number or 0, actor=request.actor, version=version)
        messages.success(request, _("The row is taken out of the draft."))
        return
    actions.write_row(uid, kind=kind, values=form.cleaned_data, actor=request.actor, version=version, number=number)
    messages.success(request, _("The row stands in the draft."))


def _number(request: HttpRequest) -> int | None:
    given = (request.POST if request.method == "POST" else request.GET).get("row", "")
    return int(given) if given.isdecimal() and len(given) < 6 else None


def _step(
    request: HttpRequest, row: Joining, kind: str, form: RowForm, number: int | None, *, status: int = 200, **more: Any
) -> HttpResponse:
    first, _others = selectors.joining_columns(kind)
    steps = selectors.joining_steps(row, kind)
    place = next(place for place, one in enumerate(steps) if one.current)
    context = {
        "row": row, "form": form, "number": number, "steps": steps, "sheet": steps[place].sheet, "columns": first,
        "rows": selectors.joining_cells(row, kind, first), "following": [*steps, None][place + 1], **more,
    }  # fmt: skip
    return render(request, "dashboard/units_step.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def check(request: HttpRequest, uid: str) -> HttpResponse:
    """What the check of the draft says; a POST asks for one, or (`make`) that all of it is made."""
    row = selectors.joining(uid, request.actor)
    if request.method != "POST":
        return _check(request, row)
    try:
        if request.POST.get("act") == "make":
            actions.make_joining(uid, actor=request.actor, accept_suspicions=bool(request.POST.get("read")))
        else:
            actions.check_joining(uid, actor=request.actor)
    except DomainError as error:
        return _check(request, selectors.joining(uid, request.actor), error.status, sentence_of(error))
    return redirect("setup-units-check", uid=uid)


def _check(request: HttpRequest, row: Joining, status: int = 200, refusal: str = "") -> HttpResponse:
    job = selectors.joining_check(row, request.actor)
    report: Mapping[str, Any] = job.report if job else {}
    context = {
        "row": row, "job": job, "refusal": refusal, "steps": selectors.joining_steps(row), "at_check": True,
        "at_work": job is not None and job.state in AT_WORK,
        "checked": job is not None and job.state == State.CHECKED, "made": job is not None and job.state == State.DONE,
        "failure": _said(job.failure) if job and job.failure else "", "sheets": _counted(report),
        "faults": [_fault(row, one) for one in report.get("faults", ())[:SHOWN_FAULTS]],
        "faults_in_all": report.get("faults_in_all", 0), "suspicions": [_said(one) for one in _suspicions(report)],
        "grave": any(one["grave"] for one in _suspicions(report)),
        "found": [{**one, "label": OUTCOMES[one["outcome"]]} for one in report.get("rows", ())],
    }  # fmt: skip
    return render(request, "dashboard/units_check.html", context, status=status)


def _suspicions(report: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = report.get("suspicions", ())
    return found


def _said(told: Mapping[str, Any]) -> str:
    return say(told["code"], told["params"])


def _counted(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each sheet with what would become of how many of its rows."""
    return [
        {"kind": one["kind"], "names": one["names"],
         "counts": [(OUTCOMES[name], n, name) for name, n in one["counts"].items() if n]}
        for one in report.get("sheets", ())
    ]  # fmt: skip


def _fault(row: Joining, fault: Mapping[str, Any]) -> dict[str, str]:
    """Where a fault stands, with the way to the row, and why."""
    sheet = next((one for one in selectors.joining_book().sheets if one.names == fault.get("sheet")), None)
    column = pick(fault.get("label")) or fault["column"]
    why = say(fault["code"], {"row": fault["row"], **fault["params"]})
    if sheet is None:
        return {"place": column, "href": "", "why": why}
    labels = {one.name: pick(one.label) for part in selectors.joining_columns(sheet.kind) for one in part}
    number = fault["row"]
    where = _("row %(row)s") % {"row": number} if number else ""
    href = reverse("setup-units-step", kwargs={"uid": row.uid, "kind": sheet.kind})
    told = [pick(sheet.names), where, labels.get(column, column)]
    return {
        "place": " · ".join(filter(None, told)),
        "href": f"{href}?row={number}#write" if number else href,
        "why": why,
    }


@require_POST
@page_needs("admin")
def drop(request: HttpRequest, uid: str) -> HttpResponse:
    """The draft is given up."""
    try:
        actions.drop_joining(uid, actor=request.actor)
    except DomainError as error:
        return _check(request, selectors.joining(uid, request.actor), error.status, sentence_of(error))
    messages.success(request, _("The draft is given up; nothing of it was made."))
    return redirect("setup-units")
