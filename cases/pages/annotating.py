"""Drawings on a picture: seen over it, listed in words, added and taken back."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases import actions, rules, selectors
from cases.contracts.evidence import SHOWN, MarkKind
from cases.forms.annotations import AnnotationForm
from cases.models import Annotation, Case, Evidence, words
from cases.pages import showing
from cases.pages.queues import needs
from core.errors import Conflict, DomainError
from core.scope import Actor
from core.sentences import sentence_of

WIDE = 1000
"""The drawing is as wide in its own measure; how high follows from the picture."""


@require_http_methods(["GET", "HEAD", "POST"])
def annotations(request: HttpRequest, number: str, evidence: int) -> HttpResponse:
    """The picture with what was drawn on it, and the tools for whoever may draw."""
    needs(request.actor, "case.see")
    found = selectors.case(number, request.actor)
    row = selectors.evidence_of(found, evidence)
    if row.is_clip or not (selectors.scan_of(row) in SHOWN or row.actor == request.actor.key):
        raise Conflict("annotation.no_still", id=row.pk)
    form = AnnotationForm(data=request.POST) if request.method == "POST" else AnnotationForm()
    if request.method != "POST":
        return _page(request, found, row, form)
    try:
        actions.annotate(number, evidence, actor=request.actor, marks=form.given())
    except DomainError as error:
        return _page(request, found, row, form, error)
    return redirect("case-annotations", number=number, evidence=evidence)


@require_POST
def withdraw(request: HttpRequest, number: str, evidence: int, pk: int) -> HttpResponse:
    """What one drew oneself is taken back."""
    actions.withdraw_annotation(number, evidence, pk, actor=request.actor)
    return redirect("case-annotations", number=number, evidence=evidence)


def _page(
    request: HttpRequest, found: Case, row: Evidence, form: AnnotationForm, error: DomainError | None = None
) -> HttpResponse:
    drawings = selectors.annotations([row.pk])
    may = selectors.may_annotate(found, request.actor) and selectors.is_annotated(found, row)
    high = WIDE * row.height / row.width
    context = {
        "case": found,
        "title": showing.title_of(found),
        "one": row,
        "box": f"0 0 {WIDE} {high:.1f}",
        "marks": [drawn(mark, high) for drawing in drawings for mark in drawing.marks],
        "drawings": [_told(drawing, request.actor) for drawing in drawings],
        "form": form if may else None,
        "refusal": sentence_of(error) if error else "",
        "most": rules.MOST_MARKS,
        "words": spoken(),
    }
    return render(request, "cases/annotations.html", context, status=error.status if error else 200)


def spoken() -> dict[str, str]:
    """What the drawing island says."""
    return {
        "marks.stage": _("Picture to draw on"),
        "marks.at": _("{x} % from the left, {y} % from the top"),
        "marks.begun": _("Begun here; move on and press Enter."),
        "marks.words_first": _("Write the words first."),
        "marks.too_small": _("Too small to be seen."),
        "marks.enough": _("No more than {most} marks at once."),
        "marks.waiting": _("{n} not saved yet"),
        "marks.remove": _("Remove: {name}"),
        **{f"marks.{kind}": str(name) for kind, name in words.MARK_NAMES.items()},
    }


def _told(drawing: Annotation, actor: Actor) -> dict[str, Any]:
    """A drawing in words, for whoever does not see it."""
    return {
        "pk": drawing.pk,
        "by": drawing.actor_label,
        "at": drawing.at,
        "lines": [in_words(mark) for mark in drawing.marks],
        "own": drawing.actor == actor.key,
    }


def in_words(mark: Mapping[str, Any]) -> str:
    """What a mark is, where it lies, and what is written at it."""
    row, column = rules.where(mark)
    told = _("%(mark)s, %(row)s %(column)s") % {
        "mark": words.MARK_NAMES[mark["kind"]], "row": words.ROW_NAMES[row], "column": words.COLUMN_NAMES[column],
    }  # fmt: skip
    return _("%(mark)s: %(words)s") % {"mark": told, "words": mark["text"]} if mark["text"] else told


def drawn(mark: Mapping[str, Any], high: float) -> dict[str, str]:
    """A mark as SVG has it, in figures that no language writes otherwise."""
    start, end = (mark["x1"] * WIDE, mark["y1"] * high), (mark["x2"] * WIDE, mark["y2"] * high)
    kind = MarkKind(mark["kind"])
    shape = {"kind": str(kind), "text": mark["text"], "x": f"{start[0]:.1f}", "y": f"{start[1]:.1f}"}
    if kind == MarkKind.ARROW:
        head = rules.arrow_head(start, end, rules.HEAD_SHARE * max(WIDE, high))
        return shape | {"path": f"M{_at(start)} L{_at(end)} M{' L'.join(map(_at, head))}"}
    if kind == MarkKind.BOX:
        return shape | {"path": f"M{_at(start)} H{end[0]:.1f} V{end[1]:.1f} H{start[0]:.1f} Z"}
    if kind == MarkKind.CIRCLE:
        rx, ry = (end[0] - start[0]) / 2, (end[1] - start[1]) / 2
        cy = start[1] + ry
        arc = f"A{rx:.1f} {ry:.1f} 0 1 0"
        return shape | {"path": f"M{start[0]:.1f} {cy:.1f} {arc} {end[0]:.1f} {cy:.1f} {arc} {start[0]:.1f} {cy:.1f}"}
    return shape | {"path": ""}


def _at(point: Iterable[float]) -> str:
    x, y = point
    return f"{x:.1f} {y:.1f}"
