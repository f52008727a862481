"""Questions about exports: everybody sees their own, and nobody those of others."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.timezone import localtime

from core.errors import NotFound
from core.scope import Actor
from exchange.models import ExportJob

NEWEST = 30


def file_name_of(job: ExportJob) -> str:
    """A name that says what its file is and of when."""
    return f"{job.dataset}-{localtime(job.created_at):%Y%m%d-%H%M}.{job.format}"


def exports_of(actor: Actor) -> QuerySet[ExportJob]:
    """Somebody's own exports, newest first; a machine has none."""
    rows = ExportJob.objects.order_by("-created_at", "-pk")
    return rows.filter(user=actor.user_id) if actor.user_id is not None else rows.none()


def newest_exports(actor: Actor) -> QuerySet[ExportJob]:
    """The last thirty of somebody's own."""
    return exports_of(actor)[:NEWEST]


def export_of(uid: str, actor: Actor) -> ExportJob:
    """One of somebody's own exports."""
    try:
        found = exports_of(actor).filter(uid=UUID(str(uid))).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound("exchange.no_export")
    return found
