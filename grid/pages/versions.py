"""The pages of versions: all of them, one in the editor, what publishing moves, two compared."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors as accounts
from core import clock
from core.errors import Conflict, DomainError
from core.gates import page_needs
from core.sentences import sentence_of
from grid import actions, selectors
from grid.forms import CompareForm, DraftForm, PublishForm
from grid.models import GridVersion
from grid.rules.codes import LONGEST_CELL
from grid.sentences import said

SHOWN = 50
STALE = "grid.revision_stale"


@require_safe
@page_needs(*selectors.SUPERVISION_READERS)
def home(request: HttpRequest) -> HttpResponseBase:
    """The versions, for administrators; the supervision areas for everybody else who works with cells."""
    return _list(request) if request.actor.may("admin") else redirect("supervision-areas")


@require_POST
@page_needs("admin")
def draft(request: HttpRequest) -> HttpResponseBase:
    """There is a new draft, and the editor opens with it."""
    form = DraftForm(_choices(), request.POST)
    if not form.is_valid():
        return _list(request, form, status=400)
    try:
        made = actions.draft_version(actor=request.actor, **form.cleaned_data)
    except DomainError as error:
        return _list(request, form, status=error.status, refusal=sentence_of(error))
    return redirect("grid-editor", version=made)


@require_POST
@page_needs("admin")
def discard(request: HttpRequest, version: int) -> HttpResponseBase:
    """The draft is gone with all its edits."""
    try:
        actions.discard(version, actor=request.actor)
    except DomainError as error:
        return _list(request, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("Draft %(version)s is discarded.") % {"version": version})
    return redirect("grid-versions")


def _list(request: HttpRequest, form: DraftForm | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
    rows: list[Any] = list(selectors.versions())
    makers = accounts.people(
        int(row.created_by.removeprefix("user:")) for row in rows if row.created_by.startswith("user:")
    )
    people = {one.key: one.label for one in makers.values()}
    context = {
        "tab": "versions",
        "rows": [_row(row, people) for row in rows],
        "form": form or DraftForm(_choices()),
        "current": next((row.pk for row in rows if row.current), 0),
        **more,
    }
    return render(request, "grid/versions.html", context, status=status)


def _row(row: Any, people: Mapping[str, str]) -> dict[str, Any]:
    now = clock.now()
    state = row.state
    if state == GridVersion.State.PUBLISHED:
        state = "in_force" if row.current else "to_come" if row.valid_from > now else "over"
    return {"row": row, "by": people.get(row.created_by, row.created_by), "state": state}


def _choices() -> list[tuple[int, str]]:
    return [(row.pk, _called(row)) for row in selectors.versions()]


def _called(row: Any) -> str:
    """The number of a version, what it is, and its note: how lists of choice name it."""
    words = {
        "draft": _("draft"),
        "checked": _("draft, checked"),
        "published": _("in force") if row.current else _("published"),
    }
    return " · ".join(filter(None, (f"{row.pk}", words[row.state], row.note)))


@require_safe
@page_needs("admin")
def editor(request: HttpRequest, version: int) -> HttpResponse:
    """The editor with a draft; a published map may be looked at."""
    row = selectors.version_of(version)
    told = {
        "id": row.pk, "state": row.state, "revision": row.revision, "problems": row.problem_count,
        "can_undo": False, "can_redo": False,
    }  # fmt: skip
    context = {
        "tab": "versions",
        "version": row,
        "told": json.dumps(told),
        "bounds": json.dumps(selectors.version_bounds(version)),
        "digits": selectors.code_plan(),
        "goto": request.GET.get("cell", "")[:LONGEST_CELL],
        "may_edit": row.state != GridVersion.State.PUBLISHED,
    }
    return render(request, "grid/editor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page_needs("admin")
def publish(request: HttpRequest, version: int) -> HttpResponseBase:
    """What publishing a draft would move, and from when it shall hold; a POST publishes or says why not."""
    row = selectors.version_of(version)
    if row.state == GridVersion.State.PUBLISHED:
        raise Conflict("grid.not_a_draft", version=version)
    if request.method != "POST":
        return _publish(request, row)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _publish(request, row, form, status=400)
    try:
        if row.state == GridVersion.State.DRAFT and actions.check(version, actor=request.actor):
            return _publish(request, selectors.version_of(version), form, status=409)
        moment, revision = form.cleaned_data["valid_from"], form.cleaned_data["revision"]
        actions.publish(version, actor=request.actor, at=moment, revision=revision)
    except DomainError as error:
        fresh = None if error.code == STALE else form
        return _publish(request, row, fresh, status=error.status, refusal=sentence_of(error))
    messages.success(request, _("Version %(version)s of the map is published.") % {"version": version})
    return redirect("grid-versions")


def _publish(
    request: HttpRequest, row: Any, form: PublishForm | None = None, *, status: int = 200, **more: Any
) -> HttpResponse:
    found = selectors.problems(row.pk) if row.problem_count else []
    context = {
        "tab": "versions",
        "version": row,
        "current": selectors.map_version(),
        "form": form or PublishForm(initial={"revision": row.revision}),
        "problems": [said(one.code, one.params) for one in found[:SHOWN]],
        "problem_count": len(found),
        "more_problems": max(0, len(found) - SHOWN),
        **more,
    }
    return render(request, "grid/publish.html", context, status=status)


@require_safe
@page_needs("admin")
def compare(request: HttpRequest) -> HttpResponse:
    """Two versions side by side: the map in the colours of what changed, and the list."""
    choices = _choices()
    known = [pk for pk, _called_ in choices]
    current = selectors.map_version()
    newest = known[0] if known else 0
    asked = {
        "old": request.GET.get("old") or (current if current != newest else (known[1] if len(known) > 1 else newest)),
        "new": request.GET.get("new") or newest,
    }
    form = CompareForm(choices, asked)
    good = bool(known) and form.is_valid()
    context = {
        "tab": "compare",
        "form": form,
        "pair": form.cleaned_data if good else None,
        "same": good and form.cleaned_data["old"] == form.cleaned_data["new"],
        "bounds": json.dumps(selectors.version_bounds(form.cleaned_data["new"]) if good else None),
    }
    return render(request, "grid/compare.html", context, status=200 if good or not known else 400)
