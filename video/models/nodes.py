"""Who analyses what now: nodes, leases with a fencing epoch, and the state of each watch."""

from typing import ClassVar

from django.db import models

from video.models.cameras import Camera, Rule


class Node(models.Model):
    """A process that analyses pictures. `incarnation` changes at each start, so that an old self can be told apart."""

    name = models.CharField(max_length=120, unique=True)
    incarnation = models.UUIDField()
    capacity = models.PositiveIntegerField(default=16)
    draining = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Lease(models.Model):
    """A node reads a camera until `expires_at`. Every write about it carries `epoch`; an older one is refused."""

    camera = models.OneToOneField(Camera, on_delete=models.CASCADE, related_name="lease")
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="leases", null=True, blank=True)
    incarnation = models.UUIDField(null=True, blank=True)
    epoch = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField()
    taken_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="video_lease_expires")]
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(epoch__gte=0), name="video_lease_epoch")]

    def __str__(self) -> str:
        return f"{self.camera_id}@{self.epoch}"


class Watch(models.Model):
    """What the fold remembers of a rule between two frames: it survives the process that wrote it."""

    rule = models.OneToOneField(Rule, on_delete=models.CASCADE, related_name="watch")
    state = models.JSONField(default=dict)
    epoch = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "watches"

    def __str__(self) -> str:
        return f"watch {self.rule_id}"
