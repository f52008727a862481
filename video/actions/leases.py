"""Who reads which camera: leases in PostgreSQL with an epoch that fences off every older self (video.md 4.2)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from core import clock
from core.errors import Stale
from video.models import Camera, Lease, Node

TTL = timedelta(seconds=20)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def enter_node(name: str, incarnation: UUID, capacity: int) -> Node:
    """The node is known, as this incarnation of it; a former self may no longer renew."""
    now = clock.now()
    fields = {"incarnation": incarnation, "capacity": capacity, "started_at": now, "seen_at": now}
    node, _new = Node.objects.update_or_create(name=name, defaults=fields)
    return node


def ensure_leases() -> None:
    """Every camera has a lease row, taken or free."""
    missing = Camera.objects.filter(lease__isnull=True).values_list("pk", flat=True)
    rows = [Lease(camera_id=pk, expires_at=LONG_AGO, taken_at=LONG_AGO) for pk in missing]
    Lease.objects.bulk_create(rows, ignore_conflicts=True)


def _workable(now: datetime) -> Q:
    rested = Q(camera__quarantined_until__isnull=True) | Q(camera__quarantined_until__lte=now)
    return rested & Q(camera__enabled=True)


def _take(rows: Iterable[Lease], node: Node, now: datetime) -> dict[int, int]:
    taken = {}
    for lease in rows:
        lease.node, lease.incarnation, lease.epoch = node, node.incarnation, lease.epoch + 1
        lease.expires_at, lease.taken_at = now + TTL, now
        lease.save(update_fields=["node", "incarnation", "epoch", "expires_at", "taken_at"])
        taken[lease.camera_id] = lease.epoch
    return taken


@transaction.atomic
def retake(node: Node) -> dict[int, int]:
    """The cameras its former self held are the node's again at once, each with the next epoch."""
    now = clock.now()
    rows = Lease.objects.select_for_update(of=("self",)).filter(_workable(now), node=node)
    return _take(rows.exclude(incarnation=node.incarnation).order_by("pk"), node, now)


@transaction.atomic
def take_free(node: Node, room: int) -> dict[int, int]:
    """Up to `room` cameras that nobody reads are the node's: those it had before first, then the longest free."""
    if room <= 0 or node.draining:
        return {}
    ensure_leases()
    now = clock.now()
    free = Lease.objects.select_for_update(of=("self",), skip_locked=True).filter(_workable(now), expires_at__lte=now)
    rows = sorted(free.order_by("expires_at", "pk")[: 4 * room], key=lambda row: row.node_id != node.pk)
    return _take(rows[:room], node, now)


@transaction.atomic
def renew(node: Node, held: Mapping[int, int]) -> set[int]:
    """The leases run on for another 20 s; returns the cameras that are still the node's."""
    now = clock.now()
    Node.objects.filter(pk=node.pk, incarnation=node.incarnation).update(seen_at=now)
    rows = Lease.objects.select_for_update(of=("self",)).filter(
        _workable(now), camera_id__in=list(held), incarnation=node.incarnation
    )
    mine = [row for row in rows.order_by("pk") if held[row.camera_id] == row.epoch]
    Lease.objects.filter(pk__in=[row.pk for row in mine]).update(expires_at=now + TTL)
    return {row.camera_id for row in mine}


@transaction.atomic
def release(node: Node, camera_ids: Iterable[int]) -> None:
    """The cameras are free for others now."""
    rows = Lease.objects.filter(camera_id__in=list(camera_ids), incarnation=node.incarnation)
    rows.update(expires_at=clock.now(), node=None)


def fence(camera_id: int, epoch: int) -> None:
    """The writer still holds the camera, until its transaction ends; Stale `video.stale_epoch` otherwise."""
    lease = Lease.objects.select_for_update().filter(camera_id=camera_id).first()
    if lease is None or lease.epoch != epoch:
        raise Stale("video.stale_epoch", camera=camera_id)
