"""Streams that kill their readers rest for a while, and nodes that died are tidied up after."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F

from core import clock
from journal import actions as journal
from video.actions import leases
from video.actions.faults import begin_fault, order_repairs
from video.actions.incidents import VIDEO
from video.actions.stills import sweep_drafts
from video.actions.verdicts import settle_verdicts
from video.contracts import CameraNews, CameraState, Fault
from video.models import Camera, Incident, Sample
from video.models.incidents import OPEN
from video.rules.sampling import QUARANTINE_SECONDS

_ADVISORY_KEY = 0x766964656F  # "video"
SAMPLES_KEPT = timedelta(hours=6)
SILENT = timedelta(seconds=60)


@transaction.atomic
def quarantine(camera_id: int, crashes: int) -> None:
    """Nobody opens the camera for half an hour; a change of its address ends it at once."""
    camera = Camera.objects.select_for_update().get(pk=camera_id)
    camera.state, camera.fault, camera.state_at = CameraState.QUARANTINED, Fault.CRASHED, clock.now()
    camera.crashes = F("crashes") + crashes
    camera.quarantined_until = clock.now() + timedelta(seconds=QUARANTINE_SECONDS)
    camera.save(update_fields=["state", "fault", "state_at", "crashes", "quarantined_until"])
    data = CameraNews(
        camera=camera.code, state=CameraState.QUARANTINED.value, fault=Fault.CRASHED.value, detail="quarantine"
    )
    begin_fault(camera_id, Fault.CRASHED, clock.now().timestamp())
    journal.record(
        "video.camera_changed.v1",
        subject=camera.code,
        actor=VIDEO,
        org=camera.organisation,
        area=camera.area,
        data=data,
    )


def reconcile() -> bool:
    """Leases exist for all cameras, unread cameras say so, old samples and drafts are gone. Only one at a time.

    Nodes do their own work without it: they renew, and take what is free. False where another is at it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_KEY])
            if not cursor.fetchone()[0]:
                return False
        leases.ensure_leases()
        _mark_unread()
        _sweep_samples()
    sweep_drafts()
    settle_verdicts()
    order_repairs()
    return True


def _mark_unread() -> None:
    now = clock.now()
    unread = Camera.objects.filter(lease__expires_at__lt=now - SILENT)
    quiet = unread.exclude(state__in=[CameraState.IDLE, CameraState.QUARANTINED])
    quiet.update(state=CameraState.IDLE, fault=Fault.NO_FRAMES, state_at=now, achieved_interval=None)


def _sweep_samples() -> None:
    """Samples are kept for hours; those of an open incident as long as it is open."""
    needed = Incident.objects.filter(state__in=OPEN).values_list("camera_id", flat=True)
    old = Sample.objects.filter(at__lt=clock.now() - SAMPLES_KEPT).exclude(camera_id__in=set(needed))
    Sample.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:5000])).delete()
