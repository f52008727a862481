"""Questions about the keys of programs that report for citizens."""

from datetime import datetime

from django.db.models import Count, Max, QuerySet

from core import clock
from core.scope import Actor
from portal.models import Report, ReportKey


def keys(actor: Actor) -> QuerySet[ReportKey]:
    """Every key with how often and when it last reported, for administrators; nothing for others."""
    if not actor.may("admin"):
        return ReportKey.objects.none()
    return ReportKey.objects.annotate(count=Count("reports"), last=Max("reports__created_at")).order_by("-made_at")


def key_in_force(digest: str) -> ReportKey | None:
    """The key of that digest, if it still opens."""
    now = clock.now()
    return ReportKey.objects.filter(digest=digest, ended_at__isnull=True, valid_until__gt=now).first()


def reports_since(key: ReportKey, since: datetime) -> int:
    """How many reports came in with the key since then."""
    return Report.objects.filter(key=key, created_at__gt=since).count()
