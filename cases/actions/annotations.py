"""Drawings on pictures: kept beside them as data, taken back by who made them; the sealed original never changes."""

import io
from typing import Any

from django.db import transaction
from PIL import Image, ImageDraw

from cases import rules
from cases.actions.evidence import let_out
from cases.actions.moving import lock
from cases.contracts.evidence import ANNOTATED, ANNOTATION_WITHDRAWN, AnnotationNews, MarkKind
from cases.models import Annotation, Case, Evidence
from cases.selectors import annotations, evidence_of, is_annotated, may_annotate
from cases.selectors import case as case_seen_by
from core import clock, vault
from core.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from core.fonts import font
from core.personal import NOBODY, masked_words
from core.scope import Actor
from journal import actions as journal

INK, PAPER = (214, 40, 40), (255, 255, 255)


@transaction.atomic
def annotate(number: str, evidence_id: int, *, actor: Actor, marks: Any) -> Annotation:
    """The marks lie on the picture beside those of others; two who draw at once are both kept."""
    case, row = _picture(number, evidence_id, actor)
    if not may_annotate(case, actor):
        raise Forbidden("annotation.not_yours_to_draw")
    fault = rules.marks_fault(marks)
    if fault:
        raise Invalid(fault.code, **fault.params)
    if Annotation.objects.filter(evidence=row).count() >= rules.MOST_DRAWINGS:
        raise TooLarge("annotation.too_many", most=rules.MOST_DRAWINGS)
    kept = [rules.kept_mark(mark) for mark in marks]
    for mark in kept:
        mark["text"] = masked_words(mark["text"], NOBODY)
    drawn = Annotation.objects.create(
        evidence=row, marks=kept, actor=actor.key, actor_label=actor.label, at=clock.now()
    )
    _tell(ANNOTATED, case, drawn, actor)
    return drawn


@transaction.atomic
def withdraw_annotation(number: str, evidence_id: int, annotation: int, *, actor: Actor) -> None:
    """What somebody drew is seen no more; taken back twice, it is taken back once."""
    case, row = _picture(number, evidence_id, actor)
    drawn = Annotation.objects.select_for_update().filter(pk=annotation, evidence=row).first()
    if drawn is None:
        raise NotFound("annotation.unknown", id=annotation)
    if drawn.actor != actor.key:
        raise Forbidden("annotation.of_another_person")
    if drawn.withdrawn_at is None:
        drawn.withdrawn_at = clock.now()
        drawn.save(update_fields=["withdrawn_at"])
        _tell(ANNOTATION_WITHDRAWN, case, drawn, actor)


def _picture(number: str, evidence_id: int, actor: Actor) -> tuple[Case, Evidence]:
    case = lock(number, actor)
    row = evidence_of(case, evidence_id)
    let_out(row, actor)
    if not is_annotated(case, row):
        raise Conflict("annotation.no_still", id=evidence_id)
    return case, row


def _tell(kind: str, case: Case, drawn: Annotation, actor: Actor) -> None:
    news = AnnotationNews(case.number, drawn.evidence_id, drawn.pk, len(drawn.marks))
    journal.record(kind, subject=case.number, actor=actor, org=case.org, area=case.area, data=news)


def marked_copy(number: str, evidence_id: int, *, actor: Actor) -> bytes:
    """The public copy of a picture with the marks of everybody drawn into it, as JPEG, for printing and for files."""
    row = evidence_of(case_seen_by(number, actor), evidence_id)
    let_out(row, actor)
    with Image.open(io.BytesIO(vault.fetch(row.public_sha256)), formats=("JPEG",)) as image:
        sheet = image.convert("RGB")
    for drawn in annotations([row.pk]):
        for mark in drawn.marks:
            _draw(sheet, mark)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=88)
    return out.getvalue()


def _draw(sheet: Image.Image, mark: dict[str, Any]) -> None:
    """One mark in red on a white edge, so that it is seen on any ground."""
    draw, (wide, high) = ImageDraw.Draw(sheet), sheet.size
    start, end = (mark["x1"] * wide, mark["y1"] * high), (mark["x2"] * wide, mark["y2"] * high)
    thick = max(2, round(max(wide, high) / 250))
    for colour, width in ((PAPER, thick * 2), (INK, thick)):
        if mark["kind"] == MarkKind.BOX:
            draw.rectangle((*start, *end), outline=colour, width=width)
        elif mark["kind"] == MarkKind.CIRCLE:
            draw.ellipse((*start, *end), outline=colour, width=width)
        elif mark["kind"] == MarkKind.ARROW:
            draw.line((*start, *end), fill=colour, width=width)
            draw.line(rules.arrow_head(start, end, rules.HEAD_SHARE * max(wide, high)), fill=colour, width=width)
    if mark["text"]:
        letters = font(max(14, round(max(wide, high) / 40)))
        draw.text(start, mark["text"], font=letters, fill=INK, stroke_width=thick, stroke_fill=PAPER)
