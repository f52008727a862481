"""Papers of a file as PDF, made by a worker as an export: official layout, place of the seal, a code to check it by."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import Invalid
from core.papers import pdf_of
from core.scope import Actor
from enforcement import rules, selectors
from enforcement.models import Document
from exchange.contracts.exports import register_document

ASKED = ("file", "paper")


def asked_paper(options: Mapping[str, str], actor: Actor) -> Document:
    """The paper, whose seal holds, as far as the actor may see its file."""
    for name, value in options.items():
        if name not in ASKED:
            raise Invalid("enforcement.bad_filter", filter=name[:40].replace("\0", ""), value=str(value)[:40])
    place = options.get("paper", "")
    if not place.isdecimal() or len(place) > 4:
        raise Invalid("enforcement.bad_filter", filter="paper", value=place[:40].replace("\0", ""))
    return selectors.document(options.get("file", ""), int(place), actor)


def html_of(paper: Document, *, whole: bool, masked: bool = True) -> str:
    """The paper before it is set."""
    kind, row = rules.KINDS[paper.kind], paper.dossier
    address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('paper-verify', args=[paper.token])}"
    words = selectors.words_of(paper, whole=whole, masked=masked)
    lines = [line for line in words.splitlines() if line.strip()]
    day = localtime(paper.sealed_at)
    context = {
        "paper": paper, "title": kind.names["zh"], "agency": paper.words["values"].get("agency", ""),
        "number": row.number, "lines": [{"text": line, "to": line.endswith("：")} for line in lines],
        "to_party": kind.to_party, "whole": whole, "address": address,
        "day": f"{day.year}年{day.month}月{day.day}日",
        "code": segno.make(address, error="m").png_data_uri(scale=6, border=1),
    }  # fmt: skip
    return render_to_string("enforcement/papers/sheet.html", context)


class DossierPapers:
    """A paper of a file that somebody sees; the party is whole for whoever has just given a reason."""

    name = "dossier_papers"
    names: Mapping[str, str] = {"zh": "执法文书", "en": "Paper of a case file"}
    formats: tuple[str, ...] = ("pdf",)
    typed: frozenset[str] = frozenset()

    def check(self, options: Mapping[str, str], *, actor: Actor) -> None:
        """Who sees the file has its papers."""
        asked_paper(options, actor)

    def said(self, every: Sequence[Mapping[str, str]]) -> list[list[tuple[Any, str]]]:
        """Which paper, and of which file."""
        file, place = pgettext_lazy("enforcement", "File"), _("Paper")
        return [[(file, options.get("file", "")), (place, options.get("paper", ""))] for options in every]

    def write(self, options: Mapping[str, str], suffix: str, target: Path, *, actor: Actor) -> int:
        """The paper as it was sealed."""
        paper = asked_paper(options, actor)
        whole, masked = (told(paper.dossier, actor) for told in (selectors.has_looked, selectors.may_see_party))
        target.write_bytes(pdf_of(html_of(paper, whole=whole, masked=masked)))
        return 1


register_document(DossierPapers())
