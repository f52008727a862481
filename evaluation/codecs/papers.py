"""A report as a paper: a PDF with a title, what it is of, and its table."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import get_language

from core.papers import pdf_of
from evaluation.codecs.words import facts_of, span_of, title_of
from evaluation.rules.reports import Report


def paper_of(report: Report, *, by: str, at: datetime) -> bytes:
    """The bytes of the PDF, in the active language."""
    return pdf_of(html_of(report, by=by, at=at))


def html_of(report: Report, *, by: str, at: datetime) -> str:
    """The paper before it is set."""
    context = {
        "report": report,
        "title": title_of(report),
        "span": span_of(report),
        "facts": facts_of(report, by, at),
        "language": get_language(),
        "lines": [(line, list(zip(report.columns, line.parts, strict=True))) for line in report.lines],
        "dense": len(report.columns) > 6,
        "roomy": 3 < len(report.columns) <= 6,
    }
    return render_to_string("evaluation/report.html", context)
