"""Change requests (部件变更): what people in the field say about a component, and what became of it."""

from django.contrib.gis.db import models
from django.db.models import Q

from assets.contracts import RequestKind, RequestState


class ChangeRequest(models.Model):
    """Somebody proposes that a component is new, moved, changed or gone; decided once, by somebody else."""

    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in RequestKind])
    key = models.CharField(max_length=60)
    asset = models.ForeignKey("assets.Asset", null=True, on_delete=models.PROTECT, related_name="requests")
    type = models.ForeignKey("assets.AssetType", on_delete=models.PROTECT, related_name="+")
    seen_version = models.PositiveIntegerField(default=0)
    geom = models.GeometryField(srid=4326)
    cell = models.CharField(max_length=20)
    area = models.CharField(max_length=60)
    given = models.JSONField(default=dict)
    reason = models.TextField()
    proposer = models.CharField(max_length=100)
    proposer_label = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in RequestState], default=RequestState.OPEN
    )
    answer = models.TextField(blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_label = models.CharField(max_length=120, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["area"], opclasses=["text_pattern_ops"], name="assets_request_area"),
            models.Index(fields=["id"], condition=Q(state=RequestState.OPEN), name="assets_request_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["proposer", "key"], name="assets_request_told_once"),
            models.CheckConstraint(name="assets_request_state", condition=Q(state__in=[s.value for s in RequestState])),
            models.CheckConstraint(
                name="assets_request_about",
                condition=Q(kind=RequestKind.NEW, seen_version=0)
                | (~Q(kind=RequestKind.NEW) & Q(asset__isnull=False, seen_version__gt=0)),
            ),
            models.CheckConstraint(
                name="assets_request_decided",
                condition=Q(state=RequestState.OPEN, decided_at__isnull=True)
                | (~Q(state=RequestState.OPEN) & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"
