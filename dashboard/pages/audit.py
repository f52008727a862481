"""The audit viewer: who did what, before and after, why and when; by page, by filter, and as a file."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cases import selectors as cases
from core.errors import Invalid
from core.gates import page_needs
from core.scope import Actor
from dashboard import actions
from dashboard.templatetags.audit_words import deed, field_name, plainly, telling_first
from grid import selectors as grid
from journal import selectors as journal
from journal.selectors import AUDIT_RIGHT, Asked, AuditRow

PAGE = 50
CHUNK, MOST = 500, 100_000
GROUPS = (
    ("accounts", _("Accounts")), ("audit", _("Audit")),
    ("assets", _("Components")), ("case", _("Cases")), ("evaluation", _("Evaluation")),
    ("grid", _("Map")), ("pack", _("Packs")), ("responsibility", _("Responsibility")), ("video", _("Video")),
)  # fmt: skip
FILTERS = ("person", "kind", "subject", "district", "since", "until")
HEAD = ("at", "actor", "actor_label", "kind", "deed", "subject", "area", "org", "changes", "reason", "trace")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@page_needs(AUDIT_RIGHT)
def audit(request: HttpRequest) -> HttpResponse:
    """A page of entries, newest first."""
    given = _given(request)
    before = _number(request.GET.get("before", "0"))
    rows = journal.audit(request.actor, _asked(given), before=before, limit=PAGE + 1)
    more = rows[PAGE - 1].entry.id if len(rows) > PAGE else 0
    context = {
        "rows": _shown(request.actor, rows[:PAGE]),
        "given": given,
        "groups": GROUPS,
        "districts": grid.region_names_at("district"),
        "older": urlencode({**given, "before": more}) if more else "",
        "newest": urlencode(given),
        "paged": before > 0,
    }
    return render(request, "dashboard/audit.html", context)


@require_safe
@page_needs(AUDIT_RIGHT)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The entries that fit as a CSV file, newest first, in the reader's language; that it was taken is on record."""
    given = _given(request)
    asked = _asked(given)
    actions.note_export(request.actor, given)
    lines = _lines(request.actor, asked, translation.get_language() or "zh-hans")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _given(request: HttpRequest) -> dict[str, str]:
    given = {name: request.GET.get(name, "").strip() for name in FILTERS}
    for name, value in given.items():
        if "\x00" in value or len(value) > 100:
            raise Invalid("audit.bad_filter", name=name, value=value[:40].replace("\x00", ""))
    return {name: value for name, value in given.items() if value}


def _asked(given: Mapping[str, str]) -> Asked:
    until = _midnight(given, "until")
    return Asked(
        person=given.get("person", ""),
        kind=given.get("kind", ""),
        subject=given.get("subject", ""),
        area=_area(given.get("district", "")),
        since=_midnight(given, "since"),
        until=until + timedelta(days=1) if until else None,
    )


def _midnight(given: Mapping[str, str], name: str) -> datetime | None:
    if name not in given:
        return None
    try:
        day = date.fromisoformat(given[name])
    except ValueError as error:
        raise Invalid("audit.bad_filter", name=name, value=given[name]) from error
    if not 1970 <= day.year <= 2999:
        raise Invalid("audit.bad_filter", name=name, value=given[name])
    return datetime.combine(day, time.min, get_current_timezone())


def _area(code: str) -> str:
    if not code:
        return ""
    found = next((one.path for one in grid.region_names_at("district") if one.code == code), "")
    if not found:
        raise Invalid("audit.bad_filter", name="district", value=code)
    return found


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise Invalid("audit.bad_filter", name="before", value=text[:40])
    return int(text)


def _shown(actor: Actor, rows: Sequence[AuditRow]) -> list[dict[str, Any]]:
    """Entries, what they changed, and why: as the entry says, or as the step of the case said to who may see it."""
    steps = [_step(row) for row in rows if row.entry.kind.startswith("case.")]
    given = cases.reasons(actor, [step for step in steps if step is not None])
    return [
        {
            "entry": row.entry,
            "changes": telling_first(row.changes),
            "why": row.entry.data.get("reason") or row.entry.data.get("detail") or given.get(_step(row) or ("", 0), ""),
        }
        for row in rows
    ]


def _step(row: AuditRow) -> tuple[str, int] | None:
    version = row.entry.data.get("version")
    return (row.entry.subject, version) if isinstance(version, int) else None


def _lines(actor: Actor, asked: Asked, language: str) -> Iterator[str]:
    """The file in pieces: a byte-order mark for spreadsheets, the head, then pages of rows."""
    yield "\ufeff" + _csv([HEAD])
    before, told = 0, 0
    while told < MOST:
        rows = journal.audit(actor, asked, before=before, limit=CHUNK)
        with translation.override(language):
            piece = _csv([_row(row) for row in _shown(actor, rows)])
        yield piece
        told += len(rows)
        if len(rows) < CHUNK:
            return
        before = rows[-1].entry.id


def _row(row: Mapping[str, Any]) -> list[str]:
    entry = row["entry"]
    told = [f"{field_name(one.field)}: {plainly(one.before)} → {plainly(one.after)}" for one in row["changes"]]
    cells: list[Any] = [
        localtime(entry.at).isoformat(), entry.actor, entry.actor_label, entry.kind,
        deed(entry.kind, entry.subject, entry.data), entry.subject, entry.area, entry.org, "; ".join(told), row["why"],
        entry.trace,
    ]  # fmt: skip
    return [f"'{cell}" if str(cell).startswith(FORMULA) else str(cell) for cell in cells]


def _csv(rows: Any) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
