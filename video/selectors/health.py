"""How nodes and cameras are: who reads what, what was promised and what is achieved, what is out of order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet

from core import clock
from core.scope import Actor
from video.models import Camera, CameraFault, Node
from video.rules.sampling import HEARTBEAT
from video.selectors.cameras import visible_to

SILENT = timedelta(seconds=60)
PAST = timedelta(days=7)


@dataclass(frozen=True)
class NodeLine:
    """A node, how many cameras it reads now, and whether it is heard of."""

    node: Node
    cameras: int
    silent: bool

    @property
    def full(self) -> bool:
        """Whether it takes no more cameras."""
        return self.cameras >= self.node.capacity


def node_lines() -> list[NodeLine]:
    """Every node that was ever heard of, by name."""
    now = clock.now()
    held = Count("leases", filter=Q(leases__expires_at__gt=now))
    rows = Node.objects.annotate(held=held).order_by("name")
    return [NodeLine(row, vars(row)["held"], row.seen_at < now - SILENT) for row in rows]


def late_cameras(actor: Actor) -> QuerySet[Camera]:
    """Cameras that are looked at more seldom than promised, the latest first: half as long again, and 3 s at least."""
    late = Q(achieved_interval__gt=1.5 * F("promised_interval")) & Q(achieved_interval__gt=3.0)
    return visible_to(actor).filter(late, enabled=True).order_by(F("achieved_interval").desc(), "code")


def unread_cameras(actor: Actor) -> int:
    """How many cameras on the actor's ground are switched on and nobody has looked at for a while."""
    old = clock.now() - timedelta(seconds=4 * HEARTBEAT)
    never = Q(last_look_at__isnull=True) | Q(last_look_at__lt=old)
    return visible_to(actor).filter(never, enabled=True).count()


def faults_now(actor: Actor) -> QuerySet[CameraFault]:
    """What is out of order now of cameras that are switched on, the oldest first."""
    rows = CameraFault.objects.filter(camera__in=visible_to(actor).filter(enabled=True), closed_at=None)
    return rows.select_related("camera").order_by("opened_at", "pk")


def faults_past(actor: Actor) -> Sequence[CameraFault]:
    """What was out of order in the last days and is not any more, the newest first."""
    since = clock.now() - PAST
    rows = CameraFault.objects.filter(camera__in=visible_to(actor), closed_at__gte=since).select_related("camera")
    return list(rows.order_by("-closed_at", "-pk")[:100])
