"""Which release of which pack is in force, and which were before."""

from django.db import models
from django.db.models import Q

from core import clock


class PackRelease(models.Model):
    """One version of one pack as it was applied; the newest row of a code is the one in force."""

    code = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    hash = models.CharField(max_length=64)
    manifest = models.JSONField()
    applied_at = models.DateTimeField(default=clock.now)
    applied_by = models.CharField(max_length=80)
    in_force = models.BooleanField(default=True)

    class Meta:
        ordering = ["-applied_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(in_force=True), name="packs_one_release_in_force"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
