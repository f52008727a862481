"""GET /api/audit: the audit trail by keyset, newest first, with the filters of the page."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.errors import Forbidden
from dashboard import selectors
from dashboard.selectors import TrailRow
from dashboard.templatetags.audit_words import deed
from journal.selectors import AUDIT_RIGHT

MOST = 200
TOLD = {
    "person": "The key of an actor (user:7), or a part of the name",
    "kind": "A kind (case.closed.v1) or its first word (case)",
    "subject": "What was acted upon, such as a case number",
    "district": "The code of a district",
    "since": "First day, 2026-11-01",
    "until": "Last day, it included",
}


class AuditChange(serializers.Serializer[Any]):
    """A field before and after; before is null where nothing was said of the subject earlier."""

    name = serializers.CharField()
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class AuditEntry(serializers.Serializer[Any]):
    """Who did what to what, when and why; `deed` is a sentence in the language of the request."""

    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    actor_label = serializers.CharField(allow_blank=True)
    kind = serializers.CharField()
    deed = serializers.CharField()
    subject = serializers.CharField()
    area = serializers.CharField(allow_blank=True)
    org = serializers.CharField(allow_blank=True)
    changes = AuditChange(many=True)
    reason = serializers.CharField(allow_blank=True)
    trace = serializers.CharField(allow_blank=True)


class AuditPage(serializers.Serializer[Any]):
    """A page of entries; `before` is what to ask the next page with, null on the last one."""

    entries = AuditEntry(many=True)
    before = serializers.IntegerField(allow_null=True)


def _told(one: TrailRow) -> dict[str, Any]:
    entry = one.row.entry
    same = ("id", "at", "actor", "actor_label", "kind", "subject", "area", "org", "trace")
    changes = [{"name": change.field, "before": change.before, "after": change.after} for change in one.row.changes]
    did = deed(entry.kind, entry.subject, entry.data)
    return {**{name: getattr(entry, name) for name in same}, "deed": did, "changes": changes, "reason": one.why}


class AuditView(APIView):
    """The audit trail, for auditors."""

    @extend_schema(
        operation_id="audit",
        parameters=[
            *(OpenApiParameter(name, str, description=about) for name, about in TOLD.items()),
            OpenApiParameter("before", int, description="Entries below this number, as the page before said"),
            OpenApiParameter("limit", int, description=f"1 to {MOST}, 50 by default"),
        ],
        responses=AuditPage,
    )
    def get(self, request: Request) -> Response:
        """The newest entries on the caller's ground that fit; 400 for a filter that cannot be so."""
        if not request.actor.holds(AUDIT_RIGHT):
            raise Forbidden("audit.no_auditor")
        asked = selectors.trail_asked(selectors.trail_filters(request.query_params))
        before = selectors.trail_number(request.query_params.get("before", "0"))
        limit = max(1, selectors.trail_number(request.query_params.get("limit", "50"), "limit", MOST))
        rows = selectors.trail(request.actor, asked, before=before, limit=limit + 1)
        more = rows[limit - 1].row.entry.id if len(rows) > limit else None
        page = AuditPage({"entries": [_told(one) for one in rows[:limit]], "before": more}).data
        return Response(page, headers={"Cache-Control": "no-store"})
