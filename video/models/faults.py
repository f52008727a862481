"""What is wrong with cameras' pictures: spells with a beginning and an end, and what a camera should show."""

from typing import ClassVar

from django.db import models

from video.contracts import Fault
from video.models.cameras import Camera


class CameraFault(models.Model):
    """A spell in which a camera's pictures could not be judged; at most one is open per camera and kind."""

    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="faults")
    kind = models.CharField(max_length=24, choices=[(f.value, f.value) for f in Fault if f])
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When a work order was asked for")
    case_number = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["camera", "kind"], condition=models.Q(closed_at__isnull=True), name="video_one_open_fault"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(closed_at__gte=models.F("opened_at")),
                name="video_fault_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.camera_id} {self.kind}"


class Reference(models.Model):
    """What a camera showed when its zones were drawn, small and grey: a camera that shows something else was moved."""

    camera = models.OneToOneField(Camera, on_delete=models.CASCADE, related_name="reference")
    grey = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"reference {self.camera_id}"
