"""The audit viewer: who did what, before and after, why and when; by page, by filter, and as a file."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.gates import page_needs
from core.scope import Actor
from dashboard import actions, selectors
from dashboard.selectors import TrailRow
from dashboard.templatetags.audit_words import GROUPS, deed, field_name, plainly, telling_first
from grid import selectors as grid
from journal.contracts import EntryView
from journal.selectors import AUDIT_RIGHT, Asked

PAGE = 50
CHUNK, MOST = 500, 100_000
HEAD = ("at", "actor", "actor_label", "kind", "deed", "subject", "area", "org", "changes", "reason", "trace")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@page_needs(AUDIT_RIGHT)
def audit(request: HttpRequest) -> HttpResponse:
    """A page of entries, newest first."""
    given = selectors.trail_filters(request.GET)
    before = selectors.trail_number(request.GET.get("before", "0"))
    rows = selectors.trail(request.actor, selectors.trail_asked(given), before=before, limit=PAGE + 1)
    more = rows[PAGE - 1].row.entry.id if len(rows) > PAGE else 0
    context = {
        "rows": _shown(rows[:PAGE]),
        "given": given,
        "groups": GROUPS,
        "most": MOST,
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
    given = selectors.trail_filters(request.GET)
    asked = selectors.trail_asked(given)
    actions.note_export(request.actor, given)
    lines = _lines(request.actor, asked, translation.get_language() or "zh-hans")
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _shown(rows: Sequence[TrailRow]) -> list[dict[str, Any]]:
    return [{"entry": one.row.entry, "changes": telling_first(one.row.changes), "why": one.why} for one in rows]


def _lines(actor: Actor, asked: Asked, language: str) -> Iterator[str]:
    """The file in pieces: a byte-order mark for spreadsheets, the head, pages of rows, and where it was cut if it was.

    One entry beyond the last page is asked for: only then is it known that there were more.
    """
    yield "\ufeff" + _csv([HEAD])
    before, left = 0, MOST
    while True:
        take = min(CHUNK, left)
        rows = selectors.trail(actor, asked, before=before, limit=take + 1)
        more = len(rows) > take
        left -= min(len(rows), take)
        with translation.override(language):
            yield _csv([_row(row) for row in _shown(rows[:take])])
            if more and not left:
                yield _csv([[_cut(rows[take - 1].row.entry)]])
        if not (more and left):
            return
        before = rows[take - 1].row.entry.id


def _cut(last: EntryView) -> str:
    """The last line of a file that could not hold everything: where it ends, and how to get the rest."""
    day = localtime(last.at)
    return _(
        "Cut here: a file holds the newest %(most)s entries. The last one above is number %(number)s of "
        "%(moment)s; for what is older, export again up to %(day)s."
    ) % {"most": MOST, "number": last.id, "moment": f"{day:%Y-%m-%d %H:%M:%S}", "day": f"{day:%Y-%m-%d}"}


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
